"""The desk API: JSON over a Unix socket for the command line and the case systems of the house."""
