# Children of the kind its first argument names; each calls work() ten times.
import os
import pickle
import subprocess
import sys

CHILD = "def work():\n  pass\nfor _ in range(10):\n  work()\n"


class Point(object):
    def __init__(self, x):
        self.x = x


def work(n=0):
    return n * n


def ten(n=0):
    assert pickle.loads(pickle.dumps(Point(n))).x == n
    for i in range(10):
        work(i)
    return os.getpid()


def pool(method):
    import multiprocessing
    context = multiprocessing.get_context(method)
    with context.Pool(2) as workers:
        workers.map(ten, range(4))
        workers.close()
        workers.join()
    process = context.Process(target=ten)
    process.start()
    process.join()
    assert process.exitcode == 0


def killed_pool():
    """A pool that is left: its workers are sent SIGTERM, one of them while it saves."""
    import multiprocessing
    with multiprocessing.Pool(2) as workers:
        workers.map(ten, range(4))


def fork():
    for _ in range(3):
        if os.fork() == 0:
            ten()
            os._exit(0) if _ else sys.exit(0)
        os.wait()


def nested_fork():
    ten()
    pid = os.fork()
    if pid == 0:
        ten()
        if os.fork() == 0:
            ten()
        else:
            os.wait()
        sys.exit(0)
    os.wait()


def subprocesses():
    command = [sys.executable, "-c", CHILD]
    subprocess.check_call(command)
    subprocess.check_call(command, env={"ONLY": "this"})
    subprocess.check_call(" ".join([sys.executable, "-c", "'%s'" % CHILD]), shell=True)
    os.spawnv(os.P_WAIT, sys.executable, command)
    assert subprocess.check_output(["sh", "-c", "echo left alone"]) == b"left alone\n"


if __name__ == "__main__":
    kind = sys.argv[1]
    {"fork": fork, "nested": nested_fork, "subprocess": subprocesses, "killed": killed_pool}.get(kind, lambda: pool(kind))()
