"""How an address enters the house, whoever brings it."""
