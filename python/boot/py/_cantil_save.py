"""Writes the profile of this process into the run's parts folder, and keeps it fresh.

Two files per process, PID-NANOSECONDS.threads and .live; docs/formats/parts.md
describes them. Both hold marshal data of version 2: plain values, no references.
.threads is appended to, a record for each thread that has ended. .live is replaced
whole: at every snapshot, and at the end.
"""
import _thread
import marshal
import os
import sys
import time

import _cantil_collect
from _cantil_collect import MONITORING, PROGRAM, STAND_IN, kind_of

SNAPSHOT_EVERY = 1.0   # seconds; what SIGKILL can lose, with the time a snapshot takes
SNAPSHOT_SHARE = 0.05  # of the running time at the most: larger profiles are saved less often
FIRST_SNAPSHOT = 0.25  # a short-lived process is known by then
TICK = 0.1             # how soon the saver sees that the threads have ended
DEEPEST_STACK = 2000   # frames looked at for calls still open; of deeper stacks none is told
RETRY = 60.0           # after a snapshot that failed, for example on a full disk

_real_start = _thread.start_new_thread  # the collector puts its own in its place


def collector(parts, role):
    """A collector for this process that saves into the folder; Busy if another profiler is at work."""
    made = _cantil_collect.Collector(role)
    made.saver = Saver(made, parts)
    return made


def pack(entries):
    """A profiler's getstats() as (labels, rows); rows refer to labels by index."""
    index, labels, kept = {}, [], []

    def label(code):
        at = index.get(id(code))
        if at is None:
            at = index[id(code)] = len(labels)
            kept.append(code)
            labels.append(name_of(code))
        return at

    rows = []
    for entry in entries:
        callees = []
        for sub in entry[5] or ():
            callees += (label(sub[0]), sub[1], sub[2], sub[3], sub[4])
        rows.append((label(entry[0]), entry[1], entry[2], entry[3], entry[4], tuple(callees)))
    return labels, rows


def name_of(code):
    """(file, line, name, kind) of a code object, or of a built-in, which is a string."""
    if isinstance(code, str):
        return ("~", 0, code, PROGRAM)
    kind, name = kind_of(code)
    if kind == STAND_IN:
        return ("~", 0, name, kind)
    return (code.co_filename, code.co_firstlineno, code.co_name, kind)


class Saver(object):
    """Owns the two files of this process and the thread that takes the snapshots."""

    def __init__(self, collector, parts):
        self.collector = collector
        self.parts = parts
        self.clock = time.perf_counter
        self.ident = None
        self._finishing = False
        self.reset()

    def reset(self):
        """A new process: its own files."""
        self.base = os.path.join(self.parts, "%d-%x" % (os.getpid(), int(time.time() * 1e9)))
        self.started = time.time()
        self.snapshots, self.cost = 0, 0.0
        self._appending = _thread.allocate_lock()

    # The thread that takes snapshots -------------------------------------

    def begin(self):
        """Start it, unseen by any profiler of this process."""
        self._stop = _thread.allocate_lock()
        self._stopped = _thread.allocate_lock()
        ready = _thread.allocate_lock()
        for lock in (self._stop, self._stopped, ready):
            lock.acquire()
        events = self._events_off()
        _real_start(self._enter, (ready,))
        ready.acquire()
        self._events_on(events)

    def end(self):
        """Stop it: at the end, and before a fork, which copies no thread."""
        if self.ident is None:
            return
        events = self._events_off()
        self.ident = None
        self._stop.release()
        self._stopped.acquire()
        self._events_on(events)

    def _events_off(self):
        # Its first and last steps would be events in the one thread listened to.
        if not self.collector.listening():
            return 0
        events = sys.monitoring.get_events(sys.monitoring.PROFILER_ID)
        sys.monitoring.set_events(sys.monitoring.PROFILER_ID, 0)
        return events

    def _events_on(self, events):
        if events:
            sys.monitoring.set_events(sys.monitoring.PROFILER_ID, events)

    def _enter(self, ready):
        self.ident = _thread.get_ident()
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
        due = self.clock() + FIRST_SNAPSHOT
        while not self._stop.acquire(True, TICK):
            try:
                if MONITORING:
                    self.collector.review_threads()
                if self.clock() >= due:
                    took = self._snapshot()
                    due = self.clock() + max(SNAPSHOT_EVERY, took / SNAPSHOT_SHARE)
            except Exception as error:  # never the program's problem; the end of the run tells
                self.collector.warnings.append("a snapshot failed: %r" % (error,))
                due = self.clock() + RETRY
        self._stopped.release()

    def _snapshot(self):
        began = _work()
        frames = sys._current_frames()
        records = []
        for ident, thread in list(self.collector.threads.items()):
            entries = thread.profiler.getstats()
            self._update_open(thread, frames.get(ident), entries)
            records.append(self._record(ident, thread, entries))
        del frames
        self.snapshots += 1
        self._write_live(records, "snapshot")
        took = _work() - began
        self.cost += took
        return took

    def _update_open(self, thread, frame, entries):
        codes = []
        while frame is not None and len(codes) <= DEEPEST_STACK:
            codes.append(frame.f_code)
            frame = frame.f_back
        if len(codes) > DEEPEST_STACK:
            thread.open = []
            return
        codes.reverse()
        thread.base_depth = min(thread.base_depth, len(codes))
        codes = [c for c in codes[thread.base_depth:] if kind_of(c)[0] == PROGRAM]
        wanted = set(map(id, codes))
        known = {}
        for entry in entries:
            if id(entry[0]) in wanted:
                callees = sum([sub[3] for sub in entry[5] or ()])
                known[id(entry[0])] = (entry[1], callees - (entry[3] - entry[4]))
        thread.open = _since(thread, codes, known, self.clock())

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
        """Save everything, open calls closed with their time so far. Only the first call counts."""
        if self._finishing or self.collector.finished:
            return
        self._finishing = True  # a signal may come while this runs: its handler waits for us
        self.end()
        self.collector.stop()
        records = [self._record(ident, thread, thread.profiler.getstats())
                   for ident, thread in list(self.collector.threads.items())]
        self._write_live(records, how)
        self._finishing = False

    def _record(self, ident, thread, entries, ended=False):
        labels, rows = pack(entries)
        now = self.clock()
        still = [] if ended or self.collector.finished else [
            name_of(code)[:3] + (now - since,) for code, _, since in thread.open]
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


def _since(thread, codes, known, now):
    """The open calls of a thread, outermost first: (code, how often it had returned, since when).

    A call is the one seen before if it stands in the same place and its code has not
    returned since. Of a new one only what its finished callees took is proven.
    """
    before, calls, same = thread.open, [], True
    for i, code in enumerate(codes):
        returned, callees = known.get(id(code), (0, 0.0))
        same = same and i < len(before) and before[i][0] is code and before[i][1] == returned
        if same:
            since = before[i][2]
        elif i == 0 and not before and not thread.base_depth:
            since = thread.started
        else:
            since = None
        calls.append([code, returned, since, callees])
    inner, counted = 0.0, set()
    for call in reversed(calls):
        if id(call[0]) not in counted:
            counted.add(id(call[0]))
            inner += max(call[3], 0.0)
        if call[2] is None:
            call[2] = now - inner
        inner = max(inner, now - call[2])
    outer = thread.started
    for call in calls:  # no call is older than the one that made it
        call[2] = outer = max(outer, call[2])
    return [tuple(call[:3]) for call in calls]


def _thread_name(ident, thread):
    owner = thread.owner
    if owner is None:
        owner = getattr(sys.modules.get("threading"), "_active", {}).get(ident)
    name = getattr(owner, "_name", None)
    return str(name) if name else ("MainThread" if thread.main else "_thread-%d" % thread.serial)


_work = getattr(time, "thread_time", time.perf_counter)  # processor time of this thread, 3.7+


def _write_all(fd, data):
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view):]
