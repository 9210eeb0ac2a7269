"""Collects exact profiles: one _lsprof.Profiler for each thread, on every version.

Up to 3.11 a Profiler listens to the thread that enabled it, so each thread enables
its own. From 3.12 on _lsprof takes the events of *all* threads through sys.monitoring
and puts them on one stack of open calls, which makes false recursion. So while more
than one thread lives, a dispatcher hands each event to the profiler of its thread; a
program of one thread pays nothing for it.
"""
import _lsprof
import _thread
import operator
import sys

from _cantil_names import RUNNER, STAND_IN, mark
from _cantil_stack import Stack

MONITORING = sys.version_info >= (3, 12)
FREE_THREADED = not getattr(sys, "_is_gil_enabled", lambda: True)()


class Busy(Exception):
    """Another profiler is at work."""


class _Dispatcher(_thread._local):
    """A callback that is, in each thread, a method of that thread's profiler.

    A property over a thread-local attribute is resolved wholly in C, at about
    two thirds of the cost of a Python function that looks the thread up in a dict.
    """
    __call__ = property(operator.attrgetter("callback"))

    def __init__(self, collector, method):  # runs once in each thread, at its first event
        self.callback = getattr(collector.profiler_here(), method)


class Thread(object):
    """What is known of one thread beside its calls."""
    last_serial = 0

    def __init__(self, profiler, started, base_depth=0):
        Thread.last_serial += 1
        self.serial = Thread.last_serial
        self.profiler = profiler
        self.stack = Stack(started, base_depth)
        self.main = False
        self.owner = None  # its threading.Thread, if it has one
        self.shown = True


class Collector(object):
    """The profilers of this process. begin(), end_main() and stop() are its life."""

    def __init__(self, role):
        if sys.getprofile() is not None or MONITORING and sys.monitoring.get_tool(sys.monitoring.PROFILER_ID):
            raise Busy("another profiler is active in it from the start (from a sitecustomize or .pth file?)")
        self.role = role
        self.saver = None       # set by _cantil_save.collector
        self.threads = {}       # ident -> Thread, of the threads being profiled
        self.ended = []         # the main thread, once its program is done and others go on
        self.alive = set()      # tokens of the started threads that have not ended
        self.warnings = []
        self.finished = False
        self.main_ended = False
        self._root = None       # the profiler that was enabled
        self._switching = _thread.allocate_lock()
        self._dispatching = False
        self._callbacks = {}    # event -> name of the profiler's method, as _lsprof registers them

    def begin(self):
        """Profile the calling thread from here on."""
        self._patch_threads()
        self.saver.begin()
        self._root = _lsprof.Profiler()
        thread = self.threads[_thread.get_ident()] = Thread(self._root, self.saver.clock())
        thread.main = True
        if MONITORING:
            self._take_events()
        else:
            self._root.enable()

    def _take_events(self):
        try:
            self._root.enable()
        except ValueError:
            raise Busy("another profiler is active in it (sys.monitoring's profiler tool is taken)")
        events = sys.monitoring.events
        for name in ("PY_START", "PY_RESUME", "PY_THROW", "PY_RETURN", "PY_YIELD", "PY_UNWIND", "CALL", "C_RETURN", "C_RAISE"):
            event = getattr(events, name)
            callback = sys.monitoring.register_callback(sys.monitoring.PROFILER_ID, event, None)
            if callback is not None:
                self._callbacks[event] = callback.__name__
        self._make_dispatchers()
        if FREE_THREADED:
            self._dispatch()
        else:
            self._direct(self._root)
        self._root.clear()  # our own calls since it was enabled

    def listening(self):
        """Whether the monitoring events of this process come to us now."""
        return bool(self._callbacks) and not self.finished

    def _direct(self, profiler):
        self._dispatching = False
        for event, method in self._callbacks.items():
            sys.monitoring.register_callback(sys.monitoring.PROFILER_ID, event, getattr(profiler, method))

    def _dispatch(self):
        self._dispatching = True
        for event, method in self._callbacks.items():
            sys.monitoring.register_callback(sys.monitoring.PROFILER_ID, event, self._dispatchers[method])

    def _make_dispatchers(self):
        self._dispatchers = {method: _Dispatcher(self, method) for method in set(self._callbacks.values())}

    def profiler_here(self):
        ident = _thread.get_ident()
        thread = self.threads.get(ident)
        if thread is None:
            thread = self.threads[ident] = Thread(_lsprof.Profiler(), self.saver.clock())
        return thread.profiler

    def review_threads(self):
        """Called by the saver: dispatch for threads that C code made; stop once the main thread is alone."""
        if not self.listening() or FREE_THREADED:
            return
        with self._switching:
            running = set(sys._current_frames()) - {self.saver.ident}
            main = {ident for ident, thread in list(self.threads.items()) if thread.main}
            if self._dispatching:
                if not self.alive and not self.main_ended and running == main:
                    self._direct(self.threads[main.pop()].profiler)
            elif running - main:
                self._dispatch()

    # Threads ------------------------------------------------------------

    def _patch_threads(self):
        """Stand in for the functions that start threads, wherever they were imported to."""
        for name in ("start_new_thread", "start_new", "start_joinable_thread"):
            real = getattr(_thread, name, None)
            if real is None:
                continue
            ours = _thread_starter(self, real, name)
            setattr(_thread, name, ours)
            threading = sys.modules.get("threading")
            if threading is not None and getattr(threading, "_" + name, None) is real:
                setattr(threading, "_" + name, ours)

    def thread_may_start(self):
        token = object()
        self.alive.add(token)
        if self.listening() and not self._dispatching:
            with self._switching:
                self._dispatch()
        return token

    def thread_begins(self, function):
        """In a new thread, before the program's function."""
        if self.finished:
            return None
        self.profiler_here()  # with monitoring, made at the thread's first event already
        thread = self.threads[_thread.get_ident()]
        thread.owner = getattr(function, "__self__", None)  # Thread._bootstrap's, as threading starts them
        if not MONITORING:
            thread.profiler.enable()
        return thread

    def thread_ends(self, thread, token):
        """In a thread whose function has returned: keep its calls, forget the thread."""
        if thread is not None and not self.finished:
            if not MONITORING:
                self._check_replaced(thread.profiler)
                thread.profiler.disable()
            self.saver.keep_thread(thread)
            ident = _thread.get_ident()
            if self.threads.get(ident) is thread:
                del self.threads[ident]
        self.alive.discard(token)

    # Ends ---------------------------------------------------------------

    def end_main(self):
        """The program's main module is done; its threads may go on."""
        self.main_ended = True
        if not MONITORING:
            self._check_replaced(self._root)
            self._root.disable()
        elif self._dispatching:
            self._retire_main()
        elif not self.finished:
            sys.monitoring.set_events(sys.monitoring.PROFILER_ID, 0)

    def _retire_main(self):
        """What the interpreter does at its end, in this thread, is not the program's."""
        ident = _thread.get_ident()
        self.ended.append(self.threads[ident])
        self.threads[ident] = Thread(_lsprof.Profiler(), self.saver.clock())
        self.threads[ident].shown = False
        with self._switching:
            self._make_dispatchers()  # the old ones hold this thread's old profiler
            self._dispatch()

    def profiled(self):
        """The threads to save now: (ident or None, Thread). None: it runs no more of the program."""
        running = [(ident, thread) for ident, thread in list(self.threads.items()) if thread.shown]
        return running + [(None, thread) for thread in self.ended]

    def _check_replaced(self, profiler):
        if sys.getprofile() is not profiler and not self.finished:
            self.warnings.append("the program set a profiler of its own (sys.setprofile); calls after that were not recorded")

    def stop(self):
        """Close every open call with its time so far. Nothing is collected after it."""
        self.finished = True
        threads = [thread for _, thread in self.profiled()]
        if not MONITORING:
            sys.setprofile(None)
            for thread in threads:
                thread.profiler.disable()
            return
        self._root.disable()
        for thread in threads:
            if thread.profiler is not self._root:
                try:
                    thread.profiler.enable()
                except ValueError:
                    continue  # the program took the profiler's place; what returned is kept
                thread.profiler.disable()

    def after_fork_in_child(self, base_depth):
        """This process is a copy: begin its profile anew, with the forking thread alone."""
        ident = _thread.get_ident()
        mine = self.threads.get(ident)
        self.threads.clear()
        del self.ended[:]
        self.alive.clear()
        self.warnings = []
        self._switching = _thread.allocate_lock()
        if mine is None or self.finished or not mine.shown:
            return
        mine.profiler.clear()
        thread = self.threads[ident] = Thread(mine.profiler, self.saver.clock(), base_depth)
        thread.main = True
        self.main_ended = False
        if not MONITORING:
            self._root = mine.profiler
        elif not FREE_THREADED:
            self._direct(mine.profiler)


def _thread_starter(collector, real, name):
    def start(function, *args, **kwargs):
        if not callable(function):
            return real(function, *args, **kwargs)
        token = collector.thread_may_start()
        try:
            return real(_InThread(collector, function, token), *args, **kwargs)
        except BaseException:
            collector.alive.discard(token)
            raise
    start.__name__ = start.__qualname__ = name
    return mark(start, STAND_IN, "<built-in method _thread.%s>" % name)


class _InThread(object):
    """The function of a new thread, with its profile around it."""
    __slots__ = ("collector", "function", "token")

    def __init__(self, collector, function, token):
        self.collector, self.function, self.token = collector, function, token

    def __call__(self, *args, **kwargs):
        thread = self.collector.thread_begins(self.function)
        try:
            return self.function(*args, **kwargs)
        finally:
            self.collector.thread_ends(thread, self.token)

    def __repr__(self):  # Python names the function when its thread dies of an exception
        return repr(self.function)


mark(_InThread.__call__, RUNNER)
