"""A Nock formula adds one."""

from models.catalogue.counter import START, increments
from models.catalogue.nock import ADD_ONE
from spec.anoma.sequential import sequential


def test_the_formula_does_what_the_text_does() -> None:
    nock = sequential((each.candidate for each in increments(3, ADD_ONE)), START)
    text = sequential((each.candidate for each in increments(3)), START)
    assert nock == text
    assert nock.store["counter"].datum == 3  # type: ignore[index]  # a key is a text
