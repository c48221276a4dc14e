"""Drawing: reproducible, within bounds, as likely as weighted."""

from collections import Counter

from models.catalogue.draw import Draw


def test_a_seed_draws_the_same_in_every_version_of_python() -> None:
    draw = Draw(7)
    assert [draw.below(100) for _ in range(8)] == [32, 15, 65, 7, 53, 36, 5, 50]


def test_what_lies_between_includes_both_ends() -> None:
    draw = Draw(0)
    assert {draw.between(-1, 1) for _ in range(100)} == {-1, 0, 1}


def test_an_item_is_drawn_as_often_as_its_weight_says() -> None:
    draw = Draw(0)
    counts = Counter(draw.weighted("abc", (3, 0, 1)) for _ in range(1000))
    assert set(counts) == {"a", "c"}
    assert 700 < counts["a"] < 800


def test_distinct_items_are_drawn_once_each_and_all_where_there_are_too_few() -> None:
    draw = Draw(0)
    assert all(len(set(draw.distinct("abcd", 2, (1, 1, 1, 1)))) == 2 for _ in range(100))
    assert sorted(draw.distinct("abc", 5, (1, 1, 1))) == ["a", "b", "c"]


def test_the_likeliest_comes_first_more_often() -> None:
    draw = Draw(0)
    firsts = Counter(draw.distinct("ab", 2, (9, 1))[0] for _ in range(1000))
    assert 850 < firsts["a"] < 950
