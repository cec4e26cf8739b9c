from io import BytesIO

import pytest
from PIL import Image

from guide.publishing.pictures import kind_of


def drawn(kind, size=(8, 8), **options):
    out = BytesIO()
    Image.new("RGB", size, "teal").save(out, kind, **options)
    return out.getvalue()


PNG, JPEG, WEBP = drawn("PNG"), drawn("JPEG"), drawn("WEBP")


@pytest.mark.parametrize(("data", "suffix"), [(PNG, "png"), (JPEG, "jpg"), (WEBP, "webp"), (drawn("PNG", (1, 1)), "png")])
def test_picture_is_told_by_its_content(data, suffix):
    assert kind_of(data) == suffix


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x89PNG\r\n\x1a\n",
        b"\x89PNG\r\n\x1a\n<script>alert(1)</script>",
        b"\xff\xd8\xff<?php",
        b"RIFF\x00\x00\x00\x00WEBP<svg>",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"GIF89a" + b"\0" * 40,
        b"%PDF-1.7",
        drawn("GIF"),
        drawn("BMP"),
        drawn("TIFF"),
        drawn("ICO"),
    ],
)
def test_what_only_looks_like_a_picture_or_is_of_another_kind_is_none(data):
    assert kind_of(data) == ""


@pytest.mark.parametrize("data", [PNG, JPEG, WEBP])
def test_picture_cut_short_is_none(data):
    assert kind_of(data[: len(data) * 2 // 3]) == ""


def test_picture_that_unpacks_to_too_much_is_none(settings):
    bomb = drawn("PNG", (6000, 6000))

    assert len(bomb) < settings.PICTURE_BYTES
    assert kind_of(bomb) == ""


def test_spoilt_picture_is_none():
    spoilt = bytearray(PNG)
    spoilt[len(spoilt) // 2] ^= 0xFF

    assert kind_of(bytes(spoilt)) == ""
