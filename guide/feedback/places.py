"""Which paragraphs of a page a report can mean, and whether the page still says what one was about."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import quote as percent_encoded

from django.utils.html import escape, strip_tags

from guide.feedback.models import Report
from guide.pages.models import Page
from guide.pages.paragraphs import Paragraph, find, paragraphs_in
from guide.pages.reading import read_text

_SHOWN = 36  # characters of a paragraph by which it is chosen


@dataclass(frozen=True)
class Place:
    """A paragraph, under the heading where it stands; `principle` is the slug of the principle that it belongs to."""

    paragraph: Paragraph
    heading: str = ""
    principle: str = ""
    anchor: str = ""


def places_of(page: Page, principle: str = "") -> list[Place]:
    """The paragraphs of `page`, or of one principle of it, in their order; of those with one opening the first."""
    places = [place for place in _all(page) if not principle or place.principle == principle]
    return list({place.paragraph.opening: place for place in reversed(places)}.values())[::-1]


def place_of(places: Iterable[Place], opening: str, words: str = "") -> Place | None:
    """The place whose paragraph begins with `opening`, or holds it, and holds `words` too if they are given."""
    found = find([place.paragraph for place in places], opening, words)
    return next((place for place in places if place.paragraph == found), None)


def choices(places: Iterable[Place]) -> list[tuple[str, list[tuple[str, str]]]]:
    """`places` for a form: under each heading the openings, with the first words of each."""
    return [
        (heading, [(place.paragraph.opening, _first_words(place.paragraph)) for place in group])
        for heading, group in groupby(places, key=lambda place: place.heading)
    ]


def place_still(report: Report) -> Place | None:
    """Where the page says today what `report` was about, word for word; None: it was changed, or nothing was quoted."""
    there = (place for place in places_of(report.page) if place.paragraph.opening == report.paragraph)
    return next((place for place in there if not report.quote or place.paragraph.quoted(report.quote)), None)


def address_of(report: Report, place: Place | None) -> str:
    """The address that shows what `report` was about: the very words where the page still holds them."""
    anchor = report.principle.slug if report.principle else place.anchor if place else ""
    # A hyphen would be read as a part of the directive.
    words = percent_encoded(place.paragraph.stretch(report.quote), safe="").replace("-", "%2D") if place else ""
    directive = f":~:text={words}" if words else ""
    return report.page.get_absolute_url() + (f"#{anchor}{directive}" if anchor or directive else "")


def _all(page: Page) -> Iterable[Place]:
    for paragraph in paragraphs_in(f"<p>{escape(page.summary)}</p>" + _choices(page)):
        yield Place(paragraph)
    for part in read_text(page).parts:
        for paragraph in paragraphs_in(part.html):
            yield Place(paragraph, strip_tags(part.title), part.slug, part.slug or part.anchor)


def _choices(page: Page) -> str:
    """What a case lets its readers choose from."""
    said = (words for choice in page.choices for words in (choice.get("text", ""), choice.get("outcome", "")))
    return "".join(f"<p>{escape(words)}</p>" for words in said)


def _first_words(paragraph: Paragraph) -> str:
    text = paragraph.text
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
