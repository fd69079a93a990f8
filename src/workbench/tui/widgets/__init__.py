"""The widgets that every screen is made of; they know no domain rule."""
