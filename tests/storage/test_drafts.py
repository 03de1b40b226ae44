"""Unfinished files go with whoever made them, however that ends."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from vertex.storage import drafts

HOLDS = """
import sys
from pathlib import Path
from vertex.storage import drafts
folder = Path(sys.argv[1])
with drafts.workspace(folder) as space, drafts.draft(folder) as draft:
    (space / "film").write_bytes(b"half a film")
    draft.write_bytes(b"half a file")
    print("held", flush=True)
    sys.stdin.read()
"""


def holder(folder: Path) -> "subprocess.Popen[str]":
    """A process at work on a folder and a file, both there when this returns."""
    command = [sys.executable, "-c", HOLDS, str(folder)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    process = subprocess.Popen(command, text=True, **pipes)  # type: ignore[call-overload]
    assert process.stdout.readline() == "held\n"
    return process  # type: ignore[no-any-return]


def end(process: "subprocess.Popen[str]", number: signal.Signals) -> None:
    os.kill(process.pid, number)
    process.communicate()


def test_a_block_that_ends_leaves_nothing(tmp_path: Path) -> None:
    with drafts.workspace(tmp_path) as space, drafts.draft(tmp_path) as draft:
        (space / "film").write_bytes(b"film")
        assert {space, draft} == set(tmp_path.iterdir())

    assert list(tmp_path.iterdir()) == []


def test_what_was_moved_away_stays(tmp_path: Path) -> None:
    with drafts.draft(tmp_path / "drafts") as draft:
        draft.write_bytes(b"whole")
        draft.rename(tmp_path / "file")

    assert (tmp_path / "file").read_bytes() == b"whole"


def test_what_a_killed_process_left_goes_with_the_next_draft(tmp_path: Path) -> None:
    process = holder(tmp_path)
    end(process, signal.SIGKILL)
    left = set(tmp_path.iterdir())

    with drafts.draft(tmp_path) as draft:
        found = set(tmp_path.iterdir())

    assert len(left) == 2
    assert found == {draft}


def test_what_a_living_process_works_on_stays(tmp_path: Path) -> None:
    process = holder(tmp_path)
    try:
        with drafts.draft(tmp_path):
            kept = sorted(tmp_path.rglob("*"))
    finally:
        end(process, signal.SIGTERM)

    assert len(kept) == 4
    assert any(path.name == "film" for path in kept)
