"""Runs whose choices are all drawn at once, as bytes: many times faster than drawing step by step.

Choices:
- A byte is the place of what happens, counted round among all that may happen next, in the order of `enabled`: so
  the same places mean the same here and on every other driver.
- After the last byte, the first thing that may happen always does.
- A run that breaks a property is taken once more, step by step: its failure says what that of a machine says.
"""

from hypothesis import currently_in_test_context
from hypothesis import strategies as st

from models.machines.run import Choice, Run, Scene, begun, followed, scene_of, taken
from models.machines.stepper import MAX_STEPS, counted
from models.model import Model, World
from models.search.course import Option
from models.search.judgements import Sayings
from properties.property import Kind
from spec.formalism.event import Record

BYTES = 64
"""How many bytes a schedule has where nothing else is said."""


KEPT = 1 << 20
"""Of how many states it is kept what was said of them."""


def schedules(size: int = BYTES) -> st.SearchStrategy[bytes]:
    """Schedules of so many choices."""
    return st.binary(min_size=size, max_size=size)


def run_schedule(what: Model | World | Scene, schedule: bytes, max_steps: int = MAX_STEPS) -> Run:
    """The run by a schedule, until it rests or has had so many steps.

    Of worlds and models a scene is made anew; make one with `scene_of` for many runs.

    Raises:
        PropertyBroken: a property does not hold.
    """
    run = Drawn(what if isinstance(what, Scene) else scene_of(what)).run(schedule, max_steps)
    return counted(run) if currently_in_test_context() else run


class Drawn:
    """One run by a schedule."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._options: list[Option] = []
        self._records: list[Record] = []
        self._happened: dict[str, None] = {}

    def run(self, schedule: bytes, max_steps: int) -> Run:
        """The run to its end."""
        scene, course, known = self._scene, self._scene.course, self._scene.known
        slow, deed = scene.judgements.looks_at_steps(), scene.judgements.deed
        course.restart()
        if len(known) > KEPT:
            known.clear()
        self._note(scene.judgements.start(course))
        padded = schedule + bytes(max(0, max_steps - len(schedule)))
        rests = False
        for byte, _ in zip(padded, range(max_steps), strict=False):
            count = course.count
            option = course.option(byte % count) if count else None
            if option is None or (not option.changes and course.is_at_rest()):
                rests = True
                break
            self._options.append(option)
            if slow or option.spawns:
                record, found = taken(scene, option)
            else:
                course.take(option)
                record, found = option.deed.record, deed(option.deed)
            self._records.append(record)
            says = known.get(course.node)
            if says is None:
                says = known[course.node] = scene.judgements.node(course)
            if found or says:
                self._note(found + says)
        rests = rests or course.is_at_rest()
        if rests:
            self._note(scene.judgements.rest(course))
        choices = tuple(Choice(each) for each in course.options())
        return Run(
            scene, tuple(course.row), rests, choices, tuple(self._records), tuple(self._happened)
        )

    def _note(self, found: Sayings) -> None:
        """Note what has happened; if something is broken, take the run again, to the step that breaks it."""
        for about, _ in found:
            if about.kind is not Kind.SOMETIMES:
                self._retell()
            self._happened[about.name] = None

    def _retell(self) -> None:
        run = begun(self._scene)
        for option in self._options:
            run = followed(run, Choice(option))
        raise AssertionError("a run that breaks a property breaks none when it is taken again")
