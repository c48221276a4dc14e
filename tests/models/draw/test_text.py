"""Text in drawings: its width, its line, and what does not print."""

from hypothesis import given
from hypothesis import strategies as st

from models.draw.text import cells, count, natural, plain, shortened, wrapped


def test_what_does_not_print_is_escaped() -> None:
    assert plain("a\nb\x00\u202e\u2028é") == "a\\nb\\x00\\u202e\\u2028é"


def test_wide_characters_count_twice_and_marks_not_at_all() -> None:
    assert [cells(text) for text in ("abc", "漢字", "e\u0301")] == [3, 4, 1]


@given(st.text(), st.integers(1, 20))
def test_what_is_shortened_is_no_wider_than_it_may_be(text: str, width: int) -> None:
    short = shortened(text, width)
    assert cells(short) <= width
    assert short == text or short.endswith("…")
    assert text.startswith(short.removesuffix("…"))


@given(st.text(st.sampled_from("ab漢 "), max_size=40), st.integers(2, 12))
def test_wrapped_lines_are_no_wider_than_they_may_be_and_lose_nothing(
    text: str, width: int
) -> None:
    lines = wrapped(text, width)
    assert all(cells(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_lines_break_between_words() -> None:
    assert wrapped("one two three", 8) == ["one two", "three"]
    assert wrapped("onetwothree", 4) == ["onet", "woth", "ree"]
    assert wrapped("", 4) == [""]


def test_numbers_in_names_count_as_numbers() -> None:
    names = ["shard.10", "shard.2", "client", "2", "10"]
    assert sorted(names, key=natural) == ["2", "10", "client", "shard.2", "shard.10"]


def test_things_are_counted() -> None:
    assert [count(1, "step"), count(1234, "step")] == ["1 step", "1,234 steps"]
