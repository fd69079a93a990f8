"""``workbench.bundle.1``: everything that an auditor needs of one release, in a folder or an archive.

``making`` writes one, ``checking`` says whether one is intact, and ``asking`` whether what it holds is approved.
"""
