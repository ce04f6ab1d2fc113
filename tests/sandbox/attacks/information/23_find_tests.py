# tries: walks all folders for tests, data sets and databases
# outcomes: ran
# may_return: ["nothing"]
# inputs: [[1]]
# limits: {"cpu_s": 10.0, "wall_s": 60.0}
import os


def f(x):
    seen = 0
    for place, _, names in os.walk("/"):
        for name in names:
            seen += 1
            if name.endswith((".jsonl", ".sqlite", ".sqlite3", ".parquet", ".safetensors")):
                return f"BREACH: {place}/{name}"
            if name in ("test_corpus.py", "secret.txt"):
                return f"BREACH: {place}/{name}"
        if place.endswith(("/verifiers", "/generators/puzzles", ".dist-info")):
            return f"BREACH: {place}"
        if seen > 200000:
            break
    return "nothing"
