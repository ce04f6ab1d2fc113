"""Measure the sandbox: speed beside other designs, no false negatives under load, nothing left behind.

    python benchmarks/sandbox.py speed      # ratios of one run; designs take turns
    python benchmarks/sandbox.py load       # 200 right programs of 0.3 s, 8 at a time on each core
    python benchmarks/sandbox.py leaks      # 10,000 runs: processes, descriptors, files, memory

Machines are noisy: read the ratios, not the absolute figures. The docker tier takes part where an engine answers and
the image is there (``gradarium sandbox --build``).
"""

import argparse
import glob
import json
import multiprocessing
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from gradarium.sandbox import Limits, Outcome, Run, SandboxUnavailable, make_sandbox
from gradarium.sandbox.pool import Pool
from gradarium.sandbox.tiers import UNSAFE_VARIABLE

CODE = "def f(a, b):\n    return [a + b, a * b]\n"
INPUTS = [[1, 2], [3, 4], [5, 6]]
RIGHT = ([3, 2], [7, 12], [11, 30])
PROGRAM = CODE + f"import json\nprint(json.dumps([f(*args) for args in {INPUTS}]))\n"
HARD = """
import time
def f(x):
    while time.process_time() < 0.3:
        pass
    return x * x
"""
Design = Callable[[], None]


def by_subprocess(*command: str) -> Design:
    """Return a design that starts an interpreter for each run."""

    def run() -> None:
        done = subprocess.run([*command, PROGRAM], stdin=subprocess.DEVNULL, capture_output=True, check=True)
        assert json.loads(done.stdout) == list(RIGHT)

    return run


def bare_fork() -> None:
    """Run in a fork of this process, without any protection; the result comes back through a pipe."""
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_forked, args=(theirs,))
    process.start()
    theirs.close()
    assert tuple(ours.recv()) == RIGHT
    process.join()
    ours.close()


def _forked(link: "multiprocessing.connection.Connection") -> None:
    names: dict[str, object] = {}
    exec(compile(CODE, "<answer>", "exec"), names)  # noqa: S102 - what the sandbox is compared with
    link.send([names["f"](*args) for args in INPUTS])  # type: ignore[operator]


def by_pool(pool: Pool) -> Design:
    """Return a design that uses a tier of the sandbox."""

    def run() -> None:
        got = pool.call(CODE, "f", INPUTS)
        assert got.values == RIGHT, got

    return run


def pools(workers: int) -> dict[str, Pool]:
    """Return the tiers that this machine has."""
    found = {}
    for tier in ("namespaces", "landlock", "docker"):
        try:
            found[tier] = make_sandbox(tier, workers=workers)
        except SandboxUnavailable as error:
            print(f"no {tier}: {error}", file=sys.stderr)
    return found


def without_isolation() -> Pool:
    """Return the same worker without any fence, to see what the fences cost; it runs our own code only."""
    os.environ[UNSAFE_VARIABLE] = "1"
    return make_sandbox("unsafe", allow_unsafe=True, workers=1)


def timed(design: Design, seconds: float, threads: int) -> tuple[float, list[float]]:
    """Return runs per second and the seconds of each run, with ``threads`` callers."""
    times: list[float] = []
    stop = time.perf_counter() + seconds

    def caller() -> None:
        while (begun := time.perf_counter()) < stop:
            design()
            times.append(time.perf_counter() - begun)

    begun = time.perf_counter()
    callers = [threading.Thread(target=caller) for _ in range(threads)]
    for thread in callers:
        thread.start()
    for thread in callers:
        thread.join()
    return len(times) / (time.perf_counter() - begun), sorted(times)


def percentile(times: list[float], share: float) -> float:
    """Return a percentile in milliseconds."""
    return 1000 * times[min(len(times) - 1, int(share * len(times)))]


def measure(
    designs: dict[str, Design], rounds: int, seconds: float, threads: int
) -> dict[str, tuple[float, float, float]]:
    """Return runs per second (median of rounds), p50 and p99 in ms of each design; they take turns in every round."""
    rates: dict[str, list[float]] = {name: [] for name in designs}
    times: dict[str, list[float]] = {name: [] for name in designs}
    for _ in range(rounds):
        for name, design in designs.items():
            rate, seen = timed(design, seconds, threads)
            rates[name].append(rate)
            times[name] += seen
    result = {}
    for name in designs:
        every = sorted(times[name])
        result[name] = (statistics.median(rates[name]), percentile(every, 0.5), percentile(every, 0.99))
    return result


def show(title: str, rows: dict[str, tuple[float, float, float]]) -> None:
    """Print a table in Markdown."""
    print(f"\n{title}\n\n| design | runs/s | p50 ms | p99 ms |\n|---|---:|---:|---:|")
    for name, (rate, p50, p99) in rows.items():
        print(f"| {name} | {rate:.1f} | {p50:.2f} | {p99:.2f} |")


def docker_run(image: str) -> Design:
    """Return a design that starts a container for each run."""
    options = "--rm --network none --read-only --cap-drop ALL --pids-limit 32 --memory 256m --user 65534".split()
    more = ["--security-opt", "no-new-privileges", "--entrypoint", "python3", image, "-I", "-S", "-c"]
    return by_subprocess("docker", "run", *options, *more)


def speed(rounds: int, seconds: float) -> bool:
    """Compare designs on one core, on all and under load; return whether the targets were met."""
    cores = sorted(os.sched_getaffinity(0))
    python = sys.executable
    plain: dict[str, Design] = {
        "python -c": by_subprocess(python, "-c"),
        "python -I -S -c": by_subprocess(python, "-I", "-S", "-c"),
        "bare fork": bare_fork,
    }
    os.sched_setaffinity(0, cores[:1])  # children inherit it: all of a design shares one core
    pinned = {**pools(1), "worker without isolation": without_isolation()}
    one = measure({**plain, **_designs(pinned)}, rounds, seconds, 1)
    show(f"One caller, everything on one core ({rounds} rounds of {seconds:g} s, in turns)", one)
    _close(pinned)
    os.sched_setaffinity(0, cores)
    wide = pools(len(cores))
    each = {"docker run": docker_run(wide["docker"].capabilities()["image"])} if "docker" in wide else {}
    free = measure({**plain, **each, **_designs(wide)}, rounds, seconds, 1)
    show(f"One caller, {len(cores)} cores", free)
    busy = measure({**plain, **_designs(wide)}, rounds, seconds, 2 * len(cores))
    show(f"Under load: {2 * len(cores)} callers, {len(cores)} workers, {len(cores)} cores", busy)
    _close(wide)
    verdicts: list[tuple[str, float, float | None]] = [
        ("namespaces / python -I -S -c, one core", one["namespaces"][0] / one["python -I -S -c"][0], 6.0),
        ("namespaces / python -I -S -c", free["namespaces"][0] / free["python -I -S -c"][0], 6.0),
        ("namespaces / python -c, one core", one["namespaces"][0] / one["python -c"][0], None),
        ("namespaces / python -c", free["namespaces"][0] / free["python -c"][0], 15.0),
        ("namespaces / bare fork, one core", one["namespaces"][0] / one["bare fork"][0], 1 / 1.3),
        (
            "namespaces / worker without isolation, one core",
            one["namespaces"][0] / one["worker without isolation"][0],
            None,
        ),
        ("namespaces, runs/s on one core", one["namespaces"][0], 250.0),
    ]
    if each:
        verdicts.append(("docker / docker run", free["docker"][0] / free["docker run"][0], 20.0))
    print("\n| ratio | measured | at least |\n|---|---:|---:|")
    for name, value, least in verdicts:
        print(f"| {name} | {value:.2f} | {'' if least is None else f'{least:.2f}'} |")
    return all(value >= least for _, value, least in verdicts if least is not None)


def _designs(tiers: dict[str, Pool]) -> dict[str, Design]:
    return {name: by_pool(pool) for name, pool in tiers.items()}


def _close(tiers: dict[str, Pool]) -> None:
    for pool in tiers.values():
        pool.close()


def load(count: int, over: int) -> bool:
    """Run right programs of 0.3 s with ``over`` of them on each core at a time; return whether all passed."""
    workers = over * len(os.sched_getaffinity(0))
    good = True
    for name, pool in pools(workers).items():
        with pool, ThreadPoolExecutor(workers) as threads:

            def one(i: int, pool: Pool = pool) -> Run:
                return pool.call(HARD, "f", [[i]], Limits(cpu_s=1.0))

            begun = time.perf_counter()
            runs = list(threads.map(one, range(count)))
            right = sum(run.outcome is Outcome.RAN and run.values == (i * i,) for i, run in enumerate(runs))
            slowest = max(run.wall_s for run in runs)
            print(
                f"{name}: {right} of {count} right programs passed, {workers} at a time; "
                f"slowest {slowest:.1f} s by the clock, {time.perf_counter() - begun:.0f} s in all"
            )
            good = good and right == count
    return good


def state() -> dict[str, int]:
    """Return what a leak would show in."""
    # The kernel's list of all processes; ours are found by their ancestors.
    parents = {}
    for stat in glob.glob("/proc/[0-9]*/stat"):
        try:
            pid, rest = int(stat.split("/")[2]), Path(stat).read_text().rpartition(")")[2].split()
            parents[pid] = int(rest[1])
        except OSError:
            continue
    family, seen = {os.getpid()}, 0
    while len(family) != seen:
        seen = len(family)
        family |= {pid for pid, parent in parents.items() if parent in family}
    cgroups = sum(len(folders) for _, folders, _ in os.walk("/sys/fs/cgroup"))
    return {
        "processes": len(family),
        "descriptors": len(os.listdir("/proc/self/fd")),
        "temporary files": len(os.listdir(tempfile.gettempdir())),
        "shared memory files": len(os.listdir("/dev/shm")),
        "control groups": cgroups,
        "mounts": len(Path("/proc/self/mounts").read_text().splitlines()),
        "resident kB": int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") // 1024,
    }


def leaks(count: int) -> bool:
    """Do many runs of several endings; return whether the process and the machine are as before."""
    codes = [CODE, "def f(a, b): return a / 0", "import os\nos._exit(0)", "def f(a, b): print('x' * 10_000); return 1"]
    outcomes = [Outcome.RAN, Outcome.RUNTIME_ERROR, Outcome.NO_RESULT, Outcome.RAN]
    good = True
    for name, pool in pools(len(os.sched_getaffinity(0))).items():
        with pool, ThreadPoolExecutor(4) as threads:

            def one(i: int, pool: Pool = pool) -> bool:
                return pool.call(codes[i % 4], "f", INPUTS).outcome is outcomes[i % 4]

            judged = sum(threads.map(one, range(500)))
            before = state()
            for _ in range(count // 500):  # not all at once: ten thousand waiting calls would take 20 MB themselves
                judged += sum(threads.map(one, range(500)))
            after = state()
        grown = {key: after[key] - before[key] for key in before}
        print(f"{name}: {judged - 500} of {count // 500 * 500} runs came out right; growth: {grown}")
        fine = grown["resident kB"] < 5000 and all(v <= 0 for k, v in grown.items() if k != "resident kB")
        good = good and fine and judged == count // 500 * 500 + 500
    return good


def main() -> None:
    """Run what was asked for; exit status 1 where a target was missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["speed", "load", "leaks"])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2.0, help="seconds of each design in a round")
    parser.add_argument("--count", type=int, help="runs (default: 200 for load, 10000 for leaks)")
    parser.add_argument("--over", type=int, default=8, help="programs at a time on each core, for load")
    given = parser.parse_args()
    if given.what == "speed":
        good = speed(given.rounds, given.seconds)
    elif given.what == "load":
        good = load(given.count or 200, given.over)
    else:
        good = leaks(given.count or 10_000)
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
