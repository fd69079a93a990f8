"""JMeter: the JTL that ``-l`` writes, as CSV or as XML."""

from workbench.model.kinds import Approach, Proof, SourceKind, later
from workbench.sources.files_config import FilesConfig
from workbench.sources.load_tests import RequestsMeasure, question_doubts


class JMeterConfig(FilesConfig, frozen=True, kw_only=True):
    """What JMeter wrote with ``-l``: CSV with its header, or XML."""


KIND = SourceKind(
    name="jmeter",
    about="Load tests of JMeter: how long requests and transactions took, and how many failed",
    config=JMeterConfig,
    measure=RequestsMeasure,
    load=later("workbench.sources.jmeter.read:JMeter"),
    question_doubts=question_doubts,
    approach=Approach.SYNTHETIC,
    proof=Proof.REAL,
    recognise=later("workbench.sources.jmeter.read:recognise"),
    signs=("jmeter",),
)
