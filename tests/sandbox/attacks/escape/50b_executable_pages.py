# tries: runs machine code of its own from a page that it may write and execute
# outcomes: ran, signaled
# may_return: ["no more than any program may"]
import ctypes
import mmap
import os

CODE = {"x86_64": b"\xb8\x39\x05\x00\x00\xc3", "aarch64": b"\x20\xa7\x80\x52\xc0\x03\x5f\xd6"}


def f(x):
    code = CODE.get(os.uname().machine)
    if code:
        try:
            page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
        except OSError:
            return "no more than any program may"
        page.write(code)
        address = ctypes.addressof(ctypes.c_char.from_buffer(page))
        if ctypes.CFUNCTYPE(ctypes.c_int)(address)() != 1337:
            return "it did not run"
    try:
        open("@MARKER@", "w").close()
    except OSError:
        return "no more than any program may"
    return "BREACH: wrote outside"
