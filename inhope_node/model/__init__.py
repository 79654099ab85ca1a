"""What the node speaks of, as frozen values: reports, items, facts, peers, people. Pure."""
