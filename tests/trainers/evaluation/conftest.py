import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest


class FakeEndpoint:
    """A server that answers chat requests as ``reply(number, body)`` says; it notes what it was asked."""

    def __init__(self):
        self.asked, self.headers, self.lock = [], [], threading.Lock()
        self.reply = lambda number, body: self.chat(f"<answer>{number}</answer>")
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                with fake.lock:
                    number = len(fake.asked)
                    fake.asked.append(body)
                    fake.headers.append({name.lower(): value for name, value in self.headers.items()})
                answer = fake.reply(number, body)
                status, content, kind, *more = (*answer, "application/json")[:3] if len(answer) < 4 else answer
                if status == 0:  # hang up
                    self.close_connection = True
                    return
                self.send_response(status)
                for name, value in {"Content-Type": kind, **(more[0] if more else {})}.items():
                    self.send_header(name, value)
                data = content.encode()
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *args):
                """Keep quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02})
        self.thread.start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/v1"

    @staticmethod
    def chat(text, finish="stop", tokens=5, **message):
        choice = {"index": 0, "finish_reason": finish, "message": {"role": "assistant", "content": text, **message}}
        usage = {"usage": {"prompt_tokens": 9, "completion_tokens": tokens, "total_tokens": 14}} if tokens else {}
        return 200, json.dumps({"id": "x", "object": "chat.completion", "choices": [choice], **usage})

    @staticmethod
    def fault(status, message, **more):
        headers = {"retry-after-ms": "10"}
        return status, json.dumps({"error": {"message": message, **more}}), "application/json", headers

    @staticmethod
    def slow(seconds):
        time.sleep(seconds)
        return FakeEndpoint.chat("late")

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def fake(monkeypatch):
    """A fake endpoint, without the variables that would lead the client elsewhere."""
    pytest.importorskip("openai")
    for name in ("OPENAI_API_KEY", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    server = FakeEndpoint()
    yield server
    server.close()
