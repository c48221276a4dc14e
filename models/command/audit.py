"""`treadle audit`: every twin falls as named, or it is told which does not."""

import argparse
import sys
from difflib import get_close_matches
from typing import Any

from rich.table import Table
from rich.text import Text

from models.checking import Checked, Exit, Request, check
from models.command.listing import print_json
from models.command.report import trace_report
from models.command.table import show_one
from models.errors import InputError
from models.model import Model
from models.terminal import console
from models.twins.audit import (
    BOUNDS,
    Audited,
    Outcome,
    all_fall,
    audit,
    redundancies,
    visible_alone,
)
from models.twins.catalogue import TWINS, twin_named
from models.twins.redundancy import KEPT, unexplained
from models.twins.suspicions import SUSPICIONS
from models.twins.twin import Needs, Suspicion, Twin, TwinKind, world_of
from spec.formalism.rule import statement
from spec.register import clause_of

SHOWN = {
    Needs.NOTHING: "{}; it shows under fifo too",
    Needs.REORDERING: "{}; it does not show under fifo",
    Needs.OWN: "{}, done wrong",
}
"""Where a twin shows, by what it needs."""

WIDTH = 79
"""How long a line of progress may be."""


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "twin", nargs="?", metavar="TWIN", help="the twin to audit, and to show; all if none"
    )
    parser.add_argument("--json", action="store_true", help="print what was found as JSON")


def run(options: argparse.Namespace) -> int:
    """Audit one twin or all, print what was found, return the exit code."""
    if options.twin is None:
        return audit_all(as_json=options.json)
    twin = twin_named(options.twin)
    if twin is None:
        sys.stderr.write(f"treadle: error: {InputError(unknown(options.twin))}\n")
        return Exit.USAGE.value
    return audit_one(twin, as_json=options.json)


def unknown(name: str) -> str:
    """What to say of a name that no twin has."""
    near = get_close_matches(name, [twin.name for twin in TWINS])
    hint = f"did you mean {' or '.join(near)}?" if near else "see treadle audit"
    return f"{name}: no such twin; {hint}"


def audit_all(*, as_json: bool) -> int:
    """Audit all twins."""
    results = audit(TWINS, told)
    forget_progress()
    if as_json:
        print_json(whole_report(results))
    else:
        show_all(results)
    return exit_code(results, unexplained(redundancies(results)))


def audit_one(twin: Twin, *, as_json: bool) -> int:
    """Audit one twin, and show the run that breaks the property named for it."""
    results = audit((twin,))
    checked = check(model_of(twin), Request(bounds=BOUNDS), built_in=True)
    if as_json:
        print_json(entry(results[0]) | {"trace": trace_report(checked)})
    else:
        show_twin(results[0], checked)
    return exit_code(results)


def exit_code(results: tuple[Audited, ...], unsaid: tuple[str, ...] = ()) -> int:
    """0 when all fall as named, and it is said of each redundant property why it is kept."""
    sound = all_fall(results) and not unsaid
    return Exit.HOLDS.value if sound else Exit.SAFETY.value


def model_of(twin: Twin) -> Model:
    """The twin as a model that must fail."""
    world = world_of(twin)
    return Model(
        name=twin.name,
        system="anoma" if world.transactions else "other",
        sentence=twin.sentence,
        parameters=(),
        build=lambda _: world,
        breaks=twin.breaks,
    )


def told(result: Audited) -> None:
    """Say on a terminal which twin has been audited."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{result.twin.name[:WIDTH]:<{WIDTH}}")
        sys.stderr.flush()


def forget_progress() -> None:
    """Leave no line on the terminal."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{' ' * WIDTH}\r")


def show_all(results: tuple[Audited, ...]) -> None:
    """Show the table of all twins, and what it says in sum."""
    out = console()
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("twin, and the rule that it replaces", overflow="fold", ratio=5)
    table.add_column("must break, and also breaks", ratio=6)
    table.add_column("steps", justify="right")
    table.add_column("needs")
    table.add_column("verdict")
    for each in results:
        table.add_row(*row(each))
    out.print(table)
    out.print()
    for line in summary(results):
        out.print(Text(line))


def row(result: Audited) -> tuple[str | Text, ...]:
    """The row of a twin."""
    twin, sound = result.twin, result.outcome is Outcome.FALLS
    also = "; ".join(each.name for each in result.also)
    return (
        Text.assemble(twin.name, (f"\n  {twin.rule}", "dim")),
        Text.assemble(twin.breaks, (f"\n  also: {also}" if also else "", "dim")),
        steps_of(result),
        twin.needs.value,
        Text(result.outcome.value, "green" if sound else "bold red"),
    )


def steps_of(result: Audited) -> str:
    """The length of the shortest run, and what it was known to be if that is another one."""
    found = "-" if result.length is None else str(result.length)
    return found if result.length == result.twin.length else f"{found} (was {result.twin.length})"


def summary(results: tuple[Audited, ...]) -> tuple[str, ...]:
    """What the audit says in sum."""
    published = sum(each.twin.kind is TwinKind.PUBLISHED for each in results)
    wrong = [each for each in results if each.outcome is not Outcome.FALLS]
    worth = redundancies(results)
    needed = sum(bool(each.alone) for each in worth)
    verdict = "all fall as named" if not wrong else f"{len(wrong)} do not fall as named"
    slips, alone = len(results) - published, len(visible_alone(results))
    return (
        f"{len(results)} twins, {published} of the published text, {slips} slips: {verdict}.",
        *(f"{each.twin.name}: {each.outcome.value}" for each in wrong),
        f"{alone} of the published defects show where all else is as the reference has it.",
        f"{len(SUSPICIONS)} more are suspected, and no run shows them.",
        f"{needed} properties are needed: without any one of them, some twin survives.",
        f"{len(worth) - needed} are not: --json says why they are kept.",
        *(f"{name}: kept without a reason, or with one and needed" for name in unexplained(worth)),
    )


def show_twin(result: Audited, checked: Checked) -> None:
    """Show a twin, and the run that breaks the property named for it."""
    out, twin = console(), result.twin
    clause = clause_of(twin.rule)
    says = "" if clause is None else statement(clause).split("\n\n")[0]
    out.print(Text(f"{twin.name} ({twin.kind.value}; {twin.defect.value})", "bold"))
    out.print(Text(twin.sentence))
    out.print(Text(f"{twin.rule} says instead: {says}"))
    if twin.passage is not None:
        out.print(Text(f"Passage: {twin.passage}"))
    out.print(Text(f"Shown on: {twin.stage.sentence}"))
    out.print(Text(f"Delivery: {SHOWN[twin.needs].format(twin.discipline.name)}"))
    if twin.hidden_by:
        out.print(Text(f"Hidden in the text by: {', '.join(twin.hidden_by)}"))
    for other in twin.beside:
        out.print(Text(f"Shown beside: {other.name}"))
    out.print(Text(f"Audit: {result.outcome.value}"))
    out.print()
    show_one(checked, out)


def whole_report(results: tuple[Audited, ...]) -> dict[str, Any]:
    """All that the audit has found, as JSON."""
    return {
        "twins": [entry(each) for each in results],
        "properties": [
            {
                "name": each.name,
                "named": list(each.named),
                "alone": list(each.alone),
                "kept": None if each.alone else KEPT.get(each.name),
            }
            for each in redundancies(results)
        ],
        "suspected": [suspicion(each) for each in SUSPICIONS],
    }


def entry(result: Audited) -> dict[str, Any]:
    """All that the audit has found of one twin, as JSON."""
    twin = result.twin
    return {
        "twin": twin.name,
        "kind": twin.kind.value,
        "defect": twin.defect.value,
        "sentence": twin.sentence,
        "rule": twin.rule,
        "passage": None if twin.passage is None else str(twin.passage),
        "stage": twin.stage.name,
        "delivery": twin.discipline.name,
        "needs": twin.needs.value,
        "beside": [other.name for other in twin.beside],
        "hidden_by": list(twin.hidden_by),
        "breaks": twin.breaks,
        "length": result.length,
        "known_length": twin.length,
        "verdict": result.outcome.value,
        "also": [{"name": each.name, "length": each.length} for each in result.also],
        "complete": result.complete,
    }


def suspicion(each: Suspicion) -> dict[str, Any]:
    """A suspicion, as JSON."""
    return {
        "name": each.name,
        "kind": each.kind.value,
        "defect": each.defect.value,
        "rule": each.rule,
        "passage": None if each.passage is None else str(each.passage),
        "reason": each.reason,
    }
