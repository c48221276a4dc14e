"""Figures of several runs."""

import pytest
from attrs import evolve

from models.bench.figures import Figures, figures_of
from models.bench.task import Run

RUN = Run(20_000, 100, 20, complete=True, seconds=2.0, bytes=400_000)


def test_figures_are_medians() -> None:
    runs = [evolve(RUN, seconds=seconds, bytes=size) for seconds, size in ((9, 1), (2, 5), (1, 9))]
    assert figures_of(runs) == Figures(20_000, 100, 120, complete=True, seconds=2.0, bytes=5)


def test_rates_are_in_seconds_of_the_processor() -> None:
    figures = figures_of([RUN])
    assert (
        figures.states_per_second,
        figures.transitions_per_second,
        figures.steps_per_second,
        figures.bytes_per_state,
    ) == (10_000, 50, 60, 20)


def test_what_is_not_known_has_no_rate() -> None:
    figures = figures_of([evolve(RUN, transitions=None, states=9_999)])
    assert (
        figures.transitions_per_second,
        figures.steps_per_second,
        figures.bytes_per_state,
    ) == (None, None, None)


def test_a_run_that_took_no_time_has_a_rate_all_the_same() -> None:
    assert figures_of([evolve(RUN, seconds=0.0)]).states_per_second > 0


@pytest.mark.parametrize(
    "other",
    [evolve(RUN, states=1), evolve(RUN, transitions=1), evolve(RUN, complete=False)],
    ids=str,
)
def test_runs_that_differ_in_what_they_count_are_refused(other: Run) -> None:
    with pytest.raises(ValueError, match="runs of one task differ"):
        figures_of([RUN, other])
