"""C functions: built-in functions, methods, types, and calls back into Python."""
import collections
import functools
import itertools
import json
import re
import zlib


class Thing:
    def __init__(self, n):
        self.n = n

    def __lt__(self, other):
        return self.n < other.n

    @property
    def half(self):
        return self.n // 2

    @staticmethod
    def make(n):
        return Thing(n)


def key(thing):
    return -thing.n


things = [Thing.make(i) for i in (3, 1, 2)]
sorted(things)
sorted(things, key=key)
max(things, key=lambda t: t.half)
functools.reduce(lambda a, b: a + b, range(10))
list(map(str, itertools.chain([1, 2], [3])))
json.loads(json.dumps({'a': [1, 2, {'b': None}]}))
re.sub('a+', lambda m: m.group().upper(), 'baaab')
collections.Counter('hello').most_common(2)
zlib.decompress(zlib.compress(b'x' * 100))
isinstance(3, int), getattr(things[0], 'n'), hash('x'), 'a b'.split(), {}.setdefault(1, 2)
