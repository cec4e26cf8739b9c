"""From a question typed into the search page to its first result on the screen, in Chromium, unthrottled.

    .venv/bin/python -m benchmarks.typed_to_result [--url http://127.0.0.1:8000] [--rounds 3]

Needs a running site and Debian's Chromium. Each question is typed at one go after a pause, as an input method does; the
time runs from the event in the box until the frame in which the first result of the new question stands. It holds the
request, the server's work, and the drawing. The first round asks what the server has not been asked before.
"""

import argparse
import os
import shutil
import statistics

from playwright.sync_api import Page, sync_playwright

QUESTIONS = ("工装", "投诉时限", "客户骂人怎么办", "假币", "老人不会用手机", "tousu", "双录", "代签字", "先道歉还是先查")
PAUSE_MS = 900
BOX = ".bar form[role=search] input[name=q]"
WATCH = f"""() => new Promise((resolve) => {{
  const box = document.querySelector("{BOX}"), results = document.getElementById("results");
  let begun;
  box.addEventListener("input", () => {{ begun = performance.now(); }}, {{ once: true, capture: true }});
  new MutationObserver((changes, watcher) => {{
    if (!begun || !results.querySelector(".hits li")) return;
    watcher.disconnect();
    requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - begun)));
  }}).observe(results, {{ childList: true }});
}})"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with sync_playwright() as playwright:
        flags = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=flags)
        page = browser.new_page()
        for place in range(options.rounds):
            taken = [typed(page, options.url, words) for words in QUESTIONS]
            print(f"round {place + 1}: median {statistics.median(taken):.0f} ms ({min(taken):.0f} to {max(taken):.0f}), "
                  f"{len(taken)} questions")  # fmt: skip
        browser.close()


def typed(page: Page, url: str, words: str) -> float:
    """The milliseconds from `words` in the box to their first result."""
    page.goto(f"{url}/search/?q=%E7%A4%BC%E4%BB%AA", wait_until="networkidle")
    page.locator(BOX).fill("")
    page.wait_for_timeout(PAUSE_MS)
    waiting = page.evaluate_handle(f"() => ({{ shown: ({WATCH})() }})")
    page.keyboard.insert_text(words)
    return float(page.evaluate("(waiting) => waiting.shown", waiting))


if __name__ == "__main__":
    main()
