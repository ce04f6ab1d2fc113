"""``gradarium sandbox``: what this machine offers to isolate programs, and how that stands up to the attacks."""

import json
import sys
from pathlib import Path

import typer

import gradarium.sandbox
from gradarium.errors import BadFile, UnknownName
from gradarium.sandbox import SandboxUnavailable, make_sandbox
from gradarium.sandbox.corpus import Attack, Finding, Probes, count, load, matrix, packages_of, run_attack, to_markdown
from gradarium.sandbox.tiers import Offer, offers

_NEVER = ("unsafe",)
"""Tiers that isolate nothing: the attacks would do harm."""


def run(attack: bool, tier: str | None, as_json: bool, corpus: Path | None, markdown: bool = False) -> bool:
    """Print the tiers of this machine or, with ``attack``, how each attack ends on them.

    Returns True unless an attack succeeded or could not be judged. Raises UnknownName, BadFile for a corpus that is not
    there or is broken, and SandboxUnavailable where no tier, or not the asked one, can be had.
    """
    attacks = load(corpus or _corpus()) if attack else []  # before anything is started
    with Probes() as probes:  # first, so that the secret lies in what the sandbox's processes start from
        found = offers()
        if tier is not None and tier not in {offer.name for offer in found}:
            raise UnknownName("sandbox", tier, [offer.name for offer in found])
        found = [offer for offer in found if tier in (None, offer.name)]
        if not attack:
            _print_offers(found, as_json)
            return True
        findings = {offer.name: _attack(offer, attacks, probes) for offer in _attackable(found, tier)}
    if markdown:
        typer.echo(to_markdown(matrix(findings)), nl=False)
    else:
        _print_findings(findings, as_json)
    return all(finding.mark in ".-" for tried in findings.values() for finding in tried)


def build(base: str) -> None:
    """Build the image of the tier ``docker`` and print its name; raises SandboxUnavailable or MissingExtra."""
    from gradarium.sandbox.containers import build_image  # the Docker SDK takes long to import

    typer.echo(build_image(base))


def _corpus() -> Path:
    """Return the attacks of a checkout; raises BadFile where gradarium is installed without its tests."""
    folder = Path(str(gradarium.sandbox.__file__)).resolve().parent.parent / "tests" / "sandbox" / "attacks"
    if not folder.is_dir():
        raise BadFile(folder, "the attacks are not installed: clone the repository, or name their folder by --corpus")
    return folder


def _attackable(found: list[Offer], tier: str | None) -> list[Offer]:
    """Return the tiers to attack; raises SandboxUnavailable where there is none."""
    usable = [offer for offer in found if offer.available and offer.name not in _NEVER]
    if usable:
        return usable
    if tier in _NEVER:
        raise SandboxUnavailable(f"the sandbox {tier!r} isolates nothing: the attacks would do harm")
    raise SandboxUnavailable("; ".join(f"{offer.name}: {offer.reason}" for offer in found if offer.name not in _NEVER))


def _attack(offer: Offer, attacks: list[Attack], probes: Probes) -> list[Finding]:
    """Run all attacks on a tier, those that need a package on a sandbox of their own that has it."""
    findings = []
    for packages in sorted({packages_of(attack) for attack in attacks}):
        mine = [attack for attack in attacks if packages_of(attack) == packages]
        try:
            box = make_sandbox(offer.name, min_isolation="none", packages=packages)
        except SandboxUnavailable as error:
            if not packages:
                raise
            findings += [Finding(attack, None, False, f"not run: {error}") for attack in mine]
            continue
        with box:
            for attack in mine:
                _say(f"{offer.name}: {attack.name} ...")
                findings.append(run_attack(box, attack, probes))
    _say("")
    return findings


def _say(text: str) -> None:
    """Say what is being done, on one line of stderr."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\033[K{text}\r")
        sys.stderr.flush()


def _print_offers(found: list[Offer], as_json: bool) -> None:
    if as_json:
        names = ("name", "isolation", "available", "reason", "gives")
        typer.echo(json.dumps([{name: getattr(offer, name) for name in names} for offer in found], indent=2))
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table("tier", "isolation", "available", "gives", box=None, pad_edge=False)
    for offer in found:
        gives = ", ".join(name if value is True else f"{name}={value}" for name, value in offer.gives.items() if value)
        shown = "[green]yes[/green]" if offer.available else "[red]no[/red]"
        table.add_row(offer.name, offer.isolation, shown, escape(gives if offer.available else offer.reason))
    Console().print(table)


def _print_findings(findings: dict[str, list[Finding]], as_json: bool) -> None:
    rows = matrix(findings)
    counts = {tier: count(rows, tier) for tier in findings}
    if as_json:
        listed = [
            {"attack": f.attack.name, "tier": tier, "mark": f.mark, "outcome": f.outcome, "note": f.note}
            for tier, tried in findings.items()
            for f in tried
        ]
        numbers = {tier: {"stopped": stopped, "run": ran} for tier, (stopped, ran) in counts.items()}
        typer.echo(json.dumps({"counts": numbers, "findings": listed}, indent=2))
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    console = Console()
    table = Table("attack", *findings, box=None, pad_edge=False)
    table.add_column("tries", no_wrap=True, overflow="ellipsis")
    for row in rows:
        marks = [row.marks.get(tier, " ") for tier in findings]
        shown = [f"[red]{mark}[/red]" if mark in "X?" else mark for mark in marks]
        table.add_row(row.name, *shown, escape(row.tries))
    table.add_row("stopped", *(f"{stopped} of {ran}" for stopped, ran in counts.values()), "")
    console.print(table)
    console.print(". stopped   X succeeded   ? not judged   - not run here")
    for tier, tried in findings.items():
        for note in dict.fromkeys(finding.note for finding in tried if finding.note):
            names = ", ".join(finding.attack.name for finding in tried if finding.note == note)
            console.print(f"{tier}: {names}: {escape(note)}", highlight=False)
