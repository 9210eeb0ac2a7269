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

from _cantil_names import stand_in
from _cantil_stack import Stack

MONITORING = sys.version_info >= (3, 12)
FREE_THREADED = not getattr(sys, "_is_gil_enabled", lambda: True)()


_TOOLS = (3, 4)  # tool ids of sys.monitoring that Python names for nobody; 2 stays free for the program's own cProfile


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
        self.token = None  # among those alive, if Python code started it
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
        self._switching = _thread.RLock()
        self._dispatching = False
        self._callbacks = {}    # event -> name of the profiler's method, as _lsprof registers them
        self._monitoring = getattr(sys, "monitoring", None)  # the program may clear sys.modules
        self._foreign = False   # C code has made a thread: it may call in at any time
        self._copies = []       # other threads' profilers: what a fork copied, and of threads that ended late
        self.orphan = False    # forked by a thread: when it ends, no atexit function is run

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
        self._learn_callbacks()
        free = [tool for tool in _TOOLS if self._monitoring.get_tool(tool) is None]
        if not free:
            raise Busy("another profiler is active in it (no tool id of sys.monitoring is free)")
        self._tool = free[0]
        self._monitoring.use_tool_id(self._tool, "cantil")
        self._make_dispatchers()
        if FREE_THREADED:
            self._dispatch()
        else:
            self._direct(self._root)
        self.set_events(self._events)
        self._root.clear()  # our own calls since then

    def _learn_callbacks(self):
        """Which events a Profiler asks for, and which of its methods takes each: it says so when enabled."""
        monitoring, profiler = self._monitoring, self._monitoring.PROFILER_ID
        try:
            self._root.enable()
        except ValueError:
            raise Busy("another profiler is active in it (sys.monitoring's profiler tool is taken)")
        self._events = monitoring.get_events(profiler)
        for name in ("PY_START", "PY_RESUME", "PY_THROW", "PY_RETURN", "PY_YIELD", "PY_UNWIND", "CALL", "C_RETURN", "C_RAISE"):
            event = getattr(monitoring.events, name)
            callback = monitoring.register_callback(profiler, event, None)
            if callback is not None:
                self._callbacks[event] = callback.__name__
        self._root.disable()

    def set_events(self, events):
        """Switch the events of all threads on or off; returns what was on."""
        was = self._monitoring.get_events(self._tool)
        self._monitoring.set_events(self._tool, events)
        return was

    def listening(self):
        """Whether the monitoring events of this process come to us now."""
        return bool(self._callbacks) and not self.finished

    def _direct(self, profiler):
        self._dispatching = False
        for event, method in self._callbacks.items():
            self._monitoring.register_callback(self._tool, event, getattr(profiler, method))

    def _dispatch(self):
        self._dispatching = True
        for event, method in self._callbacks.items():
            self._monitoring.register_callback(self._tool, event, self._dispatchers[method])

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
        if not self._switching.acquire(False):
            return  # its holder may be the thread that waits for the saver: next time
        try:
            running = set(sys._current_frames()) - {_thread.get_ident()}
            main = {ident for ident, thread in list(self.threads.items()) if thread.main}
            if self._dispatching:
                if not self.alive and not self._foreign and not self.main_ended and running == main:
                    self._direct(self.threads[main.pop()].profiler)
            elif running - main:
                self._foreign = not self.alive
                self._dispatch()
        finally:
            self._switching.release()

    # Threads ------------------------------------------------------------

    def _patch_threads(self):
        """Stand in for the functions that start threads, wherever they were imported to."""
        for name in ("start_new_thread", "start_new", "start_joinable_thread"):
            real = getattr(_thread, name, None)
            if real is None:
                continue
            ours = _thread_starter(self, real)
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

    def thread_begins(self, function, token):
        """In a new thread, before the program's function."""
        if self.finished:
            return
        ident = _thread.get_ident()
        before = self.threads.get(ident)
        if before is not None and before.token not in (None, token):
            self._part_from(ident)
        self.profiler_here()  # with monitoring, made at the thread's first event already
        thread = self.threads[ident]
        thread.token = token
        thread.owner = getattr(function, "__self__", None)  # Thread._bootstrap's, as threading starts them
        if not MONITORING:
            thread.profiler.enable()

    def _part_from(self, ident):
        """The system gave a new thread the number of one that has ended."""
        self.ended.append(self.threads.pop(ident))
        profiler = self.profiler_here()
        if MONITORING:
            for method, dispatcher in self._dispatchers.items():
                dispatcher.callback = getattr(profiler, method)

    def thread_ends(self, token):
        """In a thread whose function has returned: keep its calls, forget the thread."""
        found = [(i, t) for i, t in list(self.threads.items()) if t.token is token]
        if found and not self.finished:
            ident, thread = found[0]
            # Who started a thread may be the last to let go of it, when it has ended long since.
            if ident != _thread.get_ident():
                self._copies.append(thread)  # a Profiler that dies switches off that of this thread
            elif not MONITORING and self._still_ours(thread.profiler):
                thread.profiler.disable()
            if self.threads.get(ident) is thread:
                del self.threads[ident]
            self.saver.keep_thread(thread)
        self.alive.discard(token)
        if self.orphan and not self.alive:
            self.saver.finish("exit")  # the process ends with its last thread

    # Ends ---------------------------------------------------------------

    def end_main(self):
        """The program's main module is done; its threads may go on."""
        self.main_ended = True
        try:
            if not MONITORING:
                if self._still_ours(self._root):
                    self._root.disable()
            elif self._dispatching:
                self._retire_main()
            elif not self.finished:
                self.set_events(0)
        except Exception as error:  # the program has cleared sys.modules
            self.warnings.append("the end of Python itself is in the profile: %r" % (error,))

    def _retire_main(self):
        """What the interpreter does at its end, in this thread, is not the program's."""
        ident = _thread.get_ident()
        from_here = Thread(_lsprof.Profiler(), self.saver.clock())
        from_here.shown = False
        self.ended.append(self.threads[ident])
        self.threads[ident] = from_here
        with self._switching:
            self._make_dispatchers()  # the old ones hold this thread's old profiler
            self._dispatch()

    def profiled(self):
        """The threads to save now: (ident or None, Thread). None: it runs no more of the program."""
        running = [(ident, thread) for ident, thread in list(self.threads.items()) if thread.shown]
        return running + [(None, thread) for thread in self.ended]

    def _still_ours(self, profiler):
        ours = sys.getprofile() is profiler or self.finished
        if not ours:
            self.warnings.append("the program set a profiler of its own (sys.setprofile); calls after that were not recorded")
        return ours

    def stop(self):
        """Close every open call with its time so far. Nothing is collected after it."""
        self.finished = True
        if MONITORING:
            self.set_events(0)
        else:
            sys.setprofile(None)
        for _, thread in self.profiled():
            try:
                if MONITORING:
                    # It has never been enabled, and only then disabling closes its calls. In one
                    # step of C, so that the calls of both are no events.
                    list(map(operator.call, (thread.profiler.enable, thread.profiler.disable)))
                else:
                    thread.profiler.disable()
            except Exception:
                continue  # the program took the profiler's place; what returned is kept

    def after_fork_in_child(self, base_depth):
        """This process is a copy: begin its profile anew, with the forking thread alone."""
        ident = _thread.get_ident()
        mine = self.threads.get(ident)
        self._copies.extend(self.threads.values())  # a Profiler that dies switches off that of this thread
        self.threads.clear()
        del self.ended[:]
        self.alive.clear()
        self.warnings = []
        self._switching = _thread.RLock()
        if mine is None or self.finished or not mine.shown:
            return
        mine.profiler.clear()
        thread = self.threads[ident] = Thread(mine.profiler, self.saver.clock(), base_depth)
        thread.main = True
        thread.token = mine.token
        self.orphan = mine.token is not None
        if self.orphan:
            self.alive.add(mine.token)
        self.main_ended = False
        if not MONITORING:
            self._root = mine.profiler
        elif not FREE_THREADED:
            self._direct(mine.profiler)


def _thread_starter(collector, real):
    def start(*args, **kwargs):
        if args and callable(args[0]):
            args = (_InThread(collector, args[0]),) + args[1:]
        return real(*args, **kwargs)
    return stand_in(start, real)


class _InThread(object):
    """The function of a new thread, with its profile around it but no frame of ours.

    To call it, Python fetches __call__, in the new thread, and calls what that gives:
    the program's function itself. When that is done Python drops this object, in the
    same thread still.
    """
    __slots__ = ("collector", "function", "token")

    def __init__(self, collector, function):
        self.collector, self.function = collector, function
        self.token = collector.thread_may_start()

    @property
    def __call__(self):
        try:
            self.collector.thread_begins(self.function, self.token)
        except Exception as error:  # not the program's problem
            self.collector.warnings.append("a thread was not recorded: %r" % (error,))
        return self.function

    def __del__(self):
        try:
            self.collector.thread_ends(self.token)
        except Exception as error:
            self.collector.warnings.append("the calls of a thread were lost: %r" % (error,))

    def __repr__(self):  # Python names the function when its thread dies of an exception
        return repr(self.function)
