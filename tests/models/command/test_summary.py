"""Summaries in Markdown: what was found, whatever stands in it, and never more than a host shows."""

from pathlib import Path

import pytest
from attrs import evolve

from models.checking import Checked, check
from models.command import summary
from models.command.kept import Kept
from models.command.summary import append_summary, fenced, folded, marked, report_text, section
from models.command.table import show_one
from models.scenario.build import load_scenario
from models.terminal import printed

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def broken() -> Checked:
    """A scenario that breaks what is expected of it."""
    return named("oversold.toml", "oversold.toml")


@pytest.fixture(scope="module")
def sound() -> Checked:
    """A scenario that holds."""
    return named("seats.toml", "a|b.toml")


def named(file: str, name: str) -> Checked:
    """What is found of a scenario of the manual, under another name."""
    model = load_scenario(str(ROOT / "docs" / "scenarios" / file))
    return check(evolve(model, name=name))


def test_a_section_says_what_is_broken_and_folds_the_run(broken: Checked) -> None:
    kept = Kept(Path("out"), (Path("out/a b.trace.json"),), Path("out/s.toml"), "a ``` b\n")
    text = section(broken, kept)
    run = printed(lambda out: show_one(broken, out)).partition("13 steps:\n")[2]
    steps = run.partition("\nBroken:")[0]
    states = f"{broken.result.states:,}"
    assert text == (
        "### oversold\\.toml: violated\n\n"
        f"Stopped at the first violation, after {states} states.\n\n"
        "**Broken: seats &gt;= 0** (always, rule `scenario.expect`)\n\n"
        "```text\nseats >= 0 is not so: seats = -1\n```\n\n"
        "<details><summary>The shortest run that shows it, 13 steps</summary>\n\n"
        f"```text\n{steps}```\n\n</details>\n\n"
        "<details><summary>The run as a diagram</summary>\n\n"
        "````mermaid\na ``` b\n````\n\n</details>\n\n"
        "Take the run again, step through it, or make a test of it:\n\n"
        "```sh\n"
        "treadle replay 'out/a b.trace.json'\n"
        "treadle step 'out/a b.trace.json'\n"
        "treadle pin 'out/a b.trace.json'\n"
        "```\n\n"
        "A smaller scenario that breaks the same:\n\n"
        "```sh\ntreadle check out/s.toml\n```\n"
    )


def test_a_run_that_is_too_long_is_cut_at_the_beginning(
    broken: Checked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(summary, "LONGEST", 150)
    assert (
        "13 steps</summary>\n\n```text\n… the steps before are in the trace …\n"
        "    by shard.resolve-write\n"
    ) in section(broken, None)


def test_the_report_is_what_a_terminal_shows_and_what_to_do_next(broken: Checked) -> None:
    shown = printed(lambda out: show_one(broken, out))
    assert report_text(broken) == shown
    long = Path("out") / ("x" * 100)
    text = report_text(broken, Kept(Path("out"), (long,)))
    assert text == (
        f"{shown}\nTake the run again, step through it, or make a test of it:\n"
        f"  treadle replay {long}\n  treadle step {long}\n  treadle pin {long}\n"
    )


def test_a_model_that_must_fail_and_does_not_is_told(sound: Checked) -> None:
    must = evolve(sound, model=evolve(sound.model, breaks="marks *never* fall"))
    assert "**This model must break\\: marks \\*never\\* fall**\n" in section(must, None)


def test_the_summary_of_a_step_has_all_models_in_a_table(
    broken: Checked, sound: Checked, tmp_path: Path
) -> None:
    file = tmp_path / "step.md"
    append_summary([(broken, None), (sound, None)], {"GITHUB_STEP_SUMMARY": str(file)})
    rows = [
        f"| {name} | {verdict} | exhaustive | {checked.result.states:,} |\n"
        for name, verdict, checked in (
            ("oversold\\.toml", "violated", broken),
            ("a\\|b\\.toml", "holds", sound),
        )
    ]
    table = "## Treadle\n\n| model | verdict | search | states |\n|---|---|---|---:|\n"
    assert file.read_text(encoding="utf-8") == (
        f"{table}{''.join(rows)}\n{section(broken, None)}\n"
    )


@pytest.mark.parametrize("environment", [{}, {"GITHUB_STEP_SUMMARY": ""}])
def test_nothing_is_written_where_no_step_runs(
    broken: Checked, environment: dict[str, str], here: Path
) -> None:
    append_summary([(broken, None)], environment)
    assert list(here.iterdir()) == []


def test_nothing_is_written_where_all_models_hold(sound: Checked, tmp_path: Path) -> None:
    append_summary([(sound, None)], {"GITHUB_STEP_SUMMARY": str(tmp_path / "step.md")})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("room", "lines"), [(999_000, "all"), (1_000, "table"), (20, "none")])
def test_a_full_summary_gets_less(broken: Checked, tmp_path: Path, room: int, lines: str) -> None:
    file = tmp_path / "step.md"
    before = b"x" * (1_000_000 - room)
    file.write_bytes(before)
    append_summary([(broken, None)], {"GITHUB_STEP_SUMMARY": str(file)})
    added = file.read_bytes()[len(before) :].decode()
    assert len(added) <= room
    assert ("```text" in added, "| exhaustive |" in added) == (lines == "all", lines != "none")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a_b*c|d", "a\\_b\\*c\\|d"),
        ("<script>&`x`", "&lt;script&gt;&amp;\\`x\\`"),
        ("[x](http://y) #1 @z", "\\[x\\]\\(http\\://y\\) \\#1 \\@z"),
        ("one\ntwo\x1b", "one\\\\ntwo\\\\x1b"),
    ],
)
def test_a_text_means_nothing_but_itself(text: str, expected: str) -> None:
    assert marked(text) == expected


def test_lines_never_end_their_fence() -> None:
    assert fenced("a\n```\nb", "sh") == "````sh\na\n```\nb\n````\n"
    assert folded("<b>", "x") == "<details><summary>&lt;b&gt;</summary>\n\nx\n</details>\n"


def test_paths_are_quoted_for_a_shell(broken: Checked) -> None:
    assert "treadle replay 'a b;$(x).json'" in report_text(
        broken, Kept(Path(), (Path("a b;$(x).json"),))
    )
