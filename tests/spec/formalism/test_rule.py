"""Rules as citable statements."""

from spec.formalism.clauses import Absorb, React
from spec.formalism.rule import Clause, RuleId, Source, Text, statement


class Bare(Clause):
    """A clause that decides nothing."""

    id = RuleId("test.bare")
    version = 1
    sources = ()


def test_a_statement_is_the_docstring_with_its_lines_joined() -> None:
    assert statement(Absorb) == "A finished engine consumes every message, and does nothing."


def test_a_statement_keeps_its_paragraphs() -> None:
    paragraphs = statement(React).split("\n\n")
    assert [paragraph[:20] for paragraph in paragraphs] == [
        "Guards are evaluated",
        "The sets of the conf",
        "A rule that follows ",
        "Actions inside one s",
    ]
    assert not any("\n" in paragraph or "  " in paragraph for paragraph in paragraphs)


def test_a_clause_without_docstring_states_nothing() -> None:
    Bare.__doc__ = None
    assert statement(Bare) == ""


def test_a_source_is_cited_by_its_file_number() -> None:
    assert str(Source(Text.S3, "Conflict resolution")) == "S3: Conflict resolution"


def test_a_clause_decides_nothing_unless_it_says_so() -> None:
    assert Bare.decides == ""
