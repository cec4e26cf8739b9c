"""Pictures: told by their content, kept under DATA_DIR by its hash, never by the name somebody gave them."""

import os
from hashlib import sha256
from pathlib import Path

from django.conf import settings

# How each kind begins: suffix, what stands at the start, and (WebP) what stands at byte 8.
_SIGNATURES = (("png", b"\x89PNG\r\n\x1a\n", b""), ("jpg", b"\xff\xd8\xff", b""), ("webp", b"RIFF", b"WEBP"))


def kind_of(data: bytes) -> str:
    """The suffix that fits what `data` is: png, jpg or webp; empty for anything else."""
    for suffix, start, later in _SIGNATURES:
        if data.startswith(start) and data[8 : 8 + len(later)] == later:
            return suffix
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
