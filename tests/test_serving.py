"""`make run` as a process: refuses a second run, survives its worker, goes when told."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

import pytest

ROOT = Path(__file__).resolve().parent.parent


def environment(data, port):
    return {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "DATA_DIR": str(data), "PORT": str(port)}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(condition, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.2)
    return False


def answers(port, path="/healthz"):
    try:
        with urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as response:
            return response.status == 200
    except OSError:
        return False


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
    process = subprocess.Popen(
        [sys.executable, "-m", "guide.serving"], cwd=ROOT, env=environment(data, port), start_new_session=True
    )
    assert wait_for(lambda: answers(port, "/readyz"))
    yield process, port, data
    if process.poll() is None:
        process.terminate()
        process.wait(20)


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
