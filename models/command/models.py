"""`treadle models`: the built-in models."""

import argparse

from models.catalogue import CATALOGUE
from models.command.listing import json_option, print_json, print_table
from models.model import Model, Parameter
from models.parameters import described


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    json_option(parser)


def run(options: argparse.Namespace) -> int:
    """List the models."""
    if options.json:
        print_json([model_entry(model) for model in CATALOGUE])
    else:
        headings = ("model", "system", "what it is about", "parameters")
        print_table(headings, [_row(model) for model in CATALOGUE])
    return 0


def model_entry(model: Model) -> dict[str, object]:
    """All that there is to say of a model."""
    return {
        "name": model.name,
        "system": model.system,
        "sentence": model.sentence,
        "parameters": [_parameter(each) for each in model.parameters],
        "walks": model.walks,
        "breaks": model.breaks,
    }


def _parameter(parameter: Parameter) -> dict[str, object]:
    return {
        "name": parameter.name,
        "sentence": parameter.sentence,
        "default": parameter.default,
        "values": described(parameter),
    }


def _row(model: Model) -> tuple[str, str, str, str]:
    about = model.sentence if model.breaks is None else f"{model.sentence} Must fail."
    parameters = " ".join(f"{each.name}={each.default}" for each in model.parameters)
    return model.name, model.system, about, parameters
