import copy
import json
import re
import threading
import time
from collections import OrderedDict
from concurrent.futures import Future
from typing import Dict, Tuple, cast
from urllib.parse import quote

from . import _requests
from ._errors import TollgateError, ValidationError
from ._snake_case import with_snake_case_keys
from ._types import Paywall

#: What the documentation promises where an answer says nothing.
DEFAULT_MAX_AGE_SECONDS = 3600
KEPT_AT_MOST = 1000


class Paywalls:
    """The reads of paywalls, and what is kept of them. Threads may share one."""

    def __init__(
        self, base_url: str, headers: Dict[str, str], *, timeout: float, max_retries: int, cache: bool
    ) -> None:
        self._base_url = base_url
        self._headers = headers
        self._timeout = timeout
        self._max_retries = max_retries
        self._cache = cache
        self._lock = threading.Lock()
        self._kept: "OrderedDict[str, Tuple[Paywall, float]]" = OrderedDict()
        self._under_way: "Dict[str, Future[Paywall]]" = {}
        self._timestamp = int(time.time() * 1000)

    def get(self, paywall_id: str) -> Paywall:
        """One paywall, as it was at most an hour ago (or what the server's ``max-age`` says).

        The dict is the caller's own, with snake_case keys at every level. Calls for one paywall at one time share a
        request. Raises :class:`ValidationError` for an empty id, without a request, and else a
        :class:`TollgateError` of the class that the answer deserves.
        """
        # Two dots are a step in a path, not a name.
        if not isinstance(paywall_id, str) or not paywall_id.strip() or paywall_id in (".", ".."):
            raise ValidationError("validation_error", "A paywall's id is needed.")
        with self._lock:
            found = self._kept.get(paywall_id)
            if found is not None and found[1] > time.monotonic():
                return copy.deepcopy(found[0])
            running = self._under_way.get(paywall_id)
            future: "Future[Paywall]" = running or Future()
            self._under_way[paywall_id] = future
            timestamp = self._timestamp
        if running is None:
            self._fetch(paywall_id, timestamp, future)
        return copy.deepcopy(future.result())

    def clear(self) -> None:
        """Forgets every answer; later requests say that they want news."""
        with self._lock:
            self._kept.clear()
            self._under_way.clear()
            self._timestamp = max(int(time.time() * 1000), self._timestamp + 1)

    def _fetch(self, paywall_id: str, timestamp: int, future: "Future[Paywall]") -> None:
        try:
            url = f"{self._base_url}/management/paywalls/{quote(paywall_id, safe='')}"
            headers = {**self._headers, "Cache-Timestamp": str(timestamp)}
            answer = _requests.get(url, headers, timeout=self._timeout, max_retries=self._max_retries)
            paywall = _parse(answer.text)
        except BaseException as error:
            self._finish(paywall_id, future)
            future.set_exception(error)
            return
        with self._lock:
            # What was under way when the cache was cleared is old news.
            max_age = _max_age(answer)
            if self._cache and max_age > 0 and timestamp == self._timestamp:
                self._kept.pop(paywall_id, None)
                self._kept[paywall_id] = (paywall, time.monotonic() + max_age)
                if len(self._kept) > KEPT_AT_MOST:
                    self._kept.popitem(last=False)
        self._finish(paywall_id, future)
        future.set_result(paywall)

    def _finish(self, paywall_id: str, future: "Future[Paywall]") -> None:
        with self._lock:
            if self._under_way.get(paywall_id) is future:
                del self._under_way[paywall_id]


def _max_age(answer: _requests.Answer) -> float:
    """Seconds for which an answer may be kept."""
    control = (answer.headers.get("Cache-Control") or "").lower()
    if re.search(r"\bno-(store|cache)\b", control):
        return 0
    found = re.search(r"\bmax-age=(\d+)", control)
    age = answer.headers.get("Age") or ""
    return (int(found.group(1)) if found else DEFAULT_MAX_AGE_SECONDS) - (int(age) if age.isdigit() else 0)


def _parse(text: str) -> Paywall:
    try:
        return cast(Paywall, with_snake_case_keys(json.loads(text)))
    except ValueError as error:
        raise TollgateError("unknown_error", text) from error
