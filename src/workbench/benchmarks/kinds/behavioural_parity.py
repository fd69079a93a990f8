"""BM-4: whether core flows behave the same in both environments."""

from workbench.model.kinds import ANY_TIER, BenchmarkKind, KindRule

KIND = BenchmarkKind(
    name="behavioural_parity",
    about="share of what core flows answer in staging that agrees with production",
    group="environment",
    of="environment",
    title="{name}: core flows behave as in production",
    unit="%",
    better="higher",
    rules={
        ANY_TIER: KindRule(">= 90 %", why="nine answers of core flows in ten agree"),
    },
    in_staging={
        "scaled-down": KindRule(
            ">= 70 %", why="a scaled-down staging may accept 70 % where tests on a full clone stand beside it"
        ),
    },
    review="weekly",
    figure="behavioural_parity",
)
