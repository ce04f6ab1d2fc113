"""Completions of an OpenAI-compatible endpoint, through the official client: ``POST <URL>/chat/completions``.

One request is one completion: ``n`` is not used, since many servers lack it. Each carries a seed that follows from the
evaluation's seed and from what is asked, so results depend neither on the order of arrival nor on ``concurrency``, as
far as the server keeps to seeds. The client retries 408, 409, 429, 5xx, timeouts and broken connections with growing
pauses. What still could not be had is written down as an error and asked again when the evaluation goes on.
"""

import asyncio
import os
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gradarium.core import derive_seed
from gradarium.envs.prompts import messages
from gradarium.errors import BadValue, GradariumError, MissingExtra
from gradarium.trainers.evaluation.replies import FAILED, Asked, Judge, Reply, judge_replies, line
from gradarium.trainers.evaluation.settings import Evaluation
from gradarium.trainers.evaluation.store import Key, Store
from gradarium.trainers.progress import Bar

if TYPE_CHECKING:
    from openai import AsyncOpenAI

IN_A_ROW = 5
"""Failures one after the other at which an evaluation stops; each was retried."""

JUDGED_TOGETHER = 64
"""Most replies that are judged and written at one time."""

KEY_VARIABLE = "OPENAI_API_KEY"

_UNUSABLE = {
    401: "the key is not accepted; put it into the environment variable {key}",
    403: "the key may not do this",
    404: "there is no such model or address; the address of most servers ends in /v1",
}

_LATER = (408, 409, 429)
"""Statuses below 500 that the client tries again."""


class EndpointStopped(GradariumError):
    """The endpoint cannot be used, or not any more; what was answered is kept."""


@dataclass(frozen=True)
class Connection:
    """How to talk to an endpoint; no answer depends on it."""

    base_url: str
    concurrency: int = 8
    """Requests at one time."""
    timeout_s: float = 600.0
    """Longest wait for one reply."""
    retries: int = 5
    """Tries after the first."""
    api_key_env: str = KEY_VARIABLE

    def __post_init__(self) -> None:
        """Raise BadValue for what cannot be."""
        try:
            parts = urllib.parse.urlsplit(self.base_url)
            proper = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
        except ValueError:  # no port, or half an IPv6 address
            proper = False
        if not proper or self.base_url.split() != [self.base_url]:
            shown = self.base_url.rpartition("@")[2]  # what stands before it may be a password
            raise BadValue("--endpoint", shown, "must be an address such as http://localhost:8000/v1")
        if parts.username or parts.password or parts.query or parts.fragment:
            shown = f"{parts.scheme}://{parts.hostname}..."
            raise BadValue("--endpoint", shown, f"may hold no key; put it into the environment variable {KEY_VARIABLE}")
        for name, value, least in (
            ("--concurrency", self.concurrency, 1),
            ("--timeout", self.timeout_s, 0.001),
            ("--retries", self.retries, 0),
        ):
            if not least <= value < float("inf"):
                raise BadValue(name, value, f"must be at least {least}")
        if self.api_key_env != KEY_VARIABLE and not self.key:
            shown = self.api_key_env if self.api_key_env.isupper() else f"{self.api_key_env[:3]}..."  # a key, perhaps
            raise BadValue("--api-key-env", shown, "the environment has no such variable; name one that holds the key")
        if not (self.key.isascii() and self.key.isprintable() and self.key == self.key.strip()):
            reason = "holds a line end or another character that no key has; set it anew"
            raise BadValue(f"environment variable {self.api_key_env}", "***", reason)

    @property
    def key(self) -> str:
        """The key; empty where there is none. It must not get into any message or file."""
        return os.environ.get(self.api_key_env, "")

    def client(self) -> "AsyncOpenAI":
        """Return a client; a server that asks for no key gets a word that is none.

        Raises MissingExtra, or EndpointStopped where the environment asks for a proxy or for certificates that cannot
        be had.
        """
        try:
            import openai
        except ImportError as error:
            raise MissingExtra("evaluating an endpoint", "endpoint", error.name or str(error)) from None
        try:
            return openai.AsyncOpenAI(
                base_url=self.base_url,
                api_key=self.key or "none",
                max_retries=self.retries,
                timeout=self.timeout_s,
            )
        except (ImportError, OSError, ValueError) as error:
            told = f"{_short(str(error))}; look at the environment: ALL_PROXY, HTTPS_PROXY, SSL_CERT_FILE, ..."
            raise EndpointStopped(f"{self.base_url}: no client can be made: {told}") from None


class Endpoint:
    """A model behind an endpoint."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.client = connection.client()  # what is missing is told before anything is written

    def run(self, evaluation: Evaluation, store: Store, judge: Judge, bar: Bar) -> None:
        """Ask what the store does not have yet; an interrupt writes down what was answered.

        Raises EndpointStopped when the endpoint cannot be used.
        """
        asyncio.run(_Asking(self.client, self.connection, evaluation, store, judge, bar).finish())


class _Asking:
    """One pass over all that is not there yet."""

    def __init__(
        self,
        client: "AsyncOpenAI",
        connection: Connection,
        evaluation: Evaluation,
        store: Store,
        judge: Judge,
        bar: Bar,
    ) -> None:
        self.client, self.connection, self.evaluation = client, connection, evaluation
        self.store, self.judge, self.bar = store, judge, bar
        self.open = self._open()
        self.turn = asyncio.Lock()
        self.answered: asyncio.Queue[tuple[Asked, Reply] | None] = asyncio.Queue()
        self.room = asyncio.Semaphore(2 * connection.concurrency + JUDGED_TOGETHER)
        """For replies that are not yet judged: where judging is slower than the endpoint, asking waits."""
        self.reached = False
        """Whether the endpoint has answered anything yet."""
        self.failures = 0
        """Failures since the last good reply."""
        self.failed = 0
        self.limit = "max_tokens"
        """Name of the parameter that limits the answer; newer models of OpenAI know another one only."""

    async def finish(self) -> None:
        """Ask everything; what was answered is written down whatever happens."""
        writing = asyncio.create_task(self._write())
        asking = [asyncio.create_task(self._ask_on()) for _ in range(self.connection.concurrency)]
        asked = asyncio.create_task(asyncio.wait(asking, return_when=asyncio.FIRST_EXCEPTION))
        try:
            await asyncio.wait({asked, writing}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (asked, *asking):
                task.cancel()
            ended = await asyncio.gather(*asking, return_exceptions=True)
            self.answered.put_nowait(None)
            await writing
            await self.client.close()
        for error in ended:
            if isinstance(error, Exception):
                raise error

    def _open(self) -> Iterator[Asked]:
        """Pose what is not there yet."""
        e = self.evaluation
        for arm in e.arms:
            for index in range(arm.start, arm.start + arm.count):
                samples = [k for k in range(e.samples) if Key(arm.task, arm.level, index, k) not in self.store]
                if samples:
                    instance = e.pose(arm, index)
                    yield from (Asked(instance, k) for k in samples)

    async def _next(self) -> Asked | None:
        async with self.turn:
            return await asyncio.to_thread(next, self.open, None)

    async def _ask_on(self) -> None:
        """Ask one completion after the other."""
        while (asked := await self._next()) is not None:
            await self.room.acquire()
            reply = await self._ask(asked)
            self.answered.put_nowait((asked, reply))
            self.failures = self.failures + 1 if reply.error else 0
            if reply.error:
                self.failed += 1
            if self.failures >= IN_A_ROW:
                told = f"{IN_A_ROW} failures in a row, at last: {reply.error}"
                raise EndpointStopped(f"{self.connection.base_url}: {told}")

    async def _ask(self, asked: Asked) -> Reply:
        """Return a reply, or one that says why there is none; raises EndpointStopped where going on is useless."""
        from openai import APIConnectionError, APIError, APIStatusError, APITimeoutError

        try:
            return self._read(await self._patiently(asked))
        except APIStatusError as error:
            told = f"HTTP {error.status_code}: {self._clean(_told(error))}"
            if error.status_code in _UNUSABLE:
                hint = _UNUSABLE[error.status_code].format(key=self.connection.api_key_env)
                raise EndpointStopped(f"{self.connection.base_url}: {told}: {hint}") from None
            return _failure(told)
        except APITimeoutError:
            return _failure(f"no reply within {self.connection.timeout_s:g} s")
        except APIConnectionError as error:
            return _failure(f"the connection broke: {self._clean(_cause(error))}")
        # ValueError: a body that says it is JSON and is not; RecursionError: one of a million brackets.
        except (APIError, ValueError, RecursionError) as error:
            return _failure(f"the reply is malformed: {self._clean(str(error))}")

    async def _patiently(self, asked: Asked) -> object:
        """Return what the endpoint sends, after retries where they may help."""
        from openai import APIConnectionError, APIStatusError, APITimeoutError

        if not self.reached:
            try:  # a wrong address is told at once
                return await self._request(self.client.with_options(max_retries=0), asked)
            except APITimeoutError:
                pass
            except APIConnectionError as error:
                if not self.reached:  # no other request got through meanwhile
                    told = f"cannot be reached: {self._clean(_cause(error))}"
                    raise EndpointStopped(f"{self.connection.base_url}: {told}") from None
            except APIStatusError as error:
                if error.status_code < 500 and error.status_code not in _LATER:
                    raise
        return await self._request(self.client, asked)

    async def _request(self, client: "AsyncOpenAI", asked: Asked) -> object:
        from openai import BadRequestError

        sent = self.limit
        try:
            return await self._send(client, asked, sent)
        except BadRequestError as error:
            if error.param != sent or sent != "max_tokens":
                raise
            self.limit = "max_completion_tokens"
            return await self._send(client, asked, self.limit)

    async def _send(self, client: "AsyncOpenAI", asked: Asked, limit: str) -> object:
        e, instance = self.evaluation, asked.instance
        arm = (instance.task, instance.level, instance.index, asked.sample)
        options: Any = {
            "messages": messages(instance, e.style, shots=e.shots, seed=e.seed, template=e.template),
            "temperature": e.temperature,
            "seed": derive_seed("endpoint", e.seed, *arm) % 2**31,  # some servers keep seeds in 32 bits
            limit: e.max_new_tokens,
        }
        reply = await client.chat.completions.create(model=e.model, **options)
        self.reached = True
        return reply

    def _read(self, reply: object) -> Reply:
        """Return what a reply says; only the visible answer counts, not the thoughts that some servers send beside."""
        if isinstance(reply, str):
            return self._malformed(f"no JSON but {reply!r}")
        choices = getattr(reply, "choices", None)
        if not isinstance(choices, list) or not choices:
            fault = getattr(reply, "error", None)  # some servers send errors as if all were well
            return self._malformed(f"it has no choices{f', but the error {fault!r}' if fault else ''}")
        message = getattr(choices[0], "message", None)
        if message is None:
            return self._malformed("its choice has no message")
        text = _visible(getattr(message, "content", None))
        finish = str(getattr(choices[0], "finish_reason", None) or "unknown")
        if finish == FAILED:
            return _failure("the server broke the reply off (finish_reason 'error')")
        said = ("reasoning_content", "reasoning", "refusal", "tool_calls")
        if text is None and (finish in ("length", "content_filter") or any(getattr(message, n, None) for n in said)):
            text = ""  # all went into thoughts or calls, or the model refused: it had its say
        if not isinstance(text, str):
            return self._malformed(f"its content is {text!r}")
        tokens = getattr(getattr(reply, "usage", None), "completion_tokens", None)
        return Reply(text, tokens if isinstance(tokens, int) else None, finish)

    def _malformed(self, reason: str) -> Reply:
        return _failure(f"the reply is malformed: {self._clean(reason)}")

    def _clean(self, text: str) -> str:
        """Return a message of the server on one line and without the key, which some servers repeat."""
        key = self.connection.key
        return _short(text.replace(key, "***") if key else text)

    async def _write(self) -> None:
        """Judge and write down what was answered, until there is nothing more to come."""
        more = True
        while more:
            pairs = [await self.answered.get()]
            while len(pairs) < JUDGED_TOGETHER and not self.answered.empty():
                pairs.append(self.answered.get_nowait())
            more = None not in pairs
            done = [pair for pair in pairs if pair is not None]
            if not done:
                continue
            asked, replies = zip(*done, strict=True)
            verdicts = await asyncio.to_thread(judge_replies, self.judge, asked, replies)
            await asyncio.to_thread(self.store.append, list(map(line, asked, replies, verdicts)))
            for _ in done:
                self.room.release()
            failed = f"  {self.failed} failed" if self.failed else ""
            self.bar.update(len(self.store), f"{asked[-1].instance.task}/{asked[-1].instance.level}{failed}")


def _visible(content: object) -> object:
    """Return the text of a content that comes in parts, without thoughts and the like; any other as it is."""
    if not isinstance(content, list) or not content or not all(isinstance(part, dict) for part in content):
        return content
    texts = [part.get("text") for part in content if part.get("type") == "text"]
    return "".join(texts) if all(isinstance(text, str) for text in texts) else content


def _failure(reason: str) -> Reply:
    return Reply("", None, FAILED, f"endpoint: {reason}")


def _told(error: Any) -> str:
    """Return what the body of an error says, where it says it in one of the usual ways."""
    body = error.body
    for name in ("error", "message", "detail"):
        body = body.get(name, body) if isinstance(body, dict) else body
    return body if isinstance(body, str) else str(error.message)


def _cause(error: BaseException) -> str:
    """Return the innermost reason of a broken connection."""
    while (inner := error.__cause__ or error.__context__) is not None:
        error = inner
    return str(error) or type(error).__name__


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 200 else f"{text[:200]}..."
