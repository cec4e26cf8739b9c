"""Pictures: told by their content, kept under DATA_DIR by its hash, never by the name somebody gave them."""

import os
import struct
import zlib
from hashlib import sha256
from io import BytesIO
from pathlib import Path

from django.conf import settings
from PIL import Image

_FORMATS = ("PNG", "JPEG", "WEBP")
_SUFFIXES = {"PNG": "png", "JPEG": "jpg", "MPO": "jpg", "WEBP": "webp"}  # MPO: what telephones make of JPEG
# What Pillow says of bytes that are no sound picture: each decoder has its own words for it.
_UNSOUND = (
    Image.DecompressionBombError, OSError, ValueError, SyntaxError, KeyError, IndexError, EOFError, OverflowError,
    struct.error, zlib.error,
)  # fmt: skip


def kind_of(data: bytes) -> str:
    """The suffix that fits what `data` is: png, jpg or webp; empty for anything else.

    All of it is decoded, so that what only begins like a picture, is cut short, or would unpack to more than
    PICTURE_PIXELS, is none.
    """
    try:
        with Image.open(BytesIO(data), formats=_FORMATS) as image:
            if image.width * image.height > settings.PICTURE_PIXELS:
                return ""
            image.load()
            return _SUFFIXES[image.format or ""]
    except _UNSOUND:
        return ""


def keep(data: bytes) -> str:
    """Store a picture and return its file name, "hash.suffix". Harmless when repeated, whole when interrupted."""
    name = f"{sha256(data).hexdigest()}.{kind_of(data)}"
    folder = Path(settings.PICTURES_DIR)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not (folder / name).exists():
        waiting = folder / f".{name}.{os.getpid()}"
        waiting.write_bytes(data)
        waiting.replace(folder / name)
    return name
