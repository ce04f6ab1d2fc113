"""One evaluation from start to results; killed at any point it can go on."""

import json
import shlex
from pathlib import Path
from typing import Protocol

from gradarium.errors import GradariumError
from gradarium.trainers.evaluation.replies import FAILED, Judge
from gradarium.trainers.evaluation.results import Results, read_folder, results_of
from gradarium.trainers.evaluation.settings import Evaluation
from gradarium.trainers.evaluation.store import COMPLETIONS, RESULTS, Store, read_completions
from gradarium.trainers.progress import Bar, say
from gradarium.trainers.records import write_text


class Backend(Protocol):
    """Who answers: ``Local`` or ``Endpoint``."""

    def run(self, evaluation: Evaluation, store: Store, judge: Judge, bar: Bar) -> None:
        """Ask what the store does not have yet."""


class Unfinished(GradariumError):
    """An evaluation that stopped on its way; the message says what is kept and how it goes on."""


def run_evaluation(evaluation: Evaluation, backend: Backend, judge: Judge, folder: Path, resume: bool) -> Results:
    """Ask what is not in the folder yet, write ``results.json`` there, and return the results.

    Completions that could not be had are told on standard error and are no part of the results. Raises BadFile for a
    folder that cannot be used, and Unfinished when the backend stops on the way; what was judged is kept.
    """
    with Store(folder, evaluation, resume) as store:
        if len(store) < evaluation.total:
            _ask(evaluation, backend, judge, store)
        if len(store) < evaluation.total:
            rows = read_completions(folder / COMPLETIONS)
            reason = next((row["reason"] for row in rows if row["finish"] == FAILED), "no reason given")
            missing = f"{evaluation.total - len(store)} of {evaluation.total} completions could not be had ({reason})"
            say(f"{missing}; ask again with: {_command(folder)}")
        results = results_of(read_folder(folder))
        write_text(folder / RESULTS, json.dumps(results.to_json(), indent=1) + "\n")
    return results


def _ask(evaluation: Evaluation, backend: Backend, judge: Judge, store: Store) -> None:
    try:
        with Bar("eval", evaluation.total, len(store)) as bar:
            backend.run(evaluation, store, judge, bar)
    except KeyboardInterrupt:
        say(_kept(store))
        raise
    except GradariumError as error:
        raise Unfinished(f"{error}; {_kept(store)}") from None


def _kept(store: Store) -> str:
    return f"{len(store)} of {store.evaluation.total} completions are kept; go on with: {_command(store.folder)}"


def _command(folder: Path) -> str:
    return f"gradarium eval --out {shlex.quote(str(folder))} --resume"
