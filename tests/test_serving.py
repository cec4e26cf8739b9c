"""`make run` as a process: refuses a second run, survives its worker, goes when told."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.site import ROOT, answers, environment, free_port, serving, wait_for


def workers(data):
    """Pids of the worker that serves `data`."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            line, env = (entry / "cmdline").read_bytes(), (entry / "environ").read_bytes()
        except OSError:
            continue
        if b"guide.worker" in line and f"DATA_DIR={data}".encode() in env.split(b"\0"):
            found.append(int(entry.name))
    return found


@pytest.fixture
def served(tmp_path):
    """A running site; yields its process, port and data folder."""
    port, data = free_port(), tmp_path / "data"
    with serving(data, port) as process:
        yield process, port, data


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="reads /proc")
def test_site_serves_refuses_a_second_run_restarts_its_worker_and_stops(served):
    process, port, data = served
    second = subprocess.run(
        [sys.executable, "-m", "guide.serving"], cwd=ROOT, env=environment(data, free_port()), capture_output=True, check=False
    )
    (first_worker,) = workers(data)
    os.kill(first_worker, signal.SIGKILL)
    is_restarted = wait_for(lambda: workers(data) not in ([], [first_worker]))
    process.terminate()
    begun = time.monotonic()
    process.wait(20)

    assert second.returncode == 1
    assert "已有一个服务在用" in second.stderr.decode()
    assert is_restarted
    assert time.monotonic() - begun < 10
    assert not answers(port)
    assert wait_for(lambda: not workers(data), 5)
    assert (data / "secret_key").stat().st_mode & 0o077 == 0
