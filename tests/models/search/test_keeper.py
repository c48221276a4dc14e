"""A search is kept when it is time, when it ends early, and when somebody interrupts it."""

import signal
from pathlib import Path

import pytest

from models.search.bounds import Stop
from models.search.keeper import Keeper, Keeping


class Writer:
    """Notes what was to be written."""

    def __init__(self) -> None:
        self.written: list[Path] = []

    def __call__(self, path: Path) -> None:
        self.written.append(path)


def test_a_search_is_kept_at_once_and_whenever_the_time_has_passed(tmp_path: Path) -> None:
    often, seldom = Writer(), Writer()
    for writer, every in ((often, 0.0), (seldom, 1000.0)):
        keeper = Keeper(Keeping(tmp_path / "search", every=every), writer)
        assert [keeper.between(), keeper.between()] == [None, None]
    assert (len(often.written), len(seldom.written)) == (2, 1)


@pytest.mark.parametrize("stop", list(Stop))
def test_there_is_a_file_as_long_as_there_is_something_to_go_on_with(
    stop: Stop, tmp_path: Path
) -> None:
    file, writer = tmp_path / "search", Writer()
    file.write_text("earlier")
    Keeper(Keeping(file), writer).ended(stop)
    assert (writer.written == [], file.exists()) == (
        (True, False) if stop is Stop.VIOLATION else (False, True)
    )


def test_a_search_that_has_seen_everything_leaves_no_file(tmp_path: Path) -> None:
    file, writer = tmp_path / "search", Writer()
    file.write_text("earlier")
    Keeper(Keeping(file), writer).ended(None)
    assert (writer.written, file.exists()) == ([], False)


def test_nothing_is_kept_that_is_not_to_be() -> None:
    writer = Writer()
    keeper = Keeper(Keeping(), writer)
    keeper.between()
    keeper.ended(Stop.STATES)
    assert writer.written == []


def test_an_interrupt_waits_for_the_next_point_and_a_second_one_does_not(tmp_path: Path) -> None:
    before = signal.getsignal(signal.SIGINT)
    keeper = Keeper(Keeping(tmp_path / "search"), Writer())
    with keeper.listening():
        signal.raise_signal(signal.SIGINT)
        assert keeper.between() is Stop.INTERRUPTED
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before


def test_where_nothing_is_kept_an_interrupt_does_what_it_always_does() -> None:
    before = signal.getsignal(signal.SIGINT)
    with Keeper(Keeping(), Writer()).listening():
        assert signal.getsignal(signal.SIGINT) is before
