# tries: opens files by handles instead of names, and by watching folders
# outcomes: ran
# may_return: ["refused"]
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
NUMBERS = {"x86_64": (303, 304), "aarch64": (264, 265)}


def f(x):
    if os.uname().machine not in NUMBERS:
        return "refused"
    to_handle, by_handle = NUMBERS[os.uname().machine]
    handle, mount = ctypes.create_string_buffer((128).to_bytes(4, "little"), 136), ctypes.c_int()
    try:
        folder = os.open("/", os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        folder = -100  # the working folder
    for path in (b"/", b"@SECRET_FILE@"):
        libc.syscall(to_handle, -100, path, handle, ctypes.byref(mount), 0)
        fd = libc.syscall(by_handle, folder, handle, 0)
        if fd >= 0:
            return "BREACH: opened by handle"
    return "refused"
