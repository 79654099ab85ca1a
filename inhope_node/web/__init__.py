"""The listeners: the peers door. The public form and the console come here later."""
