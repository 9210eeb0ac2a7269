"""Parks threads in stacks of every kind, then writes what Python itself says of them."""
import functools
import json
import sys
import threading
import time
import traceback

event = threading.Event()
parked = []


def park():
    parked.append(threading.get_ident())
    event.wait()


class Tree:
    def walk(self, depth):
        if depth:
            yield from self.walk(depth - 1)
        else:
            park()
            yield depth

    def method(self):
        for _ in self.walk(3):
            pass

    def captured(self):
        def inner():
            self.method()
        inner()

    @classmethod
    def made(cls):
        cls().captured()

    @staticmethod
    def still():
        Tree.made()

    @property
    def attribute(self):
        return self.still()


class Leaf(Tree):
    def __init__(self):
        self.attribute


class Key:
    def __call__(self, x):
        Leaf()


def by_c():
    sorted([2, 1], key=Key())


def top_of_generators():
    return sum(waiting(2))


def waiting(n):
    if n:
        yield from waiting(n - 1)
    else:
        lock = threading.Lock()
        lock.acquire()
        parked.append(0)
        lock.acquire()
        yield n


def deep(n):
    if n:
        return deep(n - 1)
    return sum(x for x in [1, 2] if [park() for _ in [x]])


async def coroutine(n):
    if n:
        return await coroutine(n - 1)
    park()


def drive():
    coroutine(5).send(None)


def classbody():
    class Inside:
        here = park()


def évaluée():
    exec(compile("\n\n(lambda:\n  park())()", "<ein 名前 für nichts>", "exec"))


def unwinding():
    try:
        raise ValueError
    except ValueError:
        try:
            1 / 0
        finally:
            functools.partial(park)()


def many_lines(
    a=1,
    b=2
):
    x = (
        a +
        b +
        (park() or 0)
    )
    return x


targets = [top_of_generators, by_c, lambda: deep(300), drive, classbody, évaluée, unwinding, many_lines, lambda: time.sleep(1e6)]
depth = int(sys.argv[1]) if len(sys.argv) > 1 else 0
if depth:
    sys.setrecursionlimit(depth + 1000)
    threading.stack_size(512 << 20)
    targets = [lambda: deep(depth)]
for target in targets:
    threading.Thread(target=target, daemon=True).start()
sleepers = 0 if depth else 1
while len(parked) < len(targets) - sleepers or not event._cond._waiters:
    time.sleep(0.01)
time.sleep(0.3)  # from the last parked.append into the lock

stacks = []
for ident, frame in sys._current_frames().items():
    if ident == threading.get_ident():
        continue
    stack = []
    while frame is not None:
        code = frame.f_code
        stack.append([getattr(code, "co_qualname", code.co_name), code.co_name, code.co_filename, frame.f_lineno, code.co_firstlineno])
        frame = frame.f_back
    stacks.append(stack)
print(json.dumps({"idents": len(stacks), "stacks": stacks}), flush=True)
sys.stdin.read()
