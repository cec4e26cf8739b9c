"""The contract of any engine, where processes meet and die. What happens is in `tests.search.processes`."""

import shutil
import subprocess
import sys

import pytest

from tests.factories import write_guide
from tests.site import ROOT, environment, manage

TRIALS = [
    "kill_in_commit",
    "two_writers",
    "second_writer_is_refused",
    "read_while_committing",
    "read_while_rebuilding",
    "killed_before_forgetting",
    "full_disk",
]


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    """A data folder with the small guide, loaded and indexed."""
    folder = tmp_path_factory.mktemp("contract")
    manage(folder / "data", "migrate", "-v0")
    manage(folder / "data", "load_content", str(write_guide(folder / "content")))
    return folder / "data"


@pytest.mark.parametrize("trial", TRIALS)
def test_nothing_is_lost_and_nothing_torn(loaded, tmp_path, trial):
    shutil.copytree(loaded, tmp_path / "data")
    command = [sys.executable, "-m", "tests.search.processes", trial]

    variables = environment(tmp_path / "data", 0)
    result = subprocess.run(command, check=False, cwd=ROOT, env=variables, capture_output=True, text=True)

    assert result.returncode == 0, result.stderr
