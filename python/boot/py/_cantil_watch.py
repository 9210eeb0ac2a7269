"""Runs the program as the true __main__, and keeps what was asked of it on every way out.

The ways out: return, exceptions, sys.exit and Ctrl-C come through here; SIGTERM, SIGHUP
and os._exit are caught. SIGKILL cannot be.
"""
import atexit
import json
import os
import signal
import sys
import threading

import _cantil_keep
import _cantil_program


def run(options):
    """options is JSON: folder, and keep, traceback and timed, each as its flag has it."""
    asked = json.loads(options)
    timed = _timed(asked["timed"], asked["folder"])  # before the program is compiled
    errors = _errors(asked["folder"]) if asked["traceback"] else None
    start = _cantil_program.prepared(sys.argv[1], sys.argv[2], sys.argv[3:], _start_plainly)
    ends = Ends(_cantil_keep.Keeper(asked["folder"], asked["keep"]), timed)
    ends.watch()
    try:
        start()
    except SystemExit:
        ends.end("exit")
        raise
    except BaseException as error:
        ends.end("exception")
        if errors:
            errors.record(error)
        _cantil_program.show_without_us()
        raise
    ends.end("return")


def _timed(targets, folder):
    if not targets:
        return None
    import _cantil_timed  # it needs modules that many programs do not
    return _cantil_timed.watch(targets, folder)


def _errors(folder):
    import _cantil_traceback
    recorder = _cantil_traceback.Recorder(folder)
    recorder.watch_threads()
    return recorder


class Ends(object):
    """What is done on every way out."""

    def __init__(self, keeper, timed):
        self.keeper, self.timed = keeper, timed

    def watch(self):
        for name in ("SIGTERM", "SIGHUP"):
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) is signal.SIG_DFL:
                signal.signal(number, _ending(self, name))
        real = os._exit

        def _exit(*args, **kwargs):
            self.leave("os._exit")
            real(*args, **kwargs)
        os._exit = _exit

    def end(self, how):
        """The main module is done. Its other threads may go on: then what they did is kept at their end."""
        if threading.active_count() > 1:
            atexit.register(self.leave, how)
        self.keeper.keep(how)
        if threading.active_count() == 1 and self.timed:
            self.timed.summarise()

    def leave(self, how):
        self.keeper.keep(how)
        if self.timed:
            self.timed.summarise()


def _ending(ends, name):
    def end(number, frame):
        signal.signal(number, signal.SIG_DFL)
        try:
            ends.leave(name)
        finally:
            os.kill(os.getpid(), number)
    return end


def _start_plainly():
    """A program that cannot be compiled: Python itself tells why, in its own words."""
    os.execv(sys.executable, [sys.executable] + sys.argv)
