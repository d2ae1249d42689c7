"""Tollgate's Management API for back ends; nothing but the standard library.

    from tollgate import TollgateClient

    with TollgateClient("sk_...", base_url="https://pay.example.com") as client:
        paywall = client.management.paywalls.get("pw_abc123")
        print(paywall["headline"], paywall["main_color"])
"""

from ._async_client import AsyncTollgateClient
from ._client import TollgateClient
from ._errors import (
    AuthenticationError,
    ForbiddenError,
    NotFoundError,
    RateLimitError,
    ServerError,
    TollgateError,
    ValidationError,
)
from ._types import Paywall, PaywallSettings, PaywallSubscription, SinglePurchase, Styling
from ._version import __version__

# The names in the vendor's documentation.
SesamyClient = TollgateClient
AsyncSesamyClient = AsyncTollgateClient
SesamyError = TollgateError

__all__ = [
    "AsyncSesamyClient",
    "AsyncTollgateClient",
    "AuthenticationError",
    "ForbiddenError",
    "NotFoundError",
    "Paywall",
    "PaywallSettings",
    "PaywallSubscription",
    "RateLimitError",
    "ServerError",
    "SesamyClient",
    "SesamyError",
    "SinglePurchase",
    "Styling",
    "TollgateClient",
    "TollgateError",
    "ValidationError",
    "__version__",
]
