"""What is wrong with a token that was issued, and with the response that held it."""
