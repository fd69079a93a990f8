"""A shared record in words: how this desk stands to its server and to other desks, what came of each act, who is a member.

``page`` is all that there is to see, for the screen Sharing and for ``workbench share``; ``standing`` how the desk stands to the server, ``word`` the
same in one word for the header, ``news`` what others did.  ``outcomes`` and ``sync`` say what came of an act.
"""
