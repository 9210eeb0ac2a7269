"""Writes the profile of this process into the run's parts folder, and keeps it fresh.

Two files per process, PID-NANOSECONDS.threads and .live; docs/formats/parts.md
describes them. Both hold marshal data of version 2: plain values, no references.
.threads is appended to, a record for each thread that has ended. .live is replaced
whole: at every snapshot, and at the end.
"""
import _thread
import gc
import marshal
import os
import sys
import time

import _cantil_collect
from _cantil_collect import MONITORING
from _cantil_names import pack
from _cantil_signals import Signals, block_all

SNAPSHOT_EVERY = 1.0   # seconds; what SIGKILL can lose, with the time a snapshot takes
SNAPSHOT_SHARE = 0.05  # of the running time at the most: larger profiles are saved less often
SNAPSHOT_WHOLE = 4     # times as much as a look at the profile takes, which tells how large it is (2.4 to 3.9 measured)
FIRST_SNAPSHOT = 0.25  # a short-lived process is known by then
TICK = 0.1             # how exactly the age of a call still open is known
PATIENCE = 20.0        # for another thread that saves while this one ends the process
RETRY = 60.0           # after a snapshot that failed, for example on a full disk

_real_start = _thread.start_new_thread  # the collector puts its own in its place


def collector(parts, role):
    """A collector for this process that saves into the folder; Busy if another profiler is at work."""
    made = _cantil_collect.Collector(role)
    made.saver = Saver(made, parts)
    return made


class Saver(object):
    """Owns the two files of this process and the thread that takes the snapshots."""

    def __init__(self, collector, parts):
        self.collector = collector
        self.parts = parts
        self.clock = time.perf_counter
        self.signals = Signals(self)
        self.reset()

    def reset(self):
        """A new process: its own files."""
        self.pid = os.getpid()
        self.base = os.path.join(self.parts, "%d-%x" % (self.pid, int(time.time() * 1e9)))
        self.signals.reset()
        self.started, self._begun = time.time(), self.clock()
        self._due, self._awaited = self._begun + FIRST_SNAPSHOT, 0.0
        self.snapshots, self.cost = 0, 0.0
        self._appending = _thread.RLock()      # as the next: a handler of the program's may interrupt its owner
        self._running, self._stays = [], False
        self._pausing, self._pauses = _thread.RLock(), 0
        self._claims = []                      # the threads that have come to do the last saving
        self._saved = _thread.allocate_lock()  # held until its end
        self._saved.acquire()
        self._done, self._postponed = False, []

    # The thread that takes snapshots -------------------------------------

    def begin(self):
        """Start it, unseen by any profiler of this process."""
        self._stop = _thread.allocate_lock()
        self._stopped = _thread.allocate_lock()
        ready = _thread.allocate_lock()
        for lock in (self._stop, self._stopped, ready):
            lock.acquire()
        events = self._events_off()
        try:
            _real_start(self._enter, (ready,))
            self._running.append(True)
            ready.acquire()
        except RuntimeError as error:  # the system gives no more threads
            self.collector.warnings.append("no snapshots were taken: %s" % (error,))
        finally:
            self._events_on(events)

    def pause(self):
        """Before a fork, which copies no thread; several threads may fork at once."""
        with self._pausing:
            self._pauses += 1
            self.end()

    def resume(self):
        with self._pausing:
            self._pauses = max(0, self._pauses - 1)
            if not self._pauses and not self._running and not self.collector.finished:
                self.begin()

    def end(self):
        """Stop it."""
        try:
            self._running.pop()  # of several threads that stop it one does
        except IndexError:
            return
        events = self._events_off()
        try:
            self._stop.release()
            self._stopped.acquire()
        finally:  # a handler of the program's may raise
            self._events_on(events)

    def _events_off(self):
        # Its first and last steps would be events in the one thread listened to.
        return self.collector.set_events(0) if self.collector.listening() else 0

    def _events_on(self, events):
        if events:
            self.collector.set_events(events)

    def _enter(self, ready):
        block_all()
        if not MONITORING:
            self._loop(ready)
            return

        # Monitoring events of a thread are switched off while a profile function runs in
        # it, so that is where the saver lives.
        def inside(frame, event, arg):
            sys.setprofile(None)
            self._loop(ready)
        sys.setprofile(inside)
        len("")

    def _loop(self, ready):
        ready.release()
        while not self._stop.acquire(True, TICK):
            try:
                self.signals.look_for_notes(self.clock())
                if MONITORING:
                    self.collector.review_threads()
                self._look_at_stacks()
                if self.clock() >= self._due and not self._claims:  # begin() or end() may have been interrupted for good
                    with _NoGarbageCollection():
                        self._snapshot()
            except Exception as error:  # never the program's problem; the end of the run tells
                self.collector.warnings.append("a snapshot failed: %r" % (error,))
                self._due = self.clock() + RETRY
        self._stopped.release()
        if self._stays:
            for_ever = _thread.allocate_lock()
            for_ever.acquire()
            for_ever.acquire()

    def _look_at_stacks(self):
        frames = sys._current_frames()
        try:
            for ident, thread in self.collector.profiled():
                thread.stack.look(frames.get(ident), self.clock())
        finally:
            frames.clear()  # our own is among them: a cycle, which would keep what the program's hold

    def _snapshot(self):
        began, now = _work(), self.clock()
        threads = [(ident, thread, thread.profiler.getstats()) for ident, thread in self.collector.profiled()]
        whole = SNAPSHOT_WHOLE * (_work() - began)
        affordable = self._begun + (self.cost + whole) / SNAPSHOT_SHARE
        if affordable > now and whole > 2 * self._awaited:  # what was waited for is taken, if it has not doubled
            self._put_off(threads)
            took, self._awaited = _work() - began, whole
            self._due = affordable + took / SNAPSHOT_SHARE
        else:
            self._save(threads)
            took = _work() - began
            self._due = self.clock() + max(SNAPSHOT_EVERY, took / SNAPSHOT_SHARE)
        self.cost += took

    def _put_off(self, threads):
        """The profile is too large to be saved now; of a process not known yet, save what calls are open."""
        if not self.snapshots:
            self._write_live([self._record(ident, thread, ()) for ident, thread, _ in threads], "snapshot")

    def _save(self, threads):
        for _, thread, entries in threads:
            thread.stack.check(entries, self.clock())
        self.snapshots += 1
        self._write_live([self._record(ident, thread, entries) for ident, thread, entries in threads], "snapshot")

    # Files ----------------------------------------------------------------

    def keep_thread(self, thread):
        """Append the calls of a thread that has ended."""
        record = self._record(_thread.get_ident(), thread, thread.profiler.getstats(), ended=True)
        data = marshal.dumps(record, 2)
        with self._appending:
            fd = os.open(self.base + ".threads", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                _write_all(fd, len(data).to_bytes(8, "little") + data)
            finally:
                os.close(fd)

    def finish(self, how):
        """Save everything, open calls closed with their time so far; only the first call counts.

        Returns when all is saved. False: a signal has come in the midst of the saving, in
        its own thread; what was to follow must wait for the end of it (see after_saving).
        """
        if os.getpid() != self.pid:
            return True  # forked by C code that told nobody: the profile is its parent's
        claim = (_thread.get_ident(),)
        self._claims.append(claim)  # in one step, so that a signal cannot come between
        if self._claims[0] is not claim:
            if self._claims[0] == claim:
                return self._done
            if self._saved.acquire(True, PATIENCE):
                self._saved.release()
            return True
        with _NoGarbageCollection():
            try:
                self._save_all(how)
            except Exception:  # the folder is gone, full or out of reach; the program goes on to its end
                pass
        self._done = True
        self._saved.release()
        for action in self._postponed:
            action()
        return True

    def _save_all(self, how):
        # The end of a thread loads a library (libgcc, up to 3.8), and aborts where that cannot be had.
        self._stays = not self.collector.orphan
        self.end()
        self.signals.remove_notes()
        self.collector.stop()
        records = [self._record(ident, thread, thread.profiler.getstats())
                   for ident, thread in self.collector.profiled()]
        self._write_live(records, how)

    def after_saving(self, how, action):
        """Save, then do what ends the process: at once, or when the saving under way is done."""
        with _NoGarbageCollection():  # nor would it run when the process ends so
            if self.finish(how):
                action()
            else:
                self._postponed.append(action)

    def _record(self, ident, thread, entries, ended=False):
        labels, rows = pack(entries)
        still = [] if ended or self.collector.finished else thread.stack.told(self.clock())
        return {"serial": thread.serial, "name": _thread_name(ident, thread), "main": thread.main,
                "labels": labels, "rows": rows, "open": still}

    def _write_live(self, records, how):
        info = {"format": 1, "pid": os.getpid(), "ppid": os.getppid(), "role": self.collector.role,
                "argv": [str(a) for a in getattr(sys, "argv", [])], "python": "%d.%d.%d" % sys.version_info[:3],
                "executable": sys.executable or "", "started": self.started, "saved": time.time(), "how": how,
                "snapshots": self.snapshots, "snapshot_seconds": self.cost,
                "warnings": list(self.collector.warnings), "threads": records}
        data = marshal.dumps(info, 2)
        fd = os.open(self.base + ".tmp", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            _write_all(fd, data)
        finally:
            os.close(fd)
        os.replace(self.base + ".tmp", self.base + ".live")


class _NoGarbageCollection(object):
    """While we allocate: the program's finalizers must not run in our midst."""

    def __enter__(self):
        self.was_enabled = gc.isenabled()
        gc.disable()

    def __exit__(self, *exc_info):
        if self.was_enabled:
            gc.enable()


def _thread_name(ident, thread):
    owner = thread.owner
    if owner is None:
        owner = getattr(sys.modules.get("threading"), "_active", {}).get(ident)
    name = getattr(owner, "_name", None)
    return str(name) if name else ("MainThread" if thread.main else "_thread-%d" % thread.serial)


def _work():
    """Processor time of this thread; on Windows before 3.7 the time on the clock."""
    if hasattr(time, "CLOCK_THREAD_CPUTIME_ID"):
        return time.clock_gettime(time.CLOCK_THREAD_CPUTIME_ID)
    return getattr(time, "thread_time", time.perf_counter)()


def _write_all(fd, data):
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view):]
