"""The tests themselves: those of a group run in one process."""

import re
import subprocess
import sys
from pathlib import Path

TESTS = """
import pytest

@pytest.mark.xdist_group("store")
@pytest.mark.parametrize("number", range(6))
def test_it(number): pass
"""


def test_those_of_a_group_run_in_one_process(tmp_path: Path) -> None:
    # or each process starts a studio and a store of its own, as with pytest 9.2 and xdist 3.8
    (tmp_path / "test_some.py").write_text(TESTS)
    command = [sys.executable, "-m", "pytest", "-v", "-p", "no:cacheprovider", "-n", "2"]

    done = subprocess.run(
        [*command, "--dist", "loadgroup", "test_some.py"],
        cwd=tmp_path, capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip

    processes = re.findall(r"^\[(gw\d)\].* PASSED", done.stdout, re.M)
    assert len(processes) == 6 and len(set(processes)) == 1
