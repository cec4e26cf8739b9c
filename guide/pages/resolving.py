"""What the marks in one page's text become, from the rows that were derived from that text."""

from django.urls import reverse

from guide.pages import rendering, syntax
from guide.pages.models import Citation, Page, Principle, Reference
from guide.reference.models import Provision, Term


def numbered(citations: list[Citation]) -> dict[int, Provision]:
    """The provisions of `citations` under the numbers by which the page's text names them: 依据1, 依据2 …"""
    found = dict.fromkeys(row.provision for row in citations)
    return dict(enumerate(found, start=1))


def longest_first(terms: list[Term]) -> dict[str, rendering.Target]:
    """What to link in running text, so that a term is not taken for a shorter one that it holds."""
    return {term.term: _term(term) for term in sorted(terms, key=lambda term: -len(term.term))}


def _term(term: Term) -> rendering.Target:
    return rendering.Target(term.term, reverse("pages:term", args=[term.slug]), "term")


class Resolver:
    """Turns the marks of `page` into links; what it cannot find becomes words that say so."""

    def __init__(self, page: Page, references: list[Reference], citations: list[Citation]) -> None:
        self.page = page
        self.references = {row.target: row for row in references}
        self.facts = {f"{row.source.key}#{row.slug}": (number, row) for number, row in numbered(citations).items()}

    def __call__(self, mark: syntax.Mark) -> rendering.Target:
        if mark.is_citation:
            return self._citation(mark.target.removeprefix("cite:"))
        row = self.references.get(mark.target)
        found = self._reference(row, mark.words) if row else None
        return found or rendering.Target(f"〔找不到：{mark.words or mark.target}〕", is_broken=True)

    def _citation(self, fact: str) -> rendering.Target:
        """A short mark; the long name of the law stands in the list below the principle and in the margin."""
        if fact not in self.facts:
            return rendering.Target(f"〔找不到依据：{fact}〕", is_broken=True)
        number, provision = self.facts[fact]
        url = reverse("pages:source", args=[provision.source.key]) + f"#{provision.slug}"
        return rendering.Target(f"依据{number}", url, "cite")

    def _reference(self, row: Reference, words: str) -> rendering.Target | None:
        if row.to_term:
            target = _term(row.to_term)
            return rendering.Target(words or target.text, target.href, target.css_class)
        if row.to_phrase:
            return rendering.Target(row.to_phrase.text, css_class="standard-phrase")
        if row.to_local:
            return rendering.Target(str(row.to_local), css_class="local" if row.to_local.value else "local empty")
        if row.to_principle and row.to_page:
            return self._principle(row.to_principle, row.to_page, words)
        if row.to_page and row.to_page.is_published:
            text = f"{row.to_page.number} {row.to_page.title}".strip()
            return rendering.Target(words or text, row.to_page.get_absolute_url(), "ref")
        return None

    def _principle(self, rule: Principle, page: Page, words: str) -> rendering.Target | None:
        if not page.is_published:
            return None
        if page.pk == self.page.pk:
            return rendering.Target(words or f"“{rule.title}”", f"#{rule.slug}", "ref")
        url = f"{page.get_absolute_url()}#{rule.slug}"
        return rendering.Target(words or f"{page.number}“{rule.title}”", url, "ref")
