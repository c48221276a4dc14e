"""The launcher: the command `treadle`, `python -m treadle`, and the pytest plugin.

Treadle's packages have plain names: `spec`, `properties`, `models`. So may those of a project that
uses Treadle, and there each side has to get its own.

- In a checkout the packages lie beside this file. Installed, they lie in the folder `_treadle`
  beside it, which `zz_treadle.pth` puts at the END of the module path: `import spec` works, and
  a project's own `models`, however it got onto the path, is found first.
- The command has a process of its own, where `main` puts Treadle's packages FIRST. A model file of
  yours that it loads sees Treadle's `models`, not yours.
- The pytest plugin lives in the project's process. It imports nothing of Treadle there; the fixture
  `treadle_check` starts the command in a process of its own.

        def test_transfer_is_serializable(treadle_check):
            report = treadle_check("transfer.toml")
            assert report["verdict"] == "holds"

Nothing is imported before it is needed, neither pytest nor Treadle.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
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
    command = [sys.executable, "-P", str(HERE), *arguments]
    done = subprocess.run(  # noqa: S603  # no shell
        command, input=given, capture_output=True, text=True, encoding="utf-8", check=False
    )
    try:
        return json.loads(done.stdout)
    except ValueError:
        raise ValueError(done.stderr.strip()) from None


def pytest_configure(config: "pytest.Config") -> None:
    """Offer the fixture `treadle_check` to the project that pytest runs in."""
    import pytest  # noqa: PLC0415  # the command does without it

    class Fixtures:
        @pytest.fixture
        def treadle_check(self) -> Callable[..., Any]:
            """Run `treadle check --json` on the arguments and return the parsed report."""
            return check

    config.pluginmanager.register(Fixtures(), "treadle-fixtures")


if __name__ == "__main__":
    sys.exit(main())
