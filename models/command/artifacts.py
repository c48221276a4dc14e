"""What `check` leaves in a folder of what does not hold: traces, drawings, a report and a summary.

Choices:
- Each model that does not hold gets a folder of its own, named after it. A folder that is there already is of another
  run: it stays as it is, and the new one gets a number.
- Each file is there whole, or not at all.
- Of a scenario that walks have found broken, a smaller one is looked for that breaks the same.
"""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryFile

from attrs import evolve
from pyrsistent import PMap

from models.approach import AtRandom
from models.checking import Checked, Verdict
from models.command.kept import Kept
from models.command.summary import VARIABLE, append_summary, report_text, section
from models.draw import draw
from models.draw.run import Run, run_of
from models.errors import InputError, unwritable
from models.files import whole
from models.model import Value
from models.render import one_line
from models.scenario.document import read_bytes
from models.scenario.errors import ScenarioError
from models.target import Target
from models.traces.artifacts import SUFFIX, alternatives, slug, write_traces
from models.traces.codec import save
from models.traces.document import OfFile, OfModel, OfScenario, Subject
from models.traces.record import recorded
from models.traces.reduce import Reduced, reduced
from models.traces.replay import replay
from models.traces.subject import SubjectError, full

SMALLER_TRIES = 40
"""How many smaller scenarios are tried, where nobody has asked for more."""

FORMS = ("html", "svg")
"""The forms in which runs are drawn in files."""

MOST_STEPS = 60
"""How many steps a run has at most that is drawn in a summary."""

MOST_CHARACTERS = 40_000
"""How long the text of such a drawing is at most: Mermaid reads 50,000 characters."""

REPORT = "report.txt"
"""The file in which the report stands, as a terminal shows it."""

SUMMARY = "summary.md"
"""The file in which the summary stands, in Markdown."""


def prepare(folder: Path) -> None:
    """Make a folder, if there is none, and see that files can be written there.

    Raises:
        InputError: they cannot.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder) as file:
            file.write(b"\n")
    except (OSError, ValueError) as error:
        raise unwritable(folder, error) from error


def leave_all(
    everything: Sequence[Checked],
    named: Sequence[Target],
    chosen: Sequence[PMap[str, Value]],
    folder: Path,
) -> tuple[Kept | None, ...]:
    """Leave behind what shows which models do not hold; of each, what was left of it, if anything was.

    Raises:
        InputError: a file cannot be written, or a model is not any more what it was.
    """
    ways = zip(everything, named, chosen, strict=False)  # an interrupted one is the last
    left = tuple(leave(*way, folder) for way in ways)
    try:
        append_summary(list(zip(everything, left, strict=True)))
    except (OSError, ValueError) as error:
        raise unwritable(f"${VARIABLE}", error) from error
    return left


def leave(
    checked: Checked, target: Target, parameters: PMap[str, Value], folder: Path
) -> Kept | None:
    """Leave behind what shows that a model does not hold; nothing if it does.

    Raises:
        InputError: a file cannot be written, or the model is not any more what it was.
    """
    if checked.verdict is Verdict.HOLDS and not checked.exit.value:
        return None
    try:
        return _written(checked, subject_of(target, parameters), own_folder(checked, folder))
    except (SubjectError, ScenarioError, UnicodeError) as error:
        raise InputError(f"{target.model.name}: no trace can be written: {error}") from error
    except OSError as error:
        raise unwritable(folder, error) from error


def subject_of(target: Target, parameters: PMap[str, Value]) -> Subject:
    """What a trace keeps of a model; the text of a scenario is read for it."""
    model = target.model
    if target.built_in:
        return OfModel(model.name, full(model, parameters))
    file, colon, attribute = model.name.rpartition(":")
    if colon and file.endswith(".py"):
        return OfFile(_inside(file), attribute, full(model, parameters))
    return OfScenario(model.name, read_bytes(model.name).decode())


def _inside(file: str) -> str:
    """A file as it is named from the current folder, if it lies below that: elsewhere traces do not reach."""
    path, here = Path(file).resolve(), Path.cwd().resolve()
    return str(path.relative_to(here)) if path.is_relative_to(here) else file


def own_folder(checked: Checked, folder: Path) -> Path:
    """A new folder, named after a model."""
    names = alternatives(slug(checked.model.name))
    return next(folder / name for name in names if _is_new(folder / name))


def _is_new(folder: Path) -> bool:
    """Make a folder; the answer says whether it was not there before."""
    try:
        folder.mkdir(parents=True)
    except FileExistsError:
        return False
    return True


def _written(checked: Checked, subject: Subject, folder: Path) -> Kept:
    traces = write_traces(checked, subject, folder)
    runs = {file: run_of(replay(trace, checked.world)) for file, trace in traces.items()}
    drawings = [each for file, run in runs.items() for each in _draw(run, file)]
    small = _smaller(checked, subject)
    smaller = None if small is None else write_smaller(small, folder)
    diagram = next(map(_diagram, runs.values()), "")
    kept = Kept(folder, tuple(traces), smaller, diagram)
    texts = {REPORT: report_text(checked, kept), SUMMARY: section(checked, kept)}
    for name, text in texts.items():
        _write(folder / name, text)
    others = () if smaller is None else (smaller.with_suffix(SUFFIX),)
    return evolve(kept, others=(*drawings, *others, *(folder / name for name in texts)))


def _draw(run: Run, trace: Path) -> Iterator[Path]:
    """Draw the run of a trace, in files beside that."""
    for form in FORMS:
        file = trace.with_name(f"{trace.name.removesuffix(SUFFIX)}.{form}")
        _write(file, draw(run, form))
        yield file


def _diagram(run: Run) -> str:
    """A run as a diagram in Markdown; nothing if it is too long to be read there."""
    text = draw(run, "mermaid") if len(run.steps) <= MOST_STEPS else ""
    return text if len(text) <= MOST_CHARACTERS else ""


def _smaller(checked: Checked, subject: Subject) -> Reduced | None:
    """A smaller scenario that breaks the same, if walks have found it and there is one."""
    broken = checked.violated()
    if not (broken and isinstance(checked.approach, AtRandom) and isinstance(subject, OfScenario)):
        return None
    sys.stderr.write(f"{one_line(subject.name)}: looking for a smaller scenario\n")
    try:
        return reduced(subject, broken[0].property.name, SMALLER_TRIES)
    except KeyboardInterrupt:
        return None


def write_smaller(small: Reduced, folder: Path) -> Path | None:
    """Write a scenario, and its trace."""
    if not isinstance(small.subject, OfScenario):
        return None
    file = folder / f"{slug(small.found[0].name)}.smaller.toml"
    named = evolve(small.subject, name=str(file))
    _write(file, named.text)
    save(recorded(named, small.world, small.events, small.found), file.with_suffix(SUFFIX))
    return file


def _write(file: Path, text: str) -> None:
    with whole(file) as stream:
        stream.write(text.encode("utf-8", "backslashreplace"))
