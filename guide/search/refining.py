"""The filters of a results page as links: how many rows each would leave, and the way back."""

from dataclasses import dataclass
from urllib.parse import urlencode

from guide.search.facets import count
from guide.search.finding import Found
from guide.search.forms import ResultsForm

SHOWN = ("kind", "chapter", "post", "level", "relation")


@dataclass(frozen=True)
class Choice:
    """One value of a filter: `query` turns it on or, when it is active, off."""

    label: str
    count: int
    query: str
    is_active: bool


@dataclass(frozen=True)
class Facet:
    """One filter with those of its values that would leave something."""

    name: str
    label: str
    choices: tuple[Choice, ...]

    @property
    def active(self) -> Choice | None:
        return next((choice for choice in self.choices if choice.is_active), None)


def facets(form: ResultsForm, found: Found) -> tuple[Facet, ...]:
    """The filters that can narrow `found`, and those that do."""
    counted = count((item.traits for item in found.items), form.filters, [value for value, _ in form.choices("post")])
    made = [_facet(form, name, counted[name]) for name in SHOWN]
    return tuple(facet for facet in made if len(facet.choices) > 1 or facet.active)


def _facet(form: ResultsForm, name: str, counted: dict[str, int]) -> Facet:
    active = getattr(form.filters, name)
    rows = [(value, label) for value, label in form.choices(name) if counted.get(value) or value == active]
    choices = (Choice(label, counted.get(value, 0), _query(form, name, value), value == active) for value, label in rows)
    return Facet(name, str(form.fields[name].label), tuple(choices))


def _query(form: ResultsForm, name: str, value: str) -> str:
    """What is asked with `value` for the filter `name` or, when it is that already, without it."""
    asked = {**form.asked}
    if asked.pop(name, "") != value:
        asked[name] = value
    return urlencode(asked)
