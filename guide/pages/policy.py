"""How the Content-Security-Policy allows what stands in pages themselves: by hash, so that a page kept ready stays valid. Pure.

The hash is computed at start-up from the very file that templates include.
"""

import base64
import hashlib
from pathlib import Path


def inline_script_hash(file: Path) -> str:
    """How the policy names the one script that stands in the template `file`."""
    script = file.read_text(encoding="utf-8").partition("<script>")[2].partition("</script>")[0]
    return csp_hash(script)


def csp_hash(text: str) -> str:
    """How the policy names an inline script or style that is exactly `text`."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
