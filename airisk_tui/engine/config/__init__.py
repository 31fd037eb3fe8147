"""The files and the keyring that keep data between two starts: environments, secrets, the form."""
