"""The full-screen face: keys and clicks say the words, and the panels tell what the words tell."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.widgets import Input

from models.stepper.commands import answer
from models.stepper.opening import open_session
from models.stepper.screen import ASKING, SAYING, Stepper
from models.stepper.screen_help import Help
from models.stepper.screen_rows import Listing, Row, Rows
from models.stepper.screen_text import Entry, entry_row
from models.stepper.session import Session
from models.traces.codec import read

SMALL = (80, 24)
LARGE = (120, 40)


def shown(app: Stepper, name: str) -> list[str]:
    """The rows of a list, as they are made, without what fills them up."""
    listing = app.screen.query_one(f"#{name}", Listing)
    made: list[Row] = [listing.make(index) for index in range(listing.count)]
    return [f"{row.head}{row.tail}" for row in made]


def text(app: Stepper) -> list[str]:
    """What can be read on the screen, line by line."""
    strips = app.screen._compositor.render_strips()
    return ["".join(segment.text for segment in strip) for strip in strips]


def walk(
    session: Session, *keys: str, size: tuple[int, int] = SMALL, look: Callable[[Stepper], None]
) -> int | None:
    """Press these keys, of which `:WORDS` types a command, and look."""

    async def walking() -> int | None:
        app = Stepper(session)
        async with app.run_test(size=size) as pilot:
            for key in keys:
                if key.startswith(":"):
                    await pilot.press("colon")
                    app.query_one(Input).value = key[1:]
                await pilot.press("enter" if key.startswith(":") else key)
            await pilot.pause()
            look(app)
        return app.return_value

    return asyncio.run(walking())


def nothing(_: Stepper) -> None:
    """Look at nothing."""


def test_keys_say_words(counter: Session) -> None:
    other = open_session("counter")
    for line in ("2", "1", "back", "1", "back", "forward", "to start", "to end", "undo", "redo"):
        answer(other, line)
    keys = ("2", "1", "b", "1", "left", "right", "<", ">", "u", "r")
    walk(counter, *keys, look=nothing)
    assert counter.events() == other.events()
    assert (counter.here.step, counter.branch) == (other.here.step, other.branch)
    assert counter.size == other.size


def test_every_key_that_says_something_says_a_command(counter: Session) -> None:
    counter.random(3)
    for line in SAYING.values():
        if not line.isdigit():
            answer(counter, line)
    assert {answer(counter, f"help {word}").lines != () for word in ASKING.values()} == {True}


def test_lists_tell_what_may_happen_and_what_has(counter: Session) -> None:
    def look(app: Stepper) -> None:
        assert len(shown(app, "next")) == len(counter.enabled())
        assert shown(app, "next")[0].startswith(" 1 ")
        run = shown(app, "run")
        assert [row[:7] for row in run] == ["    0 t", "    1 c", ">   2 w"]
        step = shown(app, "step")
        assert step[0] == "  2 client.add-1 takes TransactionAck(1, 1) from worker"
        assert step[-1] == "    answers[1]: + 1"

    counter.choose(1)
    ack = next(each for each in counter.enabled() if "TransactionAck" in str(each))
    walk(counter, str(ack.number), size=(200, 40), look=look)


def test_the_mark_moves_and_enter_takes_what_is_marked(counter: Session) -> None:
    second = counter.enabled()[1].event
    walk(counter, "down", "enter", look=nothing)
    assert counter.here.event == second


def test_rows_of_the_run_lead_to_points_and_branches(counter: Session) -> None:
    def look(app: Stepper) -> None:
        assert app.query_one("#run", Rows).marked == 1
        assert shown(app, "run")[2] == "    └ branch-2: 1 further"

    counter.random(3, seed=1)
    counter.back(2)
    events = [each.event for each in counter.enabled()]
    counter.happen(next(each for each in events if each != counter.line()[2].event))
    counter.to("main:3")
    walk(counter, "tab", "home", "down", "enter", look=look)
    assert (counter.branch, counter.here.step) == ("main", 1)
    walk(counter, "tab", "home", "down", "down", "enter", look=nothing)
    assert (counter.branch, counter.here.step) == ("branch-2", 2)


def test_a_click_takes_a_step_and_chooses_a_panel(counter: Session) -> None:
    second = counter.enabled()[1].event

    async def clicking() -> None:
        app = Stepper(counter)
        async with app.run_test(size=SMALL) as pilot:
            await pilot.click("#next", offset=(6, 2))
            await pilot.click("#tabs", offset=(7, 0))
            await pilot.pause()
            assert app.panel == "engines"
            await pilot.click("#next", offset=(6, 5))  # below the last row
            await pilot.pause()
            assert counter.here.step == 1

    asyncio.run(clicking())
    assert counter.here.event == second


def test_a_command_that_asks_is_answered_in_a_panel(counter: Session) -> None:
    def look(app: Stepper) -> None:
        assert app.panel == "answer"
        assert shown(app, "answer") == list(said)
        assert "diff 0 2" in "\n".join(text(app))
        assert not app.query_one(Input).display

    counter.random(2, seed=1)
    said = answer(counter, "diff 0 2").lines
    walk(counter, ":diff 0 2", size=(500, 60), look=look)


def test_what_is_wrong_is_told_in_a_line_and_changes_nothing(counter: Session) -> None:
    def look(app: Stepper) -> None:
        assert any(
            "error: no step 99 on branch main; expected 0 to 0" in line for line in text(app)
        )

    walk(counter, "g", "9", "9", "enter", look=look)
    assert (counter.here.step, counter.size) == (0, 1)


def test_earlier_commands_can_be_called_up(counter: Session) -> None:
    walk(counter, ":random 2", ":back", "colon", "up", "up", "enter", look=nothing)
    assert counter.here.step == 3


def test_an_engine_is_followed_until_one_is_chosen(counter: Session) -> None:
    def following(app: Stepper) -> None:
        assert shown(app, "engine")[0] == "  worker (worker): WorkerState"
        assert {"- last: 0", "+ last: 1"} <= set(shown(app, "engine"))
        names = {row[2:].split()[0]: row[0] for row in shown(app, "names")}
        assert (names["worker"], names["executor.1"], names["shard.1"]) == ("*", "+", " ")

    def chosen(app: Stepper) -> None:
        assert shown(app, "engine")[0] == "  client.add-1 (client): ClientState"

    walk(counter, "1", "e", look=following)
    counter.undo()
    walk(counter, "1", "]", "f", look=chosen)


def test_panels_tell_what_words_tell(counter: Session) -> None:
    def look(app: Stepper) -> None:
        assert shown(app, "waits") == list(answer(counter, "blocked").lines)
        assert shown(app, "properties") == list(answer(counter, "properties").lines)

    counter.random(8, seed=1)
    walk(counter, size=(500, 100), look=look)


def test_a_large_screen_shows_all_panels_a_small_one_one_at_a_time(counter: Session) -> None:
    async def resizing() -> list[list[str]]:
        app, seen = Stepper(counter), list[list[str]]()
        async with app.run_test(size=SMALL) as pilot:
            for size in (SMALL, LARGE, SMALL, (30, 8)):
                await pilot.resize_terminal(*size)
                await pilot.pause()
                panels = app.query(".panel")
                seen.append([panel.id or "" for panel in panels if panel.display])
                assert [len(line) for line in text(app)] == [size[0]] * size[1]
        return seen

    small = ["step"]
    large = ["engines", "step", "waits", "properties"]
    assert asyncio.run(resizing()) == [small, large, small, small]


def test_of_a_long_run_only_the_rows_in_sight_are_made(monkeypatch: pytest.MonkeyPatch) -> None:
    session = open_session("two-phase-commit", {"resource_managers": 2})
    session.random(1000)
    assert session.here.rests
    while session.here.step < 10_000:
        session.choose(1)  # a message that stays, and changes nothing any more
    made = list[Entry]()

    def counted(session: Session, entry: Entry) -> Row:
        made.append(entry)
        return entry_row(session, entry)

    def look(app: Stepper) -> None:
        assert any(line.startswith("│ >  9999 ") for line in text(app))

    monkeypatch.setattr("models.stepper.screen.entry_row", counted)
    walk(session, "<", ">", "b", look=look)
    assert len(set(made)) < 50


def test_the_help_lies_over_everything_until_it_is_closed(counter: Session) -> None:
    def look(app: Stepper) -> None:
        assert isinstance(app.screen, Help)
        helped = " ".join(shown(app, "help"))
        assert "until engine|rule|property X" in helped

    walk(counter, "?", "1", look=look)
    assert counter.here.step == 0
    walk(counter, "?", "escape", "1", look=nothing)
    assert counter.here.step == 1


def test_brackets_in_what_was_asked_are_no_markup(counter: Session) -> None:
    def look(app: Stepper) -> None:
        assert any("─ why timelines[counter] ─" in line for line in text(app))

    counter.random(9, seed=1)
    walk(counter, ":why timelines[counter]", look=look)


def test_an_interrupt_leaves_help_and_the_command_line_first(counter: Session) -> None:
    def look(app: Stepper) -> None:
        assert not app.query_one(Input).display

    assert walk(counter, "?", "ctrl+c", "colon", "ctrl+c", look=look) is None
    assert walk(counter, "ctrl+c", look=nothing) == 0


def test_quitting_ends_with_zero(counter: Session) -> None:
    assert walk(counter, "q", look=nothing) == 0
    assert walk(counter, ":quit", look=nothing) == 0


def test_what_breaks_is_marked_without_colours() -> None:
    session = open_session("read-strictly-below-mark")
    session.random(1000)

    def look(app: Stepper) -> None:
        signs = [row[1] for row in shown(app, "run")]
        broken = {sight.step for sight in session.here.broken}
        assert {step for step, sign in enumerate(signs) if sign == "!"} == broken != set()
        assert any("broken" in line for line in text(app)[:1])
        assert any(row.startswith("broken (") for row in shown(app, "properties"))

    walk(session, "p", look=look)


def test_files_are_saved_from_the_screen(
    counter: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    def look(app: Stepper) -> None:
        assert app.message == "run.json: 1 steps"
        assert app.panel == "step"

    walk(counter, "1", ":save run.json", look=look)
    assert len(read("run.json").steps) == 1
