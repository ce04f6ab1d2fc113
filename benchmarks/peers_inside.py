"""The peers' side of ``peers.py``: poses and scores in an interpreter of its own, so it stands alone.

Reads one JSON request a line, writes one JSON line for each reply; what a scorer prints goes to stderr. It is run in an
empty folder, with a limit on its memory, and is killed when a reply takes too long.
"""

import contextlib
import importlib.metadata
import json
import os
import random
import resource
import time

MEMORY = 6 << 30
SIZE = 500


def versions():
    """Return package -> installed version, or None."""
    found = {}
    for name in ("reasoning-gym", "satquest"):
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            found[name] = None
    return found


class ReasoningGym:
    """One dataset."""

    def __init__(self, request):
        from reasoning_gym.factory import create_dataset
        from reasoning_gym.utils import extract_answer

        self.data = create_dataset(request["dataset"], seed=request["seed"], size=SIZE, **request["config"])
        self.find = extract_answer
        self.entries = {}

    def pose(self, index):
        """Return a problem."""
        entry = self.entries[index] = self.data[index]
        return {key: entry[key] for key in ("question", "answer", "metadata")}

    def entry(self, index):
        """Return a problem as the scorer takes it."""
        if index not in self.entries:  # after a hang, in a new process
            self.pose(index)
        return self.entries[index]

    def score(self, item, answer):
        """Score an answer to a problem."""
        return float(self.data.score_answer(answer, self.entry(item)))

    def grade(self, item, completion):
        """Score a reply: what stands in its last tag."""
        return float(self.data.score_answer(self.find(completion), self.entry(item)))


class SatQuest:
    """One problem type; the formulas are ours, since the package generates none."""

    def __init__(self, request):
        import satquest

        self.package, self.kind = satquest, request["dataset"]
        self.formulas, self.problems = request["formulas"], {}

    def pose(self, index):
        """Return a problem."""
        cnf = self.package.CNF(clauses=self.formulas[index])
        problem = self.package.create_problem(self.kind, cnf)
        self.problems[index] = problem
        question = problem.accept(self.package.create_question("dimacs"))
        return {"question": question, "answer": problem.solution, "metadata": {"clauses": self.formulas[index]}}

    def score(self, item, answer):
        """Score an answer to a problem."""
        if item not in self.problems:
            self.pose(item)
        return float(self.problems[item].check(answer))

    grade = None  # what finds an answer in a reply is left to its users


def replies(request, state):
    """Yield the replies to one request."""
    kind = request["do"]
    if kind == "versions":
        yield versions()
    elif kind == "open":
        state["set"] = {"reasoning-gym": ReasoningGym, "satquest": SatQuest}[request["peer"]](request)
        yield {"opened": request["dataset"]}
    elif kind == "pose":
        yield state["set"].pose(request["index"])
    elif kind in ("score", "grade"):
        judge = getattr(state["set"], kind)
        for item, text in request["cases"]:
            try:
                yield judge(item, text)
            except Exception as error:
                yield f"{type(error).__name__}: {str(error)[:200]}"
    elif kind == "time":
        yield timed(state["set"], request)


def timed(data, request):
    """Time posing, or scoring of the cases given, for some seconds; return the seconds of each call."""
    times, start = [], time.perf_counter()
    cases, judge = request.get("cases"), getattr(data, request.get("how", "score"))
    while len(times) < request["least"] or time.perf_counter() < start + request["seconds"]:
        began = time.perf_counter()
        if cases:
            judge(*cases[len(times) % len(cases)])
        else:
            data.data[(request["first"] + len(times)) % SIZE]
        times.append(time.perf_counter() - began)
    return times


def main():
    """Answer requests until there are no more."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    requests = os.fdopen(os.dup(0), encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)  # some scorers run text, and text may say input()
    state = {}
    random.seed(0)
    for line in requests:
        try:
            for reply in replies(json.loads(line), state):
                out.write(json.dumps({"reply": reply}, default=str) + "\n")
                out.flush()
        except Exception as error:
            out.write(json.dumps({"error": f"{type(error).__name__}: {str(error)[:300]}"}) + "\n")
            out.flush()


if __name__ == "__main__":
    with contextlib.suppress(BrokenPipeError, KeyboardInterrupt):
        main()
