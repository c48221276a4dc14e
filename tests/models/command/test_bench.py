"""`treadle bench`: what it measures, how it says so, and what it refuses."""

import argparse
import json
from collections.abc import Callable
from typing import Any

import pytest
from pyrsistent import pmap

from models.bench.chosen import DEFAULT, everything
from models.bench.measured import Subject
from models.bench.task import Tool
from models.command.bench import add, subjects_of, tools

TOOLS = "naive, depth-first, musil"

Run = Callable[..., tuple[int, str, str]]


def options(*arguments: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add(parser)
    return parser.parse_args(arguments)


def test_a_model_is_measured_and_compared(treadle: Run) -> None:
    code, out, err = treadle(
        "bench", "two-phase-commit", "--repeat", "1", "--json", "--against", "naive,depth-first"
    )
    assert (code, err) == (0, "")
    (model,) = json.loads(out)["models"]
    every: list[dict[str, Any]] = [model["search"], model["verdict"]]
    every += [each["figures"] for each in model["against"]]
    assert [each["tool"] for each in model["against"]] == ["naive", "depth-first"]
    for each in every:
        assert (each["states"], each["transitions"], each["complete"]) == (288, 761, True)
        assert each["states_per_second"] > 0
        assert each["bytes"] >= 0
    assert all(each["factor"] > 0 for each in model["against"])
    assert model["walks"]["steps_per_second"] > 0


def test_what_was_measured_is_shown(treadle: Run) -> None:
    code, out, err = treadle("bench", "voting", "--repeat", "1", "--against", "musil")
    assert (code, err) == (0, "")
    assert "each in a fresh process, once" in " ".join(out.split())
    assert "3,484" in out
    assert "Not compared with musil: voting: there is no such model for it." in out


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["bench", "countr"], "countr: no such built-in model; did you mean counter?"),
        (["bench", "x.toml"], "x.toml: no such built-in model; see treadle models"),
        (["bench", "counter", "-p", "shards=99"], "-p shards=99: expected an integer from 1 to 8"),
        (["bench", "-p", "shards=2"], "-p shards=2: name a model to set its parameters"),
        (
            ["bench", "--repeat", "0"],
            "argument --repeat: expected an integer from 1 on, not '0' (see treadle bench --help)",
        ),
        (
            ["bench", "--against", "naive,tlc"],
            f"argument --against: expected some of {TOOLS}, not 'tlc' (see treadle bench --help)",
        ),
    ],
)
def test_what_is_wrong_is_said_in_one_line(treadle: Run, arguments: list[str], line: str) -> None:
    assert treadle(*arguments) == (2, "", f"treadle: error: {line}\n")


def test_what_is_named_is_measured_once() -> None:
    assert subjects_of(options()) == DEFAULT
    assert subjects_of(options("--all")) == everything()
    counter = Subject("counter", pmap({"shards": 2}))
    assert subjects_of(options("counter", "counter", "-p", "shards=2")) == (counter,)
    assert subjects_of(options("counter", "-p", "shards=2", "--all")) == (counter, *everything())


def test_tools_are_named_with_commas_between() -> None:
    assert tools("musil,naive,musil") == (Tool.MUSIL, Tool.NAIVE)
    assert tools("none") == ()
    assert options().against == (Tool.NAIVE, Tool.MUSIL)
