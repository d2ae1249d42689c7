"""Against a running server. ``npm test`` starts one; by hand, name it and what is in it in these variables."""

import json
import os
import re
import unittest
import unittest.mock
import urllib.request
from typing import Any, Iterator

from tollgate import (
    AuthenticationError,
    ForbiddenError,
    NotFoundError,
    Paywall,
    PaywallSubscription,
    RateLimitError,
    TollgateClient,
)

URL = os.environ.get("TOLLGATE_TEST_URL", "")
KEY = os.environ.get("TOLLGATE_TEST_KEY", "")
PAYWALL = os.environ.get("TOLLGATE_TEST_PAYWALL", "")
KEY_WITHOUT_SCOPE = os.environ.get("TOLLGATE_TEST_KEY_WITHOUT_SCOPE", "")
KEY_TO_WEAR_OUT = os.environ.get("TOLLGATE_TEST_KEY_TO_WEAR_OUT", "")
ANOTHERS_PAYWALL = os.environ.get("TOLLGATE_TEST_ANOTHERS_PAYWALL", "")


def keys_in(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from keys_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from keys_in(inner)


def values_in(value: Any) -> Iterator[Any]:
    if isinstance(value, (dict, list)):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from values_in(inner)
    else:
        yield value


@unittest.skipUnless(URL, "TOLLGATE_TEST_URL names no server")
class Server(unittest.TestCase):
    def client(self, key: str = KEY, **options: Any) -> TollgateClient:
        return TollgateClient(key, base_url=URL, max_retries=0, **options)

    def test_a_paywall_has_every_documented_member_in_snake_case(self) -> None:
        with self.client() as client:
            paywall = client.management.paywalls.get(PAYWALL)
        self.assertEqual(paywall["id"], PAYWALL)
        self.assertEqual([key for key in keys_in(paywall) if not re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+)*", key)], [])
        self.assertLessEqual(set(Paywall.__required_keys__), set(paywall))
        self.assertGreater(len(paywall["subscriptions"]), 0)
        for subscription in paywall["subscriptions"]:
            self.assertLessEqual(set(PaywallSubscription.__required_keys__), set(subscription))
        self.assertRegex(paywall["main_color"], "^#[0-9a-f]{6}$")
        self.assertIsInstance(paywall["settings"]["use_default_logo"], bool)
        self.assertIsInstance(paywall["single_purchase"]["discount_code"], str)

    def test_its_values_are_those_that_the_server_sends(self) -> None:
        request = urllib.request.Request(
            f"{URL}/management/paywalls/{PAYWALL}", headers={"Authorization": f"Bearer {KEY}"}
        )
        with urllib.request.urlopen(request) as response:
            sent = json.load(response)
        paywall = self.client().management.paywalls.get(PAYWALL)
        self.assertEqual(list(values_in(paywall)), list(values_in(sent)))

    def test_a_wrong_key_is_an_authentication_error(self) -> None:
        with self.assertRaises(AuthenticationError) as caught:
            self.client("sk_test_nobody").management.paywalls.get(PAYWALL)
        self.assertEqual((caught.exception.code, caught.exception.status_code), ("unauthorized", 401))

    def test_a_key_without_the_scope_and_anothers_paywall_are_forbidden(self) -> None:
        for key, paywall in ((KEY_WITHOUT_SCOPE, PAYWALL), (KEY, ANOTHERS_PAYWALL)):
            with self.assertRaises(ForbiddenError) as caught:
                self.client(key).management.paywalls.get(paywall)
            self.assertEqual((caught.exception.code, caught.exception.status_code), ("forbidden", 403))

    def test_an_unknown_paywall_is_not_found_and_names_its_request(self) -> None:
        for paywall in ("pw_unknown", "a/../../vendor", "å"):
            with self.subTest(paywall), self.assertRaises(NotFoundError) as caught:
                self.client().management.paywalls.get(paywall)
            self.assertEqual((caught.exception.code, caught.exception.status_code), ("not_found", 404))
            self.assertTrue(caught.exception.request_id)

    def test_too_many_requests_are_a_rate_limit_error_that_says_when_to_come_back(self) -> None:
        client = self.client(KEY_TO_WEAR_OUT, cache=False)
        with self.assertRaises(RateLimitError) as caught:
            for _ in range(1000):
                client.management.paywalls.get(PAYWALL)
        self.assertEqual(caught.exception.code, "rate_limit_exceeded")
        self.assertGreater(caught.exception.retry_after or 0, 0)

    def test_what_is_kept_needs_no_server(self) -> None:
        client = self.client()
        first = client.management.paywalls.get(PAYWALL)
        with unittest.mock.patch("tollgate._requests.get", side_effect=AssertionError("a request was made")):
            self.assertEqual(client.management.paywalls.get(PAYWALL), first)


if __name__ == "__main__":
    unittest.main()
