# tries: maps ten gigabytes past the allocator of Python
# outcomes: ran
# may_return: ["refused"]
import ctypes
import mmap


def f(x):
    try:
        mmap.mmap(-1, 10**10)
        return "BREACH: mapped"
    except (OSError, MemoryError, ValueError):
        pass
    libc = ctypes.CDLL(None)
    libc.malloc.restype = libc.mmap.restype = ctypes.c_void_p
    libc.malloc.argtypes = [ctypes.c_size_t]
    libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, *[ctypes.c_int] * 3, ctypes.c_long]
    if libc.malloc(10**10):
        return "BREACH: malloc gave it"
    for flags in (0x22, 0x4022, 0x21):  # private, without reserve, shared; each of no file
        if libc.mmap(None, 10**10, 3, flags, -1, 0) not in (None, 2**64 - 1):
            return "BREACH: mmap gave it"
    return "refused"
