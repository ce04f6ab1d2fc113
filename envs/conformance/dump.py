"""``python -m gradarium.envs.conformance.dump TASK COUNT``: hashes of a task's first instances as JSON on stdout."""

import hashlib
import json
import sys

from gradarium.core import Split, canonical_json
from gradarium.generators import Task, get_task


def hashes(task: Task, count: int) -> dict[str, list[str]]:
    """Return "level split" -> hashes of the first instances: ``count`` of train, one of test.

    An instance of test takes about ten draws, as one of dev does, which goes the same way.
    """
    found = {}
    shares: list[tuple[Split, int]] = [("train", count), ("test", 1)]
    for level in range(len(task.levels)):
        for split, many in shares:
            texts = [canonical_json(task.pose(index, level, split).to_json()) for index in range(many)]
            found[f"{level} {split}"] = [hashlib.sha256(text.encode()).hexdigest()[:16] for text in texts]
    return found


if __name__ == "__main__":
    sys.stdout.write(json.dumps(hashes(get_task(sys.argv[1]), int(sys.argv[2]))))
