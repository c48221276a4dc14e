"""A file is written whole or not at all, whatever happens meanwhile."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from models import files
from models.files import whole

ROOT = Path(__file__).parents[2]


@pytest.fixture(params=["nameless", "named"], autouse=True)
def _way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Write in the way of Linux, and in that of systems where every file has a name."""
    if request.param == "named":
        monkeypatch.setattr(files, "_DESCRIPTORS", ROOT / "there is no such folder")


def test_what_is_written_takes_the_place_of_what_was_there(tmp_path: Path) -> None:
    file = tmp_path / "file"
    for content in (b"long content", b"short"):
        with whole(file) as stream:
            stream.write(content)
        assert {each.name: each.read_bytes() for each in tmp_path.iterdir()} == {"file": content}
    umask = os.umask(0)
    os.umask(umask)
    assert file.stat().st_mode & 0o777 == 0o666 & ~umask


def test_until_it_is_complete_what_was_there_stands_there(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"before")
    with whole(file) as stream:
        stream.write(b"after")
        stream.flush()
        assert file.read_bytes() == b"before"
    assert file.read_bytes() == b"after"


def test_a_writer_that_fails_leaves_what_was_there_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"before")

    def fail() -> None:
        with whole(tmp_path / "file") as stream:
            stream.write(b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert {each.name: each.read_bytes() for each in tmp_path.iterdir()} == {"file": b"before"}


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), whole(tmp_path / "folder" / "file"):
        pass


def test_what_an_earlier_writer_left_beside_it_is_no_hindrance(tmp_path: Path) -> None:
    (tmp_path / "file.part").write_bytes(b"left behind, and longer")
    with whole(tmp_path / "file") as stream:
        stream.write(b"whole")
    assert {each.name: each.read_bytes() for each in tmp_path.iterdir()} == {"file": b"whole"}


@pytest.mark.skipif(not hasattr(os, "O_TMPFILE"), reason="files without names are Linux's")
def test_a_writer_that_is_killed_leaves_nothing(tmp_path: Path) -> None:
    program = (
        "import os, signal, sys; from pathlib import Path; from models.files import whole\n"
        "with whole(Path(sys.argv[1])) as stream:\n"
        "    stream.write(b'half'); stream.flush(); os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "file")]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode < 0  # noqa: S603  # our own
    assert list(tmp_path.iterdir()) == []
