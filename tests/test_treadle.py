"""The launcher, in a checkout; what is installed is tried in architecture/test_wheel.py."""

import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any
from xml.etree.ElementTree import Element, parse

import pytest
from attrs import frozen

import treadle
from spec import VERSION
from tests.surroundings import outer

SCENARIO = """
system = "anoma"
[genesis]
seats = 1
[[transaction]]
name = "ann"
writes = ["seats"]
program = 'write("seats", 0)'
[[expect]]
at_rest = "seats == 1"
"""

USERS = """
import unittest
from pathlib import Path
import pytest

HERE = Path(__file__).parent

@pytest.mark.treadle_model("voting", parameters={"voters": 1, "rounds": 1}, exhaustive=True)
def test_holds(): ...

@pytest.mark.treadle_model(HERE / "sold.toml")
def test_is_violated():
    raise AssertionError("the test runs")

def test_the_fixture_returns_the_report(treadle_model):
    report = treadle_model("voting", parameters={"voters": 1}, max_depth=1, json=None, reduce=False)
    raise AssertionError("the search was stopped")

def test_is_refused(treadle_model):
    treadle_model("no such file.toml")

class TestCase(unittest.TestCase):
    @pytest.mark.treadle_model("voting", random=1, seed=3)
    def test_of_a_class(self): ...

def test_other(): ...
"""


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


@pytest.mark.parametrize(
    ("keywords", "arguments"),
    [
        ({"what": ["a.toml", Path("b")]}, ["a.toml", "b"]),
        ({"parameters": {"n": 2, "m": "x"}}, ["-p", "n=2", "-p", "m=x"]),
        ({"options": {"max_seconds": 0.5, "seed": 0}}, ["--max-seconds", "0.5", "--seed", "0"]),
        ({"options": {"exhaustive": True, "reduce": False, "random": None}}, ["--exhaustive"]),
    ],
)
def test_keywords_are_options(keywords: dict[str, object], arguments: list[str]) -> None:
    every: dict[str, Any] = {"what": [], "parameters": None, "options": {}}
    every.update(keywords)
    assert treadle.arguments_of(**every) == arguments


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("tests/test_a.py::test_b[x-1]", "tests-test_a-py-test_b-x-1"),
        ("../x::y", "x-y"),
        ("a" * 200 + "b", "a" * 99 + "b"),
    ],
)
def test_the_folder_of_a_test_is_named_after_it(name: str, folder: str) -> None:
    assert treadle.slug(name) == folder


@frozen
class Outcome:
    """How pytest has run in a project."""

    folder: Path
    """The project."""
    code: int
    """The exit code."""
    output: str
    """What it has printed."""

    def case(self, name: str) -> Element:
        """What the report says of a test."""
        cases = parse(self.folder / "new.xml").iter("testcase")  # noqa: S314  # our own file
        return next(each for each in cases if each.attrib["name"] == name)

    def failure(self, name: str) -> str:
        """Why a test has failed."""
        return next(each.text or "" for each in self.case(name).iter("failure"))

    def properties(self, name: str) -> list[tuple[str, str]]:
        """What the report says besides."""
        found = self.case(name).iter("property")
        return [(each.attrib["name"], each.attrib["value"]) for each in found]


def pytest_in(folder: Path, *arguments: str) -> Outcome:
    """Run pytest with the plugin, without what our own environment says."""
    done = subprocess.run(  # noqa: S603  # our own tests
        [
            *(sys.executable, "-m", "pytest", "-p", "treadle", "-p", "no:cacheprovider"),
            *("-c", "/dev/null", "--rootdir", ".", "--strict-markers", "-W", "error", *arguments),
        ],
        cwd=folder,
        env={**outer(), "PYTHONPATH": str(treadle.HOME), "COLUMNS": "80"},
        capture_output=True,
        text=True,
        check=False,
    )
    return Outcome(folder, done.returncode, done.stdout + done.stderr)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that checks models in its tests."""
    folder = tmp_path_factory.mktemp("project")
    (folder / "sold.toml").write_text(SCENARIO, encoding="utf-8")
    (folder / "test_users.py").write_text(USERS, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def outcome(project: Path) -> Outcome:
    """How its tests end, on two processes."""
    return pytest_in(project, "-n", "2", "--treadle-artifacts", "out", "--junitxml", "new.xml")


@pytest.mark.slow
def test_tests_fail_unless_all_holds(outcome: Outcome) -> None:
    assert outcome.code == 1, outcome.output
    failed = [line for line in outcome.output.splitlines() if line.startswith("FAILED")]
    assert sorted(failed) == [
        "FAILED test_users.py::test_is_refused - Failed: treadle: error: no such file....",
        f"FAILED test_users.py::test_is_violated - Failed: {outcome.folder}/sold.toml"[:77] + "...",
        "FAILED test_users.py::test_the_fixture_returns_the_report - Failed: voting: i...",
    ]
    assert "3 failed, 3 passed" in outcome.output


@pytest.mark.slow
def test_a_failing_test_shows_what_check_shows(outcome: Outcome) -> None:
    text = outcome.failure("test_is_violated")
    folder = next((outcome.folder / "out" / "test_users-py-test_is_violated").iterdir())
    report = (folder / "report.txt").read_text(encoding="utf-8")
    assert text == report.strip()
    assert "The shortest run that shows it, " in text
    assert "\nBroken: seats == 1 (at rest, rule scenario.expect)\n" in text
    trace = folder.relative_to(outcome.folder) / "seats-1.trace.json"
    assert f"\n  treadle replay {trace}\n" in text
    assert (outcome.folder / trace).is_file()
    assert "the test runs" not in outcome.output


@pytest.mark.slow
def test_what_is_not_known_fails_and_what_is_refused_says_why(outcome: Outcome) -> None:
    stopped = outcome.failure("test_the_fixture_returns_the_report")
    assert stopped.startswith("voting: inconclusive (max_depth reached)\n")
    assert outcome.failure("test_is_refused") == (
        "treadle: error: no such file.toml: there is no such file; expected a TOML file"
    )


@pytest.mark.slow
def test_the_report_of_junit_names_models_and_traces(outcome: Outcome) -> None:
    model = str(outcome.folder / "sold.toml")
    assert outcome.properties("test_holds") == [("treadle_model", "voting: holds")]
    assert outcome.properties("test_of_a_class") == [("treadle_model", "voting: holds")]
    assert outcome.properties("test_other") == []
    first, second = outcome.properties("test_is_violated")
    assert first == ("treadle_model", f"{model}: violated")
    assert second[0] == "treadle_trace"
    assert (outcome.folder / second[1]).is_file()


@pytest.mark.slow
def test_what_holds_leaves_no_folder(outcome: Outcome) -> None:
    assert sorted(each.name for each in (outcome.folder / "out").iterdir()) == [
        "test_users-py-test_is_violated",
        "test_users-py-test_the_fixture_returns_the_report",
    ]


@pytest.mark.slow
def test_tests_that_check_models_are_chosen_by_the_marker(project: Path) -> None:
    chosen = pytest_in(project, "--collect-only", "-q", "-m", "not treadle_model")
    assert chosen.output.startswith("test_users.py::test_other\n\n1/6 tests collected")


@pytest.mark.slow
def test_a_marker_that_names_nothing_is_refused(tmp_path: Path) -> None:
    text = "import pytest\n@pytest.mark.treadle_model\ndef test_a(): ...\n"
    (tmp_path / "test_bare.py").write_text(text, encoding="utf-8")
    refused = pytest_in(tmp_path, "--collect-only", "-q")
    assert refused.code == 4
    line = "ERROR: test_bare.py::test_a: treadle_model: expected the name of a model or file"
    assert line in refused.output


@pytest.mark.slow
def test_pytest_tells_what_the_plugin_offers(project: Path) -> None:
    markers = pytest_in(project, "--markers").output
    assert "@pytest.mark.treadle_model(what, ..., parameters=None, **options): check" in markers
    fixtures = pytest_in(project, "--fixtures", "-v").output
    assert "treadle_model" in fixtures
    assert 'treadle_model("seats.toml", max_seconds=60)' in fixtures


@pytest.mark.slow
def test_without_a_folder_traces_lie_in_that_of_pytest(project: Path, tmp_path: Path) -> None:
    place = tmp_path / "temporary"
    failing = pytest_in(project, "-k", "test_is_violated", "--basetemp", str(place))
    assert failing.code == 1
    trace = next(place.rglob("seats-1.trace.json"))
    assert f"  treadle replay {trace}" in failing.output
