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


class Way:
    """Every way to call, each from the one before it."""

    def __init__(self, end):
        self.end = end
        self.property

    @property
    def property(self):
        return self[1]

    def __getitem__(self, i):
        return Overridden(self).anything

    def __add__(self, other):
        return other * self

    def __rmul__(self, other):
        with self:
            pass

    def __enter__(self):
        self.many(*(self,), **{"last": 1})

    def __exit__(self, *_):
        pass

    def many(self, first, last):
        return self.named(last=first)

    def named(self, last=None):
        for x in self.values():
            last = x
            x.looped()
        return last

    def values(self):
        for x in (self,):
            yield x

    def looped(self):
        self.last = [self.below() for _ in (1,)]

    def below(self):
        x = Dying(self)
        x = None
        return x

    def ended(self):
        for _ in self:
            pass

    def __iter__(self):
        yield from self.delegated()

    def delegated(self):
        if not self.end():
            yield 0


class Overridden:
    def __init__(self, way):
        object.__setattr__(self, "way", way)

    def __getattribute__(self, name):
        way = object.__getattribute__(self, "way")
        return way + 3.5 if name == "anything" else None


class Dying:
    def __init__(self, way):
        self.way = way

    def __del__(self):
        self.way.ended()


def ways():
    for _ in range(300):  # until the interpreter has a way of its own for each
        Way(lambda: True)
    Way(park)


def traced():
    def tracer(frame, event, arg):
        if event == "line" and frame.f_code.co_name == "lines":
            if frame.f_lineno == lines.__code__.co_firstlineno + 2:
                park()
        return tracer
    sys.settrace(tracer)
    lines(1)


def lines(x):
    y = x
    z = y
    return z


targets = [ways, traced, top_of_generators, by_c, lambda: deep(300), drive, classbody, évaluée, unwinding, many_lines, lambda: time.sleep(1e6)]
depth = int(sys.argv[1]) if len(sys.argv) > 1 else 0
if depth:
    sys.setrecursionlimit(depth + 1000)
    threading.stack_size(512 << 20)
    targets = [lambda: deep(depth)]
for target in targets:
    threading.Thread(target=target, daemon=True).start()
sleepers = 0 if depth else 1  # and as many that wait for a lock, not for the event
while len(parked) < len(targets) - sleepers or len(event._cond._waiters) < len(parked) - sleepers:
    time.sleep(0.01)
still = 0
before = None
while still < 3:  # from the last parked.append into the lock
    time.sleep(0.1)
    now = [(ident, frame.f_code.co_name, frame.f_lineno) for ident, frame in sys._current_frames().items()]
    still = still + 1 if now == before else 0
    before = now

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
