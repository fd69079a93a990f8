"""Whatever comes in by any door, a command ends with a sentence and an exit code, and never with 70.

``make test`` tries a little of it each time, ``make fuzz`` as much as there is time for.
"""
