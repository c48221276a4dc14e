"""`treadle estimate` counts what is small, estimates what is large, and says where there is no end."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from models.command.estimate import sentence
from models.search.estimate import Estimate, Extent
from models.search.probes import Probed

Run = Callable[..., tuple[int, str, str]]

PROBED = Probed(runs=1, endless=True, longest=3, ends=0)


def test_a_small_model_is_counted(treadle: Run) -> None:
    assert treadle("estimate", "counter", "-p", "transactions=1") == (
        0,
        "counter: 35 states, all visited\n",
        "",
    )


def test_a_large_model_is_estimated_after_a_part_of_it(treadle: Run) -> None:
    # How large the part is depends on the machine; how good an estimate is, is tested apart from that.
    arguments = ("ordering", "-p", "transactions=3", "--json")
    code, out, err = treadle("estimate", *arguments)
    found = json.loads(out)
    assert (code, err, found["model"], found["exact"]) == (0, "", "ordering", False)
    assert 0 < found["visited"] <= found["low"] <= found["likely"] <= found["high"]


def test_several_models_are_a_list(treadle: Run) -> None:
    found = json.loads(treadle("estimate", "counter", "two-phase-commit", "--json")[1])
    assert [(each["model"], each["exact"], each["likely"]) for each in found] == [
        ("counter", True, 1845),
        ("two-phase-commit", True, 288),
    ]


def test_each_kind_of_estimate_has_its_words() -> None:
    known = Estimate(Extent(10, 20, 40), exact=False, visited=5, probed=PROBED, spent=0.1)
    assert sentence(known) == "about 20 states, hardly below 10 or above 40"
    endless = Estimate(None, exact=False, visited=5000, probed=PROBED, spent=0.1)
    assert sentence(endless) == "no end in sight after 5,000 states"


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["pol"], "pol: no such model or file; did you mean pool?"),
        (["counter", "-p", "shards=9"], "-p shards=9: expected an integer from 1 to 8"),
        (["mine.py:X"], "mine.py:X: the model raised RuntimeError('no')"),
    ],
)
def test_bad_input_is_refused_in_one_line(
    arguments: list[str], line: str, here: Path, treadle: Run
) -> None:
    (here / "mine.py").write_text(
        "from attrs import evolve\nfrom models.catalogue import model_named\n"
        "def build(options):\n    raise RuntimeError('no')\n"
        "X = evolve(model_named('counter'), build=build)\n",
        encoding="utf-8",
    )
    assert treadle("estimate", *arguments) == (2, "", f"treadle: error: {line}\n")
