"""The program from which sealed images are forked, and all images of a process that users' code may have changed."""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import signal
import socket

from algorithms.library import load_shipped
from algorithms.processes import (
    adopt_orphans,
    be_expendable,
    die_with_parent,
    end_descendants,
    make_unreadable,
    one_thread,
    renounce,
)
from onehalf.running.sealed.channel import HEAD
from onehalf.running.sealed.image import be_image, watch


def main(control: int, life: int) -> None:
    """Serve a supervisor, from a socket to it and a pipe that is at its end when it is gone.

    No process that is forked from here on can look into this one, its guard, or an image.
    """
    renounce(count=True)
    adopt_orphans()
    make_unreadable()
    guard = os.getpid()
    pid = os.fork()
    if pid:
        os.close(control)
        watch(pid, life)
    os.close(life)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    adopt_orphans()
    die_with_parent(guard)()
    one_thread()
    be_expendable()
    load_shipped()
    gc.collect()
    gc.freeze()
    end, here = socket.socket(fileno=control), os.getpid()
    while True:
        head, files, _, _ = socket.recv_fds(end, HEAD.size, 1)
        end_descendants()  # the image before, with whatever it has started
        if len(head) < HEAD.size or not files:
            os._exit(0)
        modules = end.recv(HEAD.unpack(head)[1], socket.MSG_WAITALL).decode()
        for module in modules.split():
            with contextlib.suppress(ImportError):
                importlib.import_module(module)
        if os.fork() == 0:
            end.close()
            die_with_parent(here)()
            be_image(socket.socket(fileno=files[0]))
        os.close(files[0])
