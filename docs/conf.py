"""How Sphinx builds the manual; every warning is an error (`make docs`)."""

import sys
from pathlib import Path

from pybtex.plugin import register_plugin
from pybtex.style.formatting.unsrt import Style
from pybtex.style.labels import BaseLabelStyle
from pybtex.style.sorting import BaseSortingStyle

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE / "_extensions")]

from spec import VERSION  # noqa: E402  # found through the line above


class KeyLabels(BaseLabelStyle):  # type: ignore[misc]  # pybtex has no types
    """Every reference is called by its key: S0, Adya1999."""

    def format_labels(self, sorted_entries):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
        """The labels of the entries, in their order."""
        return [entry.key for entry in sorted_entries]


class KeyOrder(BaseSortingStyle):  # type: ignore[misc]  # pybtex has no types
    """References stand in the order of their keys."""

    def sorting_key(self, entry):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
        """Where an entry stands."""
        return entry.key


class KeyStyle(Style):  # type: ignore[misc]  # pybtex has no types
    """The plain style with such labels, in that order."""

    default_label_style = KeyLabels
    default_sorting_style = KeyOrder


register_plugin("pybtex.style.formatting", "keys", KeyStyle)

project = "Treadle"
author = "The Treadle developers"
project_copyright = "the Treadle developers, Apache-2.0"
version = release = VERSION

extensions = [
    "myst_parser",
    "sphinx.ext.doctest",
    "sphinxcontrib.bibtex",
    "treadle_drawings",
    "treadle_listings",
    "treadle_twins",
]
exclude_patterns = ["_build"]
nitpicky = True
myst_enable_extensions = ["deflist", "colon_fence"]
myst_heading_anchors = 3
bibtex_bibfiles = ["references.bib"]
bibtex_default_style = "keys"
doctest_test_doctest_blocks = ""

html_theme = "furo"
html_title = "Treadle"
html_static_path = ["_static"]
html_css_files = ["treadle.css"]
html_show_sphinx = False
