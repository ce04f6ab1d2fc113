"""An evaluation that is killed and goes on, beside one that is not: completions and results must be equal.

    pip install -e ".[train,dev]"
    python benchmarks/eval_resume.py --count 5 --samples 2     # a look
    python benchmarks/eval_resume.py                           # 2,000 instances x 8 samples: docs/evaluation.md

A tiny model learns four tasks from reference answers for a minute, so that its replies are sometimes right, and is
served by ``transformers serve``, which speaks the protocol of OpenAI. ``gradarium eval`` then asks it twice: in one go,
and with two kills (SIGKILL, no chance to tidy up) at a third and at two thirds; after the first kill the last line of
the completions is cut in half besides, as a power cut would leave it.

Requests go one at a time. The server puts a request's seed into torch when the request arrives and samples later, on a
thread of its own: two sampled requests at a time would swap their seeds. ``--greedy --concurrency 8`` shows that
several at a time are equal where the server has no noise.
"""

import argparse
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import torch

from gradarium.trainers.checkpoint import save_model
from gradarium.trainers.config_file import load_config
from gradarium.trainers.models import load_model
from gradarium.trainers.run import train

CONFIG = """
out = "{out}"
style = "brief"
answer_format = "plain"
[model]
width = 48
layers = 1
heads = 2
threads = 1
context = 512
[warm_start]
steps = {steps}
batch = 32
check_every = 1000000
lr = 3e-3
[grpo]
steps = 0
max_new_tokens = 8
[judge]
workers = 1
[evaluation]
count = 1
[[task]]
name = "chain_arithmetic"
levels = [0, 1]
[[task]]
name = "number_sorting"
[[task]]
name = "spell_backward"
"""
ARMS = 4
BIN = Path(sys.executable).parent


def make_model(folder: Path, steps: int) -> tuple[Path, Path]:
    """Return (folder of a model that samples when it is served, configuration that it was made with)."""
    config = folder / "config.toml"
    config.write_text(CONFIG.format(out=(folder / "run").as_posix(), steps=steps), encoding="utf-8")
    if steps:
        train(load_config(config))
        place = folder / "run" / "model"
    else:
        place = folder / "model"
        save_model(place, *load_model(load_config(config)))
    path = place / "generation_config.json"
    # The server samples only where the model's own settings say so, whatever temperature it is asked for.
    settings = json.loads(path.read_text(encoding="utf-8")) | {"do_sample": True, "top_k": 0}
    path.write_text(json.dumps(settings), encoding="utf-8")
    return place, config


@contextlib.contextmanager
def serve(model: Path, log: Path, wait_s: float = 180.0) -> Iterator[str]:
    """Run ``transformers serve`` on a free port; give its address. Raises RuntimeError with the end of its log."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [BIN / "transformers", "serve", model, "--device", "cpu", "--host", "127.0.0.1", "--port", str(port)]
    env = {**os.environ, "OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1"}
    with log.open("w") as out:
        server = subprocess.Popen(list(map(str, command)), stdout=out, stderr=out, env=env)
    try:
        end = time.monotonic() + wait_s
        while True:
            with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5):
                break
            if server.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"transformers serve does not start: {log.read_text()[-1000:]}")
            time.sleep(0.2)
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        server.terminate()
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def lines(folder: Path) -> int:
    """Return how many completions a folder holds."""
    path = folder / "completions.jsonl"
    return path.read_bytes().count(b"\n") if path.exists() else 0


def evaluate(command: list[str], folder: Path, kill_at: int | None = None) -> float:
    """Run ``gradarium eval``; with ``kill_at``, kill it when so many completions are there. Return the seconds."""
    began = time.monotonic()
    with (folder.parent / f"{folder.name}.log").open("a") as log:
        process = subprocess.Popen([*command, "--out", str(folder)], stdout=log, stderr=log)
    while kill_at is not None and process.poll() is None and lines(folder) < kill_at:
        time.sleep(0.02)
    if kill_at is not None and process.poll() is None:
        process.send_signal(signal.SIGKILL)
    code = process.wait()
    if code != (0 if kill_at is None else -signal.SIGKILL):
        log_text = (folder.parent / f"{folder.name}.log").read_text()
        raise RuntimeError(f"gradarium eval ended with {code}: {log_text[-1000:]}")
    return time.monotonic() - began


def tear(folder: Path) -> None:
    """Cut the last line in half, as a power cut may."""
    path = folder / "completions.jsonl"
    data = path.read_bytes()
    last = data.rstrip(b"\n").rfind(b"\n") + 1
    path.write_bytes(data[: (last + len(data)) // 2])


def compare(whole: Path, broken: Path) -> dict[str, bool | int]:
    """Return what is equal."""
    a, b = ((folder / "completions.jsonl").read_bytes() for folder in (whole, broken))
    return {
        "completions": a.count(b"\n"),
        "different texts": len({json.loads(row)["text"] for row in a.splitlines()}),
        "right": sum(json.loads(row)["score"] == 1 for row in a.splitlines()),
        "lines equal as sets": sorted(a.splitlines()) == sorted(b.splitlines()),
        "completions.jsonl equal byte for byte": a == b,
        "results.json equal byte for byte": (whole / "results.json").read_bytes()
        == (broken / "results.json").read_bytes(),
    }


def main(argv: list[str] | None = None) -> bool:
    """Run both, print what was found, and return whether they are equal."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=500, help=f"instances of each of the {ARMS} arms")
    parser.add_argument("--samples", type=int, default=8)
    parser.add_argument("--steps", type=int, default=300, help="steps in which the model learns; 0: random weights")
    parser.add_argument("--greedy", action="store_true")
    parser.add_argument("--concurrency", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="keep everything there; default: a temporary folder")
    options = parser.parse_args(argv)
    with contextlib.ExitStack() as stack:
        folder = options.folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder.mkdir(parents=True, exist_ok=True)
        torch.set_num_threads(1)
        model, config = make_model(folder, options.steps)
        url = stack.enter_context(serve(model, folder / "server.log"))
        command = [str(BIN / "gradarium"), "eval", "--endpoint", url, "--model", str(model), "--config", str(config)]
        command += ["--count", str(options.count), "--samples", str(options.samples)]
        command += ["--concurrency", str(options.concurrency)]
        command += ["--temperature", "0"] if options.greedy else []
        total = ARMS * options.count * options.samples
        whole, broken = folder / "whole", folder / "broken"
        print(f"{total} completions of {ARMS * options.count} instances, {options.concurrency} request(s) at a time")
        print(f"unbroken: {evaluate(command, whole):.0f} s", flush=True)
        seconds = evaluate(command, broken, total // 3)
        print(
            f"killed after {seconds:.0f} s with {lines(broken)} completions; its last line is cut in half", flush=True
        )
        tear(broken)
        seconds = evaluate([*command, "--resume"], broken, 2 * total // 3)
        print(f"resumed, killed after {seconds:.0f} s with {lines(broken)} completions", flush=True)
        print(f"resumed to the end: {evaluate([*command, '--resume'], broken):.0f} s")
        found = compare(whole, broken)
        for name, value in found.items():
            print(f"{name}: {({True: 'yes', False: 'NO'}[value]) if isinstance(value, bool) else value}")
        return found["lines equal as sets"] is True and found["results.json equal byte for byte"] is True


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
