"""JUnit XML: what is broken fails, what is not known is an error, and nothing else is either."""

from collections.abc import Callable
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring

import pytest
from attrs import evolve

from models.checking import Checked, Request, check
from models.command.junit import junit
from models.command.summary import report_text
from models.scenario.build import load_scenario
from models.search.bounds import Bounds

Run = Callable[..., tuple[int, str, str]]

ROOT = Path(__file__).parents[3]
COUNTS = ("tests", "failures", "errors", "skipped")


def found(file: str, bounds: Bounds | None = None) -> Checked:
    """What is found of a scenario of the manual."""
    model = load_scenario(str(ROOT / "docs" / "scenarios" / file))
    return check(evolve(model, name=f"a<b\x00{file}"), Request(bounds=bounds or Bounds()))


@pytest.fixture(scope="module")
def broken() -> Checked:
    """A scenario that breaks what is expected of it."""
    return found("oversold.toml")


@pytest.fixture(scope="module")
def sound() -> Checked:
    """A scenario that holds."""
    return found("seats.toml")


def parsed(*everything: Checked) -> Element:
    """What is written of models."""
    return fromstring(junit(everything))  # noqa: S314  # our own text


def counts(element: Element) -> list[int]:
    """How many cases an element says that there are, and how many that end in which way."""
    return [int(element.attrib[name]) for name in COUNTS]


def test_what_is_broken_is_the_one_failure(broken: Checked) -> None:
    root = parsed(broken)
    number = len(broken.result.properties)
    known = sum(1 for each in root.iter("testcase") if not len(each))
    assert counts(root) == counts(root[0]) == [number, 1, 0, number - known - 1]
    failing = next(each for each in root.iter("testcase") if each.find("failure") is not None)
    assert failing.attrib == {"classname": "a<b\\x00oversold.toml", "name": "seats >= 0"}
    assert failing[0].attrib == {"message": "seats >= 0 is not so: seats = -1"}
    assert failing[0].text == "always, rule scenario.expect\nseats >= 0 is not so: seats = -1"
    output = root[0].find("system-out")
    assert output is not None
    assert output.text == report_text(broken)


def test_all_that_holds_passes(sound: Checked) -> None:
    root = parsed(sound)
    unseen = sum(each.status.value == "unseen" for each in sound.result.properties)
    assert counts(root) == [len(sound.result.properties), 0, 0, unseen]
    assert root[0].find("system-out") is None


def test_what_is_not_known_is_an_error() -> None:
    stopped = found("seats.toml", Bounds(max_states=3))
    assert counts(parsed(stopped))[1:3] == [0, len(stopped.result.broken()) + open_in(stopped)]
    assert open_in(stopped) > 30


def open_in(checked: Checked) -> int:
    """How many properties a search has left open."""
    return sum(each.status.value == "inconclusive" for each in checked.result.properties)


def test_a_model_that_must_fail_is_one_case(broken: Checked, sound: Checked) -> None:
    for checked, expected in ((broken, [1, 0, 0, 0]), (sound, [1, 1, 0, 0])):
        must = evolve(checked, model=evolve(checked.model, breaks="seats >= 0"))
        assert counts(parsed(must)) == expected
        assert parsed(must)[0][0].attrib["name"] == "breaks: seats >= 0"


def test_several_models_are_several_suites(broken: Checked, sound: Checked) -> None:
    root = parsed(broken, sound)
    sums = [sum(pair) for pair in zip(counts(root[0]), counts(root[1]), strict=True)]
    assert counts(root) == sums
    assert [suite.attrib["time"] for suite in root] == [
        f"{each.result.seconds:.3f}" for each in (broken, sound)
    ]


def test_check_writes_it(treadle: Run, pay: Path, here: Path) -> None:
    (here / "new").mkdir()
    (here / "new" / "a.xml").write_text("old", encoding="utf-8")
    assert treadle("check", pay.name, "--junitxml", "new/a.xml")[0] == 0
    text = (here / "new" / "a.xml").read_text(encoding="utf-8")
    assert text.startswith('<?xml version="1.0" encoding="utf-8"?>\n<testsuites name="treadle"')
    assert [each.name for each in (here / "new").iterdir()] == ["a.xml"]
