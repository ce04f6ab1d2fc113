# tries: fills the scratch folder with ten times its size
# outcomes: ran
# may_return: ["stopped"]
# limits: {"scratch_bytes": 4000000, "cpu_s": 5.0}
import os


def f(x):
    total = 0
    for folder in dict.fromkeys((os.getcwd(), "/tmp", "/dev/shm", "/var/tmp", "/run")):
        try:
            for number in range(100):
                with open(f"{folder}/fill{number}", "wb", buffering=0) as file:
                    total += file.write(bytes(400_000))
        except OSError:
            continue
    return f"BREACH: wrote {total} bytes" if total > 8_000_000 else "stopped"
