import http.client
import socket
import time
import urllib.error
import urllib.request
from email.utils import parsedate_to_datetime
from typing import Dict, Mapping, NamedTuple, Optional, Union

from ._errors import TollgateError, error_for

#: The waits before retries double from here.
FIRST_WAIT_SECONDS = 1.0
#: Whoever is told to wait longer hears of it instead.
LONGEST_WAIT_SECONDS = 60.0
#: No answer of this API is near this; what is longer is not one.
LARGEST_BODY_BYTES = 16 * 1024 * 1024


class Answer(NamedTuple):
    headers: Mapping[str, str]
    text: str


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """The API never redirects, and urllib would carry the key along to wherever it is sent."""

    def redirect_request(self, *_: object) -> None:
        return None


_opener = urllib.request.build_opener(_NoRedirects)


def get(url: str, headers: Dict[str, str], *, timeout: float, max_retries: int) -> Answer:
    """Asks until there is an answer, and raises the error that the last one stands for.

    What the network lost, 429 and 5xx are tried again after one, two and four seconds, or when the server says.
    ``timeout`` is for one attempt, in seconds.
    """
    retries = 0
    while True:
        outcome = _attempt(url, headers, timeout)
        if isinstance(outcome, Answer):
            return outcome
        wait = _wait_before(retries, outcome)
        if retries >= max_retries or wait is None:
            raise outcome
        time.sleep(wait)
        retries += 1


def _attempt(url: str, headers: Dict[str, str], timeout: float) -> Union[Answer, TollgateError]:
    deadline = time.monotonic() + timeout
    try:
        request = urllib.request.Request(url, headers=headers)
        try:
            with _opener.open(request, timeout=timeout) as response:
                return Answer(response.headers, _read(response, deadline))
        except urllib.error.HTTPError as refusal:
            with refusal:
                body = _read(refusal, deadline)
                return error_for(refusal.code, body, _retry_after(refusal.headers.get("Retry-After")))
    except (OSError, http.client.HTTPException) as error:
        reason = getattr(error, "reason", error)
        if isinstance(error, socket.timeout) or isinstance(reason, socket.timeout):
            failure = TollgateError("timeout", f"No answer within {timeout:g} s.")
        else:
            failure = TollgateError("network_error", f"The server could not be reached: {reason}")
        failure.__cause__ = error
        return failure


def _read(response: "Union[http.client.HTTPResponse, urllib.error.HTTPError]", deadline: float) -> str:
    """The whole body. A socket's timeout is for each piece of it; the deadline is for all of them."""
    pieces = []
    size = 0
    while True:
        piece = response.read1(65536) if hasattr(response, "read1") else response.read(65536)
        if not piece:
            break
        pieces.append(piece)
        size += len(piece)
        if size > LARGEST_BODY_BYTES:
            raise http.client.HTTPException("the answer is too large")
        if time.monotonic() > deadline:
            raise socket.timeout("timed out")
    promised = response.headers.get("Content-Length") or ""
    if promised.isdigit() and size < int(promised):
        raise http.client.IncompleteRead(b"", int(promised) - size)
    return b"".join(pieces).decode("utf-8", "replace")


def _wait_before(retries: int, error: TollgateError) -> Optional[float]:
    """Seconds, or None for what a retry would not change."""
    status = error.status_code
    if status is not None and status != 429 and status < 500:
        return None
    wait = FIRST_WAIT_SECONDS * 2**retries if error.retry_after is None else error.retry_after
    return None if wait > LONGEST_WAIT_SECONDS else wait


def _retry_after(value: Optional[str]) -> Optional[float]:
    """Seconds, from a number or a date."""
    if value is None:
        return None
    if value.strip().isdigit():
        return float(value)
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    except (TypeError, ValueError, OverflowError):
        return None
