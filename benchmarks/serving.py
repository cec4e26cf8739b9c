"""What a page costs to serve, beside an empty Django view and a static file from nginx, all in the same run.

    .venv/bin/python -m benchmarks.serving [--seconds 3] [--rounds 3] [--large 4000] [--content DIR]

Needs wrk and nginx-light from Debian. Two gunicorn workers each, as `make run` starts them; load from this machine to
127.0.0.1 only, a few seconds at a time. The places take turns and each figure is the median of the rounds: CPU is that of
all processes of the server, so what else the machine does hardly changes it; latency is to be read as a ratio.
"""

import argparse
import json
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from benchmarks.loading import write_sections

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
QUESTIONS = ROOT / "benchmarks" / "queries" / "kinds_held.jsonl"
CONNECTIONS = (8, 32)
TICK = os.sysconf("SC_CLK_TCK")
SECTION = "/guide/communication-skills/complaint-handling/"
CHAPTER = "/guide/communication-skills/"
SEARCH = "/search/?q=%E5%AE%A2%E6%88%B7%E6%8A%95%E8%AF%89"
GUNICORN = ["--workers", "2", "--threads", "4", "--preload", "--no-control-socket", "--log-level", "error"]
NGINX = """\
{user}daemon off; worker_processes 2; pid {home}/nginx.pid; error_log {home}/error.log;
events {{}}
http {{
  access_log off; sendfile on; keepalive_requests 1000000; default_type text/html;
  client_body_temp_path {home}/a; proxy_temp_path {home}/b; fastcgi_temp_path {home}/c;
  uwsgi_temp_path {home}/d; scgi_temp_path {home}/e;
  server {{ listen 127.0.0.1:{port}; root {home}/files; }}
}}
"""
# Run against a loaded DATA_DIR: queries of a page that is kept, and of one that is drawn after an edit, in a new process.
QUERIES = """
import sys, django; django.setup()
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from guide.pages import kept
for name in sys.argv[1:]:
    counts = []
    for turn in range(2):
        if turn == 0: kept.start_afresh()
        with CaptureQueriesContext(connection) as asked: Client(headers={"host": "127.0.0.1"}).get(name)
        counts.append(len(asked))
    print(name, *counts)
"""
COLD = """
from guide.wsgi import application
from django.test import Client
assert Client(headers={"host": "127.0.0.1"}).get("/").content
"""


@dataclass(frozen=True)
class Server:
    """A running server: its process and its port."""

    process: subprocess.Popen
    port: int

    def pids(self) -> list[int]:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [self.process.pid, *map(int, children)]

    def cpu(self) -> float:
        """Seconds of processor time that the server and its workers have used."""
        fields = (Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in self.pids())
        return sum(int(row[11]) + int(row[12]) for row in fields) / TICK

    def memory(self) -> list[float]:
        """MB of memory of each worker, shared parts shared out (PSS)."""
        rollups = (Path(f"/proc/{pid}/smaps_rollup").read_text() for pid in self.pids()[1:])
        return [int(re.search(r"^Pss:\s+(\d+)", text, re.MULTILINE)[1]) / 1024 for text in rollups]


@dataclass(frozen=True)
class Place:
    """A name for the table, and where to ask."""

    name: str
    server: Server
    path: str


@dataclass
class Figures:
    """Of one place: CPU in microseconds a request, and the 99th percentile in milliseconds by connections."""

    cpu: list[float]
    p99: dict[int, list[float]]


def free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def running(command: list[str], port: int, environment: dict[str, str]) -> Iterator[Server]:
    process = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)
    try:
        for _ in range(100):
            time.sleep(0.2)
            if is_up(port):
                break
        yield Server(process, port)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def is_up(port: int) -> bool:
    try:
        urlopen(f"http://127.0.0.1:{port}/", timeout=5).close()
    except OSError as error:
        return getattr(error, "code", None) is not None
    return True


def gunicorn(module: str, environment: dict[str, str]):
    port = free_port()
    environment |= {"MALLOC_ARENA_MAX": "1", "MALLOC_TRIM_THRESHOLD_": "131072", "MALLOC_MMAP_THRESHOLD_": "131072"}
    return running([str(BIN / "gunicorn"), module, "--bind", f"127.0.0.1:{port}", *GUNICORN], port, environment)


def site(home: Path, content: Path):
    """Load `content` below `home`, as `make run` does, and serve it."""
    environment = os.environ | {"DATA_DIR": str(home), "DJANGO_SETTINGS_MODULE": "guide.settings", "CONTENT_DIR": str(content)}
    for command in (["migrate", "-v0"], ["load_content"], ["collectstatic", "-v0", "--noinput"]):
        subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=environment, check=True, capture_output=True)
    return gunicorn("guide.wsgi", environment)


def nginx(home: Path, html: bytes):
    port, files = free_port(), home / "files"
    files.mkdir(parents=True)
    (files / "index.html").write_bytes(html)
    (home / "nginx.conf").write_text(NGINX.format(home=home, port=port, user="user root; " if os.geteuid() == 0 else ""))
    return running(["nginx", "-e", f"{home}/error.log", "-c", f"{home}/nginx.conf"], port, dict(os.environ))


def fetch(place: Place, encoding: str = "gzip") -> bytes:
    with urlopen(Request(f"http://127.0.0.1:{place.server.port}{place.path}", headers={"Accept-Encoding": encoding})) as answer:
        return answer.read()


def load(place: Place, connections: int, seconds: int) -> tuple[float, float]:
    """CPU microseconds a request and p99 in milliseconds under `connections` that ask without pause."""
    address = f"http://127.0.0.1:{place.server.port}{place.path}"
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "-H", "Accept-Encoding: gzip", address]
    before = place.server.cpu()
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    spent = place.server.cpu() - before
    assert "Non-2xx" not in told, told
    number, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", told).groups()
    return spent * 1e6 / int(re.search(r"(\d+) requests in", told)[1]), float(number) * {"us": 1e-3, "ms": 1, "s": 1e3}[unit]


def measure(places: list[Place], rounds: int, seconds: int) -> dict[str, Figures]:
    found = {place.name: Figures([], {count: [] for count in CONNECTIONS}) for place in places}
    for place in places:
        for _ in range(20):  # both workers have met the page
            fetch(place)
    for _ in range(rounds):
        for connections in CONNECTIONS:
            for place in places:
                cpu, p99 = load(place, connections, seconds)
                found[place.name].cpu.append(cpu)
                found[place.name].p99[connections].append(p99)
    return found


def show(found: dict[str, Figures], yardstick: str) -> None:
    """A line for each place; ratios are taken within each round, and of them the median."""
    base = found[yardstick]
    print(f"{'':<34}{'CPU µs':>8}{'ratio':>7}{'p99 at 8':>10}{'ratio':>7}{'p99 at 32':>10}{'ratio':>7}")
    for name, row in found.items():
        line = f"{name:<34}{statistics.median(row.cpu):8.0f}{ratio(row.cpu, base.cpu):7.2f}"
        for count in CONNECTIONS:
            line += f"{statistics.median(row.p99[count]):7.1f} ms{ratio(row.p99[count], base.p99[count]):7.2f}"
        print(line)


def ratio(ours: list[float], theirs: list[float]) -> float:
    return statistics.median(mine / other for mine, other in zip(ours, theirs, strict=True))


def show_sizes(place: Place) -> None:
    outline = fetch(Place("", place.server, "/"), "identity").decode()
    sections = sorted(set(re.findall(r'href="(/guide/[^/"]+/[^/"]+/)"', outline)))
    sizes = [len(fetch(Place("", place.server, path))) for path in sections]
    style = len(zlib.compress(b"".join(re.findall(rb"<style>.*?</style>", fetch(place, "identity"), re.DOTALL))))
    print(
        f"HTML of a section, gzip: median {statistics.median(sizes):.0f} bytes, most {max(sizes)}; of it inlined style {style}"
    )


def show_memory(place: Place, when: str) -> None:
    print(f"memory of a worker (PSS) {when}: {' and '.join(f'{size:.0f} MB' for size in place.server.memory())}")


def read_all(place: Place) -> None:
    """Read each section, often enough for both workers to have met most of them."""
    outline = fetch(Place("", place.server, "/"), "identity").decode()
    for path in sorted(set(re.findall(r'href="(/guide/[^/"]+/[^/"]+/)"', outline))) * 4:
        fetch(Place("", place.server, path))


def ask_many(place: Place) -> None:
    """Ask different questions: of one asked again and again a worker holds the answer."""
    asked = [json.loads(line)["q"] for line in QUESTIONS.read_text("utf-8").splitlines()]
    for words in asked * 4:
        fetch(Place("", place.server, f"/search/?{urlencode({'q': words})}"))


def show_cold_start(home: Path) -> None:
    environment = os.environ | {"DATA_DIR": str(home), "DJANGO_SETTINGS_MODULE": "guide.settings"}
    times, cpu = [], []
    for _ in range(5):
        begun, used = time.perf_counter(), sum(os.times()[2:4])
        subprocess.run([sys.executable, "-c", COLD], cwd=ROOT, env=environment, check=True)
        times.append(time.perf_counter() - begun)
        cpu.append(sum(os.times()[2:4]) - used)
    print(f"cold start, process to first page: {statistics.median(times):.2f} s; processor {statistics.median(cpu):.2f} s")


def show_queries(home: Path) -> None:
    environment = os.environ | {"DATA_DIR": str(home), "DJANGO_SETTINGS_MODULE": "guide.settings"}
    command = [sys.executable, "-c", QUERIES, SECTION, CHAPTER, SEARCH]
    print("queries: address, first after a start, then warm")
    print(subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True).stdout, end="")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--large", type=int, default=0, help="also serve a made-up guide of so many sections beside one of 40")
    parser.add_argument("--content", type=Path, default=ROOT / "content")
    asked = parser.parse_args()
    if missing := [name for name in ("wrk", "nginx") if not shutil.which(name)]:
        sys.exit(f"missing: {' '.join(missing)} (Debian: apt-get install wrk nginx-light)")
    with tempfile.TemporaryDirectory() as temporary, ExitStack() as stack:
        run(Path(temporary), stack, asked)


def run(home: Path, stack: ExitStack, asked: argparse.Namespace) -> None:
    yardstick = Place("empty Django view", stack.enter_context(gunicorn("benchmarks.empty", dict(os.environ))), "/")
    guide = stack.enter_context(site(home / "guide", asked.content))
    section = Place("section", guide, SECTION)
    static = Place("static file from nginx", stack.enter_context(nginx(home / "nginx", fetch(section, "identity"))), "/")
    places = [yardstick, section, Place("chapter", guide, CHAPTER), Place("search, two words", guide, SEARCH), static]
    for size in (40, asked.large) if asked.large else ():
        write_sections(home / f"content-{size}", size)
        made = stack.enter_context(site(home / f"data-{size}", home / f"content-{size}"))
        places.append(Place(f"section of {size}", made, "/guide/chapter-1/section-1/"))
        places.append(Place(f"search in {size}", made, "/search/?q=%E7%AC%AC1"))
    read_all(section)
    show_memory(section, "after reading")
    ask_many(section)
    show_memory(section, "after 84 different searches as well")
    found = measure(places, asked.rounds, asked.seconds)
    show(found, yardstick.name)
    show_sizes(section)
    show_cold_start(home / "guide")
    show_queries(home / "guide")


if __name__ == "__main__":
    main()
