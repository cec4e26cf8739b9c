"""The lock pins everything and says nothing of where it comes from."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")


def test_lock_names_no_address_and_no_folder():
    assert not re.search(r"https?:|file:|--(extra-)?index|find-links|trusted-host|(^|\s)/\w", LOCK)


def test_lock_pins_every_package_with_hashes():
    entries = re.split(r"\n(?=\S)", LOCK.strip())

    assert all(re.match(r"[a-z0-9.-]+==\S+", entry) and "--hash=sha256:" in entry for entry in entries)


def test_lock_holds_every_dependency_of_the_project():
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    wanted = {name.lower().replace(".", "-") for name in re.findall(r'^    "([A-Za-z0-9.-]+)(?:\[\w+\])?[<>=]', project, re.M)}
    pinned = {line.split("==")[0] for line in LOCK.splitlines() if "==" in line}

    assert wanted
    assert wanted <= pinned
