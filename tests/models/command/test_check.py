"""`treadle check`: reports, tables, exit codes, and input that is refused."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
KEYS = [
    *("model", "verdict", "search", "complete", "states", "transitions", "stutters", "depth"),
    *("properties", "coverage", "trace", "seconds"),
]
Run = Callable[..., tuple[int, str, str]]

SMALLEST = ("counter", "-p", "transactions=1")

BROKEN_EXPECTATION = """
[[expect]]
{kind} = "alice == 10"
"""

MODEL_FILE = """
from models.catalogue import model_named
from models.model import Model
from attrs import evolve
from beside import NUMBER

def failing(options):
    raise RuntimeError("no world\\ntoday")

def leaving(options):
    raise SystemExit(0)

FINE = model_named("counter")
FAILING = evolve(FINE, build=failing)
LEAVING = evolve(FINE, build=leaving)
OTHER = 3
"""


def test_a_model_is_reported_as_json(treadle: Run) -> None:
    code, out, err = treadle("check", *SMALLEST, "--json")
    found = json.loads(out)
    assert (code, err) == (0, "")
    assert list(found) == [*KEYS, "outcomes"]
    assert {key: found[key] for key in KEYS[:8]} == {
        "model": "counter",
        "verdict": "holds",
        "search": "exhaustive",
        "complete": True,
        "states": 35,
        "transitions": 68,
        "stutters": 0,
        "depth": 10,
    }
    assert found["trace"] is None
    assert found["coverage"]["fired"]["worker.order-transaction"] == 1
    assert "worker.refuse-transaction" in found["coverage"]["never"]
    assert {tuple(each) for each in found["properties"]} == {
        ("name", "rule", "kind", "verdict", "judged", "evidence")
    }
    kinds = {each["kind"] for each in found["properties"]}
    assert kinds >= {"always", "at rest"}


def test_a_model_that_is_not_anomas_has_no_outcomes(treadle: Run) -> None:
    code, out, _ = treadle("check", "voting", "--random", "2", "--json")
    assert (code, list(json.loads(out))) == (0, KEYS)


def test_walks_may_follow_random_priorities(treadle: Run) -> None:
    walks = ("check", "counter", "--random", "20", "--json")
    reports = [json.loads(treadle(*walks, *more)[1]) for more in ((), ("--bug-depth", "2"))]
    assert [each["search"] for each in reports] == ["20 walks", "20 walks, PCT of depth 2"]
    assert reports[0]["coverage"] != reports[1]["coverage"]
    assert "guarantee" not in reports[0]
    told = reports[1]["guarantee"]
    assert told["depth"] == 2
    assert told["one"] == pytest.approx(1 / (told["chains"] * told["events"]))
    assert told["all"] == pytest.approx(1 - (1 - told["one"]) ** 20)


def test_the_table_says_how_likely_random_priorities_were_to_find_a_bug(treadle: Run) -> None:
    _, out, _ = treadle("check", "counter", "--random", "20", "--bug-depth", "1")
    assert "a bug of depth 1 shows in one walk with probability" in " ".join(out.split())


def test_several_models_make_a_list(treadle: Run) -> None:
    code, out, _ = treadle("check", "counter", "voting", "--random", "1", "--json")
    assert code == 0
    assert [each["model"] for each in json.loads(out)] == ["counter", "voting"]


def test_a_scenario_comes_with_its_outcomes(pay: Path, treadle: Run) -> None:
    code, out, _ = treadle("check", pay.name, "--json")
    found = json.loads(out)
    assert (code, found["model"], found["verdict"]) == (0, "pay.toml", "holds")
    assert found["outcomes"] == [
        {
            "order": ["pay"],
            "store": {"alice": 3, "bob": 7},
            "summaries": {
                "pay": {
                    "success": True,
                    "reason": None,
                    "read": {"alice": 10, "bob": 0},
                    "written": {"alice": 3, "bob": 7},
                }
            },
        }
    ]


def test_a_failed_transaction_is_reported_with_its_reason(pay: Path, treadle: Run) -> None:
    text = pay.read_text(encoding="utf-8").replace("alice = 10", "alice = 6")
    pay.write_text(text, encoding="utf-8")
    _, out, _ = treadle("check", pay.name, "--json")
    summary = json.loads(out)["outcomes"][0]["summaries"]["pay"]
    assert summary == {
        "success": False,
        "reason": "fail: insufficient funds",
        "read": {"alice": 6},
        "written": {},
    }


HOSTILE = r"""
system = "anoma"
[[transaction]]
name = "t"
program = 'fail("\x1b[31m a\nb ")'
"""


def test_what_a_program_says_is_exact_in_json_and_escaped_for_people(
    here: Path, treadle: Run
) -> None:
    (here / "hostile.toml").write_text(HOSTILE, encoding="utf-8")
    _, out, _ = treadle("check", "hostile.toml", "--json")
    summary = json.loads(out)["outcomes"][0]["summaries"]["t"]
    assert summary["reason"] == "fail: \x1b[31m a\nb "
    _, out, _ = treadle("check", "hostile.toml")
    assert out.endswith("\n    t fails (fail: \\x1b[31m a\\nb )\n")


def test_a_files_name_is_escaped_for_people(pay: Path, treadle: Run) -> None:
    pay.rename(pay.with_name("\x1b[31m\n.toml"))
    _, out, _ = treadle("check", "\x1b[31m\n.toml")
    assert out.startswith("\\x1b[31m\\n.toml: holds\n")
    _, out, _ = treadle("check", "\x1b[31m\n.toml", *SMALLEST)
    assert out.splitlines()[1].startswith("\\x1b[31m\\n.toml holds")


@pytest.mark.parametrize(("kind", "code"), [("always", 12), ("at_rest", 11)])
def test_a_broken_expectation_comes_with_a_run_and_an_exit_code(
    kind: str, code: int, pay: Path, treadle: Run
) -> None:
    with pay.open("a", encoding="utf-8") as file:
        file.write(BROKEN_EXPECTATION.format(kind=kind))
    assert treadle("check", pay.name)[0] == code
    exit_code, out, _ = treadle("check", pay.name, "--json")
    found = json.loads(out)
    assert (exit_code, found["verdict"], found["complete"]) == (code, "violated", False)
    broken = [each for each in found["properties"] if each["verdict"] == "violated"]
    assert [each["name"] for each in broken] == ["alice == 10"]
    assert "alice = 3" in broken[0]["evidence"]["finding"]
    steps: list[dict[str, Any]] = found["trace"]
    assert [step["step"] for step in steps] == list(range(1, len(steps) + 1))
    assert steps[0]["changes"][0] == "last: 0 -> 1"
    assert steps[0]["rules"][0] == "worker.order-transaction"


def test_a_run_is_printed_step_by_step_with_the_evidence_after_it(pay: Path, treadle: Run) -> None:
    with pay.open("a", encoding="utf-8") as file:
        file.write(BROKEN_EXPECTATION.format(kind="always"))
    _, out, _ = treadle("check", pay.name)
    lines = [line.rstrip() for line in out.splitlines()]
    assert lines[0] == "pay.toml: violated"
    start = next(place for place, line in enumerate(lines) if line.startswith("  1 worker takes"))
    rules = next(
        place for place, line in enumerate(lines) if line.startswith("    by worker.order")
    )
    assert start < rules <= start + 3
    assert lines[rules + 1 : rules + 3] == [
        "    last: 0 -> 1",
        "    requests[RequestId(client.pay, 1)]: + 1",
    ]
    assert lines[-2] == "Broken: alice == 10 (always, rule scenario.expect)"
    assert "alice = 3" in lines[-1]
    assert max(map(len, lines)) <= 80


def test_one_model_is_shown_with_all_properties(treadle: Run) -> None:
    code, out, err = treadle("check", *SMALLEST)
    lines = [" ".join(line.split()) for line in out.splitlines()]
    assert (code, err, lines[0]) == (0, "", "counter: holds")
    assert lines[1].startswith("all 35 states, 68 transitions, depth 10, 1 at rest")
    assert "history is serializable always holds" in lines
    assert "In the order add-1: counter = 1" in lines
    assert max(map(len, out.splitlines())) <= 80


def test_several_models_are_shown_in_one_table(treadle: Run) -> None:
    code, out, _ = treadle("check", "pool", "counter")
    lines = [line.split() for line in out.splitlines()]
    assert code == 0
    assert lines[0] == ["model", "verdict", "search", "states", "transitions", "depth", "seconds"]
    assert lines[1][:6] == ["pool", "fails", "as", "it", "must", "exhaustive"]
    assert lines[2][:6] == ["counter", "holds", "exhaustive", "1,845", "7,092", "19"]
    assert len(lines) == 3


def test_a_table_says_what_walks_are_worth_and_shows_names_whole(pay: Path, treadle: Run) -> None:
    long = pay.rename(pay.parent / f"{'l' * 40}.toml").name
    _, out, _ = treadle("check", long, *SMALLEST, "--random", "2")
    *rows, last = out.splitlines()
    assert last == "Where it says walks, so many random runs were judged, not all there are."
    assert "".join(row.split()[0] for row in rows[1:-1]) == long
    assert max(map(len, rows)) <= 80


def test_names_of_built_in_models_stand_on_one_line(treadle: Run) -> None:
    _, out, _ = treadle("check", "soma-epoch-dependency", "pool")
    lines = out.splitlines()
    assert lines[0].split()[-1] == "seconds"
    assert lines[1].startswith("soma-epoch-dependency holds ")
    assert [line.split()[0] for line in lines[2:4]] == ["pool", "must"]


def test_a_model_that_must_fail_and_does_not_says_so(treadle: Run) -> None:
    code, out, _ = treadle("check", "pool", "-p", "transactions=1")
    assert code == 12
    assert out.startswith("pool: holds\n")
    assert out.endswith("This model must break: every transaction finished\n")


def test_a_bound_is_named_and_makes_the_verdict_inconclusive(treadle: Run) -> None:
    code, out, _ = treadle("check", *SMALLEST, "--max-states", "10")
    assert code == 20
    assert out.startswith("counter: inconclusive (max_states reached)\nstopped after 10 states")
    code, out, _ = treadle("check", "counter", "--max-seconds", "0.000001", "--json")
    found = json.loads(out)
    assert (code, found["verdict"], found["complete"]) == (20, "inconclusive", False)
    assert found["properties"][0]["evidence"] == {"finding": "max_seconds reached", "details": []}


def test_depth_first_counts_the_same_and_says_whether_there_are_cycles(treadle: Run) -> None:
    code, out, _ = treadle("check", *SMALLEST, "--depth-first")
    extent = "all 35 states, 68 transitions, longest run 10, no cycles, 1 at rest"
    assert (code, extent in out) == (0, True)
    found = json.loads(treadle("check", *SMALLEST, "--depth-first", "--json")[1])
    assert (found["search"], found["states"], found["cyclic"]) == ("depth first", 35, False)


def test_a_run_that_is_not_the_shortest_is_not_called_so(treadle: Run) -> None:
    _, out, _ = treadle("check", "pool", "--depth-first")
    assert "\nA run that shows it, " in out


def test_a_reduced_search_says_what_was_judged_on_what(treadle: Run) -> None:
    code, out, _ = treadle("check", "counter", "--reduce")
    assert (code, "reduced search: 47 states, 3 passes" in out) == (0, True)
    found = json.loads(treadle("check", "counter", "--reduce", "--json")[1])
    judged = {each["name"]: each["judged"] for each in found["properties"]}
    assert (judged["every transaction finished"], judged["execution equals timestamp order"]) == (
        "reduced search",
        "all steps",
    )
    reduction = found["reduction"]
    assert (found["search"], reduction["states"], reduction["complete"]) == ("reduced", 47, True)
    plain = json.loads(treadle("check", "counter", "--json")[1])
    assert found["outcomes"] == plain["outcomes"]
    assert {each["judged"] for each in plain["properties"]} == {"all steps"}


def test_what_cannot_be_reduced_says_why(treadle: Run) -> None:
    arguments = (*SMALLEST, "-p", "duplicates=1", "--reduce")
    assert "not reduced: the network may duplicate" in treadle("check", *arguments)[1]
    found = json.loads(treadle("check", *arguments, "--json")[1])
    assert (found["reduction"], found["irreducible"][:11]) == (None, "the network")


def test_a_symmetric_search_counts_representatives_and_what_they_stand_for(treadle: Run) -> None:
    code, out, _ = treadle("check", "counter", "--symmetry")
    assert (code, "one for each of 1,845 states that differ in who is who" in out) == (0, True)
    found = json.loads(treadle("check", "counter", "--symmetry", "--json")[1])
    assert (found["states"], found["all_states"], found["all_transitions"]) == (923, 1845, 7092)


def test_a_search_that_is_shared_reports_the_same(treadle: Run) -> None:
    alone = json.loads(treadle("check", "counter", "--json")[1])
    shared = json.loads(treadle("check", "counter", "--workers", "1", "--json")[1])
    assert shared | {"seconds": 0} == alone | {"seconds": 0}


def test_a_search_that_was_stopped_goes_on(here: Path, treadle: Run) -> None:
    code, out, _ = treadle("check", *SMALLEST, "--max-depth", "4", "--checkpoint", "search")
    assert (code, out.split("\n", 1)[0]) == (20, "counter: inconclusive (max_depth reached)")
    assert [each.name for each in here.iterdir()] == ["search"]
    code, out, _ = treadle("check", *SMALLEST, "--resume", "search", "--json")
    whole = json.loads(treadle("check", *SMALLEST, "--json")[1])
    found = json.loads(out)
    assert (code, found | {"seconds": 0}) == (0, whole | {"seconds": 0})
    assert list(here.iterdir()) == []


def test_the_gravest_of_several_counts_and_is_shown(pay: Path, treadle: Run) -> None:
    with pay.open("a", encoding="utf-8") as file:
        file.write(BROKEN_EXPECTATION.format(kind="at_rest"))
    code, out, _ = treadle("check", pay.name, *SMALLEST, "--max-states", "30")
    assert code == 20
    code, out, _ = treadle("check", pay.name, *SMALLEST)
    assert code == 11
    assert "Broken: alice == 10 (at rest, rule scenario.expect)" in out


def test_a_model_of_a_users_file_is_checked(here: Path, treadle: Run) -> None:
    (here / "mine.py").write_text(MODEL_FILE, encoding="utf-8")
    (here / "beside.py").write_text("NUMBER = 1\n", encoding="utf-8")
    code, out, _ = treadle("check", "mine.py:FINE", "-p", "transactions=1", "--json")
    found = json.loads(out)
    assert (code, found["model"], found["states"]) == (0, "mine.py:FINE", 35)


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["pol"], "pol: no such model or file; did you mean pool?"),
        ([""], "'': no such model or file; there is voting"),
        (["x.json"], "x.json: not a TOML file; if it is a trace: treadle replay x.json"),
        (["run"], "run: not a TOML file; if it is a trace: treadle replay run"),
        (["x.toml"], "x.toml: there is no such file; expected a TOML file"),
        (["."], ".: it is a directory; expected a TOML file"),
        (["mine.py"], "mine.py: which model of the file? write mine.py:NAME"),
        (["none.py:X"], "none.py: no such file"),
        (["mine.py:X"], "mine.py: there is no X in it"),
        (["mine.py:"], "mine.py: there is no empty name in it"),
        (["mine.py:OTHER"], "mine.py: OTHER is of type int, not a Model"),
        (
            ["mine.py:FAILING"],
            "mine.py:FAILING: the model raised RuntimeError('no world\\ntoday')",
        ),
        (["mine.py:LEAVING"], "mine.py:LEAVING: the model raised SystemExit(0)"),
        (["nul.py:X"], "nul.py: not a Python file"),
        (["x.py:y.toml"], "x.py:y.toml: there is no such file; expected a TOML file"),
        (["x" * 5000], f"{'x' * 5000}: no such model or file; there is voting"),
        (["x" * 5000 + ".py:X"], f"{'x' * 5000}.py: no such file"),
        (["bad.py:X"], "bad.py:2: '(' was never closed"),
        (["raises.py:X"], "raises.py: loading it raised SystemExit(3)"),
        (["counter", "-p", "shards"], "-p shards: expected NAME=VALUE"),
        (["voting", "-p", "votes=1"], "-p votes: no such parameter; there is"),
        (["counter", "-p", "shards=two"], "-p shards=two: expected an integer from 1 to 8"),
        (["counter", "-p", "shards=9"], "-p shards=9: expected an integer from 1 to 8"),
        (["counter", "-p", "delivery=up"], "-p delivery=up: expected unordered or fifo"),
        (["counter", "--max-states", "0"], "argument --max-states: expected an integer from 1 on"),
        (["counter", "--random", "x"], "argument --random: expected an integer from 1 on"),
        (["counter", "--max-seconds", "nan"], "argument --max-seconds: expected a number of"),
        (["counter", "--max-seconds", "x"], "argument --max-seconds: expected a number of"),
        (["counter", "--random", "1", "--exhaustive"], "argument --exhaustive: not allowed with"),
        (["counter", "--bug-depth", "2"], "--bug-depth: expected --random too, as only walks have"),
        (["counter", "--random", "1", "--bug-depth", "0"], "argument --bug-depth: expected an"),
        (["counter", "--max-memory", "0"], "argument --max-memory: expected an integer from 1 on"),
        (["counter", "--max-depth", "-1"], "argument --max-depth: expected an integer from 0 on"),
        (["counter", "--resume", "none"], "none: cannot be read: No such file or directory"),
        (["counter", "--resume", "bad.py"], "bad.py:1: not a checkpoint; expected a file of"),
        (["counter", "--checkpoint", "no/file"], "no/file: cannot be written: No such file or"),
        (["counter", "voting", "--checkpoint", "x"], "--checkpoint and --resume: expected one"),
        (["counter", "--workers", "0"], "argument --workers: expected an integer from 1 on"),
        (["counter", "--reduce", "--max-depth", "3"], "--max-depth: a reduced search goes as far"),
        (["counter", "--dask", "nowhere"], "nowhere: "),
        (["counter", "--reduce", "--symmetry"], "argument --symmetry: not allowed with argument"),
        (["--resume", "x"], "--checkpoint and --resume: expected one model, whose search is kept"),
        (
            ["counter", "--random", "1", "--checkpoint", "x"],
            "--checkpoint: only a breadth-first search can be kept, not --random",
        ),
    ],
)
def test_bad_input_is_refused_in_one_line(
    arguments: list[str], line: str, here: Path, treadle: Run
) -> None:
    (here / "mine.py").write_text(MODEL_FILE, encoding="utf-8")
    (here / "beside.py").write_text("NUMBER = 1\n", encoding="utf-8")
    (here / "bad.py").write_text("x = 1\nf(\n", encoding="utf-8")
    (here / "nul.py").write_text("\0", encoding="utf-8")
    (here / "x.json").write_text("{}", encoding="utf-8")
    (here / "run").write_text("{}", encoding="utf-8")
    (here / "raises.py").write_text("raise SystemExit(3)\n", encoding="utf-8")
    code, out, err = treadle("check", *arguments)
    assert (code, out) == (2, "")
    assert err.startswith(f"treadle: error: {line}")
    assert err.count("\n") == 1


def run_apart(*arguments: str, hash_seed: str) -> dict[str, Any]:
    """The report of a run in a process of its own, without the time it took."""
    done = subprocess.run(  # noqa: S603  # constant
        [sys.executable, str(ROOT / "treadle.py"), "check", "--json", *arguments],
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
        capture_output=True,
        check=True,
    )
    report: dict[str, Any] = json.loads(done.stdout)
    assert report.pop("seconds") >= 0
    return report


def test_the_same_seed_gives_the_same_report_under_every_hash_seed() -> None:
    arguments = ("smallbank", "--random", "20", "--seed", "7")
    one, other = (run_apart(*arguments, hash_seed=seed) for seed in ("1", "2"))
    assert one == other
    assert one["states"] > 100


def test_a_failing_run_is_the_same_under_every_hash_seed() -> None:
    one, other = (run_apart("pool", hash_seed=seed) for seed in ("1", "2"))
    assert one == other
    assert len(one["trace"]) == 11


def test_ctrl_c_gives_the_verdict_so_far() -> None:
    arguments = ("check", "counter", "-p", "transactions=4", "--json")
    with subprocess.Popen(  # noqa: S603  # constant
        [sys.executable, "-u", "-c", WAITING, str(ROOT), *arguments],
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "searching\n"
        process.send_signal(signal.SIGINT)
        found = json.loads(process.stdout.read())
    assert (process.returncode, found["verdict"], found["complete"]) == (20, "inconclusive", False)
    assert found["properties"][0]["evidence"]["finding"] == "interrupted"


WAITING = """
import signal
import sys
sys.path.insert(0, sys.argv.pop(1))
signal.signal(signal.SIGINT, signal.default_int_handler)
from models.command import check
from models.command.main import main
class Telling(check.Reporter):
    told = False
    def __call__(self, progress):
        if not Telling.told:
            Telling.told = True
            print("searching", flush=True)
            signal.pause()
check.Reporter = Telling
sys.exit(main(sys.argv[1:]))
"""
"""The command, which says when it has begun to search, and then waits for a signal."""
