"""The parity map: every known way in which staging is unlike production."""
