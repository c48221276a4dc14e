"""Progress: on a terminal a line that is written over, elsewhere a line now and then."""

import io

import pytest

from models.command import progress
from models.command.progress import WIDTH, Reporter, line
from models.search.progress import Progress

FAR = Progress(12_000, 34_000, 5, 2.0, waiting=700)


class Terminal(io.StringIO):
    """A stream that says that it is a terminal."""

    def isatty(self) -> bool:
        """It is."""
        return True


def test_a_line_says_how_far_and_how_fast() -> None:
    said = "pay: 12,000 states (700 waiting), depth 5, 6,000 states/s"
    assert line("pay", FAR) == said
    assert line("pay", Progress(0, 0, 0, 0.0)).endswith(" 0 states/s")
    assert line("\x1b\n", FAR).startswith("\\x1b\\n: 12,000 states")
    walked = Progress(12_000, 34_000, 5, 2.0, walks=3)
    assert line("pay", walked) == "pay: 12,000 states, 3 walks, 6,000 states/s"


def test_of_a_long_name_the_end_is_shown_and_no_number_is_cut() -> None:
    said = line("x" * 200 + "/pay.toml", FAR)
    assert len(said) == WIDTH
    assert said.startswith("…xxx")
    assert said.endswith("x/pay.toml: 12,000 states (700 waiting), depth 5, 6,000 states/s")


def test_a_terminal_gets_one_line_that_goes_in_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "OFTEN", 0.0)
    stream = Terminal()
    reporter = Reporter("pay", stream)
    reporter(FAR)
    reporter(FAR)
    assert stream.getvalue() == f"\r{line('pay', FAR):<{WIDTH}}" * 2
    reporter.close()
    assert stream.getvalue().endswith(f"\r{' ' * WIDTH}\r")


def test_what_does_not_take_long_says_nothing() -> None:
    for stream in (Terminal(), io.StringIO()):
        reporter = Reporter("pay", stream)
        reporter(FAR)
        reporter.close()
        assert stream.getvalue() == ""


def test_a_file_gets_a_line_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "SELDOM", 0.0)
    stream = io.StringIO()
    reporter = Reporter("pay", stream)
    reporter(FAR)
    reporter.close()
    assert stream.getvalue() == line("pay", FAR) + "\n"
