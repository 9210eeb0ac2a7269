"""Meets the signals that end a process, and sees that none of them is lost.

They are met by handlers in Python, which the interpreter runs some time after it has
noted the signal. Where plain Python dies at once, a process that has noted a signal
could then sleep on for ever, in two cases:

A new child forgets what was noted before its first step, as if that were its parent's.
So signals are held back from before a fork until the child has begun its own profile.

What is noted just before a system call that waits is looked at when that returns. So
whoever sends a relative such a signal leaves a note for it in the folder of parts; the
relative's saver finds it, and sends the signal again until the handler has begun.
Senders outside the family leave none: from them only the next signal helps.
"""
import _signal
import _thread
import os

_AGAIN = 0.5      # seconds in which a handler begins, unless its thread is in C
_MOST_NOTES = 64  # that one process leaves standing; by then the first are old

real_kill = os.kill  # _cantil_process puts a stand-in in its place


class Signals(object):
    """Of one process: the handlers that end it, and the notes that it leaves and finds."""

    def __init__(self, saver):
        self._saver = saver
        self._handlers = {}  # number -> our handler
        self._held = {}      # thread -> the signals that it holds back
        self.reset()

    def reset(self):
        """A new process. A note that stands there was for an older one of the same number."""
        self._left = []  # notes for others
        self._due = {}   # number of a signal that was sent to us -> when to send it again
        self._notes = {number: self._note(os.getpid(), number) for number in self._handlers}
        for note in self._notes.values():
            _remove(note)

    def meet(self):
        """Save the profile at those that end the process, where the program has no handler."""
        for name in ("SIGTERM", "SIGHUP"):
            number = getattr(_signal, name, None)
            if number is None or _signal.getsignal(number) is not _signal.SIG_DFL:
                continue  # ignored (nohup), or somebody's already
            handler = self._handler(name)
            try:
                _signal.signal(number, handler)
            except ValueError:
                break  # not the main thread of the main interpreter: atexit and snapshots remain
            self._handlers[number] = handler
        self.reset()

    def _handler(self, name):
        def end(signum, frame):
            def die():
                _signal.signal(signum, _signal.SIG_DFL)
                real_kill(os.getpid(), signum)
            self._saver.after_saving(name, die)
        return end

    # Around forks ---------------------------------------------------------

    def hold_back(self):
        """In this thread, and in the process that it forks, until let_through."""
        was = _signal.pthread_sigmask(_signal.SIG_BLOCK, ())
        self._held[_thread.get_ident()] = set(self._handlers).difference(was)
        _signal.pthread_sigmask(_signal.SIG_BLOCK, self._handlers)

    def let_through(self):
        held = self._held.pop(_thread.get_ident(), None)
        if held:
            _signal.pthread_sigmask(_signal.SIG_UNBLOCK, held)

    # Notes ------------------------------------------------------------------

    def _note(self, pid, number):
        return os.path.join(self._saver.parts, "%d.%d.signal" % (pid, number))

    def leave_note(self, pid, number):
        """After a signal was sent."""
        if number not in self._handlers or not isinstance(pid, int) or pid <= 0 or pid == os.getpid():
            return
        note = self._note(pid, number)
        try:
            os.close(os.open(note, os.O_WRONLY | os.O_CREAT, 0o600))
        except OSError:
            return  # the folder is out of reach, and with it the relative's profile
        self._left.append(note)
        if len(self._left) > _MOST_NOTES:
            _remove(self._left.pop(0))

    def remove_notes(self):
        for note in self._left:
            _remove(note)

    def look_for_notes(self, now):
        """By the saver, at each tick."""
        for number, note in self._notes.items():
            if os.access(note, os.F_OK):
                self._due[number] = now + _AGAIN
                _remove(note)
        for number, due in list(self._due.items()):
            if _signal.getsignal(number) is not self._handlers[number]:
                del self._due[number]  # the program meets it itself
            elif now >= due:
                self._due[number] = now + _AGAIN
                real_kill(os.getpid(), number)


def _remove(path):
    try:
        os.unlink(path)
    except OSError:
        pass


def block_all():
    """In the saver's thread: a signal is the program's, which may have blocked it in all threads it knows."""
    if not hasattr(_signal, "pthread_sigmask"):
        return
    numbers = [getattr(_signal, name) for name in dir(_signal) if name.startswith("SIG") and name[3] != "_"]
    if hasattr(_signal, "SIGRTMIN"):
        numbers += range(_signal.SIGRTMIN, _signal.SIGRTMAX)
    faults = [getattr(_signal, name, None) for name in ("SIGSEGV", "SIGBUS", "SIGFPE", "SIGILL")]
    _signal.pthread_sigmask(_signal.SIG_BLOCK, set(numbers).difference(faults))
