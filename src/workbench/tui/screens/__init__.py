"""One module per screen; what they share stands in ``base``."""
