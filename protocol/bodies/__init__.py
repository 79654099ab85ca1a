"""The bodies of messages, one file a family; `catalogue` is the only list of them."""
