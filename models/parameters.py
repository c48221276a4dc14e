"""Parameters of models as they are given on the command line: `-p NAME=VALUE`."""

from collections.abc import Iterable, Sequence

from pyrsistent import PMap, pmap

from models.errors import InputError
from models.model import Model, Parameter, Value


def parameters_of(given: Sequence[str], models: Sequence[Model]) -> tuple[PMap[str, Value], ...]:
    """What is given to each of the models: every setting goes to all models that have the parameter.

    Raises:
        InputError: a setting is malformed, or no model has the parameter, or it may not have the value.
    """
    settings = [_split(each) for each in given]
    for name, _ in settings:
        if not any(parameter.name == name for model in models for parameter in model.parameters):
            raise InputError(f"-p {name}: no such parameter; there is {_listed(models)}")
    return tuple(
        pmap(
            {
                name: value_of(parameter, text)
                for name, text in settings
                for parameter in model.parameters
                if parameter.name == name
            }
        )
        for model in models
    )


def value_of(parameter: Parameter, text: str) -> Value:
    """The value that a text is for a parameter.

    Raises:
        InputError: it is none that the parameter may have.
    """
    value = _integer(text) if isinstance(parameter.default, int) else text
    if value is None or not _allowed(parameter, value):
        raise InputError(f"-p {parameter.name}={text}: expected {described(parameter)}")
    return value


def described(parameter: Parameter) -> str:
    """Which values a parameter may have."""
    if parameter.choices:
        return " or ".join(str(choice) for choice in parameter.choices)
    if isinstance(parameter.default, str):
        return "a text"
    least = "" if parameter.least is None else f" from {parameter.least}"
    most = "" if parameter.most is None else f" to {parameter.most}"
    return f"an integer{least}{most}"


def _split(given: str) -> tuple[str, str]:
    name, equals, text = given.partition("=")
    if not equals or not name:
        raise InputError(f"-p {given}: expected NAME=VALUE")
    return name, text


def _integer(text: str) -> int | None:
    try:
        return int(text)
    except ValueError:
        return None


def _allowed(parameter: Parameter, value: Value) -> bool:
    if parameter.choices:
        return value in parameter.choices
    if isinstance(value, int):
        low, high = parameter.least, parameter.most
        return (low is None or value >= low) and (high is None or value <= high)
    return True


def _listed(models: Iterable[Model]) -> str:
    names = sorted({parameter.name for model in models for parameter in model.parameters})
    return ", ".join(names) if names else "none"
