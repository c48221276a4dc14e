"""The screen on a terminal: what a real one would show, and how it is left."""

import os
import pty
import re
import select
import struct
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from fcntl import ioctl
from pathlib import Path
from subprocess import Popen, run

import pyte
import pytest

ROOT = Path(__file__).parents[3]

UNKNOWN = re.compile(rb"\x1b\[[<>=][0-9;]*[a-zA-Z]")
"""Sequences that ask what a terminal can do; ours does not answer."""

VARIABLES = ("NO_COLOR", "FORCE_COLOR", "COLORTERM", "COLUMNS", "LINES", "TEXTUAL")
"""What would change the picture."""

PATIENCE = 30
"""After how many seconds nothing more is expected."""


class Terminal:
    """What a terminal of 80 x 24 shows that a process writes to."""

    def __init__(self, end: int) -> None:
        self.written = b""
        self._end = end
        self._screen = pyte.Screen(80, 24)
        self._stream = pyte.ByteStream(self._screen)

    def lines(self) -> list[str]:
        """What can be read."""
        return list(self._screen.display)

    def colours(self) -> set[str]:
        """The colours of all cells."""
        cells = (cell for row in self._screen.buffer.values() for cell in row.values())
        return {colour for cell in cells for colour in (cell.fg, cell.bg)}

    def press(self, keys: str) -> None:
        """Press keys."""
        os.write(self._end, keys.encode())

    def wait_for(self, text: str) -> None:
        """Read until the screen shows a text."""
        until = time.monotonic() + PATIENCE
        while text not in "\n".join(self.lines()):
            assert time.monotonic() < until, self.lines()
            self.read()

    def read(self) -> bool:
        """Read what there is; whether there may be more."""
        try:
            ready = select.select([self._end], [], [], 1)[0]
            data = os.read(self._end, 65536) if ready else b""
        except OSError:  # the other end is closed
            return False
        self.written += data
        # pyte prints the letters of sequences with `<` or `>` that it does not know.
        self._stream.feed(UNKNOWN.sub(b"", data))
        return True


@contextmanager
def started(*arguments: str, **variables: str) -> Iterator[tuple[Terminal, Popen[bytes], int]]:
    """The command on a terminal of its own, and the near end of that."""
    far, near = pty.openpty()
    ioctl(near, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    kept = {name: value for name, value in os.environ.items() if name not in VARIABLES}
    environment = kept | {"TERM": "xterm-256color"} | variables
    command = [sys.executable, "-m", "treadle", "step", *arguments]
    process = Popen(  # noqa: S603  # no shell
        command, stdin=near, stdout=near, stderr=near, cwd=ROOT, env=environment
    )
    try:
        yield Terminal(far), process, near
    finally:
        process.kill()
        process.wait()
        os.close(near)
        os.close(far)


@pytest.mark.parametrize("variables", [{}, {"NO_COLOR": "1"}], ids=["colours", "none"])
def test_a_session_on_a_terminal_leaves_it_as_it_was(variables: dict[str, str]) -> None:
    with started("counter", **variables) as (terminal, process, near):
        before = termios.tcgetattr(near)
        terminal.wait_for("counter: step 0 on main")
        terminal.wait_for("q quit")
        terminal.press("1")
        terminal.wait_for("counter: step 1 on main")
        terminal.press("e")
        terminal.wait_for("+ last: 1")
        assert "* worker" in "\n".join(terminal.lines())
        assert any("- last: 0" in line for line in terminal.lines())
        assert (terminal.colours() == {"default"}) == ("NO_COLOR" in variables)
        terminal.press("q")
        while process.poll() is None:
            terminal.read()
        terminal.read()
        assert process.returncode == 0
        assert termios.tcgetattr(near) == before
    for mode in (b"1049", b"1000", b"1003", b"1006", b"2004"):
        assert terminal.written.rfind(b"\x1b[?%bl" % mode) > terminal.written.rfind(
            b"\x1b[?%bh" % mode
        )
    assert terminal.written.rfind(b"\x1b[?25h") > terminal.written.rfind(b"\x1b[?25l")


def test_the_words_are_there_on_a_terminal_that_asks_for_them() -> None:
    with started("counter", "--plain") as (terminal, process, _):
        terminal.wait_for("> ")
        terminal.press("quit\n")
        while process.poll() is None:
            terminal.read()
        assert process.returncode == 0
        assert b"\x1b[?1049h" not in terminal.written


def test_who_does_not_step_on_a_screen_does_not_wait_for_it() -> None:
    verbs = "models.command.check, models.command.step, models.stepper.pipe"
    code = f"import sys, {verbs}; print('textual' in sys.modules)"
    done = run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True, text=True)  # noqa: S603  # no shell
    assert done.stdout == "False\n"
