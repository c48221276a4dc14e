"""`treadle rules`: every rule and other clause of the specification."""

import argparse

from models.command.listing import CLAUSES, is_rule, json_option, place_of, print_json, print_table
from spec.formalism.rule import Clause, statement


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    json_option(parser)


def run(options: argparse.Namespace) -> int:
    """List the rules."""
    if options.json:
        print_json([rule_entry(clause) for clause in CLAUSES])
    else:
        rows = [(clause.id, statement(clause).partition("\n")[0]) for clause in CLAUSES]
        print_table(("rule", "statement"), rows)
    return 0


def rule_entry(clause: type[Clause]) -> dict[str, object]:
    """All that stands on the page of a clause."""
    return {
        "id": clause.id,
        "version": clause.version,
        "statement": statement(clause),
        "sources": [str(source) for source in clause.sources],
        "decides": clause.decides,
        "place": place_of(clause),
        "guard": place_of(clause, "guard") if is_rule(clause) else None,
        "action": place_of(clause, "action") if is_rule(clause) else None,
    }
