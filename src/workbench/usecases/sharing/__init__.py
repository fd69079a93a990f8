"""A record that several desks share through a server: putting it there, joining, sending and receiving."""
