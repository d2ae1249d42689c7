import asyncio
from types import TracebackType
from typing import Optional, Type, TypeVar

from ._client import TollgateClient
from ._types import Paywall

_Self = TypeVar("_Self", bound="AsyncTollgateClient")


class AsyncPaywallsResource:
    """``client.management.paywalls``"""

    def __init__(self, client: TollgateClient) -> None:
        self._client = client

    async def get(self, paywall_id: str) -> Paywall:
        """As ``TollgateClient.management.paywalls.get``, in a thread of the loop's own."""
        return await asyncio.to_thread(self._client.management.paywalls.get, paywall_id)


class AsyncManagement:
    """``client.management``"""

    def __init__(self, client: TollgateClient) -> None:
        self.paywalls = AsyncPaywallsResource(client)


class AsyncTollgateClient:
    """:class:`TollgateClient` for asyncio. An await that is cancelled leaves its request to end by itself."""

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
        self._client = TollgateClient(
            api_key,
            environment,
            base_url=base_url,
            vendor_id=vendor_id,
            timeout=timeout,
            max_retries=max_retries,
            cache=cache,
        )
        self.vendor_id = vendor_id
        self.management = AsyncManagement(self._client)

    def clear_cache(self) -> None:
        """Forgets every answer, and asks caches on the way for newer ones from now on."""
        self._client.clear_cache()

    async def close(self) -> None:
        """Forgets every answer. Nothing else is held open."""
        self._client.close()

    async def __aenter__(self: _Self) -> _Self:
        return self

    async def __aexit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        traceback: Optional[TracebackType],
    ) -> None:
        await self.close()
