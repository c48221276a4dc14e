"""The launcher: the command `treadle`, `python -m treadle`, and the pytest plugin.

Treadle's packages have plain names: `spec`, `properties`, `models`. So may those of a project that
uses Treadle, and there each side has to get its own.

- In a checkout the packages lie beside this file. Installed, they lie in the folder `_treadle`
  beside it, which `zz_treadle.pth` puts at the END of the module path: `import spec` works, and
  a project's own `models`, however it got onto the path, is found first.
- The command has a process of its own, where `main` puts Treadle's packages FIRST. A model file of
  yours that it loads sees Treadle's `models`, not yours.
- The pytest plugin lives in the project's process. It imports nothing of Treadle there; its marker
  and its fixtures start the command in a process of its own.

        @pytest.mark.treadle_model("transfer.toml")
        def test_transfer_holds(): ...

        def test_every_transfer_succeeds(treadle_model):
            report = treadle_model("transfer.toml", max_seconds=60)
            assert all(outcome["summaries"]["pay"]["success"] for outcome in report["outcomes"])

Nothing is imported before it is needed, neither pytest nor Treadle.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pytest

HERE = Path(__file__).resolve()
HOME = next(at for at in (HERE.parent / "_treadle", HERE.parent) if (at / "spec").is_dir())
"""The folder of Treadle's own packages."""
PACKAGES = ("spec", "properties", "models")
"""Their names."""
BAD_INPUT = 2
"""The exit code of `check` for input or usage that is refused, as the command documents it."""
MARKER = FIXTURE = "treadle_model"
"""What the marker and the fixture of the pytest plugin are called."""
HELP = (
    "check models and scenario files before the test runs, as `treadle check` does, and fail, with a "
    "run that shows it, unless all holds; keywords are options of `treadle check`: random=20, "
    "max_seconds=60; `pytest -m treadle_model` runs only such tests"
)
"""What the marker is for."""
LONGEST = 100
"""How many characters of the name of a test are in the name of a folder."""


def foreign() -> list[str]:
    """Name the imported packages that have a name of Treadle's and are not Treadle's."""
    imported = {name: sys.modules[name] for name in PACKAGES if name in sys.modules}
    files = {name: getattr(module, "__file__", None) for name, module in imported.items()}
    ours = {name: HOME / name / "__init__.py" for name in PACKAGES}
    return [name for name, file in files.items() if Path(file or "").resolve() != ours[name]]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command with Treadle's own packages, whatever else is called as they are."""
    if taken := foreign():
        names = ", ".join(taken)
        sys.stderr.write(f"treadle: error: another `{names}` is imported in this process\n")
        return BAD_INPUT
    sys.path[:] = [str(HOME), *(entry for entry in sys.path if entry != str(HOME))]
    code: int = import_module("models.command.main").main(arguments)
    return code


def check(*arguments: str) -> Any:
    """Run `treadle check --json` in a process of its own and return the report it prints."""
    return reported(["check", "--json", *arguments])


def replay(trace: str) -> Any:
    """Run `treadle replay --json` on the text of a trace, as `check` runs, and return its report."""
    return reported(["replay", "--json", "-"], trace)


def reported(arguments: Sequence[str], given: str = "") -> Any:
    """Run the command in a process of its own, and return the report that it prints."""
    done = process(arguments, given)
    try:
        return json.loads(done.stdout)
    except ValueError:
        raise ValueError(done.stderr.strip()) from None


def process(arguments: Sequence[str], given: str = "") -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own; how it ended, and what it printed."""
    command = [sys.executable, "-P", str(HERE), *arguments]
    return subprocess.run(  # noqa: S603  # no shell
        command, input=given, capture_output=True, text=True, encoding="utf-8", check=False
    )


def arguments_of(
    what: Sequence[object], parameters: Mapping[str, object] | None, options: Mapping[str, object]
) -> list[str]:
    """The arguments of `check` that keywords are: `max_seconds=60` is `--max-seconds 60`."""
    arguments = [str(each) for each in what]
    for name, value in (parameters or {}).items():
        arguments += ["-p", f"{name}={value}"]
    for name, value in options.items():
        if value is not None and value is not False:
            flag = f"--{name.replace('_', '-')}"
            arguments += [flag] if value is True else [flag, str(value)]
    return arguments


class Checker:
    """Checks models for one test, and fails it, with the report, unless everything holds."""

    def __init__(self, item: "pytest.Item", folder: Callable[[], Path]) -> None:
        self._item = item
        self._folder = folder

    def __call__(
        self, *what: object, parameters: Mapping[str, object] | None = None, **options: object
    ) -> Any:
        """Check models and scenario files.

        Args:
            what: built-in models, scenario files (`file.toml`), models in files (`my_file.py:NAME`).
            parameters: parameters of the models, as with `-p`.
            options: options of `treadle check`: `random=20`, `max_seconds=60`, `exhaustive=True`.

        Returns:
            The report that `treadle check --json` prints; of several models, a list of reports.
        """
        import pytest  # noqa: PLC0415  # the command does without it

        folder = self._folder()
        asked = arguments_of(what, parameters, options)
        done = process(["check", "--json", "--artifacts", str(folder), *asked])
        with suppress(OSError):  # where something was left there, it stays
            folder.rmdir()
        if done.returncode == BAD_INPUT:
            pytest.fail(done.stderr.strip(), pytrace=False)
        report: Any = json.loads(done.stdout)
        reports: list[Any] = [report] if "model" in report else report
        for each in reports:
            self._record(each)
        if done.returncode:
            pytest.fail("\n".join(told(each) for each in reports).strip(), pytrace=False)
        return report

    def _record(self, report: Mapping[str, Any]) -> None:
        """Have JUnit reports of the test tell what was checked, and where the traces lie."""
        properties = self._item.user_properties
        properties.append(("treadle_model", f"{report['model']}: {report['verdict']}"))
        traces = (file for file in report["artifacts"] if file.endswith(".trace.json"))
        properties += [("treadle_trace", file) for file in traces]


def told(report: Mapping[str, Any]) -> str:
    """What `check` prints of a model that does not hold; nothing if it does."""
    files = (Path(file) for file in report["artifacts"])
    return next((each.read_text("utf-8") for each in files if each.name == "report.txt"), "")


def pytest_addoption(parser: "pytest.Parser") -> None:
    """Offer the option that names a folder for what does not hold."""
    parser.getgroup("treadle", "checking models").addoption(
        "--treadle-artifacts",
        metavar="DIR",
        help="leave traces, drawings and reports of what does not hold below this folder, "
        "and not in pytest's temporary one",
    )


def pytest_configure(config: "pytest.Config") -> None:
    """Offer the marker and the fixtures to the project that pytest runs in."""
    config.addinivalue_line("markers", f"{MARKER}(what, ..., parameters=None, **options): {HELP}")
    config.pluginmanager.register(plugin(config.getoption("--treadle-artifacts")), "treadle-plugin")


def plugin(artifacts: str | None) -> object:
    """The plugin, which leaves what does not hold in this folder, if it is to be kept."""
    import pytest  # noqa: PLC0415  # the command does without it

    class Plugin:
        @pytest.fixture
        def treadle_check(self) -> Callable[..., Any]:
            """Run `treadle check --json` on the arguments; return the report, whatever it says.

            treadle_check("seats.toml", "--random", "20")["verdict"]
            """
            return check

        @pytest.fixture
        def treadle_model(
            self, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
        ) -> Checker:
            """Check models and scenario files; fail, with a run that shows it, unless all holds.

            treadle_model("seats.toml", max_seconds=60)
            treadle_model("counter", parameters={"transactions": 2}, random=20, seed=7)

            It returns the report that `treadle check --json` prints. Keywords are its options.
            """
            item: pytest.Item = request.node

            def folder() -> Path:
                if artifacts is None:
                    return tmp_path_factory.mktemp("treadle")
                return folder_of(item, artifacts)

            return Checker(item, folder)

        @pytest.hookimpl(tryfirst=True)
        def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
            """Mark what uses the fixture, and give the fixture to what is marked."""
            for item in items:
                join(item)

        @pytest.hookimpl(tryfirst=True)
        def pytest_runtest_call(self, item: pytest.Item) -> None:
            """Check what the markers of a test name, before it runs."""
            check_marked(item)

    return Plugin()


def folder_of(item: "pytest.Item", artifacts: str) -> Path:
    """The folder of a test below that in which all is kept."""
    folder = item.config.invocation_params.dir / artifacts / slug(item.nodeid)
    return Path(os.path.relpath(folder))


def join(item: "pytest.Item") -> None:
    """Mark a test that uses the fixture; a test that is marked gets the fixture."""
    import pytest  # noqa: PLC0415  # the command does without it

    names: list[str] = getattr(item, "fixturenames", [])
    if FIXTURE in names:
        item.add_marker(MARKER)
        return
    markers = [*item.iter_markers(MARKER)]
    if not all(marker.args for marker in markers):
        raise pytest.UsageError(f"{item.nodeid}: {MARKER}: expected the name of a model or file")
    if markers:
        names.append(FIXTURE)


def check_marked(item: "pytest.Item") -> None:
    """Check what the markers of a test name, those above first."""
    for marker in reversed([*item.iter_markers(MARKER)]):
        if marker.args:
            checker: Checker = vars(item)["funcargs"][FIXTURE]
            checker(*marker.args, **marker.kwargs)


def slug(name: str) -> str:
    """What is left of the name of a test in the name of a folder."""
    return re.sub(r"[^A-Za-z0-9_]+", "-", name).strip("-")[-LONGEST:]


if __name__ == "__main__":
    sys.exit(main())
