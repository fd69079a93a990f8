"""The audit of a period: who let what out and how that is known, what was let past, and which controls it serves.

``reading`` makes an :class:`~workbench.usecases.auditing.shapes.Audit` of the record; each ``as_…`` writes it.
"""
