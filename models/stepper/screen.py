"""The full-screen face of a session, for terminals.

It does nothing that the words cannot: every key and click says one of the commands of `models.stepper.commands`, and
the panels tell what commands tell. What is shown of a run is made when it comes in sight, so that long ones are no
slower than short ones.
"""

from typing import ClassVar, TypeVar

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Horizontal, Vertical
from textual.markup import escape
from textual.suggester import SuggestFromList
from textual.widget import Widget
from textual.widgets import Input, Static

from models.checking import Exit
from models.errors import InputError
from models.render import one_line
from models.search.judge import JudgeError
from models.stepper.commands import BY_NAME, Answer, answer
from models.stepper.overview import headline
from models.stepper.screen_help import Help
from models.stepper.screen_rows import Lines, Row, Rows
from models.stepper.screen_style import STYLE
from models.stepper.screen_text import (
    Fork,
    Tree,
    choice_lines,
    choice_row,
    engine_list,
    engine_names,
    engine_rows,
    entry_row,
    last_engine,
    standing_rows,
    step_rows,
    waiting_rows,
)
from models.stepper.session import Session
from models.stepper.taking import Choice

PANELS = ("step", "engines", "waits", "properties", "answer")
"""The panels of which a small screen shows one; the first letter shows it."""

ASKING = {"n": "random", "t": "until", "g": "to", "d": "diff", "y": "why", "c": "branch"} | {
    "o": "save",
    "v": "draw",
    "colon": "",
}
"""The keys after which the rest of a command is typed."""

SAYING = {
    "space": "random",
    "b,left": "back",
    "f,right": "forward",
    "less_than_sign": "to start",
    "greater_than_sign": "to end",
    "u": "undo",
    "r": "redo",
} | {str(number): str(number) for number in range(1, 10)}
"""The keys that are a whole command."""

MOVING = frozenset(
    {"choose", "random", "until", "back", "forward", "to", "undo", "redo", "branch", "rename"}
)
"""The commands whose answer the panels show anyway."""

ONE_STEP = "1 step: 1 taken"
"""What a step at random says of itself, which need not be told where it can be seen."""

MOST_NAMES = 6
"""How many engines are listed at once."""

ASK = f"a number, {', '.join(BY_NAME)}, quit; Esc leaves"
"""What is told where a command is typed."""

FOOTER = (
    ("1-9", "take", "focus_next"),
    ("Space", "random", "say('random')"),
    ("b", "back", "say('back')"),
    ("f", "on", "say('forward')"),
    ("u", "undo", "say('undo')"),
    ("r", "redo", "say('redo')"),
    ("g", "go", "ask('to')"),
    (":", "command", "ask('')"),
    ("?", "help", "help"),
    ("q", "quit", "quit"),
)
"""The keys that the last line names; a click on one does the same."""


W = TypeVar("W", bound=Widget)


class Stepper(App[int]):
    """The screen of a session.

    Attributes:
        session: the session.
        panel: the panel that a small screen shows.
        engine: the engine that its user chose; nothing for the one that took the last step.
        message: what the last command has to say in a line.
    """

    CSS = STYLE
    TITLE = "treadle step"
    ENABLE_COMMAND_PALETTE = False
    HORIZONTAL_BREAKPOINTS = [
        (0, "-narrow"),
        (110, "-wide"),
    ]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (32, "-high")]
    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(key, f"say('{line}')", show=False) for key, line in SAYING.items()),
        *(Binding(key, f"ask('{word}')", show=False) for key, word in ASKING.items()),
        *(Binding(name[0], f"panel('{name}')", show=False) for name in PANELS),
        Binding("left_square_bracket", "engine(-1)", show=False),
        Binding("right_square_bracket", "engine(1)", show=False),
        Binding("question_mark", "help", show=False),
        Binding("escape", "clear", show=False),
        Binding("q,ctrl+q", "quit", show=False),
        Binding("ctrl+c", "interrupt", show=False, priority=True),
        Binding("ctrl+z", "suspend_process", show=False),
    ]

    def __init__(self, session: Session) -> None:
        """A screen that begins where the session is."""
        super().__init__(ansi_color=True)
        self.theme = "ansi-dark"  # the terminal's own colours, on its own background
        self.session = session
        self.panel = "step"
        self.engine: str | None = None
        self.message = session.notice
        self._choices: tuple[Choice, ...] = ()
        self._engines: tuple[str, ...] = ()
        self._tree = Tree()
        self._said: list[str] = []
        self._recalled = 0

    # -- what there is on it

    def compose(self) -> ComposeResult:
        """Make all parts."""
        yield Static(id="headline", markup=False)
        with Horizontal(id="body"):
            with Vertical(id="moves"):
                yield _titled(Rows(id="next"), "next")
                yield _titled(Rows(id="run"), "run")
            with Vertical(id="views"):
                yield Static(id="tabs")
                with Container(id="panels"):
                    with _titled(Vertical(id="engines", classes="panel"), "engines"):
                        yield Rows(id="names")
                        yield Lines(id="engine")
                    yield _titled(Lines(id="step", classes="panel"), "step")
                    yield _titled(Lines(id="waits", classes="panel"), "waits")
                    yield _titled(Lines(id="properties", classes="panel"), "properties")
                    told = _titled(Lines(id="answer", classes="panel"), "answer")
                    told.border_subtitle = "Esc back"
                    yield told
        yield Static(id="detail", markup=False)
        yield Static(_footer(), id="footer")
        known = SuggestFromList(sorted([*BY_NAME, "quit"]))
        yield Input(id="command", suggester=known, compact=True, select_on_focus=False)

    def on_mount(self) -> None:
        """Show where the session is."""
        self.query_one("#command", Input).display = False
        self._show_all()
        self.query_one("#next").focus()

    # -- what is done

    def say(self, line: str) -> None:
        """Do what a command says, and show what came of it."""
        name = next(iter(line.split()), "")
        try:
            said = answer(self.session, line)
        except (InputError, JudgeError) as error:
            self.message = f"error: {InputError(error)}"
            self._show_detail()
            return
        if said.over:
            self.exit(Exit.HOLDS.value)
        elif name.isdigit() or (name in MOVING and line != "branch"):
            self._moved(line, said)
        else:
            self._told(line, said)

    def _moved(self, line: str, said: Answer) -> None:
        walk = said.lines[0] if line.startswith(("random", "until")) else ""
        self.message = self.session.notice if walk == ONE_STEP else walk or self.session.notice
        if self.panel == "answer":
            self.panel = "step"
        self._show_all()

    def _told(self, line: str, said: Answer) -> None:
        if len(said.lines) == 1:
            self.message = said.lines[0]
            self._show_detail()
        elif said.lines:
            self.message = ""
            panel = self.query_one("#answer", Lines)
            panel.border_title = escape(one_line(line))
            panel.tell(Row(each) for each in said.lines)
            self.action_panel("answer")
            self._show_detail()

    action_say = say

    def action_ask(self, word: str) -> None:
        """Let the rest of a command be typed."""
        field = self.query_one("#command", Input)
        field.value = f"{word} " if word else ""
        field.cursor_position = len(field.value)
        field.display = True
        self.query_one("#footer").display = False
        field.focus()
        known = BY_NAME.get(word)
        self.message = f"{word} {known.usage}: {known.help}" if known else ASK
        self._show_detail()
        self._recalled = len(self._said)

    def action_panel(self, name: str) -> None:
        """Show a panel."""
        self.panel = name
        self._show_panels()

    def action_engine(self, steps: int) -> None:
        """Show an engine before or after the one that is shown."""
        shown = self._engine()
        place = self._engines.index(shown) if shown in self._engines else 0
        self.engine = self._engines[(place + steps) % len(self._engines)]
        self.panel = "engines"
        self._show_panels()

    def action_help(self) -> None:
        """Show the help."""
        self.push_screen(Help())

    def action_clear(self) -> None:
        """Leave the command line, forget the message, and follow the engines of the steps again."""
        if self.query_one("#command").display:
            self._close()
        if self.panel == "answer":
            self.panel = "step"
        self.message, self.engine = "", None
        self._show_panels()
        self._show_detail()

    async def action_interrupt(self) -> None:
        """Leave the help, the command line, or the screen."""
        if isinstance(self.screen, Help):
            self.pop_screen()
        elif self.query_one("#command").display:
            self.action_clear()
        else:
            await self.action_quit()

    async def action_quit(self) -> None:
        """Leave."""
        self.exit(Exit.HOLDS.value)

    # -- what happens

    def on_rows_chosen(self, event: Rows.Chosen) -> None:
        """Take the step, go to the point, or show the engine that was chosen."""
        place = event.rows.marked
        match event.rows.id:
            case "next":
                self.say(str(place + 1))
            case "run":
                entry = self._tree.entries(self.session)[place]
                self.say(f"to {entry.name if isinstance(entry, Fork) else entry.step}")
            case _:
                self.engine = self._engines[place]
                self._show_panels()

    def on_rows_marked(self, event: Rows.Marked) -> None:
        """Tell more about the row that is marked."""
        self.message = ""
        if event.rows.id == "names":
            self.engine = self._engines[event.rows.marked]
            self._show_panels()
        self._show_detail()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Do what was typed."""
        line = event.value.strip()
        self.message = ""
        self._close()
        if line:
            self._said.append(line)
            self.say(line)

    def on_key(self, event: object) -> None:
        """Call up earlier commands."""
        key = getattr(event, "key", "")
        field = self.query_one("#command", Input)
        if field.has_focus and key in {"up", "down"} and self._said:
            self._recalled += -1 if key == "up" else 1
            self._recalled = max(0, min(self._recalled, len(self._said)))
            field.value = (*self._said, "")[self._recalled]
            field.cursor_position = len(field.value)

    def _close(self) -> None:
        self.query_one("#command", Input).display = False
        self.query_one("#footer").display = True
        self.query_one("#next").focus()

    # -- what is shown

    def _show_all(self) -> None:
        session = self.session
        self._choices = session.enabled()
        entries = self._tree.entries(session)
        self.query_one("#headline", Static).update(one_line(headline(session)))
        following = self.query_one("#next", Rows)
        following.fill(len(self._choices), lambda place: choice_row(self._choices[place]))
        following.mark(0)
        run = self.query_one("#run", Rows)
        run.fill(len(entries), lambda place: entry_row(session, entries[place]))
        run.mark(self._tree.place(session))
        run.border_title = f"run: {session.branch}"
        self._show_panels()
        self._show_detail()

    def _show_panels(self) -> None:
        """Fill the panels that can be seen; each when it comes in sight."""
        for name in PANELS:
            self.query_one(f"#{name}").set_class(name == self.panel, "-chosen")
        self.query_one("#panels").set_class(self.panel == "answer", "-answer")
        self.query_one("#tabs", Static).update(_tabs(self.panel))
        here = self.session.here
        self.query_one("#step", Lines).tell(step_rows(here))
        self.query_one("#properties", Lines).tell(standing_rows(self.session))
        self.query_one("#waits", Lines).tell(waiting_rows(here))
        self._show_engines()

    def _show_engines(self) -> None:
        here = self.session.here
        self._engines = engine_names(here)
        rows = tuple(engine_list(here, self._engines))
        shown = self._engine()
        names = self.query_one("#names", Rows)
        names.fill(len(rows), rows.__getitem__)
        names.styles.height = min(len(rows), MOST_NAMES) + 1
        names.mark(self._engines.index(shown) if shown in self._engines else 0)
        self.query_one("#engine", Lines).tell(engine_rows(here, shown))

    def _engine(self) -> str:
        chosen = self.engine if self.engine in self._engines else None
        return chosen or last_engine(self.session.here) or self._engines[0]

    def _show_detail(self) -> None:
        """Tell what the last command said; otherwise, what is marked, at length."""
        detail = self.query_one("#detail", Static)
        wrong = self.message.startswith("error: ")
        detail.set_class(wrong, "-error")
        told = [self.message] if self.message else []
        if wrong or self.query_one("#command").display:
            pass
        elif self._choices:
            told += choice_lines(self._choices[self.query_one("#next", Rows).marked])
        else:
            told.append("nothing can happen")
        detail.update("\n".join(map(one_line, told)))


def _titled(widget: W, title: str) -> W:
    widget.border_title = title
    return widget


def _tabs(panel: str) -> str:
    """The names of the panels, each of which can be clicked."""
    return " ".join(
        f"[@click=app.panel('{name}')]{_label(name, 'reverse' if name == panel else 'not bold')}[/]"
        for name in PANELS
    )


def _label(name: str, style: str) -> str:
    return f"[{style}][underline]{name[0]}[/underline]{name[1:]}[/]"


def _footer() -> str:
    """The keys, each of which can be clicked."""
    return " ".join(
        f"[@click=app.{action}][reverse]{key}[/reverse] {what}[/]" for key, what, action in FOOTER
    )


def run(session: Session) -> int:
    """Let somebody step on the whole screen; the exit code."""
    code = Stepper(session).run()
    return Exit.HOLDS.value if code is None else code
