"""What a user may name: a built-in model, a scenario file, a model in a Python file."""

import sys
from collections.abc import Generator
from contextlib import contextmanager, suppress
from difflib import get_close_matches
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

from attrs import evolve, frozen

from models.catalogue import CATALOGUE, model_named
from models.errors import InputError
from models.model import Model
from models.scenario.build import load_scenario
from models.scenario.errors import ScenarioError
from models.search.checkpoint import CheckpointError
from models.search.judge import JudgeError
from models.search.parallel.cluster import ClusterError
from models.search.symmetry.group import SymmetryError

SUFFIX = ".json"
"""How the names of trace files end."""

STDIN = "-"
"""What a user writes for standard input."""


@frozen
class Target:
    """A model that a user has named."""

    model: Model
    """The model; it has the name that the user gave it."""
    built_in: bool
    """Whether it is one of the catalogue."""


def targets(names: list[str]) -> tuple[Target, ...]:
    """The models of these names; all built-in ones if there are none.

    Raises:
        InputError: a name means nothing.
    """
    if not names:
        return tuple(Target(model, built_in=True) for model in CATALOGUE)
    return tuple(target(name) for name in names)


def target(name: str) -> Target:
    """The model of this name.

    Raises:
        InputError: the name means nothing, or what it means cannot be used.
    """
    if name.endswith(".toml"):
        return Target(scenario(name), built_in=False)
    file, colon, attribute = name.rpartition(":")
    if colon and file.endswith(".py"):
        return Target(evolve(model_in(file, attribute), name=name), built_in=False)
    if name.endswith(".py"):
        raise InputError(f"{name}: which model of the file? write {name}:NAME")
    if is_trace(name) and there_is(name):
        raise InputError(f"{name}: not a TOML file; if it is a trace: treadle replay {name}")
    if there_is(name):
        return Target(scenario(name), built_in=False)
    model = model_named(name)
    if model is None:
        raise InputError(f"{name.strip() or repr(name)}: {unknown(name)}")
    return Target(model, built_in=True)


def there_is(name: str) -> bool:
    """Whether there is a file or directory of this name; there is none if no file could have it."""
    try:
        return name != "" and Path(name).exists()
    except OSError:
        return False


def is_trace(name: str) -> bool:
    """Whether a user names a trace: by its suffix, or because the file begins as JSON does."""
    return name.endswith(SUFFIX) or name == STDIN or _begins_as_json(name)


def _begins_as_json(name: str) -> bool:
    # No TOML and no Python model begins so; a pipe is not looked into, for that would take from it.
    with suppress(OSError, ValueError):
        if Path(name).is_file():
            with Path(name).open("rb") as file:
                return file.read(1) == b"{"
    return False


def unknown(name: str) -> str:
    """What to say of a name that means nothing."""
    names = [model.name for model in CATALOGUE]
    near = get_close_matches(name, names)
    there = f"did you mean {' or '.join(near)}?" if near else f"there is {', '.join(names)}"
    return f"no such model or file; {there}"


def scenario(file: str) -> Model:
    """The model that a scenario file describes.

    Raises:
        InputError: it describes none.
    """
    try:
        return load_scenario(file)
    except ScenarioError as error:
        raise InputError(str(error)) from error


def model_in(file: str, attribute: str) -> Model:
    """The model of this name in a Python file, which is run for it.

    Raises:
        InputError: there is no such file or model, or the file cannot be run.
    """
    module = loaded(file)
    if not hasattr(module, attribute):
        raise InputError(f"{file}: there is no {attribute or 'empty name'} in it")
    model = getattr(module, attribute)
    if not isinstance(model, Model):
        raise InputError(f"{file}: {attribute} is of type {type(model).__name__}, not a Model")
    return model


def loaded(file: str) -> ModuleType:
    """The module that a Python file is; it finds what lies beside it, after everything of Treadle's.

    Raises:
        InputError: there is no such file, or it cannot be run.
    """
    path = Path(file)
    if not (there_is(file) and path.is_file()):
        raise InputError(f"{file}: no such file")
    name = f"_treadle_user_{path.stem}"
    spec = spec_from_file_location(name, path)
    # Pythons differ in what they make of a null byte.
    if spec is None or spec.loader is None or b"\0" in path.read_bytes():
        raise InputError(f"{file}: not a Python file")
    module = module_from_spec(spec)
    sys.modules[name] = module
    folder = str(path.resolve().parent)
    if folder not in sys.path:
        sys.path.append(folder)
    try:
        spec.loader.exec_module(module)
    except SyntaxError as error:
        place = file if error.lineno is None else f"{file}:{error.lineno}"
        raise InputError(f"{place}: {error.msg}") from error
    except (Exception, SystemExit) as error:
        raise InputError(f"{file}: loading it raised {error!r}") from error
    return module


@contextmanager
def blamed(target: Target) -> Generator[None]:
    """Say in one line what a model of the user's does wrong while it is built, searched or judged.

    Raises:
        InputError: it raised something.
    """
    try:
        yield
    except JudgeError as error:
        raise InputError(f"{target.model.name}: {error}") from error
    except (CheckpointError, ClusterError) as error:
        raise InputError(str(error)) from error
    except SymmetryError as error:
        raise InputError(f"{target.model.name}: {error}") from error
    except (Exception, SystemExit) as error:
        if target.built_in:
            raise
        raise InputError(f"{target.model.name}: the model raised {error!r}") from error
