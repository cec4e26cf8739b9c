"""Lighthouse on the pages a reader meets: four scores, and what they wait for on a slow phone.

    .venv/bin/python -m benchmarks.lighthouse [--url http://127.0.0.1:8000] [--runs 3]

Lighthouse comes from the npm registry into a temporary folder (or into LIGHTHOUSE_DIR, which is kept); neither the site nor
its tests need Node. Throttled as Lighthouse throttles a phone: four times slower processor, slow 4G. Medians of the runs.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

PAGES = {
    "section": "/guide/communication-skills/complaint-handling/",
    "chapter": "/guide/communication-skills/",
    "search": "/search/?q=%E5%AE%A2%E6%88%B7%E6%8A%95%E8%AF%89",
    "case": "/guide/cases-and-practice/typical-cases/come-back-on-monday/",
}
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
FLAGS = "--headless=new --disable-gpu --no-first-run --disable-background-networking --disable-component-update --disable-sync"


def install(folder: Path) -> Path:
    program = folder / "node_modules" / ".bin" / "lighthouse"
    if not program.exists():
        folder.mkdir(parents=True, exist_ok=True)
        command = ["npm", "install", "--silent", "--no-fund", "--no-audit", "--prefix", str(folder), "lighthouse@12"]
        subprocess.run(command, check=True, cwd=folder)
    return program


def audit(program: Path, address: str, folder: Path) -> dict:
    flags = FLAGS + (" --no-sandbox" if os.geteuid() == 0 else "")
    report = folder / "report.json"
    command = [str(program), address, "--quiet", "--output=json", f"--output-path={report}", f"--chrome-flags={flags}",
               f"--only-categories={','.join(CATEGORIES)}"]  # fmt: skip
    subprocess.run(command, check=True, env=os.environ | {"CHROME_PATH": shutil.which("chromium") or ""}, capture_output=True)
    return json.loads(report.read_text(encoding="utf-8"))


def show(name: str, reports: list[dict]) -> None:
    scores = "/".join(
        f"{statistics.median(report['categories'][key]['score'] * 100 for report in reports):.0f}" for key in CATEGORIES
    )
    waits = [median(reports, key) for key in ("first-contentful-paint", "largest-contentful-paint", "total-blocking-time")]
    requests = [row for row in reports[0]["audits"]["network-requests"]["details"]["items"] if row["url"].startswith("http")]
    size = sum(row["transferSize"] for row in requests)
    print(f"{name:<10}{scores:<18}FCP {waits[0]:5.0f} ms  LCP {waits[1]:5.0f} ms  TBT {waits[2]:3.0f} ms  "
          f"CLS {median(reports, 'cumulative-layout-shift'):.3f}  {size / 1000:5.1f} KB, {len(requests)} requests")  # fmt: skip
    for key, audited in reports[0]["audits"].items():
        if audited["score"] is not None and audited["score"] < 1 and audited["scoreDisplayMode"] in ("binary", "numeric"):
            print(f"  {key}: {audited['title']} {audited.get('displayValue', '')}")


def median(reports: list[dict], key: str) -> float:
    return statistics.median(report["audits"][key]["numericValue"] for report in reports)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument("--runs", type=int, default=3)
    asked = parser.parse_args()
    if missing := [name for name in ("npm", "chromium") if not shutil.which(name)]:
        sys.exit(f"missing: {' '.join(missing)}")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(os.environ.get("LIGHTHOUSE_DIR", temporary))
        program = install(folder)
        print(f"{'':<10}{'/'.join(CATEGORIES)}")
        for name, path in PAGES.items():
            show(name, [audit(program, asked.url + path, folder) for _ in range(asked.runs)])


if __name__ == "__main__":
    main()
