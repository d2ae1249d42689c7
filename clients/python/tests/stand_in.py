"""A small server that answers as it is told, for what a healthy one cannot be asked to do."""

import json
import threading
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Callable, Dict, List, NamedTuple, Optional


class Sent(NamedTuple):
    path: str
    headers: "Message[str, str]"


class Reply(NamedTuple):
    status: int = 200
    body: str = ""
    headers: Dict[str, str] = {}


def reply_json(value: Any, status: int = 200, **headers: str) -> Reply:
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return Reply(status, json.dumps(value), {"Content-Type": "application/json", **named})


class StandIn:
    """``answer`` gets the request's number, from one, and gives a reply; None breaks the connection off."""

    def __init__(self, answer: Callable[[int], Optional[Reply]]) -> None:
        self.answer = answer
        self.sent: List[Sent] = []
        stand_in = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                stand_in.sent.append(Sent(self.path, self.headers))
                reply = stand_in.answer(len(stand_in.sent))
                if reply is None:
                    self.close_connection = True
                    return
                self.send_response(reply.status)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                if "Content-Length" not in reply.headers:
                    self.send_header("Content-Length", str(len(reply.body.encode())))
                self.end_headers()
                self.wfile.write(reply.body.encode())

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> "StandIn":
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *_: Any) -> None:
        self._server.shutdown()
        self._server.server_close()
