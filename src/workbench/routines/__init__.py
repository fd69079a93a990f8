"""What a team does again and again: when it falls due, and when it was done."""
