"""Every command in the manual and the README prints what the page says."""

import pytest

from docs.examples import DOCS, SCENARIOS, Example, agrees, blocks, pages, plain, run

BLOCKS = {
    f"{page.relative_to(DOCS.parent).as_posix()}-{number}": block
    for page in pages()
    for number, block in enumerate(blocks(page), start=1)
}


@pytest.mark.parametrize("block", BLOCKS.values(), ids=list(BLOCKS))
def test_a_command_prints_what_the_page_says(block: tuple[Example, ...]) -> None:
    for example, printed in zip(block, run(block), strict=True):
        assert agrees(example.output, printed), f"$ {example.command}\n{plain(printed)}"


def test_the_readme_and_the_tutorial_show_commands() -> None:
    shown = {name.rpartition("-")[0] for name in BLOCKS}
    assert {"README.md", "docs/tutorial.md"} <= shown


def test_the_scenario_of_the_readme_is_the_one_that_is_run() -> None:
    scenario = (SCENARIOS / "oversold.toml").read_text(encoding="utf-8")
    assert f"```toml\n{scenario}```" in (DOCS.parent / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("said", "printed", "same"),
    [
        ("a\nb\n", "a\nb\n", True),
        ("a\n", "a\nb\n", False),
        ("b\n", "a\nb\n", False),
        ("a\n...\nd\n", "a\nb\nc\nd\n", True),
        ("a\n...\nd\n", "a\nb\nc\ne\n", False),
        ("a\n...\nc\n...\nd\n", "a\nb\nd\n", False),
        ("12 states, 0.3 s", "12 states, 14.9 s", True),
        ("12 states, 0.3 s", "13 states, 0.3 s", False),
    ],
)
def test_only_durations_and_lines_left_out_may_differ(said: str, printed: str, same: bool) -> None:  # noqa: FBT001
    assert agrees(said, printed) is same
