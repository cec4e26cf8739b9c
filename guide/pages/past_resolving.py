"""What the marks of a text of the past become: pages and principles as they stood that day, everything else as today."""

from datetime import date
from functools import cached_property

from django.urls import reverse

from guide.pages import rendering, syntax
from guide.pages.past import Past, Standing
from guide.reference.models import LocalValue, Provision, StandardPhrase, Term


def address(entry: Standing, day: date, anchor: str = "") -> str:
    """Where `entry` is read as it stood on `day`."""
    return f"{reverse('pages:page', args=[entry.path])}?as_of={day}" + (f"#{anchor}" if anchor else "")


class PastResolver:
    """Turns the marks of `body` into links to the same day. Asks the database only for what the text names."""

    def __init__(self, past: Past, body: str) -> None:
        self.past, self.body = past, body
        self._bodies: dict[int, str] = {}

    def __call__(self, mark: syntax.Mark) -> rendering.Target:
        if mark.is_citation:
            return self._citation(mark.target.removeprefix("cite:"))
        scheme, colon, name = mark.target.partition(":")
        found = self._today(scheme, name, mark.words) if colon else self._page(mark)
        return found or rendering.Target(f"〔找不到：{mark.words or mark.target}〕", is_broken=True)

    def principle(self, target: str) -> tuple[str, str] | None:
        """Title and address of the principle "section#principle"; None where the section was not part of the guide."""
        slug, _, rule = target.partition("#")
        entry = self._by_slug.get(slug)
        if entry is None:
            return None
        return f"{entry.number}“{self._title_of(entry, rule)}”", address(entry, self.past.day, rule)

    def _page(self, mark: syntax.Mark) -> rendering.Target | None:
        if "#" in mark.target:
            found = self.principle(mark.target)
            return rendering.Target(mark.words or found[0], found[1], "ref") if found else None
        entry = self._by_slug.get(mark.target)
        if entry is None:
            return None
        return rendering.Target(mark.words or f"{entry.number} {entry.title}".strip(), address(entry, self.past.day), "ref")

    def _today(self, scheme: str, name: str, words: str) -> rendering.Target | None:
        if scheme == "term" and (term := Term.objects.filter(slug=name).first()):
            return rendering.Target(words or term.term, reverse("pages:term", args=[name]), "term")
        if scheme == "say" and (phrase := StandardPhrase.objects.filter(slug=name).first()):
            return rendering.Target(phrase.text, css_class="standard-phrase")
        if scheme == "local" and (local := LocalValue.objects.filter(slug=name).first()):
            return rendering.Target(str(local), css_class="local" if local.value else "local empty")
        return None

    def _citation(self, fact: str) -> rendering.Target:
        number, provision = self._facts.get(fact, (0, None))
        if provision is None:
            return rendering.Target(f"〔今天的依据里没有：{fact}〕", is_broken=True)
        url = reverse("pages:source", args=[provision.source.key]) + f"#{provision.slug}"
        return rendering.Target(f"依据{number}", url, "cite", f"《{provision.source.title}》{provision.article}")

    @cached_property
    def _by_slug(self) -> dict[str, Standing]:
        return {entry.slug: entry for entry in self.past.entries}

    @cached_property
    def _facts(self) -> dict[str, tuple[int, Provision]]:
        """The provisions that the text cites, numbered in the order of their first mention."""
        cited = [mark.target.removeprefix("cite:") for mark in syntax.scan(self.body).marks if mark.is_citation]
        rows = Provision.objects.filter(source__key__in={fact.partition("#")[0] for fact in cited}).select_related("source")
        known = {f"{row.source.key}#{row.slug}": row for row in rows}
        found = [fact for fact in dict.fromkeys(cited) if fact in known]
        return {fact: (number, known[fact]) for number, fact in enumerate(found, start=1)}

    def _title_of(self, entry: Standing, rule: str) -> str:
        """The title that a principle had."""
        if entry.page_pk not in self._bodies:
            self._bodies[entry.page_pk] = self.past.revision(entry).body
        headings = syntax.scan(self._bodies[entry.page_pk]).headings
        return next((heading.title for heading in headings if heading.attributes.id == rule), rule)
