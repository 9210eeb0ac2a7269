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
        handlers = {}
        for name in ("SIGTERM", "SIGHUP"):
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) is signal.SIG_DFL:
                handlers[number] = _ending(self, name)
                signal.signal(number, handlers[number])
        if hasattr(os, "fork"):
            Forks(handlers).watch()
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


class Forks(object):
    """Children have nothing to keep: the signals end them as ever.

    They are held back from before a fork, as a child forgets what was noted for a
    handler in Python before its first step, and would live on.
    """

    def __init__(self, handlers):
        self.handlers = handlers  # number -> ours
        self.held = {}            # thread -> the signals that it holds back

    def watch(self):
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(before=self.before, after_in_parent=self.after, after_in_child=self.in_child)
            return
        for name in ("fork", "forkpty"):  # 3.6
            setattr(os, name, self._by_hand(getattr(os, name)))

    def before(self):
        was = signal.pthread_sigmask(signal.SIG_BLOCK, ())
        self.held[threading.get_ident()] = set(self.handlers).difference(was)
        signal.pthread_sigmask(signal.SIG_BLOCK, self.handlers)

    def after(self):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, self.held.pop(threading.get_ident(), ()))

    def in_child(self):
        for number, handler in self.handlers.items():
            if signal.getsignal(number) is handler:
                signal.signal(number, signal.SIG_DFL)
        self.after()

    def _by_hand(self, real):
        def fork():
            self.before()
            pid = None
            try:
                result = real()
                pid = result[0] if isinstance(result, tuple) else result
                return result
            finally:
                if pid == 0:
                    self.in_child()
                else:
                    self.after()
        return fork


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
