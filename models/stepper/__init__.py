"""Stepping by hand. The core is `Session`; the faces (pipe, screen, notebook) only say its words.

Opening, in `models.stepper.opening`:
    open_session(what, parameters=None, seed=0) -> Session      a name, Path, Model or World; of a trace, at its start
    gone_through(replayed, name, seed=0) -> Session             the same of what `models.traces.replay.replay` answers

`models.stepper.session.Session`, where one is:
    here, end: Point · branch: str · branches: dict[str, Point] · size: int · notice: str
    run(), line() -> tuple[Point, ...]      start to here, start to the end of the branch
    events() -> tuple[Event, ...]           from the start to here
    enabled(at=None) -> tuple[Choice, ...]  Choice: number, event, rules, changes, refused; str() is its line
    standings() -> tuple[Standing, ...]     Standing: about, word, sight; str() is its line
    point(NAME) -> Point                    a step's number, start, here, end, BRANCH, BRANCH:STEP
    trace() -> Trace                        for models.traces.codec.save
Moves; each can be undone, and refuses with InputError (one line):
    choose(number), happen(event), back(steps=1), forward(steps=1), to(NAME), go(point), undo(), redo(),
    new_branch(name) -> Point · rename(name) -> None
    random(most=1, seed=None), until(test, most, seed=None), follow(events) -> Walk: points, why
    tests for `until`, in `models.stepper.finding`: by_engine(name), by_rule(id), by_property(name)

`models.stepper.point.Point` never changes: number, step, parent, event, record, state, rests, new, shown, broken,
shape (the TraceStep that led here, with what changed); `lines_of(point)` are its lines, `back_from(point)` and
`run_to(point)` the way.

What is asked about points:
    blocked.blocked(point) -> tuple[Blocked, ...], blocked.waiting(point) -> tuple[Waiting, ...]
    why.why(point, words) -> Why: line, chain, complete
    views.engine_lines(point, name), views.key_lines(point, key), views.transaction_lines(point, name)
    difference.difference(discipline, before, after) -> lines
    drawing.drawing(session, form) -> Drawing, drawing.draw_to(session, file)
    overview.headline(session), .overview(session), .blocked_lines(point), .standing_lines(session), .why_lines(why)

Every command of the pipe as one function, for any face: `commands.answer(session, line) -> Answer`: lines, over; the
commands themselves are `commands.WORDS` (name, usage, help). `notebook.Stepping` is the session of Python prompts:
`models.open_model`. A full screen is `models.stepper.screen.run(session) -> int`.
"""
