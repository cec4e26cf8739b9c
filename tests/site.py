"""The site as `make run` serves it, as a process on a data folder and port of its own."""

import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parent.parent


def environment(data, port, content=ROOT / "content"):
    """All that a process of the site is told: nothing is taken over from the tests' own environment but PATH."""
    path = os.environ["PATH"]
    return {"PATH": path, "LANG": "C.UTF-8", "DATA_DIR": str(data), "PORT": str(port), "CONTENT_DIR": str(content)}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(condition, seconds=300):
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


def manage(data, *arguments, **variables):
    """Run manage.py on `data`; returns what it printed."""
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment(data, 0) | variables, capture_output=True, check=True)
    return done.stdout.decode()


@contextmanager
def serving(data, port, content=ROOT / "content", log=None, **told):
    """Serve `content` on `data` and `port`, `told` further variables, until the block ends; gives the process."""
    command, variables = [sys.executable, "-m", "guide.serving"], environment(data, port, content) | told
    process = subprocess.Popen(command, cwd=ROOT, env=variables, start_new_session=True, stdout=log, stderr=log)
    try:
        assert wait_for(lambda: answers(port, "/readyz"), 240)
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(20)
