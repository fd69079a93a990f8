"""Parity probes: small checks that find what differs between two environments, and are proven able to."""
