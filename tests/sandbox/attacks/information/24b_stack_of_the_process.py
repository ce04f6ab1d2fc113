# tries: reads the environment that the process was started with from the bottom of its stack
# outcomes: ran
# may_return: ["nothing"]
import ctypes


def f(x):
    try:
        end = ctypes.c_void_p.in_dll(ctypes.CDLL(None), "__libc_stack_end").value
    except ValueError:  # another C library
        return "nothing"
    words = ctypes.cast(end, ctypes.POINTER(ctypes.c_char_p))
    numbers = ctypes.cast(end, ctypes.POINTER(ctypes.c_size_t))
    at = 0
    while not 0 < numbers[at] < 1000 and at < 8:  # the number of arguments stands first
        at += 1
    at += numbers[at] + 2
    while numbers[at]:
        text = words[at].decode("utf-8", "replace")
        if text.startswith("@ENV@") or "gradarium-secret" in text or text.startswith(("HOME=", "PYTHONPATH=")):
            return "BREACH: " + text
        at += 1
    return "nothing"
