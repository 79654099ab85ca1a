"""What happens to an item; each file is one verb or two. Never calls the exchange."""
