"""No execution: a verifier never runs, compiles, opens or imports anything because of an answer."""

import random
import re
import tempfile
from collections.abc import Callable
from pathlib import Path

from gradarium.core import Instance, derive_seed
from gradarium.envs.conformance.audit import recording
from gradarium.envs.conformance.fuzz import junk
from gradarium.envs.conformance.report import Finding, Settings, shorten
from gradarium.envs.conformance.samples import samples
from gradarium.envs.conformance.static_scan import scan
from gradarium.generators.task import Task


def no_execution(task: Task, settings: Settings) -> list[Finding]:
    """Scan the verifier's source, then watch the interpreter while it judges code that would leave a file behind."""
    return static(task) + dynamic(task, settings)


def static(task: Task) -> list[Finding]:
    """Scan the source of the verifier and of the verifier modules it imports."""
    return [Finding(line) for line in scan(task.verify.__module__)]


def dynamic(task: Task, settings: Settings) -> list[Finding]:
    """Judge code at a low, a middle and the top level with an audit hook on; look for the file it would make."""
    findings: list[Finding] = []
    top = len(task.levels) - 1
    levels = sorted({0, top // 2, top})
    with tempfile.TemporaryDirectory() as folder:
        canary = Path(folder) / "canary"
        for level in levels:
            instance = samples(task).get(level, 1)[0]
            texts = attacks(instance, str(canary))
            if task.sandboxed:
                rng = random.Random(derive_seed("attacks", instance.key))
                texts = rng.sample(texts, min(len(texts), settings.runs // len(levels)))
            findings += _watch(lambda text, i=instance: task.verify(text, i.payload), texts, task.sandboxed, level)  # type: ignore[misc]
            if canary.exists():
                findings.append(Finding("an answer that holds code made a file", level))
                canary.unlink()
    return findings[:5]


def _watch(judge: Callable[[str], object], texts: list[str], sandboxed: bool, level: int) -> list[Finding]:
    if not sandboxed:
        for text in texts:  # the first call may import what the verifier needs: that is no execution of the answer
            _quietly(judge, text)
    else:
        _quietly(judge, texts[0])
    findings = []
    for text in texts:
        with recording(sandbox=sandboxed) as events:
            _quietly(judge, text)
        if events:
            findings.append(Finding(f"on {shorten(text)} the interpreter did: {'; '.join(events[:3])}", level))
    return findings


def _quietly(judge: Callable[[str], object], text: str) -> None:
    try:
        judge(text)
    except Exception:  # that it must not raise is another property's matter
        pass


def attacks(instance: Instance, canary: str) -> list[str]:
    """Return answers that would make the file ``canary`` if a verifier ran them, and junk of the answer's own form."""
    touch = f"open({canary!r}, 'w')"
    shell = f"__import__('os').system('touch {canary}')"
    texts = [
        touch,
        shell,
        f"({shell} or 1)",
        f"[{shell}]",
        f"1 + (0 if {touch} else 0)",
        f"exec(\"{touch}\")",
        f"eval(\"{touch}\")",
        f"(lambda: {touch})()",
        f"f'{{{touch}}}'",
        f"{{{{{touch}}}}}",
        f"[x for x in [{touch}]]",
        f"import os\nos.system('touch {canary}')",
        f"def f(x):\n    {touch}\n    return x",
        f"class A:\n    {touch}",
        f"cos\nsystem\n(S'touch {canary}'\ntR.",
        f"!!python/object/apply:os.system ['touch {canary}']",
        f"$(touch {canary})",
        f"`touch {canary}`",
        f"; touch {canary} #",
        f"ATTACH DATABASE '{canary}' AS x",
        f"VACUUM INTO '{canary}'",
        f"SELECT writefile('{canary}', 'x')",
        f"\\input{{|touch {canary}}}",
        "1+1",
        "()",
        "[1, 2]",
        instance.reference,
        f"{instance.reference}\n{touch}",
        f"{instance.reference} if {touch} else 0",
        # Code in the place of each number and word: the rest keeps the form that the verifier looks for.
        *(f"{m.string[: m.start()]}({shell} or {m[0]}){m.string[m.end() :]}" for m in _tokens(instance)),
    ]  # fmt: skip
    more = junk(instance.reference, random.Random(derive_seed("junk", instance.key)))
    return [*texts, *(next(more) for _ in range(40))]


def _tokens(instance: Instance) -> list[re.Match[str]]:
    return list(re.finditer(r"[0-9]+|[A-Za-z_]+", instance.reference))[:5]
