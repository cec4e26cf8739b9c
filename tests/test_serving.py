"""`make run` as a process: refuses a second run, survives its worker, goes when told."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.factories import COMPLAINTS, write_guide
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
    with serving(data, port, write_guide(tmp_path / "content")) as process:
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


def test_refused_load_leaves_the_guide_that_is_there_in_service(tmp_path):
    data, content, log = tmp_path / "data", write_guide(tmp_path / "content"), tmp_path / "log"
    with serving(data, free_port(), content):
        pass
    write_guide(content, {"01-talk/01-complaints.md": COMPLAINTS.replace("term:kyc", "term:nope")})
    port = free_port()
    with log.open("w") as file, serving(data, port, content, file):
        is_served = answers(port, "/guide/talk/complaints/")

    assert is_served
    assert "01-talk/01-complaints.md:11" in log.read_text()
    assert "继续提供数据库里原有的指南" in log.read_text()


def test_refused_load_into_an_empty_guide_does_not_start(tmp_path):
    content = write_guide(tmp_path / "content", {"01-talk/index.md": None})
    command = [sys.executable, "-m", "guide.serving"]
    variables = environment(tmp_path / "data", free_port(), content)
    done = subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, check=False)

    assert done.returncode == 1
    assert "01-talk/index.md:1" in done.stderr.decode()
