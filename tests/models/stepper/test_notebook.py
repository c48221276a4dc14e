"""The Python face: texts for prompts, HTML for notebooks."""

from html.parser import HTMLParser

import pytest

from models import open_model
from models.errors import InputError
from models.stepper.drawing import Drawing
from models.stepper.notebook import Lines, Stepping
from models.stepper.overview import overview

VOID = {"br", "hr"}


class Balanced(HTMLParser):
    """Reads HTML; notes which elements are open, and which were met."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.met: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self.met.add(tag)
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


HOSTILE = """
system = "anoma"
[genesis]
"<script>alert(1)</script>" = 1
[[transaction]]
name = "a<b>&c"
reads = ["<script>alert(1)</script>"]
writes = ["x"]
program = 'write("x", read("<script>alert(1)</script>"))'
"""


@pytest.fixture
def stepping() -> Stepping:
    return open_model("counter")


def test_a_session_shows_itself_at_a_prompt(stepping: Stepping) -> None:
    assert repr(stepping).splitlines() == list(overview(stepping))
    point = stepping.choose(1)
    assert repr(point).splitlines()[1] == "    by worker.order-transaction"
    assert str(stepping.random(3)) == "3 steps: 3 taken"


def test_a_notebook_shows_text_or_html(stepping: Stepping) -> None:
    stepping.random(4)
    bundle = stepping._repr_mimebundle_()
    assert list(bundle) == ["text/plain", "text/html"]
    assert bundle["text/plain"] == repr(stepping)
    assert stepping._repr_mimebundle_(include=["text/html"]) == {"text/html": bundle["text/html"]}
    assert list(stepping._repr_mimebundle_(exclude=["text/html"])) == ["text/plain"]
    reader = Balanced()
    reader.feed(bundle["text/html"])
    assert (reader.open, "table" in reader.met) == ([], True)
    assert bundle["text/html"].count("<tr") == 1 + len(stepping.enabled())


def test_what_is_broken_is_shown_in_html() -> None:
    stepping = open_model("shards-compared-by-name", seed=1)
    stepping.random(1000)
    for sight in stepping.here.broken:
        assert f"breaks: {sight.property.name}: " in stepping._repr_html_()


def test_hostile_names_are_escaped(tmp_path, monkeypatch) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    monkeypatch.chdir(tmp_path)
    (tmp_path / "hostile.toml").write_text(HOSTILE, encoding="utf-8")
    stepping = open_model("hostile.toml")
    start = stepping._repr_html_()
    stepping.random(1000)
    pages = [stepping.say(each)._repr_html_() for each in ("run", "properties", "diff 0")]
    for page in (start, stepping._repr_html_(), *pages):
        assert "<script" not in page
    assert "&lt;script&gt;" in start
    assert any("&lt;script&gt;" in page for page in pages)
    assert repr(Lines(("x\x1b[31m",))) == "x\\x1b[31m"


def test_answers_are_objects_with_texts(stepping: Stepping) -> None:
    stepping.random(1000)
    assert repr(stepping.show("shard.1")).startswith("shard.1 (shard): ShardState\n")
    assert stepping.show().lines == stepping.say("show").lines
    assert stepping.key("counter").lines == stepping.say("key counter").lines
    assert stepping.transaction("add-1").lines == stepping.say("transaction add-1").lines
    assert stepping.diff(3, 3).lines == ("no difference",)
    assert stepping.why("a read waits").lines == stepping.say("why a read waits").lines
    assert stepping.blocked().lines == stepping.say("blocked").lines
    assert stepping.properties().lines == stepping.say("properties").lines
    assert stepping.properties()._repr_html_().startswith("<pre>seen (step ")


def test_drawings_are_texts_of_their_form(stepping: Stepping) -> None:
    stepping.random(3)
    drawing = stepping.draw("mermaid")
    assert (drawing.form, repr(drawing)) == ("mermaid", drawing.text)
    assert drawing._repr_mimebundle_() == {
        "text/plain": drawing.text,
        "text/vnd.mermaid": drawing.text,
    }
    page = Drawing("html", '<p title="x">&amp;</p>')._repr_mimebundle_()["text/html"]
    assert 'srcdoc="&lt;p title=&quot;x&quot;&gt;&amp;amp;&lt;/p&gt;"' in page
    assert list(stepping.draw("svg")._repr_mimebundle_()) == ["text/plain", "image/svg+xml"]
    assert list(stepping.draw("dot")._repr_mimebundle_()) == ["text/plain"]
    with pytest.raises(InputError, match="no drawing 'png'; expected mermaid"):
        stepping.draw("png")
