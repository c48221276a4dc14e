"""The words of the faces: what each does, and what is refused."""

from pathlib import Path

import pytest

from models.errors import InputError
from models.stepper.commands import BY_NAME, answer
from models.stepper.opening import open_session
from models.stepper.session import Session
from models.traces.codec import read


def say(session: Session, *lines: str) -> tuple[str, ...]:
    """The last of some answers."""
    return [answer(session, line).lines for line in lines][-1]


def test_a_number_takes_a_step(counter: Session) -> None:
    taken = say(counter, "2")
    assert taken[0].startswith("  1 worker takes TransactionRequest(1, ")
    assert taken[1:3] == ("    by worker.order-transaction", "    last: 0 -> 1")
    place = taken.index("next:")
    assert [line[:5] for line in taken[place + 1 :]] == ["  [1]", "  [2]", "  [3]", "  [4]"]
    assert counter.here.step == 1


def test_moves_go_where_they_say(counter: Session) -> None:
    steps = {
        "random 5": 5,
        "back": 4,
        "back 2": 2,
        "forward": 3,
        "forward 99": 5,
        "to 1": 1,
        "to start": 0,
        "to end": 5,
        "undo": 0,
        "redo": 5,
        "to main": 5,
    }
    reached = {line: (say(counter, line), counter.here.step)[1] for line in steps}
    assert reached == steps


def test_branches_are_listed_and_named(counter: Session) -> None:
    assert say(counter, "random 2", "branch other") == ("counter: step 2 on other",)
    say(counter, "random")
    assert say(counter, "branch") == ("  main: 2 steps", "* other: 3 steps")
    assert say(counter, "rename better") == ("counter: step 3 on better",)
    assert say(counter, "to main", "random 1", "branch") == ("  better: 3 steps", "* main: 3 steps")
    say(counter, "to better", "random 1000")
    assert say(counter, "branch")[0] == "* better: 19 steps, at rest"
    assert say(counter, "to main:1", "1")[0] == "on branch branch-2"


def test_a_walk_tells_its_last_steps(counter: Session) -> None:
    told = say(counter, "random 30 seed 4")
    assert told[0] == "20 steps: at rest"
    assert [int(line[:3]) for line in told[1:21]] == list(range(1, 21))
    assert told[21].startswith("    by ")
    assert told[-1] == "nothing can happen"
    again = say(counter, "undo", "random 30 seed 4")
    assert again == told
    many = open_session("soma-diamond")
    told = say(many, "random 1000")
    assert told[1] == f"  … {many.here.step - 21} before these"


def test_until_goes_to_the_next_event_of_an_engine_rule_or_property(counter: Session) -> None:
    say(counter, "until engine shard.1")
    assert str(counter.here.shape and counter.here.shape.engine) == "shard.1"
    say(counter, "until rule executor.finish-transaction")
    assert "executor.finish-transaction" in (
        (counter.here.record and counter.here.record.fired) or ()
    )
    say(counter, "to start", "until property")
    assert counter.here.new


def test_blocked_says_what_waits_and_how_it_comes_to_be_possible() -> None:
    session = open_session("soma-shutdown")
    certificates = [
        f"Certificate({name}, 0, {{ObjectKey({key}, 1)}}, {{{key}}}, Program(…))"
        for name, key in (("c", "y"), ("a", "x"))
    ]
    assert say(session, "until engine manager", "until engine manager", "blocked") == (
        f"driver does not take Ready(2, {certificates[1]}) from manager",
        "    the guards say no: driver.receive-certificate, driver.ignore-repeat",
        (
            "    driver.receive-certificate asks for: The next certificate of the channel gets a task, "
            "if fewer than the limit are running."
        ),
        (
            "    driver.ignore-repeat asks for: What the driver has taken from the channel or joined "
            "before is consumed without effect."
        ),
        "    it may after:",
        f"      driver takes Ready(1, {certificates[0]}) from manager",
        "driver waits for place 1 of the channel",
    )
    rest = open_session("voting")
    assert say(rest, "random 1000", "blocked") == ("nothing waits",)


def test_why_tells_the_steps_and_that_all_are_needed(counter: Session) -> None:
    told = say(counter, "random 1000", "why a read waits")
    assert told[0].startswith("a read waits: shard.1: the read of counter by T")
    assert told[1] == "needs 2 steps, none of which can be left out:"
    assert [line[3:17] for line in told[2:]] == [" worker takes ", " shard.1 takes"]


def test_views_answer_with_lines(resting: Session) -> None:
    assert say(resting, "show")[0] == "client.add-1 (client)"
    assert say(resting, "show shard.1")[0] == "shard.1 (shard): ShardState"
    assert say(resting, "key counter")[0].startswith("shard.1: timelines[counter][0]: ")
    assert say(resting, "transaction") == ("add-1", "add-2")
    assert say(resting, "transaction add-1")[0].startswith("transaction add-1, request 1 of ")
    assert say(resting, "diff 3 3") == ("no difference",)
    assert say(resting, "diff 0")[0] == "client.add-1: answers[1]: + 2"
    assert say(resting, "run")[0] == " the start"
    assert say(resting, "run")[-1].startswith("> 20 ")
    assert say(resting, "list")[0] == "counter: step 20 on main"
    assert say(resting, "properties")[0].startswith("seen (step ")


def test_what_is_saved_can_be_opened_and_stepped(resting: Session, tmp_path: Path) -> None:
    file = tmp_path / "run.json"
    assert say(resting, "to 12", f"save {file}") == (f"{file}: 12 steps",)
    again = open_session(str(file))
    assert (again.here.step, again.end.state) == (0, resting.here.state)
    assert again.end.shown.keys() == resting.here.shown.keys()
    assert read(str(file)).verdict is None


def test_what_breaks_a_property_is_saved_as_that(tmp_path: Path) -> None:
    session = open_session("shards-compared-by-name", seed=1)
    file = tmp_path / "run.json"
    say(session, "until property each read is answered once", f"save {file}")
    verdict = read(str(file)).verdict
    assert verdict is not None
    assert verdict.property == "each read is answered once"


def test_a_run_is_drawn_in_the_form_that_the_name_ends_for(
    resting: Session, tmp_path: Path
) -> None:
    file = tmp_path / "run.mmd"
    assert say(resting, f"draw {file}") == (f"{file}: 20 steps, as mermaid",)
    assert file.read_text().startswith("sequenceDiagram")


def test_what_is_broken_is_marked_in_drawings(tmp_path: Path) -> None:
    session = open_session("shards-compared-by-name", seed=1)
    say(session, "until property each read is answered once", f"draw {tmp_path / 'run.mmd'}")
    assert "each read is answered once" in (tmp_path / "run.mmd").read_text()


def test_help_tells_of_every_command(counter: Session) -> None:
    told = say(counter, "help")
    assert [line.split()[0] for line in told] == [*BY_NAME, "quit"]
    assert say(counter, "help save") == (told[[*BY_NAME].index("save")],)


def test_what_says_nothing_does_nothing(counter: Session) -> None:
    assert [answer(counter, line) for line in ("", "   ", "# a remark")] == [
        answer(counter, "")
    ] * 3
    assert answer(counter, "").lines == ()
    assert [answer(counter, line).over for line in ("quit", "exit", "q", "list")] == [
        True,
        True,
        True,
        False,
    ]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("99", "no event 99 here; expected 1 to 2"),
        ("0", "no event 0 here; expected 1 to 2"),
        ("choose", "choose: expected a number"),
        ("-1", "no command '-1'; expected a number, choose, "),
        ("jump", "no command 'jump'; expected a number, choose, "),
        ("random x", "random x: expected a number"),
        ("random 1 2", "random 1 2: expected random, random N, or random N seed S"),
        ("back -1", "back -1: expected a number"),
        ("to", "no branch ''; expected a step, start, here, end, main"),
        ("to nowhere", "no branch 'nowhere'; expected a step, start, here, end, main"),
        ("undo it", "undo it: expected nothing after undo"),
        ("undo", "there is nothing to undo"),
        ("redo", "there is nothing to redo"),
        ("branch a b", "'a b' names no branch; expected a letter, "),
        ("rename", "'' names no branch; expected a letter, "),
        ("until", "until: expected until engine NAME, until rule ID, or until property [NAME]"),
        ("until rule shard.x", "no rule 'shard.x' here; did you mean shard."),
        ("until property x", "no property 'x' here; there is "),
        ("diff", "diff: expected diff A, or diff A B; each a step, or BRANCH:STEP"),
        ("diff 1 2", "no step 1 on branch main; expected 0 to 0"),
        ("why", "nothing in this run says ''; expected words of "),
        ("show nobody", "no engine 'nobody' here; there is client.add-1, "),
        ("key", "no engine keeps anything under ''; there is "),
        ("save", "save: expected save FILE"),
        ("save /no/such/folder/x", "/no/such/folder/x: it cannot be written: No such file"),
        ("save /", "/: it cannot be written: Is a directory"),
        ("draw", "draw: expected draw FILE"),
        ("draw x.png", "draw x.png: expected a name that ends in .mmd"),
        ("help me", "no command 'me'; expected choose, "),
    ],
)
def test_what_cannot_be_done_is_refused_in_one_line(counter: Session, line: str, said: str) -> None:
    before = (counter.here, counter.branches)
    with pytest.raises(InputError) as refused:
        answer(counter, line)
    assert str(refused.value).startswith(said)
    assert (counter.here, counter.branches) == before


def test_a_property_that_has_shown_cannot_show_again(resting: Session) -> None:
    with pytest.raises(InputError, match=r"^'a read waits' has shown already, at step \d+$"):
        answer(resting, "until property a read waits")
