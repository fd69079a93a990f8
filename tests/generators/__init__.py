"""Real tools that write the files which sources read: ``make generators``, or ``make generators ONLY=k6,locust``.

Each tool is a module in ``tools``.  It is installed under ``.cache/generators``, in the version that stands there,
does something whose outcome is known, and its output is kept in ``tests/data/generated`` without anything of the
machine that made it.  Tests read what is kept; nothing here runs in a test.
"""
