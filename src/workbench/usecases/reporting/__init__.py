"""What stands between judging and showing: a release as it was judged, in values.

An evaluation is made into a :class:`~workbench.usecases.reporting.judgement.Judgement`, which
is all that a gate's report and Readiness read, or into a whole
:class:`~workbench.usecases.reporting.report.Report`, which the notes read and which is kept
when a release is shipped.  Nothing that shows one of them looks at definitions, record or clock.
"""
