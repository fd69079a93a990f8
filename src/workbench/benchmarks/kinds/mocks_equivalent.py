"""DIM-2: whether what stands in for a service answers as the service does."""

from workbench.model.kinds import ANY_TIER, BenchmarkKind, KindRule

KIND = BenchmarkKind(
    name="mocks_equivalent",
    about="share of the flow's mocked and sandboxed services whose equivalence test passed",
    group="service parity",
    of="flow",
    title="{name}: every mock has passed its equivalence test",
    unit="%",
    dimension="service_parity",
    better="higher",
    rules={
        ANY_TIER: KindRule(
            ">= 100 %", why="a mock that nobody compared with the real service proves nothing of it"
        ),
    },
    figure="mocks_equivalent",
    measures=("real_sequences",),
)
