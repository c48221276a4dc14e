"""What `check` has found, as JUnit XML: a suite for each model, a case for each property.

Choices:
- What is broken is a failure. What a search has left open is an error where nothing is broken: it is no success.
- Of a model that must fail there is one case: that it breaks the property that it names.
"""

from collections.abc import Mapping, Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from models.checking import Checked, Exit, Verdict
from models.command.report import evidence_of
from models.command.summary import report_text
from models.render import one_line
from models.search.result import PropertyResult, Status

ERROR = "error"
"""How a case ends of which nothing is known."""

ENDS: Mapping[Status, str] = {
    Status.VIOLATED: "failure",
    Status.INCONCLUSIVE: ERROR,
    Status.UNSEEN: "skipped",
    Status.NOT_JUDGED: "skipped",
}
"""How a case ends that is no success."""


def junit(everything: Sequence[Checked]) -> str:
    """What was found, as XML."""
    root = Element("testsuites", name="treadle")
    for checked in everything:
        _add_suite(root, checked)
    _count(root)
    indent(root)
    text: str = tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'


def _add_suite(root: Element, checked: Checked) -> None:
    suite = SubElement(root, "testsuite", name=one_line(checked.model.name))
    suite.set("time", f"{checked.result.seconds:.3f}")
    if checked.model.breaks is None:
        for found in checked.result.properties:
            _add_case(suite, checked, found)
    else:
        _add_must(suite, checked, checked.model.breaks)
    _count(suite)
    if checked.exit.value:
        SubElement(suite, "system-out").text = report_text(checked)


def _add_case(suite: Element, checked: Checked, found: PropertyResult) -> None:
    """Add a property."""
    case, about = _case(suite, found.property.name), found.property
    how = ENDS.get(checked.status(found))
    if how == ERROR and checked.verdict is Verdict.VIOLATED:
        how = "skipped"
    if how is not None:
        evidence = evidence_of(checked, found)
        lines = () if evidence is None else (evidence.finding, *evidence.details)
        _end(case, how, [f"{about.kind.value}, rule {about.rule}", *lines])


def _add_must(suite: Element, checked: Checked, must: str) -> None:
    """Add that a model must break a property."""
    case = _case(suite, f"breaks: {must}")
    if not checked.fails_as_it_must:
        unknown = checked.exit is Exit.INCONCLUSIVE
        _end(case, ERROR if unknown else "failure", ["it is not broken"])


def _case(suite: Element, name: str) -> Element:
    return SubElement(suite, "testcase", classname=suite.attrib["name"], name=one_line(name))


def _end(case: Element, how: str, lines: Sequence[str]) -> None:
    """Say how a case ends, in one line, and with more below it."""
    told = [one_line(line) for line in lines]
    SubElement(case, how, message=told[min(1, len(told) - 1)]).text = "\n".join(told)


def _count(element: Element) -> None:
    """Say how many cases there are in an element, and how many end in which way."""
    element.set("tests", str(len(list(element.iter("testcase")))))
    for name, how in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        element.set(name, str(len(list(element.iter(how)))))
