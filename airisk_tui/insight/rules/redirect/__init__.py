"""What the redirect said: where it came, its state, its content, a refusal."""
