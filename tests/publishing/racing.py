"""Run by test_racing.py in a process of its own: two people at once, each in a process, on one database.

    python -m tests.publishing.racing CONTENT

Prints what came of each race, a line for each of the two, sorted, and then the texts that are live.
"""

import os
import sys
from datetime import datetime
from pathlib import Path

import django

from tests.publishing.killing import forked


def together(*acts):
    """Run `acts` at once, each in a process; what each said."""
    waiting = [forked(act) for act in acts]
    said = []
    for pid, reader in waiting:
        told = os.read(reader, 100).decode()
        os.waitpid(pid, 0)
        os.close(reader)
        said.append(told)
    return sorted(said)


def people():
    from guide.accounts.models import User
    from guide.publishing.audit import Actor

    return {user.username: Actor(user) for user in User.objects.all()}


def telling(tell, act):
    """Do `act` and tell what came of it: an outcome's state, or that somebody was first."""
    from guide.publishing import workflow

    try:
        outcome = act()
    except workflow.AlreadyDecided as error:
        tell(type(error).__name__)
    else:
        tell("merge" if outcome.merge else outcome.revision.state)


class Race:
    """Both take part with the same page."""

    def __init__(self, folder):
        self.folder = Path(folder)

    def prepare(self, tell):
        from guide.accounts.models import User
        from guide.publishing.loading import load

        load(self.folder)
        for name in ("anna", "bo", "carl", "dora"):
            User.objects.create_superuser(name, password="pass-word-12")
        tell("ready")

    def draft(self, name, old, new):
        from guide.pages.models import Page
        from guide.publishing import drafting

        by = people()[name]
        draft = drafting.open_draft(Page.objects.get(slug="listening"), by)
        return drafting.save_draft(draft, draft.text.replace(old, new), by)

    def submit(self, name, old, new):
        from guide.publishing import workflow

        def act(tell):
            telling(tell, lambda: workflow.submit(self.draft(name, old, new), people()[name]))

        return act

    def begin(self, tell):
        from guide.pages.models import Page
        from guide.publishing import drafting

        tell(drafting.open_draft(Page.objects.get(slug="complaints"), people()["anna"]).saved_at.isoformat())

    def window(self, seen, text):
        """One of several windows that show a draft as it was at `seen`, and save it."""
        from guide.publishing import drafting
        from guide.publishing.models import Draft

        def act(tell):
            draft = Draft.objects.get(page__slug="complaints")
            try:
                drafting.save_draft(draft, text, people()["anna"], seen=datetime.fromisoformat(seen))
            except drafting.DraftMovedOn as error:
                tell(type(error).__name__)
            else:
                tell("saved")

        return act

    def approve(self, name, place):
        from guide.pages.models import Revision
        from guide.publishing import workflow

        def act(tell):
            revision = Revision.objects.in_review()[place]
            telling(tell, lambda: workflow.approve(revision, people()[name]))

        return act

    def whole(self, tell):
        from guide.pages import tree
        from guide.pages.models import Page, Revision
        from tests.publishing.test_workflow import history_is_whole

        states = ",".join(
            Revision.objects.of_page(Page.objects.get(slug="listening")).order_by("pk").values_list("state", flat=True)
        )
        tell(f"{history_is_whole() and not tree.check()} {states}")


def main():
    django.setup()
    race = Race(sys.argv[1])
    together(race.prepare)
    print(*together(race.submit("anna", "不打断", "绝不打断"), race.submit("bo", "先让客户", "请先让客户")))
    print(*together(race.approve("carl", 0), race.approve("dora", 0)))
    print(*together(race.approve("carl", 0)))
    print(*together(race.approve("carl", 0), race.approve("dora", 0)))
    print(*together(race.whole))
    seen = together(race.begin)[0]
    print(*together(*(race.window(seen, text) for text in "abcd")))


if __name__ == "__main__":
    main()
