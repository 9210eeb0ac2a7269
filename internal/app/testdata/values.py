"""Parks in a stack whose frames hold values of every kind, having told what Python itself says of them.

values.py SEED: prints one line of JSON, a list of [function, {name: text}] of each frame, innermost first.
"""
import collections
import enum
import json
import random
import sys
import time
import types

choose = random.Random(int(sys.argv[1]))


class Plain(object):
    class Inner(object):
        pass

    def __init__(self):
        self.a, self.b = 1, "two"


class Slots(object):
    __slots__ = ("x",)


class SubStr(str):
    pass


class SubList(list):
    pass


class SubDict(dict):
    pass


class SubTuple(tuple):
    pass


class SubInt(int):
    pass


class SubFloat(float):
    pass


class SubError(ValueError):
    pass


class Own(dict):
    def __repr__(self):
        raise SystemExit("nobody may call this")


class Colour(enum.Enum):
    RED = 1


class Number(enum.IntEnum):
    ONE = 1


class Meta(type):
    def __repr__(cls):
        raise SystemExit("nor this")


Made = Meta("Made", (object,), {})
Pair = collections.namedtuple("Pair", "x y")
VALUES = (int.__repr__, float.__repr__, complex.__repr__, str.__repr__, bytes.__repr__, bytearray.__repr__,
          bool.__repr__, type(None).__repr__, type(Ellipsis).__repr__)


def told(v):
    """What dump should say: Python's own repr, but of objects and functions the kind and the name alone."""
    kind = type(v)
    if kind.__repr__ in VALUES:
        return repr(v)
    if kind.__repr__ is list.__repr__:
        return "[" + ", ".join(map(told, v)) + "]"
    if kind.__repr__ is tuple.__repr__:
        return "(" + ", ".join(map(told, v)) + (",)" if len(v) == 1 else ")")
    if kind.__repr__ is dict.__repr__:
        return "{" + ", ".join(told(k) + ": " + told(x) for k, x in v.items()) + "}"
    if kind is set and v:
        return "{" + ", ".join(map(told, v)) + "}"
    if kind is frozenset and v:
        return "frozenset({" + ", ".join(map(told, v)) + "})"
    if kind in (set, frozenset):
        return kind.__name__ + "()"
    if isinstance(v, BaseException) and kind.__repr__ is BaseException.__repr__:
        return kind.__name__ + "(" + ", ".join(map(told, v.args)) + ")"
    if kind is types.FunctionType:
        return "<function %s>" % v.__qualname__
    if kind is types.ModuleType:
        return "<module %r>" % v.__name__
    if isinstance(v, type) and kind.__repr__ is type.__repr__:
        return repr(v)
    name = kind.__qualname__
    return "<%s object>" % (name if kind.__module__ == "builtins" else kind.__module__ + "." + name)


def text():
    letters = ["ascii words ", u"\xe9\xff\xa0\xad", u"\u0142\u4e2d\u2028\u200b", u"\U0001f600\U00020000", "'", '"', "\\\n\t\x00\x7f", u"\ud800\udfff"]
    return "".join(choose.choice(choose.choice(letters)) for _ in range(choose.randrange(20)))


def removed(d, share):
    for k in list(d):
        if choose.random() < share:
            del d[k]
    return d


def scalar():
    return choose.choice([
        lambda: choose.randrange(-300, 300), lambda: choose.randrange(-2 ** 70, 2 ** 70), lambda: choose.getrandbits(choose.randrange(1, 900)),
        lambda: 2 ** choose.randrange(120) - choose.randrange(2), lambda: -2 ** (30 * choose.randrange(5)),
        lambda: choose.uniform(-10, 10), lambda: choose.choice([0.0, -0.0, 1e16, 1e-5, 1e22, 5e-324, float("inf"), float("-inf"), float("nan"), 0.1]),
        lambda: complex(choose.uniform(-1, 1), choose.choice([0.0, -0.0, 2.5])), lambda: choose.choice([True, False, None, Ellipsis]),
        text, lambda: text().encode("utf-8", "surrogatepass"), lambda: bytearray(text().encode("utf-8", "surrogatepass")),
        lambda: bytearray(b"from the front")[3:], lambda: SubStr(text()), lambda: SubInt(choose.randrange(-10 ** 12, 10 ** 12)), lambda: SubFloat(0.5),
    ])()


def key(level=1):
    kinds = [lambda: choose.randrange(10 ** 6), lambda: "k%d" % choose.randrange(1000), text, lambda: (1, "t")]
    return choose.choice(kinds[:3 if level else 4])()


def value(level=0):
    few = choose.randrange(choose.choice([2, 9]))
    if level == 2 or choose.random() < 0.5:
        return scalar()
    return choose.choice([
        lambda: [value(level + 1) for _ in range(few)], lambda: tuple(value(level + 1) for _ in range(few)),
        lambda: removed({key(level): value(level + 1) for _ in range(few)}, 0.3), lambda: {"k%d" % i: value(level + 1) for i in range(few)},
        lambda: {key(level) for _ in range(few)}, lambda: frozenset(key(level) for _ in range(few)), lambda: {choose.randrange(99) for _ in range(few)} - {1, 2, 3},
        lambda: SubList([value(level + 1)]), lambda: SubTuple((1, 2)), lambda: SubDict(a=value(level + 1)), lambda: vars(Plain()),
        lambda: removed(vars(Plain()), 0.5), lambda: ValueError("bad", few), lambda: KeyError(text()), lambda: SubError(), lambda: OSError(2, "no"),
        lambda: choose.choice([Plain(), Plain.Inner(), Slots(), Own(), Own, Colour.RED, Number.ONE, Made, Made(), Pair(1, 2), Plain, int, told, time,
                               len, range(3), collections.OrderedDict(a=1), collections.Counter("aab"), collections.deque([1]), Plain().__init__,
                               collections.defaultdict(int), memoryview(b""), slice(1, 2), object(), SubError, types.SimpleNamespace(a=1)]),
    ])()


def tell(frame):
    stack = []
    while frame is not None:
        names = frame.f_locals
        if frame.f_locals is frame.f_globals:
            names = {k: v for k, v in names.items() if not (k.startswith("__") and k.endswith("__"))
                     and not isinstance(v, (types.ModuleType, types.FunctionType, type))}
        stack.append([frame.f_code.co_name, {k: told(v) for k, v in names.items()}])
        frame = frame.f_back
    print(json.dumps(stack), flush=True)


def park():
    tell(sys._getframe())
    time.sleep(1000)


def many(inner):
    return wide(inner)()


def wide(inner):
    """A function of many variables."""
    names = ["v%d" % i for i in range(90)]
    space = {"inner": inner, "values": lambda: [value() for _ in names]}
    exec("def wide():\n    %s = values()\n    return inner()" % ", ".join(names), space)
    return space["wide"]


def closure(argument, captured, *args, **named):
    own, unset = [1], 2
    del unset

    def inner(x, default={}):
        y = captured, own
        return many(lambda: generator(x, y))
    return inner(argument)


def generator(x, y):
    def steps(n):
        z = value()
        yield n
        w = value()
        yield [body(w, i) for i in range(1)]
    for step in steps(3):
        pass


def body(w, i):
    class Body(object):
        one, two = 1, "two"
        try:
            raise KeyError(w)
        except KeyError as caught:
            park()


number, words, nothing = 7, {"a": [1]}, None
closure(value(), value(), value(), keyword=value())
