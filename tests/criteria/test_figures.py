from workbench.criteria.figures import Figures, Limits


def test_limits_interval_and_the_charted_number_are_told_in_another_unit() -> None:
    figures = Figures(form="chart", statistic=3.0, p=0.5, limits=Limits(1.0, None, 2.0), interval=(0.5, 1.5))
    told = figures.converted(lambda number: number * 1000)
    assert told == Figures(
        form="chart", statistic=3000.0, p=0.5, limits=Limits(1000.0, None, 2000.0), interval=(500.0, 1500.0)
    )


def test_a_ratio_has_no_unit() -> None:
    figures = Figures(form="two_sample", interval=(1.1, 1.3), ratio=True)
    assert figures.converted(lambda number: number * 1000) == figures


def test_test_figures_have_no_unit() -> None:
    figures = Figures(form="two_sample", statistic=35.0, p=0.13, effect=0.4)
    assert figures.converted(lambda number: number * 1000) == figures
