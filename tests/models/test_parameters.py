"""Parameters go to the models that have them."""

import pytest
from attrs import evolve
from pyrsistent import pmap

from models.catalogue import model_named
from models.errors import InputError
from models.model import Model, Parameter
from models.parameters import described, parameters_of, value_of


def named(name: str) -> Model:
    model = model_named(name)
    assert isinstance(model, Model)
    return model


def test_each_model_gets_what_it_has() -> None:
    pool, voting = named("pool"), named("voting")
    given = ["pool_size=2", "duplicates=1", "delivery=fifo"]
    assert parameters_of(given, [pool, voting]) == (
        pmap({"pool_size": 2, "duplicates": 1, "delivery": "fifo"}),
        pmap({"duplicates": 1, "delivery": "fifo"}),
    )
    assert parameters_of([], [pool]) == (pmap(),)


def test_the_last_of_two_settings_counts() -> None:
    assert parameters_of(["shards=2", "shards=3"], [named("counter")]) == (pmap({"shards": 3}),)


def test_a_model_without_parameters_says_so() -> None:
    bare = evolve(named("counter"), parameters=())
    with pytest.raises(InputError, match=r"^-p shards: no such parameter; there is none$"):
        parameters_of(["shards=2"], [bare])


@pytest.mark.parametrize(
    ("parameter", "text", "value", "words"),
    [
        (Parameter("n", "", 1), "-3", -3, "an integer"),
        (Parameter("n", "", 1, least=0), "0", 0, "an integer from 0"),
        (Parameter("n", "", 1, most=5), "5", 5, "an integer to 5"),
        (Parameter("n", "", "x"), "any = thing", "any = thing", "a text"),
        (Parameter("n", "", 1, (1, 4)), "4", 4, "1 or 4"),
    ],
)
def test_a_value_has_the_type_of_the_default(
    parameter: Parameter, text: str, value: object, words: str
) -> None:
    assert value_of(parameter, text) == value
    assert described(parameter) == words


@pytest.mark.parametrize(
    ("parameter", "text"),
    [
        (Parameter("n", "", 1), "1.5"),
        (Parameter("n", "", 1, least=0), "-1"),
        (Parameter("n", "", 1, most=5), "6"),
        (Parameter("n", "", 1, (1, 4)), "2"),
        (Parameter("n", "", "a", ("a", "b")), "c"),
    ],
)
def test_other_values_are_refused(parameter: Parameter, text: str) -> None:
    with pytest.raises(InputError, match=f"^-p n={text}: expected {described(parameter)}$"):
        value_of(parameter, text)
