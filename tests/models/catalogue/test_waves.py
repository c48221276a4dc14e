"""The picture of ten transactions."""

from attrs import evolve

from models.catalogue.waves import PICTURE, TEN, WAVES, WAVES_MODEL
from models.search.walks import Plan, walk
from properties.waves import ready_in, waves


def test_the_labels_give_the_four_waves_of_the_picture() -> None:
    names = list(PICTURE)
    found = waves(tuple(each.candidate.label for each in TEN))
    assert [{names[at - 1] for at in wave} for wave in found] == [
        {"a", "b", "c", "j"},
        {"d", "e", "i"},
        {"f", "g"},
        {"h"},
    ]


def test_other_waves_than_those_of_the_picture_are_refuted() -> None:
    options = {each.name: each.default for each in WAVES_MODEL.parameters}
    world = WAVES_MODEL.build(options)
    found = waves(tuple(each.candidate.label for each in TEN))
    swapped = ready_in((found[1], found[0], *found[2:]))
    for judged, wrong in ((WAVES, False), (swapped, True)):
        result = walk(evolve(world, properties=(judged,)), Plan(2))
        assert bool(result.broken()) is wrong


def test_the_waves_are_those_of_the_given_order_only() -> None:
    options = {each.name: each.default for each in WAVES_MODEL.parameters}
    assert WAVES in WAVES_MODEL.build(options).properties
    assert WAVES not in WAVES_MODEL.build({**options, "arrival": "any"}).properties
