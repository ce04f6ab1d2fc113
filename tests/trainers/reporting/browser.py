"""A page as headless Chromium sees it: what it asks the network for, what it complains about, how it looks."""

import base64
import json
import os
import select
import subprocess
import time
from pathlib import Path
from typing import Any, NamedTuple

CHROMIUM = Path("/usr/bin/chromium")


class Seen(NamedTuple):
    requests: list[str]
    """URLs other than that of the page itself and data within it."""
    messages: list[str]
    """Errors, warnings and all else that went to the console."""
    value: Any
    """Value of the script that was run in the page."""
    picture: bytes
    """PNG of the whole page."""


class Browser:
    """Chromium, driven over a pipe with the DevTools protocol."""

    def __init__(self, home: Path) -> None:
        theirs_in, self._out = os.pipe()
        self._in, theirs_out = os.pipe()

        def hand_over() -> None:  # Chromium reads commands from 3 and answers at 4
            spare = [os.dup(theirs_in), os.dup(theirs_out)]
            os.dup2(spare[0], 3)
            os.dup2(spare[1], 4)

        command = [str(CHROMIUM), "--headless=new", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe"]
        command += [f"--user-data-dir={home}", "--hide-scrollbars", "about:blank"]
        self._process = subprocess.Popen(
            command,
            preexec_fn=hand_over,
            close_fds=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(theirs_in)
        os.close(theirs_out)
        self._number, self._waiting, self._events = 0, b"", []

    def __enter__(self) -> "Browser":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(20)
        os.close(self._out)
        os.close(self._in)

    def _receive(self, seconds: float) -> dict | None:
        end = time.monotonic() + seconds
        while b"\0" not in self._waiting:
            ready, _, _ = select.select([self._in], [], [], max(0.0, end - time.monotonic()))
            if not ready:
                return None
            more = os.read(self._in, 1 << 20)
            if not more:
                raise RuntimeError("Chromium is gone")
            self._waiting += more
        message, _, self._waiting = self._waiting.partition(b"\0")
        return json.loads(message)

    def ask(self, method: str, session: str | None = None, seconds: float = 60, **params: Any) -> dict:
        self._number += 1
        request = {"id": self._number, "method": method, "params": params}
        request |= {"sessionId": session} if session else {}
        os.write(self._out, json.dumps(request).encode() + b"\0")
        end = time.monotonic() + seconds
        while (message := self._receive(end - time.monotonic())) is not None:
            if message.get("id") == self._number:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']}")
                return message["result"]
            self._events.append(message)
        raise TimeoutError(method)

    def _listen(self, seconds: float, until: str = "") -> None:
        end = time.monotonic() + seconds
        while (message := self._receive(max(0.0, end - time.monotonic()))) is not None:
            self._events.append(message)
            if message.get("method") == until:
                return
        if until:
            raise TimeoutError(until)

    def look(self, page: Path, script: str = "0", width: int = 1280, dark: bool = False, height: int = 900) -> Seen:
        """Open a page, run a script in it, and tell what was seen from beginning to end."""
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        phone = width < 600
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": phone}
        self.ask("Emulation.setDeviceMetricsOverride", session, **size)
        scheme = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        self.ask("Emulation.setEmulatedMedia", session, features=scheme)
        for part in ("Network", "Runtime", "Log", "Page"):
            self.ask(f"{part}.enable", session)
        self._events.clear()
        own = page.resolve().as_uri()
        self.ask("Page.navigate", session, url=own)
        if not any(event.get("method") == "Page.loadEventFired" for event in self._events):
            self._listen(60, "Page.loadEventFired")
        self._listen(0.5)
        answer = self.ask("Runtime.evaluate", session, expression=script, returnByValue=True, awaitPromise=True)
        picture = self.ask("Page.captureScreenshot", session, captureBeyondViewport=True, format="png")
        self._listen(0.5)
        requests, messages = [], []
        for event in self._events:
            method, params = event.get("method"), event.get("params", {})
            if method == "Network.requestWillBeSent":
                url = params["request"]["url"]
                requests += [url] if url != own and not url.startswith("data:") else []
            elif method == "Runtime.exceptionThrown":
                messages.append(str(params["exceptionDetails"].get("exception", params["exceptionDetails"])))
            elif method == "Runtime.consoleAPICalled":
                messages.append(str(params["args"]))
            elif method == "Log.entryAdded":
                messages.append(params["entry"]["text"])
        if "exceptionDetails" in answer:
            raise RuntimeError(answer["exceptionDetails"])
        self.ask("Target.closeTarget", targetId=target)
        return Seen(requests, messages, answer["result"].get("value"), base64.b64decode(picture["data"]))
