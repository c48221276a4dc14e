"""The manual builds without a warning, its Python examples run, and dead references fail the build."""

import subprocess
import sys
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
EXTENSION = str(DOCS / "_extensions")

SPHINX = ("-m", "sphinx", "-n", "-W", "--keep-going", "-q", "-b")

CONF = """
import sys
sys.path[:0] = [{root!r}, {extension!r}]
extensions = ["myst_parser", "sphinxcontrib.bibtex", "treadle_listings", "treadle_twins"]
bibtex_bibfiles = [{bib!r}]
"""


def sphinx(
    builder: str, source: Path, target: Path, *options: str
) -> subprocess.CompletedProcess[str]:
    """Build, with every warning an error."""
    return subprocess.run(  # noqa: S603  # our own build
        [sys.executable, *SPHINX, builder, *options, str(source), str(target)],
        capture_output=True,
        text=True,
        check=False,
    )


def small_manual(folder: Path, text: str) -> Path:
    """A manual of one page."""
    bib = str(DOCS / "references.bib")
    conf = CONF.format(root=str(DOCS.parent), extension=EXTENSION, bib=bib)
    (folder / "conf.py").write_text(conf, encoding="utf-8")
    (folder / "index.md").write_text(f"# One page\n\n{text}\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def doctrees(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the pages are kept, read once for both builds."""
    return tmp_path_factory.mktemp("doctrees")


@pytest.mark.slow
@pytest.mark.parametrize("builder", ["html", "doctest"])
def test_the_manual_builds_without_a_warning(builder: str, doctrees: Path, tmp_path: Path) -> None:
    done = sphinx(builder, DOCS, tmp_path, "-d", str(doctrees))
    assert (done.returncode, done.stderr) == (0, ""), done.stdout


@pytest.mark.slow
def test_dead_references_and_rules_without_a_page_fail_the_build(tmp_path: Path) -> None:
    text = "{rule}`shard.nothing` {property}`pigs fly` {model}`nobody` {rule}`client.take-answer`"
    text += " {twin}`no-defect`"
    source = small_manual(tmp_path, f"{text}\n\n```{{rules}} client\n```\n\n{{doc}}`nowhere`")
    done = sphinx("html", source, tmp_path / "built")
    assert done.returncode != 0
    for expected in (
        "'rule' reference target not found: shard.nothing",
        "'property' reference target not found: pigs fly",
        "'model' reference target not found: nobody",
        "'twin' reference target not found: no-defect",
        "unknown document: 'nowhere'",
        "the rule shard.answer-read has no page",
        "the property marks never fall has no page",
        "the model transfer has no page",
        "the defect mark-overwritten has no page",
    ):
        assert expected in done.stderr
    assert "client.take-answer" not in done.stderr
