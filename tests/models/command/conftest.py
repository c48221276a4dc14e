"""The command, run in this process, and files for it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from models.command.main import main

Run = Callable[..., tuple[int, str, str]]

PAY = """
system = "anoma"
shards = 2
[genesis]
alice = 10
[[transaction]]
name = "pay"
reads = ["alice", "bob"]
writes = ["alice", "bob"]
program = '''
a = read("alice")
if a < 7:
    fail("insufficient funds")
write("alice", a - 7)
write("bob", read("bob") + 7)
'''
"""


@pytest.fixture
def treadle(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command: its exit code, what it printed, what it complained about."""
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)

    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(arguments)
        out, err = capsys.readouterr()
        return code, out, err

    return run


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, which is the current one."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def pay(here: Path) -> Path:
    """A scenario with one transaction that succeeds."""
    file = here / "pay.toml"
    file.write_text(PAY, encoding="utf-8")
    return file
