# tries: reads memory, environment and command line of the parent and of every other process
# outcomes: ran
# may_return: ["nothing"]
import glob
import os
import re


def secret_of(pid):
    with open(f"/proc/{pid}/maps") as maps:
        places = [[int(end, 16) for end in line.split()[0].split("-")] for line in maps if " rw" in line]
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        for first, last in places[:400]:
            memory.seek(first)
            found = re.search(rb"gradarium-secret-[0-9a-f]{32}", memory.read(min(last - first, 1 << 22)))
            if found:
                return found.group().decode()
    return "nothing in it"


def f(x):
    others = {int("@PID@"), os.getppid(), 1}
    others |= {int(path.split("/")[2]) for path in glob.glob("/proc/[0-9]*/stat")}
    for pid in sorted(others - {0, os.getpid()}):
        for name in ("environ", "cmdline", "maps"):
            try:
                with open(f"/proc/{pid}/{name}", "rb") as about:
                    if about.read():
                        return f"BREACH: {name} of process {pid}: " + (secret_of(pid) if name == "maps" else "")
            except OSError:
                continue
    return "nothing"
