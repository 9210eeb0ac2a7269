"""The calls that are open in a thread, and for how long.

A profiler tells only of calls that have returned. So that a process killed with no
warning still tells what it was in, the saver looks at each thread's frames several
times a second, and checks what it saw against the profile at every snapshot.
"""
from _cantil_names import PROGRAM, kind_of, name_of

DEEPEST = 2000  # frames that are looked at; of a deeper stack nothing is told


class _Call(object):
    __slots__ = ("code", "since", "callees", "returned")

    def __init__(self, code, since):
        self.code, self.since = code, since
        self.callees = 0.0    # seconds in calls it made that have returned
        self.returned = None  # how often its code had returned at the last snapshot


class Stack(object):
    """Outermost first; frames below base_depth were open before the profile began."""

    def __init__(self, started, base_depth=0):
        self.started = started
        self.base_depth = base_depth
        self.calls = []
        self._inside = 0.0  # seconds in returned calls made by open ones, at the last snapshot
        self._checked = started

    def look(self, frame, now):
        codes = []
        while frame is not None and len(codes) <= DEEPEST:
            codes.append(frame.f_code)
            frame = frame.f_back
        if len(codes) > DEEPEST:
            codes = []
        codes.reverse()
        self.base_depth = min(self.base_depth, len(codes))
        codes = [c for c in codes[self.base_depth:] if kind_of(c)[0] == PROGRAM]
        same = 0
        for call, code in zip(self.calls, codes):
            if call.code is not code:
                break
            same += 1
        first = not self.calls and not self.base_depth
        self.calls[same:] = [_Call(code, now) for code in codes[same:]]
        if first and self.calls:
            self.calls[0].since = self.started

    def check(self, entries, now):
        """Of a code that has returned since, the open call may be another one: begin its time anew."""
        codes = set([id(call.code) for call in self.calls])
        returned, inside = {}, 0.0
        for entry in entries:
            inside += entry[3]
            for sub in entry[5] or ():
                inside -= sub[3]
            if id(entry[0]) in codes:
                returned[id(entry[0])] = entry[1]
        innermost = 0  # of the calls that were open all the time since the last snapshot
        for at, call in enumerate(self.calls):
            count = returned.get(id(call.code), 0)
            if count and count != call.returned:
                self.calls[at] = call = _Call(call.code, now)
            elif call.returned is not None:
                innermost = at
            call.returned = count
        self._share(max(0.0, inside - self._inside), innermost, now)
        self._inside, self._checked = inside, now

    def _share(self, seconds, innermost, now):
        """Time in calls that have returned goes to the open calls that can have made them."""
        for at in range(innermost, len(self.calls)):
            call = self.calls[at]
            until = self.calls[at + 1].since if at + 1 < len(self.calls) else now
            part = min(seconds, max(0.0, until - max(call.since, self._checked)))
            call.callees += part
            seconds -= part

    def told(self, now):
        return [name_of(call.code)[:3] + (now - call.since, call.callees) for call in self.calls]
