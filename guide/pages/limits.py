"""How often one visitor may do something: one count for all processes of the host, in windows of so many seconds.

A visitor has a file of its own for each window, and a request appends one byte to it: the place where the byte came to
stand is the request's number, whichever process wrote it, and no lock is held. Names of files are keyed hashes.
"""

import ipaddress
import logging
import os
import shutil
import time
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest

logger = logging.getLogger("guide.pages")

MINUTE_S = 60
_IPV6_SITE = 64  # one household or office holds a whole network of this size


@dataclass(frozen=True)
class Limit:
    """At most so many acts of one visitor in a window; counted in a folder that is this limit's alone. 0 does not limit."""

    folder: Path
    most: int
    window_s: int = MINUTE_S

    def seconds_to_wait(self, visitor: str) -> int:
        """Count one act of `visitor`: 0 when it may be done, else the seconds until it may.

        Where nothing can be counted, on a full disk for one, everything may.
        """
        now = int(time.time())
        if not self.most:
            return 0
        try:
            number = self._number(now // self.window_s, visitor)
        except OSError as error:
            logger.warning("requests are not counted: %s", error)
            return 0
        return self.window_s - now % self.window_s if number > self.most else 0

    def _number(self, window: int, visitor: str) -> int:
        """Which act of this window the present one is; beyond the limit the count stands still."""
        name = blake2b(visitor.encode(), key=settings.SECRET_KEY.encode()[:64], digest_size=16).hexdigest()
        descriptor = _open(self.folder / str(window) / name)
        try:
            if os.fstat(descriptor).st_size >= self.most:
                return self.most + 1
            os.write(descriptor, b".")
            return os.lseek(descriptor, 0, os.SEEK_CUR)
        finally:
            os.close(descriptor)


def client_address(request: HttpRequest) -> str:
    """The address that `request` came from: the nearest one that no trusted proxy has. IPv6 by its network of /64."""
    address = str(request.META.get("REMOTE_ADDR", ""))
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    while _is_trusted(address) and hops and _parsed(hops[-1]):
        address = hops.pop()
    found = _parsed(address)
    if isinstance(found, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((found, _IPV6_SITE), strict=False))
    return str(found or address)


def network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    """The network that `text` names; None when it names none."""
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None


def _parsed(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, ipaddress.IPv6Address) else found


def _is_trusted(address: str) -> bool:
    found = _parsed(address)
    networks = (network(text) for text in settings.TRUSTED_PROXIES)
    return found is not None and any(found in known for known in networks if known)


def _open(path: Path) -> int:
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
    try:
        return os.open(path, flags, 0o600)
    except FileNotFoundError:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _remove_older(path.parent)
        return os.open(path, flags, 0o600)


def _remove_older(folder: Path) -> None:
    """Remove the counts of earlier windows."""
    for other in folder.parent.iterdir():
        if other.name < folder.name:
            shutil.rmtree(other, ignore_errors=True)
