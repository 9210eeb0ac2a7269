"""Meets the signals that end a process, and sees that none of them is lost.

They are met by handlers in Python, which the interpreter runs some time after it has
noted the signal. Where plain Python dies at once, a process that has noted a signal could
sleep on for ever in two cases:

A new child forgets what was noted before its first step, as if that were its parent's.
So signals are held back from before a fork until the child has begun its own profile.

What is noted just before a system call that waits is looked at when that returns. So
who sends a relative such a signal leaves a note for it in the folder of parts: the
relative's saver finds it, and sends the signal again until the handler has begun. Of
senders outside the family only what they send next helps, which is SIGKILL by custom.
"""
import _signal
import _thread
import os

_NAMES = ("SIGTERM", "SIGHUP")
_AGAIN = 0.5  # seconds in which a handler begins, unless its thread is in C
_MOST_NOTES = 64  # that a sender leaves standing; those are old that are more

_real_kill = os.kill  # _cantil_process puts a stand-in in its place


class Signals(object):
    """Of one process: its handlers, and the notes that it leaves and finds."""

    def __init__(self, saver):
        self.saver = saver
        self._handlers = {}  # number -> our handler
        self._held = {}      # thread -> the signals that it holds back while it forks
        self.reset()

    def reset(self):
        """A new process: a note that stands there was for another of the same number."""
        self._note = self._note_for(os.getpid())
        self._left = []      # notes for others
        self._found = None   # the number of a signal that was sent to us
        self._due = 0.0      # when it is sent again
        _remove(self._note)

    def meet(self):
        """Have handlers save the profile, where the program has none."""
        for name in _NAMES:
            number = getattr(_signal, name, None)
            if number is None or _signal.getsignal(number) is not _signal.SIG_DFL:
                continue  # ignored (nohup), or somebody's already
            try:
                _signal.signal(number, self._handler(name))
            except ValueError:
                return  # not the main thread of the main interpreter: atexit and snapshots remain
            self._handlers[number] = _signal.getsignal(number)

    def _handler(self, name):
        def end(signum, frame):
            def die():
                _signal.signal(signum, _signal.SIG_DFL)
                _real_kill(os.getpid(), signum)
            self.saver.after_saving(name, die)
        return end

    # Around forks ---------------------------------------------------------

    def hold_back(self, numbers):
        """In this thread, and in what it forks, until let_through."""
        was = _signal.pthread_sigmask(_signal.SIG_BLOCK, numbers)
        self._held[_thread.get_ident()] = set(numbers).difference(was)

    def let_through(self):
        held = self._held.pop(_thread.get_ident(), None)
        if held:
            _signal.pthread_sigmask(_signal.SIG_UNBLOCK, held)

    # Notes ------------------------------------------------------------------

    def _note_for(self, pid):
        return os.path.join(self.saver.parts, "%d.signal" % pid)

    def leave_note(self, pid, number):
        """After a signal was sent."""
        if number not in self._handlers or pid <= 0 or pid == os.getpid():
            return
        note = self._note_for(pid)
        try:
            fd = os.open(note, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            try:
                os.write(fd, b"%d" % number)
            finally:
                os.close(fd)
        except OSError:
            return  # no folder, no profile
        self._left.append(note)
        if len(self._left) > _MOST_NOTES:
            _remove(self._left.pop(0))

    def remove_notes(self):
        for note in self._left:
            _remove(note)

    def look_for_note(self, now):
        """By the saver, at each tick."""
        if self._found is None:
            if os.access(self._note, os.F_OK):
                self._found, self._due = _read(self._note), now + _AGAIN
                _remove(self._note)
        elif self._handlers.get(self._found) is not _signal.getsignal(self._found):
            self._found = None  # the program meets it itself
        elif now >= self._due:
            self._due = now + _AGAIN
            _real_kill(os.getpid(), self._found)


def everything():
    """The numbers of all signals but those of faults."""
    numbers = [getattr(_signal, name) for name in dir(_signal) if name.startswith("SIG") and name[3] != "_"]
    if hasattr(_signal, "SIGRTMIN"):
        numbers += range(_signal.SIGRTMIN, _signal.SIGRTMAX)
    faults = [getattr(_signal, name, None) for name in ("SIGSEGV", "SIGBUS", "SIGFPE", "SIGILL")]
    return set(numbers).difference(faults)
