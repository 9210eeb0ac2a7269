"""Marshals values of every kind in every version, for the tests of the decoder.

A line of output is: version, the data in hex, its value as canonical text.
"""
import marshal
import random
import struct
import sys


def bits(f):
    return "%016x" % struct.unpack("<Q", struct.pack("<d", f))[0]


def canon(v):
    """The text that the Go test makes of the same value."""
    if v is None or v is True or v is False or v is Ellipsis or v is StopIteration:
        return {None: "N", True: "T", False: "F", Ellipsis: ".", StopIteration: "S"}[v]
    t = type(v)
    if t is int:
        return "i%x" % v
    if t is float:
        return "f" + bits(v)
    if t is complex:
        return "x" + bits(v.real) + bits(v.imag)
    if t is str:
        return "u" + v.encode("utf-8", "surrogatepass").hex()
    if t is bytes:
        return "s" + v.hex()
    if t is slice:
        return ":(" + ",".join(map(canon, (v.start, v.stop, v.step))) + ")"
    if t is tuple or t is list:
        return ("(" if t is tuple else "[") + ",".join(map(canon, v)) + ")"
    if t is dict:
        return "{" + ",".join(canon(k) + "=" + canon(w) for k, w in v.items()) + ")"
    if t is set or t is frozenset:
        return ("<" if t is set else ">") + ",".join(sorted(map(canon, v))) + ")"
    return "c(%s,%s,%d)" % (canon(v.co_name), canon(v.co_filename), v.co_firstlineno)


SOURCES = [
    "pass",
    "def f(a, b=1, *c, d=2, **e):\n  def g():\n    return a, b, [x for x in c if x in {1, 2, 'three'}]\n  return g\n",
    "\n\n\nclass A:\n  x = (1, 2.5, 3j, b'b', None, ..., 2**100, -1)\n  def m(self):\n    yield from (lambda y: y + self.x)(1)\n",
    "async def co():\n  async with a as b:\n    await b\n  try:\n    return {1: 2, **c}\n  finally:\n    d[1:2] = e[1:2, ::3]\n",
    "def \u00e9t\u00e9(\u03c0): return f'{\u03c0!r:>{\u03c0}}' + '\\ud800' + '\U0001f40d'\n" + "x = 1\n" * 300,
]


def codes():
    for i, source in enumerate(SOURCES):
        code = compile(source, "dir/file%d\udc80.py" % i if i % 2 else "a file.py", "exec")
        yield code
        yield ("profile", 0, code), {"x": [code, code]}, code.co_name
        for inner in code.co_consts:
            if type(inner) is type(code):
                yield inner


FIXED = [
    None, True, False, Ellipsis, StopIteration, 0, -1, 255, 256, 257, 2**31 - 1, 2**31, -2**31, -2**31 - 1,
    2**60 - 1, 2**60, 2**62, 2**63 - 1, 2**63, -2**63, -2**63 - 1, 2**64, 2**75 - 1, 2**75, 10**50, -10**500, 7 << 3000,
    0.0, -0.0, 1.5, 1e-320, 1e308, float("inf"), float("-inf"), float("nan"), 0.1 + 0.2, 1 / 3,
    1j, complex(-0.0, float("nan")), complex(1e300, -2.5),
    "", "a", "a" * 255, "a" * 256, "a" * 70000, "\x00\x7f", "\x80", "\xe9", "\u20ac", "\U0001f40d", "\ud800", "\udfffx\ud83d\udc0d",
    sys.intern("interned"), sys.intern("int\u00e9rned"), b"", b"bytes\x00\xff", b"b" * 300,
    (), (1,), ((),), tuple(range(255)), tuple(range(256)), tuple(range(300)), [], [[]], {}, {"a": 1, 2: "b", None: {}}, set(), frozenset(),
    {1, "a", (1, 2)}, frozenset({1, 2.5, frozenset({3})}), ["x", "x", "x"], [1.5] * 3, [(1, 2)] * 3,
]


def small(v):
    """Whether a value can be a key, and is short."""
    try:
        return hash(v) is not None and len(marshal.dumps(v)) < 1000
    except TypeError:
        return False


SMALL = [v for v in FIXED if small(v)]


def nested(depth):
    v = ()
    for _ in range(depth):
        v = [v]
    return v


def generate(rnd, depth):
    kind = rnd.randrange(8 if depth <= 0 else 14)
    several = range(rnd.randrange(5))
    if kind < 4:
        return rnd.choice(SMALL)
    if kind == 4:
        return rnd.randrange(-1 << rnd.randrange(1, 200), 1 << rnd.randrange(1, 200))
    if kind == 5:
        return struct.unpack("<d", struct.pack("<Q", rnd.getrandbits(64)))[0]
    if kind == 6:
        return "".join(chr(rnd.choice((65, 233, 0x20AC, 0xD812, 0x1F40D))) for _ in several)
    if kind == 7:
        return bytes(rnd.getrandbits(8) for _ in several)
    if kind in (8, 9):
        return tuple(generate(rnd, depth - 1) for _ in several)
    if kind == 10:
        return [generate(rnd, depth - 1) for _ in several]
    if kind == 11:
        return {generate(rnd, 0): generate(rnd, depth - 1) for _ in several}
    if kind == 12:
        return {generate(rnd, 0) for _ in several}
    shared = generate(rnd, depth - 1)
    return [shared, (shared, 1), shared]


def main():
    rnd = random.Random(8)
    values = FIXED + [nested(300)] + list(codes()) + [generate(rnd, 5) for _ in range(int(sys.argv[1]))]
    out = sys.stdout
    for v in values:
        text = canon(v)
        for version in range(marshal.version + 1):
            if version < 3 and type(v) is list and len(v) == 3 and len(text) > 4000:
                continue
            try:
                data = marshal.dumps(v, version)
            except ValueError:  # code with a slice in it, which takes version 5
                assert marshal.version >= 5 > version, v
                continue
            out.write("%d %s %s\n" % (version, data.hex(), canon(marshal.loads(data))))
    if marshal.version >= 5:
        for v in (slice(None), slice(1, 2, 3), [slice("a", (), None)] * 2):
            out.write("5 %s %s\n" % (marshal.dumps(v, 5).hex(), canon(v)))


if __name__ == "__main__":
    main()
