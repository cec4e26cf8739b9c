"""What a process holds in memory of the guide: a Django cache backend that keeps objects as they are.

Django's own copies every value in and out, which at 4,000 sections costs a request more than all the rest of it. What is
put in here must not be changed afterwards.
"""

import time
from collections import OrderedDict
from collections.abc import Mapping
from threading import Lock
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache

_MISSING = object()


class ObjectCache(BaseCache):
    """Django cache backend of this process alone: the MAX_ENTRIES values last used, uncopied."""

    def __init__(self, location: str, params: Mapping[str, Any]) -> None:
        super().__init__(dict(params))
        self._rows: OrderedDict[str, tuple[float | None, Any]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        name = self.make_and_validate_key(key, version=version)
        with self._lock:
            found = self._alive(name)
            if found is _MISSING:
                return default
            self._rows.move_to_end(name)
            return found

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        name = self.make_and_validate_key(key, version=version)
        with self._lock:
            self._put(name, value, timeout)

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        name = self.make_and_validate_key(key, version=version)
        with self._lock:
            if self._alive(name) is not _MISSING:
                return False
            self._put(name, value, timeout)
            return True

    def touch(self, key: str, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        name = self.make_and_validate_key(key, version=version)
        with self._lock:
            found = self._alive(name)
            if found is not _MISSING:
                self._put(name, found, timeout)
            return found is not _MISSING

    def delete(self, key: str, version: int | None = None) -> bool:
        with self._lock:
            return self._rows.pop(self.make_and_validate_key(key, version=version), None) is not None

    def clear(self) -> None:
        with self._lock:
            self._rows.clear()

    def _alive(self, name: str) -> Any:
        until, value = self._rows.get(name, (None, _MISSING))
        if until is not None and until <= time.time():
            del self._rows[name]
            return _MISSING
        return value

    def _put(self, name: str, value: Any, timeout: Any) -> None:
        self._rows[name] = (self.get_backend_timeout(timeout), value)
        self._rows.move_to_end(name)
        while len(self._rows) > self._max_entries:
            self._rows.popitem(last=False)
