"""Where each page stands. Parent and position are the truth; tree columns, path and number follow from them here."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db import connection

from guide.pages.models import NUMBERED, PARENT_KINDS, FormerPath, GuideVersion, Page

COLUMNS = ("tree_id", "lft", "rght", "level", "position", "path", "number")

Children = dict[int | None, list[Page]]


class InvalidMove(Exception):
    """A page was to be put where its kind may not stand, or below itself."""


@dataclass(frozen=True)
class Misplaced:
    """A stored column that differs from what parent and position make it."""

    page: Page
    column: str
    stored: object
    right: object


def lock_tree() -> GuideVersion:
    """Take the one lock under which the tree is written. Must run inside a transaction, and ends with it."""
    GuideVersion.objects.get_or_create(pk=1)
    return GuideVersion.objects.select_for_update().get(pk=1)


def replant() -> set[int]:
    """Make the derived columns of every page agree with parent and position; return the pks that changed.

    Only rows that differ are written, so a change inside one chapter leaves the other chapters' rows alone. An address
    that a page loses becomes one of its former paths.
    """
    moved: dict[int, Page] = {}
    lost: dict[int, str] = {}
    for wrong in _misplaced():
        if wrong.column == "path" and wrong.stored:
            lost[wrong.page.pk] = str(wrong.stored)
        setattr(wrong.page, wrong.column, wrong.right)
        moved[wrong.page.pk] = wrong.page
    _store(moved.values())
    _keep_addresses(lost)
    return set(moved)


def _store(pages: Iterable[Page], names: Sequence[str] = COLUMNS) -> None:
    """Write columns of the tree: one statement, prepared once. `bulk_update` would spend seconds on thousands of rows."""
    meta, quote = Page._meta, connection.ops.quote_name
    columns = ", ".join(f"{quote(meta.get_field(name).column)} = %s" for name in names)
    statement = f"UPDATE {quote(meta.db_table)} SET {columns} WHERE {quote(meta.pk.column)} = %s"  # noqa: S608  # names of the model
    with connection.cursor() as cursor:
        cursor.executemany(statement, [[*(getattr(page, name) for name in names), page.pk] for page in pages])


def check() -> list[Misplaced]:
    """List every stored column that is wrong; empty when the tree is whole."""
    return list(_misplaced())


def ensure_may_stand(page: Page, parent: Page | None) -> None:
    """Raise InvalidMove unless `page` may stand directly under `parent` (None: be a root)."""
    if (parent.kind if parent else None) not in PARENT_KINDS[page.kind]:
        where = f"“{parent.title}”之下" if parent else "最上层"
        raise InvalidMove(f"{Page.Kind(page.kind).label}“{page.title}”不能放在{where}。")
    if parent and page.pk and (parent.pk == page.pk or Page.objects.below(page).filter(pk=parent.pk).exists()):
        raise InvalidMove(f"“{page.title}”不能放到它自己下面。")


def put(page: Page, parent: Page | None, index: int) -> None:
    """Stand `page` under `parent` at `index` among its siblings. The caller holds the lock and replants afterwards."""
    ensure_may_stand(page, parent)
    Page.objects.filter(pk=page.pk).update(parent=parent)
    page.parent = parent
    siblings = list(Page.objects.siblings_of(page).exclude(pk=page.pk).only("position").order_by("position", "slug"))
    siblings.insert(index, page)
    moved = [(at, sibling) for at, sibling in enumerate(siblings, start=1) if sibling.position != at or sibling is page]
    for position, sibling in moved:
        sibling.position = position
    _store([sibling for _, sibling in moved], ["position"])


def plant_proposed(page: Page, parent: Page | None, *, position: int | None = None) -> None:
    """Save a new page below `parent`, at the end unless a position is given, kept from readers. Under the lock."""
    ensure_may_stand(page, parent)
    page.parent, page.is_proposed, page.withdrawn_at = parent, True, page.changed_at
    page.position = Page.objects.filter(parent=parent).count() + 1 if position is None else position
    page.lft = page.rght = page.tree_id = page.level = 0
    Page.objects.bulk_create([page])
    replant()
    page.refresh_from_db()


def uproot_proposed(page: Page) -> None:
    """Delete a page that nobody ever published or submitted. The caller holds the lock."""
    Page.objects.proposed().filter(pk=page.pk).delete()
    replant()


def _misplaced() -> Iterator[Misplaced]:
    for page, right in _walk():
        for column in COLUMNS:
            if getattr(page, column) != right[column]:
                yield Misplaced(page, column, getattr(page, column), right[column])


def _walk() -> Iterator[tuple[Page, dict[str, object]]]:
    children: Children = defaultdict(list)
    for page in Page.objects.only("parent_id", "kind", "slug", "title", "withdrawn_at", *COLUMNS).order_by():
        children[page.parent_id].append(page)
    for tree_id, root in enumerate(_in_order(children[None]), start=1):
        yield from _walk_below(root, children, tree_id)


def _walk_below(root: Page, children: Children, tree_id: int) -> Iterator[tuple[Page, dict[str, object]]]:
    """Number the nested set of one tree, with a stack of its own so that depth is no limit."""
    rows: dict[int, dict[str, object]] = {}
    numbers = _numbers(_in_order(children[None]), "")
    stack: list[tuple[Page, str, int, bool]] = [(root, "", 0, False)]
    edge = 0
    while stack:
        page, above, level, is_leaving = stack.pop()
        edge += 1
        if is_leaving:
            rows[page.pk]["rght"] = edge
            yield page, rows.pop(page.pk)
            continue
        path = f"{above}/{page.slug}".lstrip("/")
        number, position = numbers[page.pk]
        rows[page.pk] = {
            "tree_id": tree_id, "lft": edge, "level": level, "position": position, "path": path, "number": number,
        }  # fmt: skip
        below = _in_order(children[page.pk])
        numbers.update(_numbers(below, number))
        stack.append((page, above, level, True))
        stack.extend((child, path, level + 1, False) for child in reversed(below))


def _in_order(siblings: Sequence[Page]) -> list[Page]:
    """Sections by position, then cases, cards and drills by title; withdrawn pages come last, out of the way."""
    return sorted(siblings, key=lambda page: (not page.is_published, *_rank(page), page.slug))


def _rank(page: Page) -> tuple[int, int, str]:
    if page.kind in NUMBERED:
        return 0, page.position, ""
    return 1 + list(Page.Kind).index(Page.Kind(page.kind)), 0, page.title


def _numbers(siblings: Sequence[Page], above: str) -> dict[int, tuple[str, int]]:
    """Number and position for each of `siblings`, by pk. Withdrawn pages and cases have no number."""
    result: dict[int, tuple[str, int]] = {}
    numbered = position = 0
    for page in siblings:
        if page.kind not in NUMBERED:
            result[page.pk] = ("", 0)
            continue
        position += 1
        numbered += page.is_published
        number = f"{above}.{numbered}".lstrip(".") if page.is_published else ""
        result[page.pk] = (number, position)
    return result


def _keep_addresses(lost: dict[int, str]) -> None:
    FormerPath.objects.bulk_create(
        [FormerPath(path=path, page_id=pk) for pk, path in lost.items()],
        update_conflicts=True, unique_fields=["path"], update_fields=["page"],
    )  # fmt: skip
