"""Files to the live guide: read, judged as a whole, planned, then published in one transaction or not at all."""

import subprocess
from dataclasses import replace
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from guide.pages import tree
from guide.publishing import audit, checking, folder, judging, lineage, proposing, relocating, wording, writing
from guide.publishing.audit import Act, Actor
from guide.publishing.plan import Plan
from guide.publishing.planning import make_plan, picture_faults, refuse
from guide.publishing.recording import Stamp

MAX_TRIES = 3
COMMAND = Actor(where="load_content")


def load(
    directory: Path,
    *,
    plan_only: bool = False,
    allow_removals: bool = False,
    continues: bool = False,
    by: Actor = COMMAND,
    progress: folder.Progress = lambda stage, done, total: None,
) -> Plan:
    """Bring the live guide in step with `directory`. Raises SourceError with every fault, changing nothing.

    `continues`: take out and move too what a folder that is not the one of last time may not (`lineage`).
    Planned again when the guide changed meanwhile; `writing.GuideMoved` when that happens over and over.
    """
    found = folder.read(directory, progress)
    stamp = Stamp(commit="" if plan_only else commit_of(directory), reason="载入文件")
    is_foreign = not continues and not lineage.carries_on(directory)
    for attempt in range(MAX_TRIES, 0, -1):
        plan = proposing.through_review(make_plan(found, allow_removals=allow_removals, is_foreign=is_foreign))
        if plan_only:
            break
        progress("写入", 0, len(plan.batch.pages))
        if _apply(plan, stamp, by, directory, is_last_try=attempt == 1):
            break
    return plan


def check(directory: Path) -> list[str]:
    """Judge the files in `directory` as a finished guide, on their own; returns warnings. Raises SourceError.

    Stricter than `load`: beside what the loader refuses, it asks for every part of every page and for its wording.
    """
    found = folder.read(directory)
    records, faults = judging.read_documents({document.name: document.text for document in found.documents})
    sources = [page.source for page in found.pages]
    universe = judging.universe_of(sources, records, found.pictures)
    faults += found.faults + picture_faults(found) + judging.cross_faults(sources, records, universe)
    refuse(sorted(faults + judging.finish_faults(sources, records)))
    warnings = checking.warn(sources, universe, timezone.localdate())
    return warnings + [warning for source in sources for warning in wording.warn(source)]


def commit_of(directory: Path) -> str:
    """The git commit that `directory` is at; empty where it is not in git, or not as any commit has it."""
    git = ["git", "-C", str(directory)]
    try:
        changed = _output([*git, "status", "--porcelain", "--", "."])
        head = _output([*git, "rev-parse", "HEAD"])
    except (OSError, subprocess.SubprocessError):
        return ""
    return "" if changed else head.strip()[:40]


def _output(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, timeout=20, check=True, text=True)  # noqa: S603  # no shell
    return done.stdout


def _apply(plan: Plan, stamp: Stamp, by: Actor, directory: Path, *, is_last_try: bool) -> bool:
    """Do what `plan` says; False, with nothing written, when the guide has moved on since it was made."""
    plan.batch.stamp = stamp
    plan.batch.knows_conflicts = plan.batch.is_file_gone = True
    by = replace(by, where=f"{by.where} {directory}".strip())
    try:
        with transaction.atomic():
            before, places = tree.lock_tree().number, relocating.places(plan.batch)
            after = writing.publish(plan.batch, expected_version=plan.version).version
            relocating.note(plan.batch, places, stamp)
            proposing.propose(plan, stamp, by)
            lineage.note(directory, stamp.commit, is_settled=not (plan.is_foreign and plan.conflicts))
            if after != before or plan.proposals or plan.moves or plan.leaving:
                audit.note(by, Act.LOADED, detail=plan.as_text(most=100))
    except writing.GuideMoved:
        if is_last_try:
            raise
        return False
    return True
