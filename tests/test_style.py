"""The style sheet and the scripts: contrast in every scheme, and sizes."""

import gzip
import re

import pytest
from django.conf import settings

CSS = (settings.BASE_DIR / "static" / "css" / "guide.css").read_text(encoding="utf-8")
SCRIPTS = sorted((settings.BASE_DIR / "static" / "js").glob("*.js"))
TOKEN = re.compile(r"--([\w-]+): (#[0-9a-f]{3,6});")
SCHEMES = {
    "light": [r":root \{"],
    "dark": [r":root \{", r"@media \(prefers-color-scheme: dark\) \{\s*:root \{"],
    "light, more contrast": [r":root \{", r"@media \(prefers-contrast: more\) \{\s*:root \{"],
    "dark, more contrast": [
        r":root \{", r"@media \(prefers-color-scheme: dark\) \{\s*:root \{",
        r"@media \(prefers-contrast: more\) and \(prefers-color-scheme: dark\) \{\s*:root \{",
    ],
}  # fmt: skip
TEXT = [
    ("ink", ["paper", "sheet", "wash", "accent-wash", "must-wash", "good-wash", "mark"]),
    ("soft", ["paper", "sheet", "wash", "accent-wash"]),
    ("accent", ["paper", "sheet", "wash", "accent-wash"]),
    ("must", ["paper", "sheet", "must-wash", "mark", "accent-wash"]),
    ("good", ["paper", "sheet", "good-wash", "accent-wash"]),
    ("on-strong", ["accent", "must"]),
]
EDGES = [("edge", ["paper", "sheet", "wash"])]


def tokens(scheme):
    found = {}
    for opening in SCHEMES[scheme]:
        start = re.search(opening, CSS)
        found |= dict(TOKEN.findall(CSS[start.end() : CSS.index("}", start.end())]))
    return found


def luminance(colour):
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("pairs", "least"), [(TEXT, 4.5), (EDGES, 3)], ids=["text", "edges"])
def test_colours_can_be_told_apart_in_every_scheme(scheme, pairs, least):
    colours = tokens(scheme)
    low = [
        (front, back, round(contrast(colours[front], colours[back]), 2))
        for front, backs in pairs
        for back in backs
        if contrast(colours[front], colours[back]) < least
    ]

    assert low == []


def test_contrast_is_computed_as_wcag_does():
    assert round(contrast("#000", "#fff")) == 21
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48


def test_what_is_needed_first_stands_first_and_is_small():
    first, mark, _ = CSS.partition("/* end of the first screen */")

    assert mark
    assert ".say-now" in first
    assert len(gzip.compress(first.encode(), 9)) < 3600
    assert len(gzip.compress(CSS.encode(), 9)) < 10_000


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_each_script_is_small_and_a_block_of_its_own(path):
    text = path.read_text(encoding="utf-8")

    assert len(text.encode()) < 10_000
    assert re.sub(r"(?m)^//.*\n", "", text).lstrip().startswith(("{", "(", '"use strict"'))
