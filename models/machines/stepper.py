"""State machines and plain walks: Hypothesis decides what happens next, properties are judged at each step."""

from hypothesis import HealthCheck, event, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from models.machines.run import Choice, Run, Scene, begun, followed, scene_of
from models.model import Model, World

MAX_STEPS = 120
"""How many steps a run has at most where nothing else is said."""

SIZE_CHECKS = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example)
"""What Hypothesis would say of runs as long as these; it is no fault of theirs."""


class WorldMachine(RuleBasedStateMachine):
    """A run of one world; `machine_for` says of which."""

    run: Run
    """The run so far."""


def machine_for(
    what: Model | World | Scene | st.SearchStrategy[Scene], max_steps: int = MAX_STEPS
) -> type[WorldMachine]:
    """The state machine of a world, of a model with its default parameters, or of drawn worlds.

    Properties are judged inside its rule, as an invariant of Hypothesis would be judged after every step
    but could not name the step that broke it. Failures raise PropertyBroken.
    """

    class Machine(WorldMachine):
        """A run of one world."""

        @initialize(scene=_scenes(what))
        def begins(self, scene: Scene) -> None:
            """The world is fixed, or drawn."""
            self.run = begun(scene)

        @rule(choice=st.runner().flatmap(_choices))
        def happens(self, choice: Choice | None) -> None:
            """One of the things that can happen does; nothing when the run rests."""
            if choice is not None:
                self.run = counted(followed(self.run, choice), self.run)

    Machine.TestCase.settings = settings(
        deadline=None,
        suppress_health_check=SIZE_CHECKS,
        stateful_step_count=max_steps,
    )
    return Machine


def walk(data: st.DataObject, what: Model | World | Scene, max_steps: int = MAX_STEPS) -> Run:
    """The run in which the data decide what happens next, until it rests or has had so many steps.

    Raises:
        PropertyBroken: a property does not hold.
    """
    run = begun(what if isinstance(what, Scene) else scene_of(what))
    while not run.rests and len(run.records) < max_steps:
        choice = data.draw(st.sampled_from(run.choices), label="happens")
        run = counted(followed(run, choice), run)
    return run


def counted(run: Run, before: Run | None = None) -> Run:
    """The same run; what has happened since an earlier part of it is told to Hypothesis's statistics."""
    for name in run.happened[len(before.happened) if before else 0 :]:
        event(name)
    return run


def _scenes(
    what: Model | World | Scene | st.SearchStrategy[Scene],
) -> st.SearchStrategy[Scene]:
    match what:
        case Scene():
            return st.just(what)
        case Model() | World():
            return st.just(scene_of(what))
        case _:
            return what


def _choices(machine: WorldMachine) -> st.SearchStrategy[Choice | None]:
    return st.sampled_from(machine.run.choices) if machine.run.choices else st.none()
