"""Several projects at once: which there are on this machine, each judged in a process of its own, and all together."""
