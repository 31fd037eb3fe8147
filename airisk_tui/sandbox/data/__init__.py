"""What a sandbox server keeps: applications, users, grants, conversations."""
