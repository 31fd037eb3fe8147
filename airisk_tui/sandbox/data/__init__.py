"""The data of the sandbox servers: applications, users, grants, conversations."""
