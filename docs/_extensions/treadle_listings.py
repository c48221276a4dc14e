"""What the manual lists out of the code: rules, properties and models, each with an anchor.

    {rules} shard           every rule of a part: the word before the dot in its id
    {properties} anoma      every property of a group
    {models}                every built-in model
    {rule}`shard.collect`   a link to a rule; so `property` and `model`

A role that names nothing is a dead reference, and a rule, property or model that no page lists is a
warning. Under -n -W both fail the build.
"""

import re
from collections.abc import Iterable
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from treadle_catalogue import (
    all_names,
    groups,
    judged_by,
    sought,
    source_text,
)

from models.catalogue import CATALOGUE
from models.command.listing import CLAUSES, Listed, place_of
from models.model import Model, Parameter
from spec.formalism.rule import Clause, Source, Text, statement

LISTED = "treadle_listed"
"""Where the build environment keeps what each page lists."""

logger = logging.getLogger(__name__)


def anchor(kind: str, name: str) -> str:
    """The anchor of a rule, property or model."""
    return f"{kind}-" + re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


class Listing(SphinxDirective):
    """What the three directives share."""

    final_argument_whitespace = True

    def markdown(self, text: str) -> list[nodes.Node]:
        """The nodes that a text in Markdown stands for."""
        return list(self.parse_text_to_nodes(text))

    def entry(self, kind: str, name: str, title: nodes.Node, body: Iterable[nodes.Node]) -> Any:
        """The section about one rule, property or model, which roles can point to."""
        section = nodes.section("", nodes.title("", "", title), *body, ids=[anchor(kind, name)])
        self.env.get_domain("std").note_object(kind, name, anchor(kind, name), location=section)  # type: ignore[attr-defined]
        listed: dict[tuple[str, str], str] = getattr(self.env, LISTED, {})
        listed[kind, name] = self.env.docname
        setattr(self.env, LISTED, listed)
        return section

    def facts(self, facts: Iterable[tuple[str, str]]) -> nodes.field_list:
        """Short facts, each a name and a text in Markdown; those without a text are left out."""
        return nodes.field_list(
            "",
            *(
                nodes.field(
                    "", nodes.field_name("", name), nodes.field_body("", *self.markdown(text))
                )
                for name, text in facts
                if text
            ),
        )


class RulesDirective(Listing):
    """The rules of one part, in the order of the register."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """One section per rule."""
        part = self.arguments[0]
        chosen = [rule for rule in CLAUSES if rule.id.partition(".")[0] == part]
        if not chosen:
            raise self.error(f"no rule of the part {part!r}")
        return [self.rule(rule) for rule in chosen]

    def rule(self, rule: type[Clause]) -> Any:
        """The section about one rule."""
        body = [*self.markdown(statement(rule))]
        if rule.decides:
            decided = nodes.container("", classes=["decision"])
            decided += self.markdown(f"*Decided here.* {rule.decides}")
            body.append(decided)
        body.append(
            self.facts(
                (
                    ("Version", str(rule.version)),
                    ("From", "; ".join(map(cited, rule.sources))),
                    ("Judged by", "; ".join(f"{{property}}`{p.name}`" for p in judged_by(rule.id))),
                    ("Code", f"`{place_of(rule).partition(chr(58))[0]}`, `{rule.__name__}`"),
                )
            )
        )
        code = source_text(rule)
        if code:
            body.append(nodes.literal_block(code, code, language="python"))
        return self.entry("rule", rule.id, nodes.literal("", rule.id), body)


def cited(source: Source) -> str:
    """Where a rule comes from, in Markdown."""
    if source.text is Text.TREADLE:
        return f"decided here ({source.passage.removeprefix('SEMANTICS: ')})"
    if source.text is Text.PAPER:
        return f"literature ({source.passage})"
    key = {Text.NSPEC: "nspec", Text.NOCK: "Nock4K"}.get(source.text, source.text.name)
    return f"{{cite:p}}`{key}` “{source.passage.replace('_', chr(92) + '_')}”"


class PropertiesDirective(Listing):
    """The properties of one group, in the order in which they are judged."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """One section per property."""
        group = self.arguments[0]
        if group not in groups():
            raise self.error(f"no group {group!r} among {', '.join(groups())}")
        return [self.property(each) for each in groups()[group]]

    def property(self, judged: Listed) -> Any:
        """The section about one property."""
        each = judged.property
        facts = self.facts(
            (
                ("Kind", each.kind.value),
                ("Rule", f"{{rule}}`{each.rule}`"),
                ("Evidence", sought(each)),
                ("Models", models_text(self.arguments[0], judged.models)),
            )
        )
        return self.entry("property", each.name, nodes.Text(each.name), [facts])


def models_text(group: str, models: Iterable[str]) -> str:
    """The models that are judged on a property, where these are not all of a system."""
    return ", ".join(f"{{model}}`{name}`" for name in models) if group == "anoma-models" else ""


class ModelsDirective(Listing):
    """The built-in models, in the order of the catalogue."""

    def run(self) -> list[nodes.Node]:
        """One section per model."""
        return [self.model(each) for each in CATALOGUE]

    def model(self, model: Model) -> Any:
        """The section about one model."""
        walks = f"{model.walks} random walks" if model.walks else "exhaustive"
        facts = self.facts(
            (
                ("System", model.system),
                ("Default search", walks),
                ("Must break", f"{{property}}`{model.breaks}`" if model.breaks else ""),
            )
        )
        rows = "\n".join(map(parameter_row, model.parameters))
        head = "| parameter | default | values | sets |\n|---|---|---|---|\n"
        table = self.markdown(head + rows) if rows else []
        body = (*self.markdown(model.sentence), facts, *table)
        return self.entry("model", model.name, nodes.literal("", model.name), body)


def parameter_row(parameter: Parameter) -> str:
    """One line of a table of parameters, in Markdown."""
    values = ", ".join(f"`{choice}`" for choice in parameter.choices)
    bounds = (parameter.least, parameter.most)
    if not values and bounds != (None, None):
        least, most = ("" if bound is None else str(bound) for bound in bounds)
        values = f"{least} to {most}" if most else f"{least} or more"
    return f"| `{parameter.name}` | `{parameter.default}` | {values} | {parameter.sentence} |"


def forget(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    """Forget what a page lists, as it is about to be read again."""
    listed: dict[tuple[str, str], str] = getattr(env, LISTED, {})
    setattr(env, LISTED, {key: page for key, page in listed.items() if page != docname})


def check(app: Sphinx, env: BuildEnvironment) -> None:
    """Warn of every rule, property and model that no page lists."""
    listed: dict[tuple[str, str], str] = getattr(env, LISTED, {})
    for kind, name in all_names():
        if (kind, name) not in listed:
            logger.warning("the %s %s has no page", kind, name)


def read_again(app: Sphinx, env: BuildEnvironment, *changed: object) -> list[str]:
    """The pages that list something: the code may have changed, which Sphinx does not see."""
    return sorted(set(getattr(env, LISTED, {}).values()))


DIRECTIVES: dict[str, type[Listing]] = {
    "rules": RulesDirective,
    "properties": PropertiesDirective,
    "models": ModelsDirective,
}
"""The directives, by name."""


def setup(app: Sphinx) -> dict[str, Any]:
    """Register roles, directives and checks."""
    for kind in ("rule", "model"):
        app.add_crossref_type(kind, kind)
    app.add_crossref_type("property", "property", ref_nodeclass=nodes.emphasis)
    for name, directive in DIRECTIVES.items():
        app.add_directive(name, directive)
    app.connect("env-purge-doc", forget)
    app.connect("env-get-outdated", read_again)
    app.connect("env-check-consistency", check)
    return {"version": "1", "parallel_read_safe": False}
