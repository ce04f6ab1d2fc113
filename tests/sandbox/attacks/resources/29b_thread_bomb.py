# tries: starts threads without end, which start threads
# outcomes: runtime_error, mem_limit, cpu_limit, wall_limit, output_limit
# limits: {"wall_s": 10.0}
import _thread


def work():
    while True:
        try:
            _thread.start_new_thread(work, ())
        except RuntimeError:
            continue


def f(x):
    work()
