"""Begins the profile of a Python that a profiled program started, from sitecustomize."""
import sys

import _cantil_collect
import _cantil_process
import _cantil_save

# multiprocessing's own helpers wait for the whole run: their time is nobody's.
_TRACKERS = ("from multiprocessing.resource_tracker import main", "from multiprocessing.semaphore_tracker import main")
_FORK_SERVER = "from multiprocessing.forkserver import main"


def begin(parts):
    command = " ".join(_command_line()[:10])
    if any([name in command for name in _TRACKERS]):
        return
    try:
        collector = _cantil_save.collector(parts, "helper" if _FORK_SERVER in command else "child")
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
