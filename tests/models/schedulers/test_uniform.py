"""The uniform scheduler: fair, within bounds, and the same again under the same seed."""

from collections import Counter
from typing import Any

from models.schedulers.uniform import Uniform


def test_the_same_seed_chooses_the_same(forests: Any) -> None:
    one, same, other = Uniform("7/0"), Uniform("7/0"), Uniform("7/1")
    choices = [
        [each.choose(forests.some(1000), step) for step in range(20)] for each in (one, same, other)
    ]
    assert choices[0] == choices[1] != choices[2]
    assert choices[0][:3] == [722, 362, 631]


def test_every_event_is_chosen_about_equally_often(forests: Any) -> None:
    scheduler = Uniform(1)
    times = Counter(scheduler.choose(forests.some(4), step) for step in range(4000))
    assert sorted(times) == [0, 1, 2, 3]
    assert min(times.values()) > 900
