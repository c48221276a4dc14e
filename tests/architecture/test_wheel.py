"""What is installed works outside the checkout, beside a project with packages of the same names."""

import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest
from attrs import frozen

from spec import VERSION
from tests.surroundings import outer

ROOT = Path(__file__).parents[2]

USER_TEST = """
import sys
import models
import pytest
from models.tables import ROWS

def test_models_is_the_projects():
    assert models.OWNER == "the project"
    assert ROWS == [1, 2]

def test_the_plugin_imports_nothing_of_treadle():
    assert not {"spec", "properties"} & set(sys.modules)

@pytest.mark.treadle_model("voting", random=1)
def test_the_marker_checks_a_model():
    assert models.OWNER == "the project"

def test_a_refusal_is_reported(treadle_check):
    with pytest.raises(ValueError, match="treadle: error: "):
        treadle_check("no such file.toml")
"""


@frozen
class Project:
    """A project with packages called as Treadle's are, and an environment Treadle is installed in."""

    folder: Path
    """Where the project lies."""
    bin: Path
    """Where the commands of its environment lie."""
    packages: Path
    """Where the packages of its environment lie."""

    def run(self, command: str, *arguments: str, at: Path | None = None) -> str:
        """Run a command of the environment, without what our own environment says; its output."""
        done = subprocess.run(  # noqa: S603  # our own commands
            [str(self.bin / command), *arguments],
            cwd=at or self.folder,
            env=outer(),
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    build = (sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory")
    subprocess.run([*build, str(folder)], cwd=ROOT, capture_output=True, check=True)  # noqa: S603  # constant
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def project(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Install the wheel beside a project of the same names; our environment lends the libraries."""
    folder = tmp_path_factory.mktemp("project")
    for name in ("spec", "properties", "models"):
        (folder / name).mkdir()
        (folder / name / "__init__.py").write_text('OWNER = "the project"\n')
    (folder / "models" / "tables.py").write_text("ROWS = [1, 2]\n")
    (folder / "tests").mkdir()
    (folder / "tests" / "test_models.py").write_text(USER_TEST)
    place = tmp_path_factory.mktemp("environment")
    venv.create(place, symlinks=True)
    python = place / "bin" / "python"
    install = (sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet")
    subprocess.run([*install, "--no-deps", "--no-index", str(wheel)], check=True)  # noqa: S603  # constant
    packages = Path(sysconfig.get_path("purelib", "venv", {"base": str(place)}))
    (packages / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return Project(folder, python.parent, packages)


def test_the_wheel_is_complete_and_has_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    kept = {
        f"_treadle/{path.relative_to(ROOT).as_posix()}"
        for folder in ("spec", "properties", "models")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".py", ".css", ".js"} or path.name == "py.typed"
    }
    assert {name for name in names if name.startswith("_treadle/")} == kept
    assert {name.partition("/")[0] for name in names} == {
        "_treadle",
        "treadle.py",
        "zz_treadle.pth",
        f"treadle-{VERSION}.dist-info",
    }
    assert f"treadle-{VERSION}.dist-info/licenses/LICENSE" in names


@pytest.mark.slow
def test_the_command_works_where_the_project_has_packages_of_the_same_names(
    project: Project,
) -> None:
    assert project.run("treadle", "--version") == f"treadle {VERSION}\n"
    assert project.run("python", "-m", "treadle", "--version") == f"treadle {VERSION}\n"


@pytest.mark.slow
def test_the_plugin_leaves_the_project_its_own_packages(project: Project) -> None:
    options = ("-p", "no:cacheprovider", "-W", "error", "--strict-markers")
    assert "4 passed" in project.run("python", "-m", "pytest", *options)


@pytest.mark.slow
def test_outside_a_project_the_packages_are_treadles(project: Project, tmp_path: Path) -> None:
    code = "import models, properties, spec; print(spec.VERSION, models.__file__)"
    expected = f"{VERSION} {project.packages / '_treadle' / 'models' / '__init__.py'}\n"
    assert project.run("python", "-c", code, at=tmp_path) == expected


@pytest.mark.slow
def test_a_project_that_is_installed_in_place_keeps_its_own_packages(
    project: Project, tmp_path: Path
) -> None:
    link = project.packages / "project.pth"
    link.write_text(f"{project.folder}\n")
    try:
        code = "import models; print(models.OWNER)"
        assert project.run("python", "-c", code, at=tmp_path) == "the project\n"
        assert project.run("treadle", "--version", at=tmp_path) == f"treadle {VERSION}\n"
    finally:
        link.unlink()
