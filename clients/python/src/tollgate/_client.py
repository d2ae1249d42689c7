from types import TracebackType
from typing import Dict, Optional, Type, TypeVar

from ._errors import AuthenticationError, ValidationError
from ._paywalls import Paywalls
from ._types import Paywall
from ._version import __version__

#: The documented hosts; a server of your own is named by ``base_url``.
_HOSTS: Dict[str, str] = {
    "production": "https://api2.sesamy.com",
    "staging": "https://staging-api.sesamy.com",
    "development": "http://127.0.0.1:4000",
}

_Self = TypeVar("_Self", bound="TollgateClient")


class PaywallsResource:
    """``client.management.paywalls``"""

    def __init__(self, paywalls: Paywalls) -> None:
        self._paywalls = paywalls

    def get(self, paywall_id: str) -> Paywall:
        """One paywall, as it was at most an hour ago (or what the server's ``max-age`` says).

        The dict is the caller's own, with snake_case keys at every level. Raises ``ValidationError`` for an empty id,
        without a request, and else a ``TollgateError`` of the class that the answer deserves.
        """
        return self._paywalls.get(paywall_id)


class Management:
    """``client.management``"""

    def __init__(self, paywalls: Paywalls) -> None:
        self.paywalls = PaywallsResource(paywalls)


class TollgateClient:
    """The Management API, with retries, timeouts and a cache. Threads may share one.

    ``timeout`` is in seconds and for one attempt; ``max_retries`` counts those after 429, 5xx and what the network
    lost. ``vendor_id`` is kept for the caller: the server knows the vendor by the key.
    """

    def __init__(
        self,
        api_key: str,
        environment: str = "production",
        *,
        base_url: Optional[str] = None,
        vendor_id: Optional[str] = None,
        timeout: float = 30.0,
        max_retries: int = 3,
        cache: bool = True,
    ) -> None:
        # A line break at the end of a secret's file is no part of the secret.
        key = (api_key or "").strip()
        if not key:
            raise AuthenticationError("authentication_required", "An api_key is needed.")
        if not base_url and environment not in _HOSTS:
            raise ValidationError("validation_error", f"There is no environment called {environment}.")
        base = (base_url or _HOSTS[environment]).rstrip("/")
        # urllib opens files and more; a setting read from somewhere must not make it do so.
        if not base.startswith(("http://", "https://")):
            raise ValidationError("validation_error", "base_url begins with http:// or https://.")
        self.vendor_id = vendor_id
        self._paywalls = Paywalls(
            base,
            {
                "Authorization": f"Bearer {key}",
                "Accept": "application/json",
                "X-Sesamy-Client": f"tollgate-python/{__version__}",
            },
            timeout=timeout,
            max_retries=max_retries,
            cache=cache,
        )
        self.management = Management(self._paywalls)

    def clear_cache(self) -> None:
        """Forgets every answer, and asks caches on the way for newer ones from now on."""
        self._paywalls.clear()

    def close(self) -> None:
        """Forgets every answer. Nothing else is held open."""
        self._paywalls.clear()

    def __enter__(self: _Self) -> _Self:
        return self

    def __exit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        traceback: Optional[TracebackType],
    ) -> None:
        self.close()
