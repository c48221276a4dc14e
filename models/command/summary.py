"""What `check` has found, in Markdown, as hosts of projects show it, and as a text that says what to do next."""

import html
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console

from models.checking import Checked
from models.command.kept import Kept, advice, show_advice
from models.command.report import evidence_of
from models.command.table import (
    missed,
    show_one,
    show_run,
    verdict_text,
)
from models.render import one_line
from models.search.result import PropertyResult
from models.terminal import printed
from properties.property import Kind

VARIABLE = "GITHUB_STEP_SUMMARY"
"""The variable that names the file for the summary of a step, where GitHub runs one."""

MOST_BYTES = 1_000_000
"""How large that file may become; GitHub shows 1 MiB, or nothing."""

LONGEST = 60_000
"""How many characters of a run are shown."""

SPECIAL = re.compile(r"([\\`*_{}\[\]()#+\-.!|~$@:])")
"""What may mean something in Markdown, besides what does in HTML."""

Found = tuple[Checked, Kept | None]
"""A model that was checked, and what was left behind of it."""


def report_text(checked: Checked, kept: Kept | None = None) -> str:
    """What a terminal shows of a model, and what to do next."""

    def show(out: Console) -> None:
        show_one(checked, out)
        if kept is not None:
            show_advice(kept, out)

    return printed(show)


def summary(everything: Sequence[Found]) -> str:
    """All models in one table, and below it those that do not hold."""
    wrong = (each for each in everything if each[0].exit.value)
    return "\n".join([_table(everything), *(section(*each) for each in wrong)])


def append_summary(
    everything: Sequence[Found], environment: Mapping[str, str] = os.environ
) -> None:
    """Append the summary to that of the step, if GitHub runs one, and not all models hold.

    Raises:
        OSError: it cannot be written.
    """
    place = environment.get(VARIABLE)
    if not place or not any(checked.exit.value for checked, _ in everything):
        return
    with Path(place).open("ab") as file:
        room = MOST_BYTES - file.tell()
        for text in (summary(everything), _table(everything)):
            content = f"{text}\n".encode("utf-8", "backslashreplace")
            if len(content) <= room:
                file.write(content)
                return


def section(checked: Checked, kept: Kept | None) -> str:
    """What is broken in a model, the run that shows it, and what to do next."""
    parts = [f"### {marked(checked.model.name)}: {verdict_text(checked).plain}\n"]
    stop = checked.result.stop
    if stop is not None:
        parts.append(
            f"{marked(stop.value).capitalize()}, after {checked.result.states:,} states.\n"
        )
    parts += [_broken(checked, found) for found in checked.violated()]
    parts += [f"**{marked(line)}**\n" for line in missed(checked)]
    run = printed(lambda out: show_run(checked, out)).strip("\n")
    if run:
        title, _, steps = run.partition("\n")
        parts.append(folded(title.rstrip(":"), fenced(_cut(steps))))
    if kept is not None and kept.diagram:
        parts.append(folded("The run as a diagram", fenced(kept.diagram.strip("\n"), "mermaid")))
    for words, commands in () if kept is None else advice(kept):
        parts.append(f"{words}\n\n{fenced(chr(10).join(commands), 'sh')}")
    return "\n".join(parts)


def marked(text: str) -> str:
    """A text in Markdown, where it means nothing but itself."""
    return SPECIAL.sub(r"\\\1", html.escape(one_line(text)))


def fenced(text: str, language: str = "text") -> str:
    """Lines in Markdown that are shown as they are."""
    longest = max((len(each) for each in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{text}\n{fence}\n"


def folded(title: str, text: str) -> str:
    """Something in Markdown of which only the title is shown at first."""
    return f"<details><summary>{html.escape(title)}</summary>\n\n{text}\n</details>\n"


def _table(everything: Sequence[Found]) -> str:
    rows = (
        f"| {marked(checked.model.name)} | {verdict_text(checked).plain} "
        f"| {checked.approach.words} | {checked.result.states:,} |\n"
        for checked, _ in everything
    )
    head = "| model | verdict | search | states |\n|---|---|---|---:|\n"
    return f"## Treadle\n\n{head}{''.join(rows)}"


def _broken(checked: Checked, found: PropertyResult) -> str:
    """A broken property, the rule that demands it, and what was found."""
    about = found.property
    word = "Never happens" if about.kind is Kind.SOMETIMES else "Broken"
    title = f"**{word}: {marked(about.name)}** ({about.kind.value}, rule `{about.rule}`)\n"
    evidence = evidence_of(checked, found)
    lines = () if evidence is None else (evidence.finding, *evidence.details)
    return title if not lines else f"{title}\n{fenced(chr(10).join(map(one_line, lines)))}"


def _cut(text: str) -> str:
    """The end of a run that is too long, from the beginning of a line on."""
    if len(text) <= LONGEST:
        return text
    rest = text[-LONGEST:].partition("\n")[2]
    return f"… the steps before are in the trace …\n{rest}"
