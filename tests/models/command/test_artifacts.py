"""`treadle check --artifacts`: what does not hold leaves files behind, and nothing of another run is touched."""

import json
import os
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from pyrsistent import pmap

from models import checking
from models.approach import AtRandom
from models.catalogue import model_named
from models.checking import Checked, Request
from models.command import artifacts, check
from models.command.artifacts import subject_of
from models.draw import draw
from models.draw.run import run_of
from models.scenario.build import load_scenario
from models.search.walks import Plan
from models.target import Target
from models.traces.artifacts import shortened
from models.traces.codec import read
from models.traces.document import OfFile, OfModel, OfScenario
from models.traces.replay import replay, world_for
from models.traces.subject import subject_of as subject_of_name

Run = Callable[..., tuple[int, str, str]]

POOR = """
system = "anoma"
[genesis]
alice = 1
[[transaction]]
name = "pay"
reads = ["alice"]
writes = ["alice", "bob"]
program = '''
write("alice", read("alice") - 2)
write("bob", 2)
'''
[[transaction]]
name = "look"
reads = ["alice"]
[[expect]]
always = "alice >= 0"
"""

OWN = """
from models.scenario.build import load_scenario
MINE = load_scenario("po or.toml")
"""


@pytest.fixture
def poor(here: Path) -> Path:
    """A scenario that breaks what is expected of it."""
    file = here / "po or.toml"
    file.write_text(POOR, encoding="utf-8")
    return file


def names(folder: Path) -> list[str]:
    """The names of the files below a folder."""
    return sorted(
        each.relative_to(folder).as_posix() for each in folder.rglob("*") if each.is_file()
    )


def test_a_violation_leaves_all_that_shows_it(treadle: Run, poor: Path, here: Path) -> None:
    code, out, err = treadle("check", poor.name, "--artifacts", "new/out")
    assert (code, err) == (12, "")
    folder = here / "new" / "out" / "po-or-toml"
    assert names(folder) == [
        "alice-0.html",
        "alice-0.svg",
        "alice-0.trace.json",
        "report.txt",
        "summary.md",
    ]
    trace = read(str(folder / "alice-0.trace.json"))
    assert trace.subject == OfScenario(poor.name, POOR)
    replayed = replay(trace, world_for(trace, "f"))
    assert replayed.as_recorded
    for form in ("html", "svg"):
        drawing = (folder / f"alice-0.{form}").read_text(encoding="utf-8")
        assert drawing == draw(run_of(replayed), form)
    report = (folder / "report.txt").read_text(encoding="utf-8")
    told = out.partition("\nLeft in ")[0]
    assert report.startswith("\n".join(line.rstrip() for line in told.splitlines()))
    command = "treadle replay new/out/po-or-toml/alice-0.trace.json\n"
    assert command in report
    assert command in out
    summary = (folder / "summary.md").read_text(encoding="utf-8")
    assert summary.startswith("### po or\\.toml: violated\n")
    assert f"```mermaid\n{draw(run_of(replayed), 'mermaid')}```\n" in summary
    assert command in summary


def test_a_long_run_is_not_drawn_in_the_summary(
    treadle: Run, poor: Path, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number, limit in enumerate(("MOST_STEPS", "MOST_CHARACTERS"), start=1):
        with monkeypatch.context() as patch:
            patch.setattr(artifacts, limit, 3)
            assert treadle("check", poor.name, "--artifacts", f"out{number}")[0] == 12
        summary = (here / f"out{number}" / "po-or-toml" / "summary.md").read_text(encoding="utf-8")
        assert "mermaid" not in summary


def test_what_is_there_of_another_run_stays(treadle: Run, poor: Path, here: Path) -> None:
    taken = here / "out" / "po-or-toml"
    taken.mkdir(parents=True)
    (taken / "report.txt").write_text("mine", encoding="utf-8")
    assert treadle("check", poor.name, "--artifacts", "out")[0] == 12
    assert treadle("check", poor.name, "--artifacts", "out")[0] == 12
    assert names(taken) == ["report.txt"]
    assert (taken / "report.txt").read_text(encoding="utf-8") == "mine"
    second, third = here / "out" / "po-or-toml-2", here / "out" / "po-or-toml-3"
    assert names(second) == names(third) != []
    traces = [(folder / "alice-0.trace.json").read_bytes() for folder in (second, third)]
    assert traces[0] == traces[1]


def test_what_holds_leaves_nothing(treadle: Run, pay: Path, here: Path) -> None:
    code, out, _ = treadle("check", pay.name, "--artifacts", "out")
    assert code == 0
    assert "Left in" not in out
    assert names(here / "out") == []


def test_what_is_not_known_is_told_too(treadle: Run, pay: Path, here: Path) -> None:
    assert treadle("check", pay.name, "--max-states", "3", "--artifacts", "out")[0] == 20
    assert names(here / "out") == ["pay-toml/report.txt", "pay-toml/summary.md"]
    summary = (here / "out" / "pay-toml" / "summary.md").read_text(encoding="utf-8")
    assert summary == "### pay\\.toml: inconclusive\n\nMax\\_states reached, after 3 states.\n"


def test_the_report_in_json_names_the_files(
    treadle: Run, poor: Path, pay: Path, here: Path
) -> None:
    _, out, _ = treadle("check", "--json", poor.name, pay.name, "--artifacts", str(here / "out"))
    first, second = json.loads(out)
    assert first["artifacts"] == sorted(str(here / "out" / each) for each in names(here / "out"))
    assert second["artifacts"] == []


def test_without_a_folder_the_report_names_none(treadle: Run, poor: Path) -> None:
    assert "artifacts" not in json.loads(treadle("check", "--json", poor.name)[1])


def test_what_walks_have_found_is_made_smaller(treadle: Run, poor: Path, here: Path) -> None:
    code, out, err = treadle("check", poor.name, "--random", "5", "--artifacts", "out")
    assert (code, err) == (12, "po or.toml: looking for a smaller scenario\n")
    folder = here / "out" / "po-or-toml"
    small = folder / "alice-0.smaller.toml"
    assert "A smaller scenario that breaks the same:\n  treadle check out/po-or-toml/" in out
    told = tomllib.loads(small.read_text(encoding="utf-8"))
    assert [each["name"] for each in told["transaction"]] == ["pay"]
    assert told["expect"] == [{"always": "alice >= 0"}]
    trace = read(str(folder / "alice-0.smaller.trace.json"))
    assert trace.subject == OfScenario(
        "out/po-or-toml/alice-0.smaller.toml", small.read_text(encoding="utf-8")
    )
    assert replay(trace, world_for(trace, "f")).as_recorded
    assert treadle("check", str(small.relative_to(here)))[0] == 12


def test_what_walks_have_found_is_shortened(treadle: Run, poor: Path) -> None:
    raw = checking.check(load_scenario(poor.name), Request(approach=AtRandom(Plan(5, 4))))
    short = shortened(raw)
    lengths = [len(each.violated()[0].events) for each in (raw, short)]
    assert lengths[1] < lengths[0]
    told = json.loads(treadle("check", poor.name, "--random", "5", "--seed", "4", "--json")[1])
    assert len(told["trace"]) == lengths[1]


def test_who_does_not_want_to_wait_gets_the_rest(
    treadle: Run, poor: Path, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(artifacts, "reduced", interrupt)
    monkeypatch.setattr(check, "shortened", interrupt)
    assert treadle("check", poor.name, "--random", "5", "--artifacts", "out")[0] == 12
    assert "po-or-toml/alice-0.trace.json" in names(here / "out")


def test_the_summary_of_a_step_grows_where_there_is_one(
    treadle: Run, poor: Path, pay: Path, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(here / "step.md"))
    assert treadle("check", pay.name, "--artifacts", "out")[0] == 0
    assert treadle("check", poor.name)[0] == 12
    assert not (here / "step.md").exists()
    (here / "step.md").write_text("before\n", encoding="utf-8")
    assert treadle("check", poor.name, pay.name, "--artifacts", "out")[0] == 12
    text = (here / "step.md").read_text(encoding="utf-8")
    section = (here / "out" / "po-or-toml" / "summary.md").read_text(encoding="utf-8")
    assert text.startswith("before\n## Treadle\n\n| model |")
    assert "| pay\\.toml | holds | exhaustive |" in text
    assert section in text


@pytest.mark.parametrize("option", ["--artifacts", "--junitxml"])
def test_a_place_that_cannot_be_written_is_refused_at_once(
    treadle: Run, poor: Path, here: Path, option: str
) -> None:
    (here / "file").write_text("", encoding="utf-8")
    place = "file/out" if option == "--artifacts" else "file/out/a.xml"
    assert treadle("check", poor.name, option, place) == (
        2,
        "",
        "treadle: error: file/out: it cannot be written: Not a directory\n",
    )


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_is_not_ones_own_is_refused(treadle: Run, poor: Path, here: Path) -> None:
    (here / "out").mkdir(mode=0o500)
    code, out, err = treadle("check", poor.name, "--artifacts", "out")
    assert (code, out) == (2, "")
    assert err == "treadle: error: out: it cannot be written: Permission denied\n"


def test_what_was_found_is_told_even_if_it_cannot_be_left(
    treadle: Run, poor: Path, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(here))
    code, out, err = treadle("check", poor.name, "--artifacts", "out")
    assert code == 2
    assert out.startswith("po or.toml: violated\n")
    assert err == ("treadle: error: $GITHUB_STEP_SUMMARY: it cannot be written: Is a directory\n")


def test_a_built_in_model_is_kept_with_all_its_parameters() -> None:
    model = model_named("voting")
    assert model is not None
    subject = subject_of(Target(model, built_in=True), pmap({"voters": 2}))
    assert isinstance(subject, OfModel)
    assert subject == subject_of_name("voting", {"voters": 2})


def test_a_model_in_a_file_is_named_from_the_current_folder(
    treadle: Run, poor: Path, here: Path
) -> None:
    (here / "own.py").write_text(OWN, encoding="utf-8")
    assert poor.exists()
    assert treadle("check", f"{here / 'own.py'}:MINE", "--artifacts", "out")[0] == 12
    file = next((here / "out").rglob("*.trace.json"))
    trace = read(str(file))
    assert trace.subject == OfFile("own.py", "MINE")
    assert treadle("replay", str(file))[0] == 12


def test_a_model_in_a_file_elsewhere_is_kept_as_it_was_named(
    treadle: Run, poor: Path, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = here / "own.py"
    own.write_text(OWN.replace("po or.toml", str(poor)), encoding="utf-8")
    (here / "below").mkdir()
    monkeypatch.chdir(here / "below")
    assert treadle("check", f"{own}:MINE", "--artifacts", "out")[0] == 12
    file = next((here / "below" / "out").rglob("*.trace.json"))
    assert read(str(file)).subject == OfFile(str(own), "MINE")
    assert treadle("replay", str(file))[0] == 2
    assert treadle("replay", str(file), "--model", f"{own}:MINE")[0] == 12


def test_a_scenario_that_has_changed_meanwhile_is_refused(
    treadle: Run, poor: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def change(checked: Checked) -> Checked:
        poor.write_text(POOR.replace("alice = 1", "alice = 0"), encoding="utf-8")
        return checked

    monkeypatch.setattr(check, "shortened", change)
    code, out, err = treadle("check", poor.name, "--artifacts", "out")
    assert code == 2
    assert out.startswith("po or.toml: violated\n")
    assert err == (
        "treadle: error: po or.toml: no trace can be written: "
        "it is not what it was when it was checked\n"
    )
