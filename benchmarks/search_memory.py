"""What search costs a web worker in memory (PSS), as gunicorn runs them: set up once, then forked.

    DATA_DIR=… .venv/bin/python -m benchmarks.search_memory [WORKERS]

Each worker first serves pages; then it searches in every way. What it takes on by searching, and its part of what was
read for search before the fork (the segmenter, the lexicon), are what search adds to it. The guide must be loaded and
indexed in DATA_DIR, with its static files collected, as `make run` leaves it.
"""

import gc
import os
import sys
from pathlib import Path

from benchmarks.asking import sections, set_up

ROUNDS = 5
PAGES = ("/", "/3.5", "/phrases/", "/healthz")
QUESTIONS = (
    "投诉", "客户骂人怎么办", "工装", "tousu", "tscl", "投述处理", "客戶投訴", "KYC", "3.5", "“首问负责”", "投诉 -电话",
    "老人不会用手机银行怎么办", "客户等得不耐烦", "liyi", "投su", "能不能代签字", "理财亏了来闹", "接电话第一句说什么",
)  # fmt: skip


def main() -> None:
    workers = int(sys.argv[1]) if len(sys.argv) > 1 else 2
    set_up()
    from django.db import connections

    from guide.search import index

    _serve_pages()
    connections.close_all()
    gc.collect()
    before = _megabytes("Pss")
    index.warm()
    gc.collect()
    gc.freeze()
    read = _megabytes("Pss") - before
    grown = _grown_in_workers(workers)
    share = read / (workers + 1)
    print(f"{workers} workers and their parent, PSS in MB: before the fork, search reads {read:.1f}, "
          f"of which each bears {share:.1f}; by searching a worker takes on {', '.join(f'{more:.1f}' for more in grown)}; "
          f"so search adds {share + max(grown):.1f} to a worker")  # fmt: skip


def _grown_in_workers(workers: int) -> list[float]:
    """Fork the workers, let all serve and then search side by side; by how much each has grown."""
    ends = [_fork() for _ in range(workers)]
    for told in ("pages", "measure", "search"):
        for orders, answers in ends:
            orders.write(f"{told}\n")
            orders.flush()
            answers.readline()
    grown = []
    for orders, answers in ends:  # measured while all of them still share what they share
        orders.write("measure\n")
        orders.flush()
        grown.append(float(answers.readline()))
    for orders, _ in ends:
        orders.close()
    return grown


def _fork():
    """A worker; gives the ends by which it is told what to do and answers."""
    orders_in, orders_out = os.pipe()
    answers_in, answers_out = os.pipe()
    if os.fork() == 0:
        os.close(orders_out)
        with os.fdopen(orders_in) as orders, os.fdopen(answers_out, "w", buffering=1) as answers:
            _work(orders, answers)
        os._exit(0)
    os.close(orders_in)
    os.close(answers_out)
    return os.fdopen(orders_out, "w"), os.fdopen(answers_in)


def _work(orders, answers) -> None:
    base = 0.0
    for told in orders:
        if told == "pages\n":
            _serve_pages()
        elif told == "search\n":
            _search()
        gc.collect()
        grown = _megabytes("Pss") - base
        if base == 0.0 and told == "measure\n":
            base = grown
        answers.write(f"{grown}\n")


def _serve_pages() -> None:
    from django.test import Client

    for path in PAGES:
        Client(headers={"host": "127.0.0.1"}).get(path)


def _search() -> None:
    for _ in range(ROUNDS):
        for question in QUESTIONS:
            sections(question)


def _megabytes(name: str) -> float:
    lines = Path("/proc/self/smaps_rollup").read_text(encoding="ascii").splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith(f"{name}:")) / 1024


if __name__ == "__main__":
    main()
