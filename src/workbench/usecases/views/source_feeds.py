"""What fills each built-in kind of benchmark: sources and recipes, the record, and the probes that it is read from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from workbench.benchmarks.kinds import KINDS
from workbench.model.kinds import BenchmarkKind
from workbench.probes.kinds import NAMES as PROBES
from workbench.usecases.figures.answering import ANY, READS
from workbench.usecases.views.source_kinds import SourceLine, source_lines

# What is measured, by the dimensions of parity (DIM), the benchmarks of an environment (BM) and of its operation (OP).
MEASURED: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "DIM-1": ("data fidelity", ("schema_pass_rate", "critical_mismatches", "records_lost", "field_distance")),
    "DIM-2": ("service parity", ("version_distance", "mocks_equivalent")),
    "DIM-3": ("flow completeness", ("steps_real", "complete_scenarios")),
    "DIM-4": ("latency consistency", ("latency", "latency_p50", "latency_p99", "step_latency")),
    "DIM-5": ("error handling", ("error_rate", "faults_tested", "faults_not_passed", "corrupt_data")),
    "BM-1": ("data consistency", ("data_consistency",)),
    "BM-2": ("error detection", ("error_detection",)),
    "BM-3": ("configuration drift", ("configuration_drift", "drift_detection")),
    "BM-4": ("behavioural parity", ("behavioural_parity",)),
    "BM-5": ("simulation accuracy", ("simulation_accuracy", "simulation_coverage")),
    "BM-6": ("production patterns", ("pattern_coverage",)),
    "BM-7": ("latency overlap", ("latency_overlap",)),
    "BM-8": ("query plans", ("query_plans",)),
    "BM-9": ("background jobs", ("job_cadence",)),
    "BM-10": ("cache, queries, endpoints", ("cache_hit_ratio", "query_time", "endpoint_error_rate")),
    "BM-11": ("data freshness", ("data_age",)),
    "BM-12": ("data profile", ("data_profile",)),
    "BM-13": ("test reliability", ("missed_faults", "staging_only_failures")),
    "BM-14": ("deployment friction", ("deployment_friction",)),
    "BM-15": ("predictive value", ("predictive_value",)),
    "BM-16": ("traffic realism", ("traffic_realism",)),
    "OP-1": ("deployment success", ("deployment_success",)),
    "OP-2": ("failures after a deployment", ("post_deploy_failures",)),
    "OP-3": ("synthetic latency", ("synthetic_latency",)),
    "OP-4": ("errors per thousand requests", ("errors_per_thousand",)),
    "OP-5": ("observability", ("observability",)),
    "OP-6": ("refresh of data", ("refresh_time",)),
    "OP-7": ("findings of scanners", ("critical_findings",)),
    "OP-8": ("detection of regressions", ("regression_detection",)),
    "OP-9": ("cost per day", ("cost_per_day",)),
    "OP-10": ("runbooks", ("runbook_success",)),
    "delivery": ("DORA's deployment frequency", ("deployment_frequency",)),
    "objectives": ("service-level objectives", ("objective", "burn_rate")),
}


class Feed(msgspec.Struct, frozen=True, kw_only=True):
    """What fills one kind of benchmark.

    ``sources`` are kinds of source and recipes; ``record`` says whether the record answers, ``probes`` which kinds of
    probe that is read from: all of them where it is any.
    """

    code: str
    area: str
    kind: str
    about: str
    sources: tuple[SourceLine, ...]
    record: bool
    probes: tuple[str, ...]

    @property
    def fed(self) -> bool:
        """Whether anything beside a person fills it."""
        return self.record or bool(self.sources)


def feeds() -> list[Feed]:
    """Every built-in kind of benchmark with what fills it, in the order of what is measured."""
    lines = source_lines()
    return [
        _feed(code, area, KINDS[kind], lines) for code, (area, kinds) in MEASURED.items() for kind in kinds
    ]


def _feed(code: str, area: str, kind: BenchmarkKind, lines: Sequence[SourceLine]) -> Feed:
    read = READS.get(kind.figure) if kind.figure else None
    return Feed(
        code=code,
        area=area,
        kind=kind.name,
        about=kind.about,
        sources=tuple(line for line in lines if kind.name in line.feeds and line.name != "record"),
        record=bool(kind.figure),
        probes=() if read is None else tuple(PROBES) if read == ANY else (read,),
    )
