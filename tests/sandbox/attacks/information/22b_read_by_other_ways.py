# tries: reads the secret by descriptors of folders, mmap, sendfile, links and the C library
# outcomes: ran
# may_return: ["nothing"]
# limits: {"scratch_bytes": 1000000}
import ctypes
import mmap
import os
import tempfile

PATH = "@SECRET_FILE@"


def by_folder():
    folder = os.open("/", os.O_RDONLY | os.O_DIRECTORY)
    return os.read(os.open(PATH.lstrip("/"), os.O_RDONLY, dir_fd=folder), 100)


def by_climbing():
    return os.read(os.open("../" * 40 + PATH.lstrip("/"), os.O_RDONLY), 100)


def by_mmap():
    return bytes(mmap.mmap(os.open(PATH, os.O_RDONLY), 0, prot=mmap.PROT_READ))


def by_sendfile():
    read, write = os.pipe()
    os.sendfile(write, os.open(PATH, os.O_RDONLY), 0, 100)
    return os.read(read, 100)


def by_link():
    link = tempfile.mktemp()
    os.symlink(PATH, link)
    with open(link, "rb") as text:
        return text.read()


def by_hard_link():
    link = tempfile.mktemp()
    os.link(PATH, link)
    with open(link, "rb") as text:
        return text.read()


def by_c():
    libc, buffer = ctypes.CDLL(None), ctypes.create_string_buffer(100)
    fd = libc.open(PATH.encode(), 0)
    if fd < 0:
        raise OSError
    libc.read(fd, buffer, 100)
    return buffer.value


def by_path_only():
    fd = os.open(PATH, os.O_PATH)
    with open(f"/proc/self/fd/{fd}", "rb") as text:
        return text.read()


def f(x):
    for way in (by_folder, by_climbing, by_mmap, by_sendfile, by_link, by_hard_link, by_c, by_path_only):
        try:
            return f"BREACH: {way.__name__}: {way()!r}"
        except (OSError, ValueError):
            continue
    return "nothing"
