"""Endpoints: what is sent, what is retried, what is written down, and when it stops."""

import dataclasses
import json
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from gradarium.core import derive_seed
from gradarium.envs.prompts import messages
from gradarium.errors import BadValue, MissingExtra
from gradarium.generators import get_task
from gradarium.trainers.evaluation.endpoint import Connection, Endpoint, EndpointStopped
from gradarium.trainers.evaluation.settings import Evaluation, PlannedArm
from gradarium.trainers.evaluation.store import Store, read_completions
from gradarium.trainers.progress import Bar
from gradarium.trainers.verdicts import VerdictPool

ARMS = (PlannedArm("chain_arithmetic", 0, 0, 0, 3, 0.1), PlannedArm("chain_arithmetic", 1, 0, 2, 1, 0.1))
ASKED = Evaluation("tasks", 0, "some-model", "endpoint", 2, 0.7, 99, "brief", 0, 0, "tag", 4, "test", ARMS)


@pytest.fixture
def ask(fake, tmp_path):
    """Run an evaluation against the fake; return its lines."""

    def run(evaluation=ASKED, resume=False, **options):
        options = {"concurrency": 1, "retries": 2, "timeout_s": 5.0} | options
        backend = Endpoint(Connection(options.pop("base_url", fake.url), **options))
        with Store(tmp_path / "e", evaluation, resume) as store, VerdictPool(0) as judge:
            with Bar("eval", evaluation.total) as bar:
                backend.run(evaluation, store, judge, bar)
        return read_completions(tmp_path / "e" / "completions.jsonl")

    run.lines = lambda: read_completions(tmp_path / "e" / "completions.jsonl")
    return run


def references(number, body):
    """Answer the first instance right, the others wrong, with thoughts beside."""
    shown = body["messages"][-1]["content"]
    first = get_task("chain_arithmetic").pose(0, 0, "test")
    text = first.reference if first.brief in shown else "no number"
    return ANSWER(f"<answer>{text}</answer>", reasoning_content="<answer>17</answer>")


def ANSWER(text, **message):
    choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": text, **message}}
    return 200, json.dumps({"choices": [choice], "usage": {"completion_tokens": 7}})


def test_what_is_sent_and_what_is_written(fake, ask):
    fake.reply = references
    lines = ask()
    assert [(x["task"], x["level"], x["index"], x["sample"]) for x in lines] == [
        *(("chain_arithmetic", 0, i, k) for i in range(3) for k in range(2)),
        *(("chain_arithmetic", 1, 2, k) for k in range(2)),
    ]
    assert [x["status"] for x in lines] == ["correct"] * 2 + ["unreadable"] * 6
    assert [x["score"] for x in lines] == [1.0] * 2 + [0.0] * 6
    reference = get_task("chain_arithmetic").pose(0, 0, "test").reference
    assert lines[0]["text"] == f"<answer>{reference}</answer>" and lines[0]["answer"] == reference
    assert {(x["tokens"], x["finish"]) for x in lines} == {(7, "stop")}
    body = fake.asked[7]
    posed = get_task("chain_arithmetic").pose(2, 1, "test", answer_format="tag")
    assert body == {
        "model": "some-model",
        "messages": list(messages(posed, "brief")),
        "temperature": 0.7,
        "max_tokens": 99,
        "seed": derive_seed("endpoint", 4, "chain_arithmetic", 1, 2, 1) % 2**31,
    }
    assert len({sent["seed"] for sent in fake.asked}) == 8


def test_concurrency_changes_the_order_only(fake, ask, tmp_path):
    barrier = threading.Barrier(4, timeout=5)

    def reply(number, body):
        if number and barrier.n_waiting < 4 and number <= 4:
            barrier.wait()  # four requests are under way at one time, or this breaks
        return fake.chat(f"<answer>{body['seed']}</answer>")

    fake.reply = reply
    many = ask(concurrency=5)
    assert not barrier.broken
    fake.reply = lambda number, body: fake.chat(f"<answer>{body['seed']}</answer>")
    evaluation = dataclasses.replace(ASKED)
    with Store(tmp_path / "other", evaluation) as store, VerdictPool(0) as judge, Bar("eval", 8) as bar:
        Endpoint(Connection(fake.url, concurrency=1)).run(evaluation, store, judge, bar)
    one = read_completions(tmp_path / "other" / "completions.jsonl")
    assert sorted(map(json.dumps, many)) == sorted(map(json.dumps, one)) and len(one) == 8


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_passing_fault_is_retried(fake, ask, status):
    fake.reply = lambda number, body: (
        fake.fault(status, "later") if number in (1, 2) else fake.chat("<answer>1</answer>")
    )
    assert len(ask()) == 8 and len(fake.asked) == 10
    assert fake.asked[1] == fake.asked[2] == fake.asked[3]


def test_a_connection_that_breaks_is_retried(fake, ask):
    fake.reply = lambda number, body: (0, "", "") if number == 3 else fake.chat("<answer>1</answer>")
    assert [x["status"] for x in ask()].count("error") == 0
    assert len(fake.asked) == 9


MALFORMED = {
    "html": ((200, "<html>  <b>hello</b></html>", "text/html"), "no JSON but '<html> <b>hello</b></html>'"),
    "half JSON": ((200, '{"choices": [', "application/json"), "the reply is malformed: "),
    "no choices": ((200, "{}", "application/json"), "it has no choices"),
    "empty choices": ((200, '{"choices": []}', "application/json"), "it has no choices"),
    "a list": ((200, "[1, 2]", "application/json"), "it has no choices"),
    "no message": ((200, '{"choices": [{"index": 0}]}', "application/json"), "its choice has no message"),
    "null content": (ANSWER(None), "its content is None"),
    "content of parts": (ANSWER([{"type": "text"}]), "its content is [{"),
    "brackets without end": ((200, '{"choices": ' + "[" * 100_000, "application/json"), "the reply is malformed: "),
    "an error as if all were well": ((200, '{"error": "no credit"}', "application/json"), "but the error 'no credit'"),
    "broken off": (
        (200, json.dumps({"choices": [{"finish_reason": "error", "message": {"content": "<answer>1"}}]})),
        "the server broke the reply off",
    ),
    "bad request": ((400, '{"error": {"message": "too\\nlong"}}', "application/json"), "HTTP 400: too long"),
    "another way to say it": ((422, '{"detail": "unknown field"}', "application/json"), "HTTP 422: unknown field"),
}


@pytest.mark.parametrize(("reply", "words"), MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_reply_is_written_down_and_asked_again_later(fake, ask, reply, words):
    fake.reply = lambda number, body: reply if number in (2, 3) else fake.chat("<answer>1</answer>")
    bad = [x for x in ask() if x["status"] == "error"]
    assert len(bad) == 2
    assert words in bad[0]["reason"] and bad[0]["reason"].startswith("endpoint: ")
    assert (bad[0]["score"], bad[0]["finish"], bad[0]["text"], bad[0]["tokens"]) == (None, "error", "", None)
    before = len(fake.asked)
    fake.reply = lambda number, body: fake.chat("<answer>1</answer>")
    lines = ask(resume=True)
    assert len(fake.asked) == before + len(bad)
    assert len(lines) == 8 and not [x for x in lines if x["status"] == "error"]


SILENT = {
    "cut off while thinking": ({"finish": "length", "reasoning_content": "hm"}, "length"),
    "cut off": ({"finish": "length"}, "length"),
    "only thoughts": ({"reasoning_content": "hm"}, "stop"),
    "refused": ({"refusal": "I cannot"}, "stop"),
    "filtered": ({"finish": "content_filter"}, "content_filter"),
}


@pytest.mark.parametrize(("said", "finish"), SILENT.values(), ids=SILENT)
def test_a_model_that_says_nothing_has_no_answer(fake, ask, said, finish):
    fake.reply = lambda number, body: fake.chat(None, **said)
    assert {(x["status"], x["score"], x["finish"], x["text"]) for x in ask()} == {("missing", 0.0, finish, "")}


def test_usage_may_be_missing(fake, ask):
    fake.reply = lambda number, body: fake.chat("<answer>1</answer>", tokens=None)
    assert {x["tokens"] for x in ask()} == {None}


def test_five_failures_in_a_row_stop_it_and_what_was_answered_is_kept(fake, ask):
    fake.reply = lambda number, body: fake.chat("<answer>1</answer>") if number < 2 else fake.fault(500, "on fire")
    with pytest.raises(EndpointStopped, match=r"5 failures in a row, at last: endpoint: HTTP 500: on fire"):
        ask(retries=0)
    assert [x["finish"] for x in ask.lines()] == ["stop"] * 2 + ["error"] * 5
    fake.reply = lambda number, body: fake.chat("<answer>1</answer>")
    before = len(fake.asked)
    assert [x["finish"] for x in ask(resume=True)] == ["stop"] * 8
    assert len(fake.asked) == before + 6


def test_an_endpoint_that_is_down_is_told_at_once(ask):
    with socket.socket() as taken:  # a port that nobody listens at
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/v1"
        with pytest.raises(EndpointStopped) as caught:
            ask(base_url=url, retries=5, concurrency=4)
    assert str(caught.value).startswith(f"{url}: cannot be reached: [Errno 111] Connect call failed")
    assert ask.lines() == []


def test_an_endpoint_that_goes_down_in_the_middle(fake, ask):
    fake.reply = lambda number, body: fake.chat("<answer>1</answer>") if number < 3 else (0, "", "")
    with pytest.raises(EndpointStopped, match=r"failures in a row.*the connection broke"):
        ask(retries=0)
    assert [x["finish"] for x in ask.lines()].count("stop") == 3


def test_one_that_is_slow(fake, ask):
    fake.reply = lambda number, body: fake.slow(0.6) if number in (1, 2) else fake.chat("<answer>1</answer>")
    reasons = [x["reason"] for x in ask(timeout_s=0.2, retries=0) if x["status"] == "error"]
    assert reasons == ["endpoint: no reply within 0.2 s"] * 2


@pytest.mark.parametrize(
    ("status", "words"),
    [(401, "put it into the environment variable OPENAI_API_KEY"), (403, "may not"), (404, "ends in /v1")],
)
def test_what_no_patience_mends_stops_at_once(fake, ask, status, words):
    fake.reply = lambda number, body: fake.fault(status, "no")
    with pytest.raises(EndpointStopped, match=f"HTTP {status}: no: .*{words}"):
        ask()
    assert len(fake.asked) == 1 and ask.lines() == []


def test_the_key_is_sent_and_written_nowhere(fake, ask, tmp_path, monkeypatch):
    monkeypatch.setenv("MY_KEY", "sk-very-secret")
    told = "key sk-very-secret is over its limit"
    fake.reply = lambda number, body: fake.fault(400, told) if number == 5 else fake.chat("<answer>1</answer>")
    lines = ask(api_key_env="MY_KEY")
    assert {headers["authorization"] for headers in fake.headers} == {"Bearer sk-very-secret"}
    assert [x["reason"] for x in lines if x["status"] == "error"] == ["endpoint: HTTP 400: key *** is over its limit"]
    for path in (tmp_path / "e").iterdir():
        assert b"sk-very-secret" not in path.read_bytes()


@pytest.mark.parametrize(
    "reply",
    [
        (200, "you sent Bearer sk-very-secret", "text/plain"),
        (200, '{"choices": [{"message": {"content": {"sent": "sk-very-secret"}}}]}', "application/json"),
        (200, '{"error": {"message": "sk-very-secret is over its limit"}}', "application/json"),
    ],
)
def test_the_key_in_a_malformed_reply_is_written_nowhere(fake, ask, monkeypatch, reply):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-very-secret")
    fake.reply = lambda number, body: reply if number == 5 else fake.chat("<answer>1</answer>")
    [bad] = [x["reason"] for x in ask() if x["status"] == "error"]
    assert "***" in bad and "secret" not in bad


def test_a_key_that_cannot_be_sent_is_told_without_it(fake, monkeypatch):
    for key in ("sk-secret\n", "sk-sécret", " sk-secret"):
        monkeypatch.setenv("OPENAI_API_KEY", key)
        with pytest.raises(BadValue, match="OPENAI_API_KEY = '\\*\\*\\*': holds a line end or another") as caught:
            Connection(fake.url)
        assert "sk-" not in str(caught.value)


@pytest.mark.parametrize(
    ("variable", "value"), [("ALL_PROXY", "nonsense://localhost:1"), ("SSL_CERT_FILE", "/no/such/file")]
)
def test_an_environment_that_no_client_can_use(monkeypatch, variable, value):
    monkeypatch.setenv(variable, value)
    with pytest.raises(EndpointStopped, match=r"no client can be made: .*ALL_PROXY"):
        Endpoint(Connection("https://localhost:1/v1"))


PARTS = [{"type": "thinking", "thinking": "17"}, {"type": "text", "text": "<answer>"}, {"type": "text", "text": "4"}]


@pytest.mark.parametrize(
    ("message", "text"),
    [
        ({"content": PARTS}, "<answer>4"),
        ({"content": None, "reasoning": "<answer>17</answer>"}, ""),
        ({"content": None, "tool_calls": [{"id": "1", "type": "function", "function": {}}]}, ""),
    ],
)
def test_parts_thoughts_and_calls(fake, ask, message, text):
    fake.reply = lambda number, body: ANSWER(message["content"], **{k: v for k, v in message.items() if k != "content"})
    assert {(x["text"], x["finish"]) for x in ask()} == {(text, "stop")}


def test_the_other_name_of_the_limit(fake, ask):
    def reply(number, body):
        if "max_tokens" in body:
            return fake.fault(400, "use max_completion_tokens", param="max_tokens", code="unsupported_parameter")
        return fake.chat("<answer>1</answer>")

    fake.reply = reply
    assert len(ask()) == 8 and fake.asked[-1]["max_completion_tokens"] == 99
    assert sum("max_tokens" in body for body in fake.asked) <= 2


def test_an_interrupt_writes_down_what_was_answered(fake, ask, interrupts):
    import _thread

    def reply(number, body):
        if number == 3:
            _thread.interrupt_main()
            return fake.slow(1.0)
        return fake.chat("<answer>1</answer>")

    fake.reply = reply
    with pytest.raises(KeyboardInterrupt):
        ask()
    assert len(ask.lines()) == 3
    fake.reply = lambda number, body: fake.chat("<answer>1</answer>")
    assert len(ask(resume=True)) == 8


WRONG = {
    "no address": ({"base_url": "localhost:8000"}, "must be an address"),
    "a password": ({"base_url": "http://me:secret@host/v1"}, "may hold no key"),
    "a key": ({"base_url": "http://host/v1?key=secret"}, "may hold no key"),
    "a key behind #": ({"base_url": "http://host/v1#secret"}, "may hold no key"),
    "no port": ({"base_url": "http://host:port/v1"}, "must be an address"),
    "half an address": ({"base_url": "http://[::1/v1"}, "must be an address"),
    "a blank": ({"base_url": "http://ho st/v1"}, "must be an address"),
    "the key itself": ({"api_key_env": "sk-secret"}, "--api-key-env = 'sk-...'"),
    "nobody asks": ({"concurrency": 0}, "--concurrency = 0"),
    "no time": ({"timeout_s": 0.0}, "--timeout = 0.0"),
    "no variable": ({"api_key_env": "NOT_THERE_AT_ALL"}, "has no such variable"),
}


@pytest.mark.parametrize(("options", "words"), WRONG.values(), ids=WRONG)
def test_wrong_options(options, words):
    with pytest.raises(BadValue) as caught:
        Connection(**{"base_url": "http://localhost/v1", **options})
    assert words in str(caught.value) and "secret" not in str(caught.value)


def test_without_the_client(monkeypatch):
    monkeypatch.setitem(sys.modules, "openai", None)
    with pytest.raises(MissingExtra, match=r"gradarium\[endpoint\]"):
        Endpoint(Connection("http://localhost/v1"))


def test_no_torch_is_loaded_for_an_endpoint():
    code = "import sys, gradarium.trainers.commands.eval, gradarium.trainers.evaluation.endpoint as e\n"
    code += "e.Endpoint(e.Connection('http://localhost/v1'))\nprint({'torch', 'transformers'} & set(sys.modules))"
    path = os.pathsep.join([str(Path(__file__).resolve().parents[3] / "src"), os.environ.get("PYTHONPATH", "")])
    env = {**os.environ, "PYTHONPATH": path.rstrip(os.pathsep)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=env)
    assert done.stdout == "set()\n"
