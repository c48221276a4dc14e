"""The reference names everything that there is."""

from collections.abc import Iterator

import pytest

from docs.examples import DOCS
from models.checking import Exit
from models.command.main import VERBS, parsers
from models.scenario.file import EXPECT_KINDS, FILE_KEYS, TRANSACTION_KEYS
from models.scenario.soma import CERTIFICATE_KEYS, SOMA_KEYS
from models.search.result import Status
from spec.anoma.runnable import FailureKind


def page(name: str) -> str:
    """The text of a page."""
    return (DOCS / f"{name}.md").read_text(encoding="utf-8")


def options(verb: str) -> Iterator[str]:
    """The options of a verb, by their longest names."""
    _, verbs = parsers([verb])
    for action in verbs[verb]._actions:
        yield from sorted(action.option_strings, key=len)[-1:]


@pytest.mark.parametrize("verb", [verb.name for verb in VERBS])
def test_the_command_line_page_names_every_verb_and_option(verb: str) -> None:
    text = page("reference/command-line")
    assert f"`treadle {verb}" in text
    assert [option for option in options(verb) if f"`{option}" not in text] == []


def test_the_scenario_page_names_every_key_and_every_reason_to_fail() -> None:
    text = page("reference/scenario-file")
    keys = (*FILE_KEYS, *TRANSACTION_KEYS, *EXPECT_KINDS, "duplicates", "losses")
    forms = ("`{}`", "`[{}]`", "`[[{}]]`", "`{} =")
    assert [key for key in keys if not any(form.format(key) in text for form in forms)] == []
    assert [kind for kind in FailureKind if f"| `{kind.value}" not in text] == []


def test_the_scenario_page_names_every_key_of_files_about_soma() -> None:
    text = page("reference/scenario-file").partition("(soma-files)")[2]
    keys = (*SOMA_KEYS, *CERTIFICATE_KEYS, "duplicates", "losses", "crashes")
    forms = ("`{}`", "`[{}]`", "`[[{}]]`", "`{} =")
    assert [key for key in keys if not any(form.format(key) in text for form in forms)] == []


def test_the_page_on_verdicts_names_every_exit_code() -> None:
    text = page("explanation/verdicts")
    assert [code for code in Exit if f"| {code.value} |" not in text] == []


def test_the_page_on_json_names_every_verdict_on_a_property() -> None:
    text = page("reference/json")
    assert [status for status in Status if f'`"{status.value}"`' not in text] == []
