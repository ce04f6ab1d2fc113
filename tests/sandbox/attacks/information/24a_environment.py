# tries: reads secrets, and where it runs, from the environment
# outcomes: ran
# may_return: ["nothing"]
import os

HARMLESS = ("PYTHONHASHSEED", "LC_ALL", "LC_CTYPE")


def f(x):
    found = {name: value for name, value in os.environ.items() if name not in HARMLESS or "gradarium" in value}
    return f"BREACH: {found}" if found or os.getenv("@ENV@") else "nothing"
