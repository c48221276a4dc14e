"""Mutants are counted right, and a list that is not right is an error."""

import json
import tomllib
from pathlib import Path

import pytest
from attrs import evolve

from tests.mutation.listed import Equivalent, Listed, Unmutated, read_listed
from tests.mutation.mutants import Fate, Mutant, SourceFile, functions_of, read_files
from tests.mutation.parts import COPIED, PARTS, with_settings
from tests.mutation.report import Report, report
from tests.mutation.run import fingerprint, forget_torn, start_anew_unless

SOURCE = """
class Gate:
    @staticmethod
    def guard(height):
        return height < 2

def twice(number):
    return (
        number
        * 2
    )

def same(number):
    return number
"""
MUTATED = """
class Gate:
    @staticmethod
    def guard(height):
        return trampoline(height)

    @staticmethod
    def xǁGateǁguard__mutmut_orig(height):
        return height < 2

    @staticmethod
    def xǁGateǁguard__mutmut_1(height):
        return height <= 2

    @staticmethod
    def xǁGateǁguard__mutmut_2(height):
        return height < 3

def twice(number):
    return trampoline(number)

def x_twice__mutmut_orig(number):
    return (
        number
        * 2
    )

def x_twice__mutmut_1(number):
    return (
        number
        / 2
    )

def same(number):
    return number
"""
GUARD, TWICE, SAME = "code.gate.Gate.guard", "code.gate.twice", "code.gate.same"
MUTANTS = (
    Mutant(GUARD, "return height < 2", "return height <= 2", Fate.KILLED),
    Mutant(GUARD, "return height < 2", "return height < 3", Fate.SURVIVED),
    Mutant(TWICE, "* 2", "/ 2", Fate.STOPPED),
)
GATE = SourceFile("code/gate.py", (GUARD, TWICE, SAME), MUTANTS)
EQUIVALENT = Equivalent(GUARD, "return height < 2", "return height < 3", "there is no height 2")
RETURNED = f"{GUARD}: 'return height < 2' -> "
LISTED = Listed((EQUIVALENT,), (Unmutated(SAME, "it returns what it is given"),))


def made(root: Path, *codes: int | None) -> None:
    """A folder as mutmut leaves it, with one file whose mutants ended with these codes."""
    names = ("xǁGateǁguard__mutmut_1", "xǁGateǁguard__mutmut_2", "x_twice__mutmut_1")
    (root / "code").mkdir()
    (root / "code" / "gate.py").write_text(SOURCE, encoding="utf-8")
    folder = root / "mutants" / "code"
    folder.mkdir(parents=True)
    (folder / "gate.py").write_text(MUTATED, encoding="utf-8")
    ends = dict(zip((f"code.gate.{name}" for name in names), codes, strict=True))
    (folder / "gate.py.meta").write_text(json.dumps({"exit_code_by_key": ends}), encoding="utf-8")


def last(told: Report) -> str:
    return told.lines[-1]


def test_mutants_are_read_with_what_they_change(tmp_path: Path) -> None:
    made(tmp_path, 1, 0, -24)
    assert read_files(tmp_path, ("code",)) == (GATE,)


@pytest.mark.parametrize("code", [None, 2, 35, 99])
def test_who_has_not_been_judged_is_unchecked(tmp_path: Path, code: int | None) -> None:
    made(tmp_path, 1, code, 1)
    (found,) = read_files(tmp_path, ("code",))
    assert [mutant.fate for mutant in found.mutants] == [Fate.KILLED, Fate.UNCHECKED, Fate.KILLED]


@pytest.mark.parametrize("code", [5, 33])
def test_who_is_run_by_no_test_survives(tmp_path: Path, code: int) -> None:
    made(tmp_path, code, 1, 1)
    (found,) = read_files(tmp_path, ("code",))
    assert found.mutants[0].fate is Fate.SURVIVED


def test_a_file_that_was_never_mutated_has_no_mutants(tmp_path: Path) -> None:
    made(tmp_path, 1, 1, 1)
    (tmp_path / "mutants" / "code" / "gate.py.meta").unlink()
    assert read_files(tmp_path, ("code",)) == (evolve(GATE, mutants=()),)


def test_the_report_counts_and_shows_survivors_and_reasons() -> None:
    told = report((GATE,), evolve(LISTED, equivalent=()), 95)
    assert not told.passed
    assert [line.split() for line in told.lines] == [
        ["mutants", "killed", "stopped", "survived", "equivalent", "unchecked", "score"],
        ["code/gate.py", "3", "1", "1", "1", "0", "0", "66.7%"],
        ["total", "3", "1", "1", "1", "0", "0", "66.7%"],
        f"survived: {GUARD} - return height < 2 + return height < 3".split(),
        f"without mutants: {SAME}: it returns what it is given".split(),
        ["failed:", "the", "score", "is", "66.7%,", "and", "95%", "is", "asked", "for"],
    ]


def test_who_is_equivalent_does_not_count() -> None:
    told = report((GATE,), LISTED, 95)
    assert told.passed
    assert told.lines[2].split() == ["total", "3", "1", "1", "0", "1", "0", "100.0%"]
    assert last(told) == "passed: the score is 100.0%, and 95% is asked for"


@pytest.mark.parametrize(("killed", "passed"), [(18, False), (19, True)])
def test_ninety_five_per_cent_is_enough(killed: int, passed: bool) -> None:  # noqa: FBT001
    dead, alive = MUTANTS[0], MUTANTS[1]
    file = SourceFile("code/gate.py", (GUARD,), (dead,) * killed + (alive,) * (20 - killed))
    assert report((file,), Listed(), 95).passed is passed


def test_what_is_not_finished_has_not_passed() -> None:
    file = evolve(GATE, mutants=(*MUTANTS, evolve(MUTANTS[0], fate=Fate.UNCHECKED)))
    told = report((file,), LISTED, 95)
    assert not told.passed
    assert last(told) == "failed: 1 mutants are still to be checked; run this again to go on"


def test_where_there_are_no_mutants_nothing_has_passed() -> None:
    told = report((SourceFile("code/empty.py", (), ()),), Listed(), 95)
    assert (told.passed, last(told)) == (
        False,
        "failed: there are no mutants, and 95% is asked for",
    )


@pytest.mark.parametrize(
    ("listed", "error"),
    [
        (
            evolve(LISTED, equivalent=(EQUIVALENT, evolve(EQUIVALENT, becomes="return False"))),
            "error: listed as equivalent, but there is no such mutant: "
            + RETURNED
            + "'return False'",
        ),
        (
            evolve(
                LISTED, equivalent=(EQUIVALENT, evolve(EQUIVALENT, becomes="return height <= 2"))
            ),
            "error: listed as equivalent, but it is found out: "
            + RETURNED
            + "'return height <= 2'",
        ),
        (
            evolve(LISTED, unmutated=(*LISTED.unmutated, Unmutated(TWICE, "it is short"))),
            f"error: listed as without mutants, but has some, or is gone: {TWICE}",
        ),
        (
            evolve(LISTED, unmutated=()),
            f"error: has no mutants, and the list does not say why: {SAME}",
        ),
    ],
    ids=["stale", "killed", "mutated", "unlisted"],
)
def test_a_list_that_is_not_right_is_an_error(listed: Listed, error: str) -> None:
    told = report((GATE,), listed, 95)
    assert not told.passed
    assert [line for line in told.lines if line.startswith("error: ")] == [error]


def test_every_entry_of_the_list_names_a_function_that_there_is_and_a_reason() -> None:
    root = Path(__file__).parents[2]
    listed = read_listed(Path(__file__).with_name("equivalents.toml"))
    entries = [
        *((each.function, each.why) for each in listed.equivalent),
        *((each.function, each.why) for each in listed.unmutated),
    ]
    paths = [path.relative_to(root) for part in PARTS for path in (root / part).rglob("*.py")]
    functions = {name for path in paths for name in functions_of(root, path)}
    assert [name for name, why in entries if name not in functions or not why] == []
    assert len({*listed.equivalent, *listed.unmutated}) == len(entries)


def test_a_run_is_taken_up_again_until_something_changes(tmp_path: Path) -> None:
    made(tmp_path, 1, 0, 1)
    (tmp_path / "pyproject.toml").write_text("", encoding="utf-8")
    mutants, meta = tmp_path / "mutants", tmp_path / "mutants" / "code" / "gate.py.meta"
    (mutants / "inputs").write_text(fingerprint(tmp_path, ("code",)), encoding="utf-8")
    start_anew_unless(fingerprint(tmp_path, ("code",)), mutants)
    assert meta.is_file()
    (tmp_path / "code" / "gate.py").write_text("", encoding="utf-8")
    start_anew_unless(fingerprint(tmp_path, ("code",)), mutants)
    assert [path.name for path in mutants.iterdir()] == ["inputs"]


@pytest.mark.parametrize("torn", [None, '{"exit_code_by_key": {'])
def test_only_what_was_being_written_is_forgotten(tmp_path: Path, torn: str | None) -> None:
    made(tmp_path, 1, 0, 1)
    folder = tmp_path / "mutants" / "code"
    forget_torn(tmp_path / "mutants", ("code",))
    assert sorted(path.name for path in folder.iterdir()) == ["gate.py", "gate.py.meta"]
    if torn is None:
        (folder / "gate.py.meta").unlink()
    else:
        (folder / "gate.py.meta").write_text(torn, encoding="utf-8")
    forget_torn(tmp_path / "mutants", ("code",))
    assert list(folder.iterdir()) == []


def test_the_settings_of_a_part_take_the_place_of_those_of_the_project() -> None:
    project = '[a]\nb = ["[c]"]\n\n[tool.mutmut]\nd = ["e"]\nf = 1\n\n[g]\nh = 1\n'
    own = '[tool.mutmut]\nd = ["i"]\n'
    assert tomllib.loads(with_settings(project, own)) == {
        "a": {"b": ["[c]"]},
        "g": {"h": 1},
        "tool": {"mutmut": {"d": ["i"]}},
    }


def test_a_part_with_settings_is_tried_in_a_copy_that_follows_the_project(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.mutmut]\nsource_paths = ["spec"]\n')
    for folder in COPIED:
        (tmp_path / folder).mkdir()
    assert PARTS["spec"].workshop(tmp_path) == tmp_path
    (tmp_path / "spec" / "old.py").write_text("")
    copy = PARTS["properties"].workshop(tmp_path)
    (tmp_path / "spec" / "old.py").rename(tmp_path / "spec" / "new.py")
    assert PARTS["properties"].workshop(tmp_path) == copy
    assert [path.name for path in (copy / "spec").iterdir()] == ["new.py"]
    settings = tomllib.loads((copy / "pyproject.toml").read_text())["tool"]["mutmut"]
    assert settings["source_paths"] == ["properties"]


def test_the_list_is_asked_about_one_part_only() -> None:
    ours, other = evolve(EQUIVALENT, function="spec.f"), evolve(EQUIVALENT, function="properties.f")
    bare = Unmutated("properties.g", "abstract")
    assert PARTS["properties"].of(Listed((ours, other), (bare,))) == Listed((other,), (bare,))
    assert PARTS["spec"].of(Listed((ours, other), (bare,))) == Listed((ours,))
