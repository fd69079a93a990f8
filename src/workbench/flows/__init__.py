"""The flow inventory: which business transactions there are and how much they matter."""
