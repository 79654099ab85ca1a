"""The command line: a thin client of the desk API, one file a noun, no rules of casework in it."""
