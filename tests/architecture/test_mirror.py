"""The tests lie where what they test lies."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
TESTS = ROOT / "tests"
NOT_ABOUT_A_MODULE = tuple(
    TESTS / folder for folder in ("architecture", "contracts", "docs", "mutation")
)


def subject(test: Path) -> Path:
    """The module that a test file is about, without its suffix."""
    place = test.relative_to(TESTS)
    return ROOT / place.with_name(place.stem.removeprefix("test_"))


def test_every_test_file_is_about_a_module_or_a_package() -> None:
    found = [
        test.relative_to(TESTS).as_posix()
        for test in sorted(TESTS.rglob("test_*.py"))
        if not any(folder in test.parents for folder in NOT_ABOUT_A_MODULE)
        and not subject(test).is_dir()
        and not subject(test).with_suffix(".py").is_file()
    ]
    assert found == []


def test_no_folder_of_tests_is_a_package() -> None:
    assert list(TESTS.rglob("__init__.py")) == []
