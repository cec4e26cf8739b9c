"""Two people at once on one page: one decision counts, and both texts are there in the end."""

import os
import subprocess
import sys

import pytest

from tests.factories import write_guide
from tests.site import ROOT, environment, manage


@pytest.mark.skipif(not hasattr(os, "fork") or "TEST_DATABASE_URL" in os.environ, reason="forks, on a SQLite file")
def test_two_submit_two_decide_and_four_windows_save_at_once(tmp_path):
    data, content = tmp_path / "data", write_guide(tmp_path / "content")
    manage(data, "migrate", "-v0")
    command = [sys.executable, "-m", "tests.publishing.racing", str(content)]
    variables = environment(data, 0, content) | {"DJANGO_SETTINGS_MODULE": "guide.settings"}
    done = subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True, check=True)

    assert done.stdout.splitlines() == [
        "in-review in-review",
        "AlreadyDecided published",
        "merge",
        "AlreadyDecided published",
        "True superseded,superseded,superseded,published",
        "DraftMovedOn DraftMovedOn DraftMovedOn saved",
    ], done.stderr
