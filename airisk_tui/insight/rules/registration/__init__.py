"""Which part of the application's registration the authorization request does not fit."""
