"""`treadle properties`: what the built-in models are judged on."""

import argparse

from models.command.listing import json_option, listed_properties, print_json, print_table


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    json_option(parser)


def run(options: argparse.Namespace) -> int:
    """List the properties."""
    listed = listed_properties()
    if options.json:
        entries = [
            {
                "name": each.property.name,
                "rule": each.property.rule,
                "kind": each.property.kind.value,
                "models": list(each.models),
            }
            for each in listed
        ]
        print_json(entries)
    else:
        rows = [
            (each.property.kind.value, each.property.name, each.property.rule) for each in listed
        ]
        print_table(("kind", "property", "rule"), rows)
    return 0
