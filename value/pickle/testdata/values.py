"""Values for the tests of package pickle, and what Python makes of pickles.

    values.py dump PROTOCOL   writes the values, each as its own pickle, with their names
    values.py repr            reads such a stream, prints a line for each: name and ascii(repr)
    values.py same            reads such a stream, compares each with its own value

A stream is: 4 bytes length and a name, 4 bytes length and a pickle, and so on.
"""
import collections, datetime, decimal, enum, fractions, pathlib, pickle, re, struct, sys, uuid


class Plain:
    def __init__(self, **attributes):
        self.__dict__.update(attributes)

    def __repr__(self):
        return "Plain(%s)" % ", ".join("%s=%r" % p for p in self.__dict__.items())


class Slots:
    __slots__ = ("a", "b", "__dict__")


class Keywords:
    def __new__(cls, *, a, b=0):
        self = object.__new__(cls)
        self.a, self.b = a, b
        return self

    def __getnewargs_ex__(self):
        return (), {"a": self.a, "b": self.b}


class MyList(list):
    pass


class MyDict(dict):
    pass


class MySet(set):
    pass


class MyInt(int):
    pass


class MyStr(str):
    pass


class State:
    def __getstate__(self):
        return [1, 2]

    def __setstate__(self, state):
        self.state = state


class Colour(enum.Enum):
    RED = 1
    BLUE = "b"


class Flags(enum.IntFlag):
    A = 1
    B = 2


class Outer:
    class Inner(Plain):
        class Most(Plain):
            pass

    def method(self):
        pass


Point = collections.namedtuple("Point", "x y")


def plain():
    """Values whose repr is the oracle too."""
    cycle = [1]
    cycle.append(cycle)
    loop = {}
    loop["me"] = loop
    knot = ([],)
    knot[0].append(knot)
    shared = ["x"]
    tz = datetime.timezone(datetime.timedelta(hours=-3, minutes=-30), "N'st")
    deep = []
    for _ in range(300):
        deep = [deep]
    yield "none", None
    yield "bools", [True, False, Ellipsis, NotImplemented]
    for n, i in enumerate((0, 1, -1, 255, 256, 65535, 65536, 2**31 - 1, 2**31, -2**31, -2**31 - 1, 2**63 - 1, 2**63, -2**63, -2**63 - 1,
              2**64, 10**100, -10**100, 2**2040, -(2**2047), 127, 128, -128, -129, 32767, 32768, -32768)):
        yield "int %d" % n, i
    yield "ints", [s * (2**k + d) for k in range(0, 300, 7) for d in (-1, 0, 1) for s in (-1, 1)]
    for name, f in [("0", 0.0), ("-0", -0.0), ("inf", float("inf")), ("-inf", float("-inf")), ("nan", float("nan")),
                    ("pi", 3.141592653589793), ("small", 5e-324), ("large", 1.7976931348623157e308), ("1e16", 1e16)]:
        yield "float " + name, f
    yield "complex", [1j, 1 + 2j, complex(-0.0, -0.0), complex(0, float("inf")), complex(1.5, float("nan")), 1e20 + 0j, complex(-0.0, 1)]
    yield "str", ["", "a", "it's", 'both \' and "', "\\ \n\r\t\0\x1a\x7f", "é", "日本", "\U0001f600", "\ud800", "\udcff x", "x" * 255, "y" * 256, "\\u0041", "\\\\u0041", "\\"]
    yield "long str", "z" * 70000
    yield "bytes", [b"", b"a", b"it's", bytes(range(256)), b"\n", b"q" * 256]
    yield "long bytes", bytes(range(256)) * 300
    yield "bytearray", [bytearray(), bytearray(b"abc"), bytearray(range(256)), bytearray(b"it's"), bytearray(b"both ' and \"")]
    yield "tuples", [(), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4), ((),), ((1,), (1,))]
    yield "lists", [[], [1], [[]], list(range(2500))]
    yield "dict", {"a": 1, 2: "b", (1, 2): [3], None: {}, 1.5: True, b"x": None, frozenset([1]): 1}
    yield "large dict", {i: str(i) for i in range(2500)}
    yield "sets", [set(), {1}, frozenset(), frozenset(["a"]), {frozenset([1])}]
    yield "large set", set(range(2000))
    yield "cycle", cycle
    yield "loop", loop
    yield "knot", knot
    yield "knot inside", knot[0]
    yield "shared", [shared, shared, (shared, shared)]
    yield "deep", deep
    yield "datetime", [datetime.datetime(2022, 9, 6, 12, 12, 24), datetime.datetime(1, 1, 1), datetime.datetime(9999, 12, 31, 23, 59, 59, 999999),
                       datetime.datetime(2020, 2, 29, 1, 2, 3, 4, tzinfo=datetime.timezone.utc), datetime.datetime(2020, 1, 1, tzinfo=tz)]
    yield "date", [datetime.date(2022, 10, 10), datetime.time(), datetime.time(1, 2), datetime.time(1, 2, 3), datetime.time(1, 2, 3, 4, tzinfo=tz)]
    yield "timedelta", [datetime.timedelta(), datetime.timedelta(-1, 5), datetime.timedelta(1, 2, 3), datetime.timedelta(microseconds=1), datetime.timedelta.max]
    yield "timezone", [datetime.timezone.utc, tz, datetime.timezone(datetime.timedelta(hours=1))]
    yield "decimal", [decimal.Decimal(t) for t in ("0", "-0", "1.10", "1E+5", "1E-10", "123456789.123456789", "NaN", "-sNaN12", "Infinity", "-Infinity",
                                                   "0.000001", "0.0000001", "0E+3", "0E-10", "1.5E+400", "12E+1")]
    yield "fraction", [fractions.Fraction(1, 2), fractions.Fraction(-7, 3), fractions.Fraction(5), fractions.Fraction(10**30, 7)]
    yield "uuid", [uuid.UUID(int=5), uuid.UUID("12345678-1234-5678-1234-567812345678"), uuid.UUID(int=2**128 - 1)]
    yield "range", [range(0), range(5), range(1, 10, 2), range(10**20), range(5, 0, -1)]
    yield "slice", [slice(None), slice(1, 2), slice(1, "a", 3.5)]
    yield "ordered", [collections.OrderedDict(), collections.OrderedDict([("b", 1), ("a", 2)])]
    yield "defaultdict", [collections.defaultdict(list, a=[1]), collections.defaultdict(None), collections.defaultdict(int, {1: 2})]
    yield "counter", [collections.Counter(), collections.Counter("abracadabra"), collections.Counter({"x": -1, "y": 2.5})]
    yield "deque", [collections.deque(), collections.deque([1, 2]), collections.deque([1], 3), collections.deque([], 0)]
    yield "path", [pathlib.PurePosixPath(p) for p in ("/a/b", "a", ".", "/", "//x/y", "a/../b", "a.txt")]
    yield "windows path", [pathlib.PureWindowsPath(p) for p in (r"C:\a\b", r"a\b", ".", "C:\\", "x.txt")]
    yield "classes", [int, dict, str, bytes, collections.OrderedDict, decimal.Decimal]
    ring = collections.deque([1])
    ring.append(ring)
    yield "ring", ring
    self = collections.defaultdict(list)
    self["me"] = self
    yield "self", self
    order = collections.OrderedDict()
    order["me"] = order
    yield "order", order
    keys = {}
    for k in (1, 1.0, True, 0, False, "1", b"1", 2**70, float(2**70), decimal.Decimal(3), 3, fractions.Fraction(1, 2), 0.5, (1, 2), (1.0, 2), -1, -2):
        keys[k] = k
    yield "keys", keys


def special():
    """Values that only a comparison can check."""
    me = Plain(x=1)
    me.me = me
    slots = Slots()
    slots.a, slots.c = 1, 2
    both = MyList([1, 2])
    both.name = "n"
    dd = MyDict(a=1)
    dd.name = [dd]
    ms = MySet([1])
    ms.name = 1
    od = collections.OrderedDict(a=1)
    od.extra = 1
    state = State()
    yield "plain", Plain(x=1, y=[2], name="é")
    yield "me", me
    yield "slots", slots
    yield "keywords", Keywords(a=1, b=[2])
    yield "mylist", both
    yield "mydict", dd
    yield "myset", ms
    yield "myint", [MyInt(5), MyStr("x")]
    yield "ordered with attribute", od
    yield "state", state
    yield "enum", [Colour.RED, Colour.BLUE, Flags.A | Flags.B]
    yield "point", [Point(1, 2), Point([], {})]
    yield "regex", re.compile("a+", re.I)
    yield "functions", [len, re.compile, Plain, type(None)]
    yield "exception", ValueError("x", 1)
    yield "method", [[].append, "x".upper]
    yield "inner", [Outer.Inner(x=1), Outer.Inner.Most(y=[2]), Outer.Inner, Outer.method]
    yield "default factory", collections.defaultdict(Plain, a=Plain(z=1))
    yield "shared object", [me, me, {"k": me}]
    yield "fold", [datetime.time(1, 2, 3, fold=1), datetime.datetime(2022, 10, 30, 2, 30, fold=1)]


def same(a, b, seen=None):
    """Are a and b the same, to their types, cycles and sharing?"""
    seen = {} if seen is None else seen
    if type(a) is not type(b):
        return False
    if id(a) in seen:
        return seen[id(a)][0] is b
    seen[id(a)] = (b, a)
    if isinstance(a, float):
        return struct.pack("d", a) == struct.pack("d", b)
    if isinstance(a, complex):
        return same(a.real, b.real, seen) and same(a.imag, b.imag, seen)
    if isinstance(a, decimal.Decimal):
        return str(a) == str(b)
    if isinstance(a, collections.deque) and a.maxlen != b.maxlen:
        return False
    if isinstance(a, collections.defaultdict) and a.default_factory is not b.default_factory:
        return False
    if isinstance(a, (list, tuple, collections.deque)):
        ok = len(a) == len(b) and all(same(x, y, seen) for x, y in zip(a, b))
    elif isinstance(a, dict):
        ok = len(a) == len(b) and all(same(x, y, seen) and same(a[x], b[y], seen) for x, y in zip(a, b))
    elif isinstance(a, (Plain, Slots, Keywords, State)):
        ok = True
    elif isinstance(a, BaseException):
        ok = same(a.args, b.args, seen)
    elif isinstance(a, slice):
        ok = repr(a) == repr(b)
    elif type(a) is type(len):
        return a.__name__ == b.__name__ and same(a.__self__, b.__self__, seen) or a is b
    elif hasattr(a, "fold") and a.fold != b.fold:
        return False
    else:
        ok = a == b
    if not ok:
        return False
    for name in getattr(type(a), "__slots__", ()) if isinstance(a, Slots) else ():
        if name != "__dict__" and not same(getattr(a, name, None), getattr(b, name, None), seen):
            return False
    return same(getattr(a, "__dict__", None) or None, getattr(b, "__dict__", None) or None, seen) if not isinstance(a, (type, enum.Enum)) else True


def read(stream):
    while True:
        size = stream.read(4)
        if not size:
            return
        name = stream.read(struct.unpack("<I", size)[0]).decode()
        yield name, stream.read(struct.unpack("<I", stream.read(4))[0])


def everything():
    yield from plain()
    yield from special()


def main():
    sys.setrecursionlimit(5000)
    if sys.argv[1] == "dump":
        protocol = int(sys.argv[2])
        for name, v in everything():
            if protocol < 4 and name == "fold":
                continue
            if protocol < 2 and name in ("slots", "keywords"):
                continue
            dumps = pickle.dumps if "python" not in sys.argv else pickle._dumps
            data = dumps(v, protocol)
            sys.stdout.buffer.write(struct.pack("<I", len(name)) + name.encode() + struct.pack("<I", len(data)) + data)
    elif sys.argv[1] == "repr":
        for name, data in read(sys.stdin.buffer):
            print(name, ascii(repr(pickle.loads(data))), sep="\t")
    else:
        values = dict(everything())
        for name, data in read(sys.stdin.buffer):
            try:
                back = pickle.loads(data)
            except Exception as e:
                print(name, "Python cannot load it: %r" % e, data[:200], sep="\t")
                continue
            if name == "state":
                ok = back.state == [1, 2]
            else:
                ok = name == "float nan" or same(values[name], back)
            if not ok:
                print(name, "is %r" % (back,), data[:200], sep="\t")


if __name__ == "__main__":
    main()
