"""Errors of scenarios: one line that says where and what."""

import pickle

from models.scenario.errors import Position, ScenarioError, TomlPlace


def test_an_error_is_one_line_whatever_stands_in_it() -> None:
    error = ScenarioError(
        "a\nb.toml", TomlPlace("transaction[1].reads"), "x\x1b[1m\u2028", "y\ttab"
    )
    assert str(error) == r"a\nb.toml: transaction[1].reads: x\x1b[1m\u2028; expected y\ttab"
    assert str(ScenarioError("f", None, "w", "e")) == "f: w; expected e"
    assert str(ScenarioError("f", Position(2, 3), "w", "e")) == "f:2:3: w; expected e"


def test_an_error_survives_the_way_between_processes() -> None:
    error = ScenarioError("f", Position(2, 3), "w", "e")
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 our own bytes
    assert (copy.file, copy.place, copy.what, copy.expected) == ("f", Position(2, 3), "w", "e")
