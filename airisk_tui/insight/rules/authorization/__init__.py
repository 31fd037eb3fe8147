"""What the authorization endpoint answered in place of the redirect."""
