"""Begins the profile of a Python that a profiled program started, from sitecustomize."""
import sys

import _cantil_collect
import _cantil_process
import _cantil_save

# multiprocessing's own helpers wait for the whole run: their time is nobody's.
_TRACKERS = ("multiprocessing.resource_tracker", "multiprocessing.semaphore_tracker")
_FORK_SERVER = "multiprocessing.forkserver"


def begin(parts):
    helper = "".join([a for a in _command_line() if a.startswith("from multiprocessing.")])
    if any([name in helper for name in _TRACKERS]):
        return
    try:
        collector = _cantil_save.collector(parts, "helper" if _FORK_SERVER in helper else "child")
    except _cantil_collect.Busy:
        return
    _cantil_process.watch(collector)

    # The rest of the start-up is not the program's: wait for the return of the
    # outermost frame, which is the import of site. Nothing but __main__ follows it.
    def wait(frame, event, arg):
        if event == "return" and frame.f_back is None:
            sys.setprofile(None)
            try:
                collector.begin()
            except _cantil_collect.Busy:
                pass
    sys.setprofile(wait)


def _command_line():
    if hasattr(sys, "orig_argv"):
        return sys.orig_argv
    try:
        with open("/proc/self/cmdline", "rb") as f:
            return f.read().decode("utf-8", "replace").split("\0")
    except OSError:
        return []
