"""Elements: what stands in them stands for itself."""

from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from models.draw.markup import element, text, words

PRINTED = st.text(st.characters(exclude_categories=["C", "Z"]))


@given(PRINTED, PRINTED)
def test_whatever_is_written_is_read_again(content: str, value: str) -> None:
    read = ET.fromstring(element("a", {"b": value, "c": None, "d": 1.25}, words(content)))  # noqa: S314
    assert (read.text or "", read.attrib) == (content, {"b": value, "d": "1.2"})


def test_an_element_with_nothing_in_it_is_closed() -> None:
    assert element("line", {"x": 1}) == '<line x="1"/>'


def test_a_line_of_text_has_a_place_and_a_kind() -> None:
    assert (
        text(1, 2, "k", "<", "end") == '<text class="k" x="1" y="2" text-anchor="end">&lt;</text>'
    )
