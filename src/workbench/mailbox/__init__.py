"""The shared record on a server: a PostgreSQL database that keeps packs of entries in the order in which they came.

It is a transport and a cursor; what entries mean is worked out at each desk.  psycopg is imported only when a
server is asked.
"""
