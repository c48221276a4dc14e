"""Nouns: axes, edits, comparison, text and cords."""

import pytest

from spec.anoma.noun import (
    Noun,
    canonical,
    chain,
    compare,
    cord,
    cord_text,
    edit,
    noun,
    path,
    read_noun,
    slash,
    weight,
    words,
    write_noun,
)

DEPTH = 100_000


def deep_left() -> Noun:
    """A new noun, far deeper to the left than Python's recursion limit."""
    built: Noun = 0
    for _ in range(DEPTH):
        built = (built, 1)
    return built


def doubled(times: int) -> Noun:
    """A new noun of few cells in memory whose tree is exponentially large."""
    built: Noun = 0
    for _ in range(times):
        built = (built, built)
    return built


def test_brackets_nest_to_the_right() -> None:
    assert noun(1, 2, 3) == (1, (2, 3))
    assert noun((1, 2, 3), (4, (5, 6, 7))) == ((1, (2, 3)), (4, (5, (6, 7))))
    assert noun(7) == 7
    assert noun((7,), 8) == (7, 8)
    assert noun(1, (2, 3), 4) == (1, ((2, 3), 4))


def test_what_is_no_noun_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^an empty bracket is no noun$"):
        noun(1, ())
    with pytest.raises(ValueError, match="not negative: -1"):
        noun(1, -1)


@pytest.mark.parametrize(
    ("axis", "turns"),
    [(1, ()), (2, (False,)), (3, (True,)), (6, (True, False)), (13, (True, False, True))],
)
def test_an_axis_is_a_path_of_heads_and_tails(axis: int, turns: tuple[bool, ...]) -> None:
    assert path(axis) == turns


@pytest.mark.parametrize(
    ("axis", "found"),
    [
        (0, None),
        (1, noun((97, 2), (1, 42, 0))),
        (2, (97, 2)),
        (3, (1, (42, 0))),
        (4, 97),
        (5, 2),
        (6, 1),
        (7, (42, 0)),
        (14, 42),
        (15, 0),
        (8, None),
        (13, None),
        (1 << 70, None),
    ],
)
def test_slash_finds_the_noun_at_an_axis(axis: int, found: Noun | None) -> None:
    assert slash(axis, noun((97, 2), (1, 42, 0))) == found


@pytest.mark.parametrize(
    ("axis", "edited"),
    [
        (0, None),
        (1, 11),
        (2, noun(11, 44, 55)),
        (3, noun((22, 33), 11)),
        (4, noun((11, 33), 44, 55)),
        (5, noun((22, 11), 44, 55)),
        (6, noun((22, 33), 11, 55)),
        (7, noun((22, 33), 44, 11)),
        (8, None),
        (15, None),
    ],
)
def test_an_edit_changes_one_axis_and_nothing_else(axis: int, edited: Noun | None) -> None:
    assert edit(axis, 11, noun((22, 33), 44, 55)) == edited


def test_comparison_stops_at_the_first_difference() -> None:
    assert compare(3, 3, 9) == (True, 0)
    assert compare(3, 4, 9) == (False, 0)
    assert compare(3, (3, 3), 9) == (False, 0)
    assert compare((3, 3), 3, 9) == (False, 0)
    assert compare(noun((1, 2), 3, 4), noun((1, 2), 3, 4), 9) == (True, 3)
    assert compare(noun((1, 2), 3, 4), noun((1, 9), 3, 4), 9) == (False, 2)
    assert compare(1 << 640, 1 << 128, 9) == (False, 2)


def test_comparison_is_given_up_over_its_limit() -> None:
    assert compare(doubled(200), doubled(200), 50)[1] == 51
    assert compare(deep_left(), deep_left(), 2 * DEPTH) == (True, DEPTH)


def test_weight_counts_cells_and_full_words() -> None:
    assert [words(0), words((1 << 63) - 1), words(1 << 63), words(1 << 127)] == [0, 0, 1, 2]
    assert weight(5, 9) == 0
    assert weight(noun(1, (2, 3), 1 << 64), 9) == 4
    assert weight(deep_left(), 2 * DEPTH) == DEPTH
    assert weight(doubled(200), 50) == 51


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("0", 0),
        ("[1 2 3]", (1, (2, 3))),
        ("[1 [2 3]]", (1, (2, 3))),
        (" [ [1 2]\n3] ", ((1, 2), 3)),
        ("[1[2 0x1f]007]", (1, ((2, 31), 7))),
    ],
)
def test_a_text_is_read_as_a_noun(text: str, meant: Noun) -> None:
    assert read_noun(text) == meant


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "column 1: expected one noun"),
        ("1 2", "column 4: expected one noun"),
        ("[1 2", "column 5: expected one noun"),
        ("1]", "column 2: a bracket closes"),
        ("[]", "column 2: a bracket closes"),
        ("[1]", "column 3: a bracket closes"),
        ("[1 -2]", "column 3: expected an atom"),
        ("12ab", "column 1: expected an atom"),
        ("0xg", "column 1: expected an atom"),
        ("9" * 1001, "column 1: expected an atom"),
    ],
)
def test_what_is_not_the_text_of_a_noun_is_refused_with_its_column(
    text: str, complaint: str
) -> None:
    with pytest.raises(ValueError, match=complaint):
        read_noun(text)


def test_the_canonical_text_has_no_needless_bracket_space_or_zero() -> None:
    assert canonical(" [01 [2  [3 4]] [[5 6] 7]]") == "[1 [2 3 4] [5 6] 7]"
    assert canonical("0xffffffffffffffff") == "18446744073709551615"
    assert canonical("18446744073709551616") == "0x10000000000000000"


def test_deep_nouns_and_huge_atoms_survive_their_text() -> None:
    deep = deep_left()
    assert compare(read_noun(write_noun(deep)), deep, DEPTH) == (True, DEPTH)
    assert read_noun(write_noun(chain([1] * DEPTH))) is not None
    assert read_noun(write_noun(1 << 100_000)) == 1 << 100_000


def test_a_cord_holds_its_text_least_byte_first() -> None:
    assert [cord(""), cord("a"), cord("ab"), cord("é")] == [0, 97, 97 + 98 * 256, 0xA9C3]
    assert [cord_text(0), cord_text(97 + 98 * 256), cord_text(0xA9C3)] == ["", "ab", "é"]
    assert cord_text(int.from_bytes(b"ten bytes!", "little")) == "ten bytes!"


def test_a_text_that_no_atom_leads_back_to_has_no_cord() -> None:
    assert cord("a\0") is None
    assert cord("\ud800") is None
    assert cord_text(0xFF) is None
