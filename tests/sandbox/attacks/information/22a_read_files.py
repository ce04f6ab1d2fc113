# tries: reads the files of the machine
# outcomes: ran
# may_return: ["nothing"]
PATHS = (
    *("/etc/passwd", "/etc/shadow", "/etc/hostname", "/etc/hosts", "/root/.bashrc", "@SECRET_FILE@"),
    *("/proc/version", "/proc/mounts", "/proc/self/environ", "/proc/self/maps", "/proc/1/environ", "/proc/1/mem"),
    *("/sys/kernel/uevent_seqnum", "/proc/self/root/etc/passwd", "/proc/self/cwd/../etc/passwd", "../etc/passwd"),
)


def f(x):
    for path in PATHS:
        try:
            with open(path, errors="replace") as text:
                return f"BREACH: {path}: {text.read(100)}"
        except OSError:
            continue
    return "nothing"
