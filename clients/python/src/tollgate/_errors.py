import json
from typing import Any, Dict, Optional, Type


class TollgateError(Exception):
    """Whatever kept the client from an answer.

    Without a ``status_code`` there was none: ``code`` is ``network_error`` or ``timeout`` then.
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        status_code: Optional[int] = None,
        details: Optional[Dict[str, Any]] = None,
        request_id: Optional[str] = None,
        retry_after: Optional[float] = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status_code = status_code
        self.details = details
        self.request_id = request_id
        #: Seconds after which the server will listen again, if it said so.
        self.retry_after = retry_after

    def __repr__(self) -> str:
        return f"{type(self).__name__}(code={self.code!r}, status_code={self.status_code}, message={self.message!r})"


class ValidationError(TollgateError):
    """400, or an argument that no request is worth."""


class AuthenticationError(TollgateError):
    """401: the key is missing or not valid."""


class ForbiddenError(TollgateError):
    """403: the key may not do this, or the thing is another vendor's."""


class NotFoundError(TollgateError):
    """404"""


class RateLimitError(TollgateError):
    """429, after the retries."""


class ServerError(TollgateError):
    """5xx, after the retries."""


_CLASSES: Dict[int, Type[TollgateError]] = {
    400: ValidationError,
    401: AuthenticationError,
    403: ForbiddenError,
    404: NotFoundError,
    429: RateLimitError,
}


def error_for(status: int, body: str, retry_after: Optional[float]) -> TollgateError:
    """The error that an answer stands for. ``retry_after`` is what its headers said."""
    envelope = _read_envelope(body)
    error_class = _CLASSES.get(status, ServerError if status >= 500 else TollgateError)
    if envelope is None:
        message = body or f"The server answered {status}."
        return error_class("unknown_error", message, status_code=status, retry_after=retry_after)
    details, request_id, said = envelope.get("details"), envelope.get("request_id"), envelope.get("retry_after")
    if retry_after is None and isinstance(said, (int, float)) and not isinstance(said, bool):
        retry_after = float(said)
    return error_class(
        envelope["code"],
        str(envelope.get("message") or body),
        status_code=status,
        details=details if isinstance(details, dict) else None,
        request_id=request_id if isinstance(request_id, str) else None,
        retry_after=retry_after,
    )


def _read_envelope(body: str) -> Optional[Dict[str, Any]]:
    try:
        value = json.loads(body)
    except ValueError:
        return None
    error = value.get("error") if isinstance(value, dict) else None
    return error if isinstance(error, dict) and isinstance(error.get("code"), str) else None
