"""The sandbox: an algorithm reads the code that it is made of, leaves nothing in any file, and opens no socket.

Two of Linux's own means, which need no privilege and no program beside. Landlock keeps what files hold; seccomp keeps
sockets, and where else a run could leave word for a later one: owners, rights, times and attributes of files, the
kernel's keys, queues and shared memory. Both hold for every process that is forked or started from here on, and
neither can be taken back. There is no library of either that is kept and needs no compiled part, so the calls are made
by number.

References
----------
Linux, Documentation/userspace-api/landlock.rst and seccomp_filter.rst; the numbers are those of include/uapi.
"""

from __future__ import annotations

import ctypes
import os
import platform
import shlex
import shutil
import struct
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from algorithms.registry import PROGRAM, Spec, in_file
from oracle.errors import InvalidValue
from oracle.sources import OUR_PACKAGES, read_sources

_CREATE, _ADD, _RESTRICT = 444, 445, 446
_PATH_BENEATH = 1
_EXECUTE, _WRITE, _READ, _LIST = 1 << 0, 1 << 1, 1 << 2, 1 << 3
# By Landlock's version the rights that it knows: the first thirteen, a move between folders, truncation, devices.
_RIGHTS = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 5: (1 << 16) - 1}
_TCP, _SCOPES = 0b11, 0b11  # to bind and to connect; abstract sockets and signals

_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _FILTER = 38, 22, 2
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _KILL, _REFUSE = 0x7FFF0000, 0x80000000, 0x00050001  # the last with EPERM
_X32 = 0x40000000
_MACHINES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
# The calls that are refused, with their numbers on these machines; None where a machine has no such call.
_CALLS: dict[str, tuple[int, int | None]] = {
    "socket": (41, 198),
    "io_uring_setup": (425, 425),
    "chmod": (90, None),
    "fchmod": (91, 52),
    "fchmodat": (268, 53),
    "fchmodat2": (452, 452),
    "chown": (92, None),
    "fchown": (93, 55),
    "lchown": (94, None),
    "fchownat": (260, 54),
    "utime": (132, None),
    "utimes": (235, None),
    "futimesat": (261, None),
    "utimensat": (280, 88),
    "setxattr": (188, 5),
    "lsetxattr": (189, 6),
    "fsetxattr": (190, 7),
    "setxattrat": (463, 463),
    "removexattr": (197, 14),
    "lremovexattr": (198, 15),
    "fremovexattr": (199, 16),
    "removexattrat": (466, 466),
    "file_setattr": (469, 469),
    "shmget": (29, 194),
    "semget": (64, 190),
    "msgget": (68, 186),
    "mq_open": (240, 180),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
}

_SYSTEM = ("/usr", "/lib", "/lib32", "/lib64", "/bin", "/sbin", "/etc", "/proc", "/sys/devices/system")
_DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")
_HOME = Path(__file__).resolve().parents[3]


def require_sandbox() -> None:
    """Refuse where this machine has no sandbox.

    Raises
    ------
    InvalidValue
        With what is missing.
    """
    missing = ""
    if sys.platform != "linux" or platform.machine() not in _MACHINES:
        missing = f"needs Linux on {' or '.join(_MACHINES)}"
    elif _version() < 1:
        missing = (
            "needs a kernel with Landlock (Linux 5.13 or later, with landlock among its security modules)"
        )
    if missing:
        raise InvalidValue("sandbox", True, missing, "run it in a container, or without the sandbox")


def reach(spec: Spec, path: Sequence[str], folder: str) -> list[str]:
    """Return what an algorithm may read: its own code and declared data, Python, libraries and the system's.

    Parameters
    ----------
    path : sequence of str
        Where modules are looked for. The working directory is not read as a whole, although it may be among them, and
        of the folder that holds this program only its packages are.
    folder : str
        The working directory.
    """
    found = [sys.prefix, sys.base_prefix, *_SYSTEM]
    for place in map(Path, path):
        if place.resolve() == _HOME:
            found += [str(_HOME / name) for name in OUR_PACKAGES] + [str(p) for p in _HOME.glob("*.egg-info")]
        elif place.resolve() != Path(folder).resolve():
            found.append(str(place))
    return [*dict.fromkeys(found), *sorted(_code(spec))]


def _code(spec: Spec) -> set[str]:
    """Return the files that an algorithm is made of, and those of the algorithms that its parameters name."""
    found: set[str] = set()
    if in_file(spec.origin):
        found |= {str(path) for path in read_sources(Path(spec.origin), map(Path, spec.described().sources))}
    elif spec.origin.startswith(PROGRAM):
        words = shlex.split(spec.origin.removeprefix(PROGRAM))
        places = [shutil.which(words[0]) or words[0], *words[1:]]
        found |= {os.path.realpath(place) for place in places if Path(place).is_file()}
    return found.union(*map(_code, spec.inner()))


def enter_sandbox(readable: Iterable[str]) -> None:
    """Keep files, but for reading these, and sockets from this process and from all that come of it.

    Parameters
    ----------
    readable : iterable of str
        Files, and folders with all that is in them. Of a file's own folder the names can be listed.

    Raises
    ------
    OSError
        If the kernel refuses.
    """
    library = ctypes.CDLL(None, use_errno=True)
    _done(library.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
    version = _version()
    rights = _RIGHTS[max(known for known in _RIGHTS if known <= version)]
    sizes = struct.pack("<QQQ", rights, _TCP, _SCOPES)[: 8 if version < 4 else 16 if version < 6 else 24]
    rules = _done(library.syscall(_CREATE, sizes, ctypes.c_size_t(len(sizes)), 0))
    try:
        folders: set[str] = set()
        for place in readable:
            if os.path.isfile(place):
                _allow(library, rules, place, _READ | _EXECUTE)
                folders.add(os.path.dirname(place))
            elif os.path.isdir(place):
                _allow(library, rules, place, _READ | _EXECUTE | _LIST)
        for place in folders:
            _allow(library, rules, place, _LIST)
        for place in _DEVICES:
            _allow(library, rules, place, _READ | _WRITE)
        _done(library.syscall(_RESTRICT, rules, 0))
    finally:
        os.close(rules)
    _refuse_calls(library)


def _version() -> int:
    """Return the version of Landlock that the kernel has, less than 1 where it has none."""
    found: int = ctypes.CDLL(None, use_errno=True).syscall(_CREATE, None, ctypes.c_size_t(0), 1)
    return found


def _allow(library: ctypes.CDLL, rules: int, place: str, rights: int) -> None:
    """Add a rule for a place, if it is there."""
    try:
        opened = os.open(place, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        rule = struct.pack("<Qi", rights, opened)
        _done(library.syscall(_ADD, rules, _PATH_BENEATH, rule, 0))
    finally:
        os.close(opened)


def _refuse_calls(library: ctypes.CDLL) -> None:
    """Let the calls above fail from here on, and any of another machine's convention end the process."""
    column = list(_MACHINES).index(platform.machine())
    calls = [numbers[column] for numbers in _CALLS.values() if numbers[column] is not None]
    machine = _MACHINES[platform.machine()]
    # Jumps count the steps that they leave out: the last step refuses, the one before it allows.
    steps = [
        (_LOAD, 0, 0, 4),
        (_EQUAL, 1, 0, machine),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, 0),
        (_AT_LEAST, len(calls) + 1, 0, _X32),
        *((_EQUAL, len(calls) - place, 0, call) for place, call in enumerate(calls)),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _REFUSE),
    ]
    program = b"".join(struct.pack("<HBBI", *step) for step in steps)
    held = ctypes.create_string_buffer(program, len(program))
    head = struct.pack("@HP", len(steps), ctypes.addressof(held))
    _done(library.prctl(_PR_SET_SECCOMP, _FILTER, head, 0, 0))


def _done(code: int) -> int:
    """Return what a call of the kernel's returned, and raise its error."""
    if code < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return code
