"""Train in children that are killed at random points and resumed; say whether the weights come out the same.

    python kill_driver.py MIXTURE.toml FOLDER TRIALS SEED

Prints one JSON line for each trial. Torch is loaded once and each run is a fork of this process, taken before torch has
made a thread, so that twenty trials take a minute.
"""

import json
import os
import random
import shutil
import signal
import sys
import time
import traceback
from pathlib import Path

import torch
from safetensors.torch import load_file

from gradarium.trainers.config_file import load_config
from gradarium.trainers.run import train


def start(mixture, out):
    """Fork a run that goes on with what is in its folder, if anything; return the child's number."""
    child = os.fork()
    if child:
        return child
    try:
        train(load_config(Path(mixture), ["--out", str(out)]), resume=True)
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def finish(child):
    """Wait for a child; return its exit status, negative for a signal."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def kill_after(child, seconds, checkpoints, in_checkpoint):
    """Kill a child after some time, or while it writes the next checkpoint after that; return what was met."""
    began = time.monotonic()
    while os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        late = time.monotonic() - began >= seconds
        writing = any(checkpoints.glob("*.tmp"))
        if late and (writing or not in_checkpoint):
            os.kill(child, signal.SIGKILL)
            return "in a checkpoint" if writing else "between"
        time.sleep(0.0005)
    return "at the end"


def weights(folder):
    return load_file(folder / "model" / "model.safetensors")


def main(mixture, folder, trials, seed):
    torch.set_num_threads(1)
    folder = Path(folder)
    rng = random.Random(seed)
    began = time.monotonic()
    assert finish(start(mixture, folder / "unbroken")) == 0
    took = time.monotonic() - began
    expected = weights(folder / "unbroken")
    lines = (folder / "unbroken" / "metrics.jsonl").read_text().count("\n")
    for trial in range(trials):
        out = folder / "killed"
        shutil.rmtree(out, ignore_errors=True)
        met = []
        for _ in range(1 + trial % 3):
            child = start(mixture, out)
            met.append(kill_after(child, rng.random() * took * 0.9, out / "checkpoints", rng.random() < 0.5))
            finish(child)
        status = finish(start(mixture, out))
        found = weights(out) if status == 0 else {}
        same = found.keys() == expected.keys() and all(torch.equal(found[name], expected[name]) for name in expected)
        written = (out / "metrics.jsonl").read_text().count("\n")
        print(json.dumps({"killed": met, "status": status, "same": same, "lines": written == lines}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
