"""The federation: what leaves for peers and what comes from them."""
