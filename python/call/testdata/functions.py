"""Functions that the tests call, each of them trouble of its own kind."""
import collections
import os
import signal
import sys
import threading
import time


def f(x):
    for i in range(x):
        print(i)
        time.sleep(1)
    return 42


def echo(*args, **kwargs):
    return args, kwargs


def evaluate(text):
    return eval(text)


class Class:
    @staticmethod
    def static(x):
        return ["static", x]

    class Inner:
        @classmethod
        def name(cls):
            return cls.__qualname__


async def wait(x):
    import asyncio
    await asyncio.sleep(0.01)
    return x + 1


def fails(depth):
    if depth:
        fails(depth - 1)
    try:
        int("x")
    except ValueError as error:
        raise KeyError("there") from error


def unprintable():
    class Bad(Exception):
        def __str__(self):
            raise RuntimeError("no text")
    raise Bad()


def bad_str():
    class Bad:
        def __str__(self):
            raise RuntimeError("no text")
    return Bad()


def prints():
    print("to stdout")
    sys.stderr.write("to stderr\n")
    os.write(1, b"past Python\n")
    sys.stdout.write("no end of line")
    return "value"


def prints_in_threads():
    def work(n):
        time.sleep(0.05)
        sys.stdout.write("thread %d\n" % n)
    for n in range(3):
        threading.Thread(target=work, args=(n,)).start()
    return "before them"


def thread_goes_on():
    threading.Thread(target=time.sleep, args=(60,)).start()
    return 1


def reads_stdin():
    return sys.stdin.read()


def exits(code):
    sys.exit(code)


def leaves(code):
    os._exit(code)


def kills_itself(number):
    os.kill(os.getpid(), number)
    time.sleep(60)


def kills_its_keeper():
    os.kill(os.getppid(), signal.SIGKILL)
    time.sleep(60)


def crashes():
    import ctypes
    sys.stderr = sys.__stderr__ = None
    ctypes.string_at(0)


def aborts():
    os.abort()


def closes_files():
    os.closerange(0, 65536)
    return 1


def closes_low_files():
    os.closerange(0, 256)
    return "still there"


def replaces_streams():
    class Stream:
        def write(self, text):
            pass
    sys.stdout = Stream()
    sys.stderr.close()
    return 1


def writes_everywhere():
    for fd in range(3, 8192):
        try:
            os.write(fd, b"garbage" * 10)
        except OSError:
            pass
    return 1


def forks():
    """Returns in the parent and in the child."""
    pid = os.fork()
    if pid:
        os.waitpid(pid, 0)
    print("child" if pid == 0 else "parent")
    return pid == 0


def forks_and_dies():
    """Its child outlives it, and holds all that it holds."""
    if os.fork() == 0:
        os.close(1)
        os.close(2)
        time.sleep(3)
    os._exit(7)


def multiprocessing_pool(method):
    import multiprocessing
    with multiprocessing.get_context(method).Pool(2) as pool:
        return pool.map(abs, [-1, -2]) + pool.map(double, [1, 2])


def double(x):
    return 2 * x


def starts_programs(program):
    import subprocess
    return subprocess.check_output([sys.executable, "-c", program], close_fds=False)


def never_returns_from_c(started):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    open(started, "w").close()
    collections.deque(iter(int, 1), maxlen=0)


def sleeps(seconds=60):
    time.sleep(seconds)


def stops_itself():
    os.kill(os.getpid(), signal.SIGSTOP)


def starts_a_tree(path):
    """Writes the ids of processes that leave in every way: a child, one in a session of
    its own, and one whose parent has ended as well."""
    def child(kind):
        if os.fork():
            return
        if kind != "plain":
            os.setsid()
        if kind == "twice" and os.fork():
            os._exit(0)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        with open(path, "a") as out:
            out.write("%d\n" % os.getpid())
        time.sleep(60)
        os._exit(0)
    for kind in ("plain", "session", "twice"):
        child(kind)
    time.sleep(60)


def leaves_a_child(path):
    if os.fork() == 0:
        os.closerange(0, 3)
        with open(path, "w") as out:
            out.write("%d\n" % os.getpid())
        time.sleep(60)
    while not os.path.exists(path) or not open(path).read():
        time.sleep(0.01)


def pid():
    return os.getpid()


_kept = []


def keeps(megabytes):
    _kept.append(bytearray(os.urandom(1)) * (megabytes << 20))


def counts():
    _kept.append(None)
    return len(_kept)


def surroundings():
    return (__name__, os.path.basename(__file__), sys.path[0] == os.path.dirname(os.path.abspath(__file__)),
            sys.modules[__name__] is sys.modules[echo.__module__], len(sys.argv) > 0)


Point = collections.namedtuple("Point", "x y")
