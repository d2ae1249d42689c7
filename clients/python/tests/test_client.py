"""Retries, timeouts, errors and the cache, against a stand-in that fails when it is told to."""

import asyncio
import threading
import time
import unittest
from concurrent.futures import ThreadPoolExecutor
from email.utils import formatdate
from typing import Any, List, Type
from unittest import mock

import tollgate
from tollgate import (
    AsyncTollgateClient,
    AuthenticationError,
    ForbiddenError,
    NotFoundError,
    RateLimitError,
    ServerError,
    TollgateClient,
    TollgateError,
    ValidationError,
)

from .stand_in import Reply, StandIn, reply_json

PAYWALL = {"id": "pw_1", "vendorId": "daily", "mainColor": "#112233", "settings": {"useDefaultLogo": True}}
SNAKE = {"id": "pw_1", "vendor_id": "daily", "main_color": "#112233", "settings": {"use_default_logo": True}}


def fresh(control: str = "private, max-age=3600", **more: Any) -> Reply:
    return reply_json({**PAYWALL, **more}, Cache_Control=control)


def envelope(status: int, code: str, **more: Any) -> Reply:
    return reply_json({"error": {"code": code, "message": "Said by the server.", **more}}, status)


class Clock:
    """Stands in for the ``time`` module of a module of ours: waits pass at once and are noted."""

    def __init__(self) -> None:
        self.passed = 0.0
        self.waits: List[float] = []

    def monotonic(self) -> float:
        return time.monotonic() + self.passed

    def time(self) -> float:
        return time.time() + self.passed

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.passed += seconds


class ClientCase(unittest.TestCase):
    def setUp(self) -> None:
        self.clock = Clock()
        for module in ("_requests", "_paywalls"):
            patch = mock.patch(f"tollgate.{module}.time", self.clock)
            patch.start()
            self.addCleanup(patch.stop)
        self.server = StandIn(lambda _: fresh())
        self.server.__enter__()
        self.addCleanup(self.server.__exit__)

    def client(self, **options: Any) -> TollgateClient:
        return TollgateClient("sk_test", base_url=f"{self.server.url}/", **options)

    def failure(self, expected: Type[TollgateError], **options: Any) -> TollgateError:
        with self.assertRaises(expected) as caught:
            self.client(**options).management.paywalls.get("pw_1")
        self.assertIs(type(caught.exception), expected)
        return caught.exception


class Reading(ClientCase):
    def test_a_paywall_has_snake_case_keys_at_every_level(self) -> None:
        self.assertEqual(self.client().management.paywalls.get("pw_1"), SNAKE)
        (request,) = self.server.sent
        self.assertEqual(request.path, "/management/paywalls/pw_1")
        self.assertEqual(request.headers["Authorization"], "Bearer sk_test")
        self.assertEqual(request.headers["Accept"], "application/json")
        self.assertEqual(request.headers["X-Sesamy-Client"], f"tollgate-python/{tollgate.__version__}")
        self.assertRegex(request.headers["Cache-Timestamp"], r"^\d{13}$")

    def test_an_id_is_one_segment_of_the_path(self) -> None:
        self.client().management.paywalls.get("a/../b?c#d é")
        self.assertEqual(self.server.sent[0].path, "/management/paywalls/a%2F..%2Fb%3Fc%23d%20%C3%A9")

    def test_an_id_that_is_empty_or_a_step_upwards_is_refused_without_a_request(self) -> None:
        for paywall_id in ("", "  ", ".", "..", None):
            with self.subTest(paywall_id), self.assertRaises(ValidationError):
                self.client().management.paywalls.get(paywall_id)  # type: ignore[arg-type]
        self.assertEqual(self.server.sent, [])

    def test_a_key_is_needed_and_may_end_with_a_line_break(self) -> None:
        for key in ("", " \n"):
            with self.assertRaises(AuthenticationError):
                TollgateClient(key)
        TollgateClient("sk_test\n", base_url=self.server.url).management.paywalls.get("pw_1")
        self.assertEqual(self.server.sent[0].headers["Authorization"], "Bearer sk_test")

    def test_base_url_goes_before_the_environment_and_is_of_the_web(self) -> None:
        TollgateClient("sk", "staging", base_url=self.server.url).management.paywalls.get("pw_1")
        self.assertEqual(len(self.server.sent), 1)
        with self.assertRaises(ValidationError):
            TollgateClient("sk", "nowhere")
        with self.assertRaises(ValidationError):
            TollgateClient("sk", base_url="file:///etc")
        for environment in ("production", "staging", "development"):
            TollgateClient("sk", environment)

    def test_the_documented_names_are_the_same_classes(self) -> None:
        self.assertIs(tollgate.SesamyClient, TollgateClient)
        self.assertIs(tollgate.AsyncSesamyClient, AsyncTollgateClient)
        self.assertIs(tollgate.SesamyError, TollgateError)
        self.assertEqual(TollgateClient("sk", vendor_id="daily").vendor_id, "daily")

    def test_a_redirect_is_not_followed_with_the_key(self) -> None:
        with StandIn(lambda _: fresh()) as elsewhere:
            self.server.answer = lambda _: Reply(302, "", {"Location": f"{elsewhere.url}/steal"})
            self.assertEqual(self.failure(TollgateError).status_code, 302)
            self.assertEqual(elsewhere.sent, [])


class Keeping(ClientCase):
    def test_a_second_get_within_an_hour_makes_no_request_and_one_after_it_does(self) -> None:
        paywalls = self.client().management.paywalls
        first = paywalls.get("pw_1")
        first["settings"]["use_default_logo"] = False
        self.clock.passed += 3590
        self.assertEqual(paywalls.get("pw_1"), SNAKE)
        self.assertEqual(len(self.server.sent), 1)
        self.clock.passed += 20
        paywalls.get("pw_1")
        self.assertEqual(len(self.server.sent), 2)

    def test_an_answer_is_kept_no_longer_than_it_says(self) -> None:
        for control, seconds in {"private, max-age=60": 61, "no-store": 0, "no-cache, max-age=60": 0}.items():
            with self.subTest(control):
                self.server.sent.clear()
                self.server.answer = lambda _, control=control: fresh(control)  # type: ignore[misc]
                paywalls = self.client().management.paywalls
                paywalls.get("pw_1")
                self.clock.passed += seconds
                paywalls.get("pw_1")
                self.assertEqual(len(self.server.sent), 2)

    def test_without_a_cache_every_get_is_a_request(self) -> None:
        paywalls = self.client(cache=False).management.paywalls
        paywalls.get("pw_1")
        paywalls.get("pw_1")
        self.assertEqual(len(self.server.sent), 2)

    def test_errors_are_not_kept(self) -> None:
        self.server.answer = lambda count: envelope(404, "not_found") if count == 1 else fresh()
        paywalls = self.client().management.paywalls
        with self.assertRaises(NotFoundError):
            paywalls.get("pw_1")
        self.assertEqual(paywalls.get("pw_1"), SNAKE)

    def test_clear_cache_asks_again_with_another_timestamp(self) -> None:
        client = self.client()
        client.management.paywalls.get("pw_1")
        client.clear_cache()
        client.management.paywalls.get("pw_1")
        first, second = (request.headers["Cache-Timestamp"] for request in self.server.sent)
        self.assertNotEqual(first, second)

    def test_threads_that_want_one_paywall_share_a_request_and_get_dicts_of_their_own(self) -> None:
        paywalls = self.client().management.paywalls
        asking = threading.Barrier(9)

        def answer(_: int) -> Reply:
            asking.wait(10)
            return fresh()

        def read(_: int) -> Any:
            if self.server.sent:
                asking.wait(10)
            return paywalls.get("pw_1")

        self.server.answer = answer
        with ThreadPoolExecutor(9) as pool:
            first = pool.submit(read, 0)
            while not self.server.sent:
                time.sleep(0.005)
            others = [pool.submit(read, it) for it in range(1, 9)]
            found = [it.result(10) for it in (first, *others)]
        # Whoever came too late to share was in time for what is kept.
        self.assertEqual(len(self.server.sent), 1)
        self.assertEqual(found, [SNAKE] * 9)
        self.assertEqual(len({id(paywall) for paywall in found}), 9)


class Failing(ClientCase):
    def test_a_refusal_has_its_class_code_details_and_request(self) -> None:
        for status, code, expected in (
            (400, "validation_error", ValidationError),
            (401, "unauthorized", AuthenticationError),
            (403, "forbidden", ForbiddenError),
            (404, "not_found", NotFoundError),
            (409, "conflict", TollgateError),
        ):
            with self.subTest(status):
                self.server.sent.clear()
                self.server.answer = lambda _, status=status, code=code: envelope(  # type: ignore[misc]
                    status, code, details={"field": "id"}, request_id="req_1"
                )
                error = self.failure(expected)
                self.assertEqual((error.code, error.status_code), (code, status))
                self.assertEqual((error.message, str(error)), ("Said by the server.",) * 2)
                self.assertEqual((error.details, error.request_id), ({"field": "id"}, "req_1"))
                self.assertEqual(len(self.server.sent), 1)

    def test_a_body_that_is_no_envelope_is_the_message(self) -> None:
        self.server.answer = lambda _: Reply(502, "<h1>Bad gateway</h1>")
        error = self.failure(ServerError)
        self.assertEqual((error.code, error.message), ("unknown_error", "<h1>Bad gateway</h1>"))
        self.server.answer = lambda _: Reply(200, "not json")
        self.assertEqual(self.failure(TollgateError).message, "not json")

    def test_a_429_is_asked_again_when_the_server_says_and_then_raises(self) -> None:
        self.server.answer = lambda _: envelope(429, "rate_limit_exceeded", retry_after=5)
        error = self.failure(RateLimitError)
        self.assertEqual((error.retry_after, error.code), (5, "rate_limit_exceeded"))
        self.assertEqual(self.clock.waits, [5, 5, 5])
        self.assertEqual(len(self.server.sent), 4)

    def test_retry_after_may_be_a_date_and_more_than_a_minute_is_the_callers_to_decide(self) -> None:
        at = formatdate(time.time() + 30, usegmt=True)
        self.server.answer = lambda count: Reply(429, "", {"Retry-After": at}) if count == 1 else fresh()
        self.assertEqual(self.client().management.paywalls.get("pw_1"), SNAKE)
        self.assertAlmostEqual(self.clock.waits[0], 30, delta=15)
        self.server.sent.clear()
        self.server.answer = lambda _: Reply(429, "", {"Retry-After": "3600"})
        self.assertEqual(self.failure(RateLimitError).retry_after, 3600)
        self.assertEqual(len(self.server.sent), 1)

    def test_5xx_is_asked_again_after_one_two_and_four_seconds(self) -> None:
        self.server.answer = lambda _: Reply(503, "down")
        self.failure(ServerError)
        self.assertEqual(self.clock.waits, [1, 2, 4])
        self.server.sent.clear()
        self.failure(ServerError, max_retries=0)
        self.assertEqual(len(self.server.sent), 1)

    def test_what_the_network_lost_is_asked_again(self) -> None:
        self.server.answer = lambda count: None if count < 3 else fresh()
        self.assertEqual(self.client().management.paywalls.get("pw_1"), SNAKE)
        self.server.answer = lambda _: Reply(200, "{", {"Content-Length": "1000"})
        error = self.failure(TollgateError, max_retries=1)
        self.assertEqual((error.code, error.status_code), ("network_error", None))

    def test_nobody_there_is_a_network_error(self) -> None:
        client = TollgateClient("sk", base_url="http://127.0.0.1:1", max_retries=0)
        with self.assertRaises(TollgateError) as caught:
            client.management.paywalls.get("pw_1")
        self.assertEqual(caught.exception.code, "network_error")

    def test_an_attempt_that_takes_too_long_is_a_timeout(self) -> None:
        def late(_: int) -> Reply:
            time.sleep(1)
            return fresh()

        self.server.answer = late
        error = self.failure(TollgateError, timeout=0.05, max_retries=1)
        self.assertEqual((error.code, error.status_code), ("timeout", None))
        self.assertEqual(self.clock.waits, [1])


class Async(ClientCase):
    def test_the_async_client_does_the_same(self) -> None:
        async def read() -> None:
            async with AsyncTollgateClient("sk_test", base_url=self.server.url, vendor_id="daily") as client:
                self.assertEqual(client.vendor_id, "daily")
                both = await asyncio.gather(*(client.management.paywalls.get(it) for it in ("pw_1", "pw_2")))
                self.assertEqual(both, [SNAKE, SNAKE])
                await client.management.paywalls.get("pw_1")
                self.assertEqual(len(self.server.sent), 2)
                client.clear_cache()
                await client.management.paywalls.get("pw_1")
                self.assertEqual(len(self.server.sent), 3)
                with self.assertRaises(ValidationError):
                    await client.management.paywalls.get("")

        asyncio.run(read())


if __name__ == "__main__":
    unittest.main()
