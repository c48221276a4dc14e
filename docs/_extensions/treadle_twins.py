"""What the manual tells of the audit: published defects, suspicions, and properties that are redundant.

    {defect-table}              how many defects of which kind each part of the text has
    {defects} shard             every defect of a part, with the shortest run that shows it
    {suspicions}                what no run shows
    {kept}                      the redundant properties, and why they are kept
    {unaudited}                 the properties that no twin is about, and why that is no gap
    {twin}`mark-overwritten`    a link to a defect

A defect that no page lists is a warning, and so is one that does not fall as named.
"""

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from treadle_audit import Finding, findings
from treadle_catalogue import all_names
from treadle_listings import LISTED, Listing, cited

from models.twins.catalogue import PUBLISHED
from models.twins.redundancy import BEYOND, KEPT
from models.twins.suspicions import SUSPICIONS
from models.twins.twin import Defect, Needs, Twin, TwinKind
from spec.formalism.rule import statement
from spec.register import clause_of

PARTS = {
    "worker": ("Worker", "mempool_worker_"),
    "shard": ("Shard", "shard"),
    "executor": ("Executor", "executor_"),
    "nock": ("Nock", "nockma"),
    "simulator": ("Simulator", "simulator"),
}
"""The parts of the text, with their titles, and how the names of their pages begin."""

DELIVERY = {
    Needs.NOTHING: "any order; it shows also where each sender's messages arrive in the order of sending",
    Needs.REORDERING: "messages of one sender have to overtake each other",
    Needs.OWN: "its own",
}
"""What the network has to do, in words."""

PICTURES = "_static/runs"
"""Where the pictures of runs are among the pages."""

logger = logging.getLogger(__name__)


def part_of(twin: Twin) -> str:
    """The part of the text that a defect is of."""
    page = "" if twin.passage is None else twin.passage.passage
    return next(part for part, (_, prefix) in PARTS.items() if page.startswith(prefix))


def of_part(part: str) -> list[Twin]:
    """The defects of a part, sorted by what they are about."""
    kinds = list(Defect)
    mine = (twin for twin in PUBLISHED if part_of(twin) == part)
    return sorted(mine, key=lambda twin: kinds.index(twin.defect))


LINKED = frozenset(all_names()) | {("twin", twin.name) for twin in PUBLISHED}
"""What there is a section about, each with its kind."""


def links(role: str, *names: str) -> str:
    """Links to these, in Markdown; what has no section is named."""
    return ", ".join(
        f"{{{role}}}`{name}`" if (role, name) in LINKED else f"*{name}*" for name in names
    )


class Overview(Listing):
    """What tells of many things, and has no section about any of them."""

    def markdown(self, text: str) -> list[nodes.Node]:
        """The nodes that a text in Markdown stands for; the page is read again with each build."""
        listed: dict[tuple[str, str], str] = getattr(self.env, LISTED, {})
        listed["overview", self.env.docname] = self.env.docname
        setattr(self.env, LISTED, listed)
        return super().markdown(text)


class DefectTable(Overview):
    """How many defects of which kind each part of the text has."""

    def run(self) -> list[nodes.Node]:
        """One table."""
        head = "| | " + " | ".join(title for title, _ in PARTS.values()) + " | all |\n"
        rule = "|---|" + "---:|" * (len(PARTS) + 1) + "\n"
        rows = [self.row(kind.value, [kind]) for kind in Defect if any(self.counts([kind]))]
        return self.markdown(head + rule + "".join(rows) + self.row("all", list(Defect)))

    def counts(self, kinds: list[Defect]) -> list[int]:
        """How many defects of these kinds there are, part by part."""
        return [sum(twin.defect in kinds for twin in of_part(part)) for part in PARTS]

    def row(self, title: str, kinds: list[Defect]) -> str:
        """One line of the table, in Markdown."""
        counts = self.counts(kinds)
        cells = " | ".join(str(count or "") for count in counts)
        return f"| {title} | {cells} | {sum(counts)} |\n"


class Defects(Listing):
    """The defects of one part: a table, then a section for each."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """The table and the sections."""
        part = self.arguments[0]
        if part not in PARTS:
            raise self.error(f"no part {part!r} among {', '.join(PARTS)}")
        found = findings(self.env.doctreedir)
        chosen = of_part(part)
        table = self.markdown(
            "| defect | about | breaks | steps | delivery |\n|---|---|---|---:|---|\n"
            + "".join(self.row(twin, found[twin.name]) for twin in chosen)
        )
        return [*table, *(self.defect(twin, found[twin.name]) for twin in chosen)]

    def row(self, twin: Twin, found: Finding) -> str:
        """One line of the table, in Markdown."""
        return (
            f"| {{twin}}`{twin.name}` | {twin.defect.value} | {{property}}`{twin.breaks}` "
            f"| {found.length or 'never'} | {twin.needs.value} |\n"
        )

    def defect(self, twin: Twin, found: Finding) -> Any:
        """The section about one defect."""
        if not found.falls:
            logger.warning("the twin %s does not fall as named: see treadle audit", twin.name)
        facts = self.facts(told(twin, found))
        body = (*self.markdown(twin.sentence), facts, *self.shown(found))
        return self.entry("twin", twin.name, nodes.literal("", twin.name), body)

    def shown(self, found: Finding) -> Iterator[nodes.Node]:
        """The shortest run, folded away: a picture if there is one, and in words."""
        if not found.length:
            return
        title = f"The shortest run that shows it, {found.length} steps"
        text = "\n".join((*found.steps, f"\n     broken: {found.evidence}"))
        yield raw(f"<details class='run'><summary>{escape(title)}</summary>")
        up = "../" * self.env.docname.count("/")
        source, words = f"{up}{PICTURES}/{found.twin}.svg", f"{found.twin}: {found.evidence}"
        yield raw(
            f"<a class='drawing' href='{source}'><img src='{source}' alt='{escape(words)}' "
            "loading='lazy'></a>"
        )
        yield nodes.literal_block(text, text, language="text")
        yield raw("</details>")


def raw(html: str) -> nodes.raw:
    """A piece of a web page."""
    return nodes.raw("", html, format="html")


def told(twin: Twin, found: Finding) -> Iterator[tuple[str, str]]:
    """What there is to tell of a defect, each with a title, in Markdown."""
    clause = clause_of(twin.rule)
    says = "" if clause is None else statement(clause).split("\n\n")[0]
    if twin.passage is not None:
        yield "Passage", cited(twin.passage)
    yield "Reference", f"{{rule}}`{twin.rule}`: {says}"
    steps = f"after {found.length} steps" if found.length else "as it never happens"
    yield "Breaks", f"{{property}}`{twin.breaks}`, {steps}"
    yield "Breaks too", links("property", *found.also)
    yield "Shown on", twin.stage.sentence
    yield "Delivery", DELIVERY[twin.needs]
    yield "Repaired first", links("twin", *twin.hidden_by)
    yield "Left beside it", "; ".join(map(company, twin.beside))


def company(twin: Twin) -> str:
    """A defect that is left in the system, in Markdown."""
    listed = ("twin", twin.name) in LINKED
    return links("twin", twin.name) if listed else f"{twin.sentence}"


class Suspected(Overview):
    """What is suspected of the text, and shown by no run."""

    def run(self) -> list[nodes.Node]:
        """One list, a paragraph for each."""
        entries = (
            f"`{each.name}`\n: {each.reason} ({each.defect.value}; {cited(each.passage)}; "
            f"{{rule}}`{each.rule}`)\n"
            for each in SUSPICIONS
            if each.kind is TwinKind.PUBLISHED and each.passage is not None
        )
        return self.markdown("\n".join(entries))


class Reasons(Overview):
    """Properties, each with something about it."""

    title = ""
    """What the table tells of each."""
    reasons: Mapping[str, str] = KEPT
    """That, by the names of properties."""

    def run(self) -> list[nodes.Node]:
        """One table."""
        head = f"| property | {self.title} |\n|---|---|\n"
        rows = (f"| {links('property', name)} | {self.reasons[name]} |\n" for name in self.reasons)
        return self.markdown(head + "".join(rows))


class Kept(Reasons):
    """The redundant properties, and why they are kept."""

    title = "why it is kept"


class Unaudited(Reasons):
    """The properties that no twin is about, and why that is no gap."""

    title = "why no twin is about it"
    reasons = BEYOND


def check(app: Sphinx, env: BuildEnvironment) -> None:
    """Warn of every published defect that no page lists."""
    listed: dict[tuple[str, str], str] = getattr(env, LISTED, {})
    for twin in PUBLISHED:
        if ("twin", twin.name) not in listed:
            logger.warning("the defect %s has no page", twin.name)


def draw(app: Sphinx, failure: Exception | None) -> None:
    """Put the pictures of runs among the pages."""
    if failure is None and app.builder.format == "html":
        folder = app.outdir / PICTURES
        folder.mkdir(parents=True, exist_ok=True)
        for each in findings(app.doctreedir).values():
            if each.drawing:
                (folder / f"{each.twin}.svg").write_text(each.drawing, encoding="utf-8")


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the role, the directives and the check."""
    app.add_crossref_type("twin", "twin")
    app.add_directive("defect-table", DefectTable)
    app.add_directive("defects", Defects)
    app.add_directive("suspicions", Suspected)
    app.add_directive("kept", Kept)
    app.add_directive("unaudited", Unaudited)
    app.connect("env-check-consistency", check)
    app.connect("build-finished", draw)
    return {"version": "1", "parallel_read_safe": False}
