"""The launcher, in a checkout; what is installed is tried in architecture/test_wheel.py."""

import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import treadle
from spec import VERSION


def test_a_checkout_is_its_own_home() -> None:
    assert Path(__file__).parents[1] == treadle.HOME


def test_nothing_of_treadle_is_imported_before_it_is_needed() -> None:
    code = "import sys, treadle; print([name for name in treadle.PACKAGES if name in sys.modules])"
    done = subprocess.run(  # noqa: S603  # constant
        [sys.executable, "-c", code], cwd=treadle.HOME, capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"


def test_the_command_prints_its_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert treadle.main(["--version"]) == 0
    assert capsys.readouterr().out == f"treadle {VERSION}\n"


def test_the_command_refuses_a_process_that_has_other_packages_of_its_names(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "models", ModuleType("models"))
    assert treadle.main(["--version"]) == 2
    assert capsys.readouterr() == (
        "",
        "treadle: error: another `models` is imported in this process\n",
    )


def test_a_refused_check_says_why() -> None:
    with pytest.raises(ValueError, match=r"\Atreadle: error: [^\n]+\Z"):
        treadle.check("--such")
