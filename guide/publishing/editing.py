"""One person at one text: their draft of it or the live text, the fields beside it, and what stands in the way."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from guide.pages.models import Page, Principle, Revision
from guide.publishing import checker, drafting, forms, judging
from guide.publishing.audit import Actor
from guide.publishing.checker import Checked, Notice
from guide.publishing.differences import Difference
from guide.publishing.faults import SourceError
from guide.publishing.merging import Merge
from guide.publishing.models import Conflict, Document, Draft, keys_of
from guide.publishing.recording import live_revision
from guide.publishing.rewriting import CannotRewrite
from guide.publishing.source import Source
from guide.reference.models import GuideInfo

HEAD, LINKS = "head", "links"
_MARKERS = ("<<<<<<< ", ">>>>>>> ")
_MINOR = "更正文字"  # the reason of a minor change whose writer gave none


class NoReason(Exception):
    """A change was to be submitted that its writer has not said enough about."""


@dataclass
class Editing:
    """What the editor's page shows. `merge` and `moved` are set where two people (or two windows) wrote at once."""

    target: Page | Document
    user: Any
    live: Revision | None
    draft: Draft | None
    form: forms.EditForm
    head: forms.HeadForm | None = None
    links: Any = None
    notices: list[Notice] = field(default_factory=list)
    merge: Merge | None = None
    moved: Difference | None = None

    @classmethod
    def begin(cls, target: Page | Document, user: Any) -> "Editing":
        """Show the draft of `user`, or the live text where there is none; nothing is written."""
        draft, live = _draft_of(target, user), live_revision(target)
        text = draft.text if draft else live.text if live else target.text
        initial: dict[str, Any] = {"text": text, "base": _token(draft, live)}
        if draft:
            told = {"reason": draft.reason, "is_material": "yes" if draft.is_material else "no", "effective": draft.effective}
            initial |= told
        editing = cls(target, user, live, draft, forms.EditForm(initial=initial))
        editing.show_fields(text)
        return editing

    @classmethod
    def receive(cls, target: Page | Document, user: Any, data: Any) -> "Editing":
        """Take what a browser sent."""
        editing = cls(target, user, live_revision(target), _draft_of(target, user), forms.EditForm(data))
        if isinstance(target, Page):
            editing.head = (
                forms.HeadForm(data, posts=_posts(), kind=target.kind, prefix=HEAD) if f"{HEAD}-seen" in data else None
            )
            editing.links = forms.LinkFormSet(data, prefix=LINKS) if f"{LINKS}-TOTAL_FORMS" in data else None
        return editing

    @property
    def is_page(self) -> bool:
        return isinstance(self.target, Page)

    @property
    def told(self) -> dict[str, Any]:
        return self.form.told if self.form.is_valid() else {}

    def text(self) -> str:
        """The whole text as it was sent, with what was changed in the fields. Notes where the fields cannot be put in."""
        self.form.is_valid()
        text = str(self.form.cleaned_data.get("text", ""))
        try:
            return forms.with_fields(text, self.head, self.links, forms.read_seen(self.form.data.get(f"{LINKS}-seen", "[]")))
        except CannotRewrite as error:
            self.notices.append(Notice(1, f"头部读不出来，旁边表格里的改动没有写进去：{error}", "先把头部改对"))
            return text

    def keep(self, by: Actor) -> Draft | None:
        """Save what was sent as the draft of `by`; None where no draft is needed: it is the live text, or waits already.

        Raises drafting.DraftMovedOn where the draft was saved in another window meanwhile, rights.NotAllowed.
        """
        text, base, seen = self.text(), *_read_token(self.form.data.get("base", ""))
        if self.draft is None:
            if self._is_known(text):
                return None
            self.draft = drafting.open_draft(self.target, by, must_be_new=True)
            self._begin_from(base)
            self.draft = drafting.save_draft(self.draft, text, by, seen=self.draft.saved_at, **self.told)
        else:
            # Without a time the window was opened before there was a draft at all.
            self.draft = drafting.save_draft(self.draft, text, by, seen=seen or datetime.min.replace(tzinfo=UTC), **self.told)
        return self.draft

    def _is_known(self, text: str) -> bool:
        """Whether readers see `text`, or this person has sent it to review: the button may be pressed twice."""
        mine = [one.text for one in self.waiting if one.author_id == self.user.pk]
        return text in ([self.live.text] if self.live else []) + mine

    def _begin_from(self, base: int | None) -> None:
        """Say that the new draft comes from the text that was shown, not from one published meanwhile."""
        shown = Revision.objects.filter(pk=base, **keys_of(self.target)).exclude(published_at=None).first()
        if self.draft and shown and shown.pk != self.draft.base_id:
            self.draft.base = shown
            self.draft.save()

    def ensure_reason(self) -> None:
        """Raise NoReason where a material change has none, or where marks of a merge are left; fill a minor one's."""
        if self.draft is None:
            return
        if has_markers(self.draft.text):
            raise NoReason("文字里还有合并的标记（<<<<<<< 和 >>>>>>>）：请留下该用的一种，删去标记，再提交。")
        if self.draft.is_material and not self.draft.reason:
            raise NoReason("实质性修改请写一句为什么改，审核人和读者都要看。")
        if not self.draft.reason:
            self.draft.reason = _MINOR
            self.draft.save()

    def show(self, text: str) -> None:
        """Show `text`, with its fields, in place of what was sent."""
        told = (
            {name: self.form.data.get(name, "") for name in ("reason", "is_material", "effective")}
            if self.form.is_bound
            else {}
        )
        self.form = forms.EditForm(initial={"text": text, "base": self.token, **told})
        self.show_fields(text)

    def show_fields(self, text: str) -> None:
        """The fields and the table as `text` has them; none where its front matter cannot be read."""
        source = self.check(text).source if isinstance(self.target, Page) else None
        self.head = self.links = None
        if source is not None:
            self.head = forms.HeadForm.showing(source, _posts())
            self.links = _links(source)

    def check(self, text: str) -> Checked:
        """Everything there is to say about `text`."""
        return check_text(self.target, text)

    @property
    def token(self) -> str:
        return _token(self.draft, self.live)

    @property
    def is_behind(self) -> bool:
        """Whether another text was published since this draft was begun."""
        return bool(self.draft and self.live and self.draft.base_id != self.live.pk)

    @property
    def others(self) -> list[Draft]:
        """The drafts that others have of the same text."""
        return list(Draft.objects.of(self.target).exclude(author=self.user).select_related("author"))

    @property
    def waiting(self) -> list[Revision]:
        """Revisions of the same text that are in review or wait for their day."""
        states = (Revision.State.IN_REVIEW, Revision.State.SCHEDULED)
        return list(Revision.objects.filter(state__in=states, **keys_of(self.target)).select_related("author"))

    @property
    def rejected(self) -> Revision | None:
        """What was sent back to this person last, unless something was published since."""
        sent = Revision.objects.filter(author=self.user, state=Revision.State.REJECTED, **keys_of(self.target)).first()
        return sent if sent and (self.live is None or sent.pk > self.live.pk) else None

    @property
    def conflict(self) -> Conflict | None:
        return Conflict.objects.filter(settled_at=None, **keys_of(self.target)).first()


def check_text(target: Page | Document, text: str) -> Checked:
    """Everything there is to say about `text` as the new text of `target`."""
    if isinstance(target, Page):
        return checker.check(text, target)
    try:
        faults = judging.check_document(target.name, text)[1]
    except SourceError as error:
        faults = error.faults
    return Checked(None, tuple(checker.notice_of(fault) for fault in faults))


def has_markers(text: str) -> bool:
    """Whether `text` still holds the marks between which a merge put both ways of writing."""
    return any(line.startswith(_MARKERS) for line in text.split("\n"))


def _links(source: Source) -> Any:
    if source.kind not in (Page.Kind.CASE, Page.Kind.CARD, Page.Kind.DRILL):
        return None
    rows = forms.links_of(source)
    links = forms.LinkFormSet(initial=rows, prefix=LINKS)
    links.seen = forms.as_seen(rows)
    pages = Principle.objects.filter(page__slug__in=[row["to"].partition("#")[0] for row in rows]).select_related("page")
    names = {f"{rule.page.slug}#{rule.slug}": f"{rule.page.number}“{rule.title}”" for rule in pages}
    for form, row in zip(links.forms, rows, strict=False):
        form.shown = names.get(row["to"], "")
    return links


def _posts() -> dict[str, str]:
    info = GuideInfo.objects.first()
    return info.posts if info else {}


def _draft_of(target: Page | Document, user: Any) -> Draft | None:
    return Draft.objects.of(target).filter(author=user).select_related("base").first()


def _token(draft: Draft | None, live: Revision | None) -> str:
    """Names what is shown: the revision it comes from, and when the draft was last saved."""
    base = draft.base_id if draft else live.pk if live else None
    return f"{base or 0} {draft.saved_at.isoformat() if draft else ''}".strip()


def _read_token(token: str) -> tuple[int | None, datetime | None]:
    base, _, seen = token.partition(" ")
    try:
        return (int(base) if base.isdecimal() else None), (datetime.fromisoformat(seen) if seen else None)
    except ValueError:
        return None, None
