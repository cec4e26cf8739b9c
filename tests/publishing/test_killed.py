"""Processes killed in the middle of publishing and of loading: the site is as before or as after, never between."""

import os
import subprocess
import sys
from collections import Counter

import pytest

from tests.factories import write_guide
from tests.site import ROOT, environment, manage


@pytest.mark.skipif(not hasattr(os, "fork") or "TEST_DATABASE_URL" in os.environ, reason="forks, on a SQLite file")
@pytest.mark.parametrize("act", ["load", "publish"])
def test_killed_twenty_times_the_site_is_as_before_or_as_after(tmp_path, act):
    data, content = tmp_path / "data", write_guide(tmp_path / "content")
    manage(data, "migrate", "-v0")
    command = [sys.executable, "-m", "tests.publishing.killing", act, str(content)]
    variables = environment(data, 0, content) | {"DJANGO_SETTINGS_MODULE": "guide.settings"}
    done = subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True, check=True)
    outcomes = Counter(line for line in done.stdout.splitlines() if line)

    assert set(outcomes) <= {"before", "after"}, done.stdout + done.stderr
    assert outcomes.total() == 20
