"""What drawing a search page costs, asked for the first time and again, beside the smallest page of the same site.

    DATA_DIR=… .venv/bin/python -m benchmarks.new_search

In one process and without a server, so that only the site's own work counts: middleware, search, templates, compression.
Each question is asked once before, with another word behind it, so that lists and templates are read. The guide must be
loaded and indexed in DATA_DIR, with its static files collected, as `make run` leaves it.
"""

import json
import statistics
import time
from pathlib import Path

from benchmarks.asking import set_up

QUESTIONS = Path(__file__).parent / "queries" / "kinds_held.jsonl"
ROUNDS = 5


def main() -> None:
    set_up()
    from django.test import Client

    client = Client(headers={"host": "127.0.0.1", "accept-encoding": "gzip"}, secure=True)
    asked = [json.loads(line)["q"] for line in QUESTIONS.read_text("utf-8").splitlines()]
    for words in asked:
        client.get("/search/", {"q": f"{words} 服务"})
    least = statistics.median(_cost(client, "/healthz") for _ in range(200))
    new = [_cost(client, "/search/", q=words) for words in asked]
    again = [_cost(client, "/search/", q=words) for words in asked for _ in range(ROUNDS)]
    print(f"smallest page {least:.2f} ms of the processor, {len(asked)} questions")
    for name, taken in (("new search", new), ("asked again", again)):
        p95 = statistics.quantiles(taken, n=20)[-1]
        print(
            f"{name:<12} p50 {statistics.median(taken):6.2f} ms ({statistics.median(taken) / least:.1f} x), p95 {p95:6.2f} ms"
        )


def _cost(client, path: str, **query: str) -> float:
    """Processor time of one request in ms."""
    begun = time.process_time()
    client.get(path, query)
    return (time.process_time() - begun) * 1000


if __name__ == "__main__":
    main()
