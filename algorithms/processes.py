"""Child processes that are forked, silenced, and killed with their process group."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
import resource
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from multiprocessing.connection import Pipe as make_pipe
from pathlib import Path

from threadpoolctl import threadpool_limits

_PR_SET_PDEATHSIG, _PR_GET_DUMPABLE, _PR_SET_DUMPABLE, _PR_CAPBSET_DROP = 1, 3, 4, 24
_PR_SET_CHILD_SUBREAPER, _PR_SET_NO_NEW_PRIVS = 36, 38
_POWERS = (8, 16, 17, 19, 21, 27, 38, 39, 40)
"""Capabilities by which root looks into other processes: SETPCAP, SYS_MODULE, SYS_RAWIO, SYS_PTRACE, SYS_ADMIN, MKNOD,
PERFMON, BPF, CHECKPOINT_RESTORE."""
_CAPABILITY_VERSION = 0x20080522
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
_MOST_PROCESSES, _LARGEST_FILE = 4096, 1 << 34
_expendable: list[bool] = []
_clean: list[bool] = []
_refusing = threading.Lock()
_refusals: list[int] = []
"""What held before the first of the threads that now refuse a look into this process, and an entry for each of them."""


def fork_child(work: Callable[[Connection], None]) -> tuple[int, Connection]:
    """Fork a child that does some work, with one thread for linear algebra, and then ends.

    Parameters
    ----------
    work : callable
        Called in the child with the end of a pipe that it can send to.

    Returns
    -------
    int, Connection
        The child's number, which `end_group` forgets, and the end of the pipe to receive from.
    """
    receiver, sender = make_pipe(duplex=False)
    sys.stdout.flush()
    sys.stderr.flush()
    parent = os.getpid()
    pid = os.fork()
    if pid == 0:
        code = 1
        gc.freeze()  # what this child's collector does not touch is not copied
        try:
            receiver.close()
            if _become_child(parent):
                one_thread()
                work(sender)
                code = 0
        finally:
            os._exit(code)
    sender.close()
    return pid, receiver


def one_thread() -> None:
    """Let this process compute in one thread, also in libraries that it imports from here on.

    PyTorch keeps a number of its own and starts as many in its next backward pass, on an OpenMP whose threads did
    not come along with a fork: after torch.set_num_threads(2) in the parent, a forked child waits for them for ever.
    """
    for name in THREADS:
        os.environ[name] = "1"
    threadpool_limits(1)
    torch = sys.modules.get("torch")
    if torch is not None and hasattr(torch, "set_num_threads"):
        torch.set_num_threads(1)


def _become_child(parent: int) -> bool:
    """Make the calling forked process a child: a process group of its own, no voice, no life after its parent's.

    Returns
    -------
    bool
        Whether the parent is still alive.
    """
    os.setsid()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    die_with_parent(parent)()
    if os.getppid() != parent:
        return False
    be_expendable()
    return True


def be_expendable() -> None:
    """Let this process, and those that it forks, execute what users wrote; it says nothing on standard streams."""
    _expendable.append(True)
    silence = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(silence, stream)
    sys.stdout = sys.stderr = open(silence, "w")  # noqa: SIM115


def be_clean() -> None:
    """Say of this process that it was started anew by this program, and executes of what users wrote families alone."""
    _clean.append(True)


def clean() -> bool:
    """Tell whether this process is as this program made it: no user's code has had a chance to change it.

    A thread beside the main one finds a process at work with others, which is none to fork from.
    """
    return bool(_clean) and threading.current_thread() is threading.main_thread()


def let_go_of_files(*kept: int) -> None:
    """Put nothing in the place of every open file but standard streams and `kept`, so that none is held open here.

    The numbers stay taken: an object that closes its own, when it is forgotten, closes no other file.
    """
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in map(int, os.listdir("/proc/self/fd")):
        if number > 2 and number not in (*kept, nothing):
            with contextlib.suppress(OSError):
                os.dup2(nothing, number, inheritable=False)


def limit_memory(size: int | None) -> None:
    """Let this process take so many bytes of address space beside what it has, for good; None for any number."""
    if size is None:
        return
    pages = int(Path("/proc/self/statm").read_text().split()[0]) if sys.platform == "linux" else 0
    most = pages * resource.getpagesize() + size
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


def expendable() -> bool:
    """Tell whether this process is a child that was made to execute what users wrote."""
    return bool(_expendable)


def die_with_parent(parent: int) -> Callable[[], None]:
    """Return what a new process runs to be killed as soon as `parent` is gone (Linux; elsewhere nothing).

    The library is loaded here and not by the new process, which may not be able to.
    """
    if sys.platform != "linux":
        return lambda: None
    control = ctypes.CDLL(None).prctl

    def ask() -> None:
        control(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)

    return ask


def renounce(count: bool) -> None:
    """Give up for good, also for every process that this one starts, what an algorithm needs not (Linux).

    Gone are new privileges by a set-user-ID program, root's powers over other processes, and core dumps; files are
    limited to 16 GiB.

    Parameters
    ----------
    count : bool
        Whether processes are limited to 4,096, too; all of the user's count, wherever they come from.
    """
    limits = {resource.RLIMIT_CORE: 0, resource.RLIMIT_FSIZE: _LARGEST_FILE}
    for kind, most in {**limits, **({resource.RLIMIT_NPROC: _MOST_PROCESSES} if count else {})}.items():
        soft, hard = resource.getrlimit(kind)
        fitting = [value for value in (soft, hard, most) if value != resource.RLIM_INFINITY]
        resource.setrlimit(kind, (min(fitting), min(fitting)))
    library = ctypes.CDLL(None)
    library.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    head = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION, 0)
    held = (ctypes.c_uint32 * 6)()
    if library.capget(head, held) != 0:
        return
    for power in _POWERS:
        library.prctl(_PR_CAPBSET_DROP, power, 0, 0, 0)
        for kind in range(3):
            held[3 * (power // 32) + kind] &= ~(1 << power % 32)
    library.capset(head, held)


def adopt_orphans() -> None:
    """Let processes whose parents are gone be this one's children, if it started those (Linux)."""
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def make_unreadable() -> None:
    """Refuse other processes of the same user a look into this one, and into those that it forks, for good (Linux)."""
    ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


@contextlib.contextmanager
def unreadable() -> Iterator[None]:
    """Refuse other processes of the same user a look into this one's memory and descriptors, meanwhile (Linux)."""
    control = ctypes.CDLL(None).prctl if sys.platform == "linux" else lambda *_: 0
    with _refusing:
        if not _refusals:
            _refusals.append(control(_PR_GET_DUMPABLE, 0, 0, 0, 0))
        _refusals.append(0)  # one for each thread that wants it so
        control(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    try:
        yield
    finally:
        with _refusing:
            _refusals.pop()
            if len(_refusals) == 1 and _refusals.pop() == 1:
                control(_PR_SET_DUMPABLE, 1, 0, 0, 0)


def end_descendants() -> None:
    """Kill every process that this one, or one of those, has started, until none is left."""
    while _has_children():
        for pid in _descendants(os.getpid()):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.001)


def _has_children() -> bool:
    """Tell whether a child is left, after those that have ended are forgotten."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return False
    return True


def _descendants(ancestor: int) -> list[int]:
    parents = {int(name): parent_of(int(name)) for name in os.listdir("/proc") if name.isdigit()}
    found, last = {ancestor}, set[int]()
    while found != last:
        last = set(found)
        found |= {pid for pid, parent in parents.items() if parent in found}
    return sorted(found - {ancestor})


def parent_of(pid: int) -> int:
    """Return the parent of a process as the kernel knows it (Linux); 0 where there is no such process."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            return int(file.read().rpartition(b")")[2].split()[1])
    except OSError:
        return 0


def end_group(pid: int, patience: float) -> str:
    """Kill a child with its process group, after some seconds' wait for its own end, and say how it ended."""
    until = time.monotonic() + patience
    while not (gone := is_over(pid)) and time.monotonic() < until:
        time.sleep(0.001)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    if not gone:
        return "the process closed its channel and did not end"
    return f"the process {describe_end(code)}"


def is_over(pid: int) -> bool:
    """Tell whether a child has ended, without waiting for it or forgetting it."""
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def describe_end(code: int) -> str:
    """Return what an exit code says: "ended itself with status 3", "died of SIGSEGV"."""
    if code >= 0:
        return f"ended itself with status {code}"
    known = set(signal.Signals)
    return f"died of {signal.Signals(-code).name if -code in known else f'signal {-code}'}"
