"""craft.py FOLDER SEED COUNT: write profiles that no program makes, FOLDER/craft-N.prof.

Names that collide without folders or print alike, callers without rows, counts among timed callers, times that are
negative, infinite, -0.0 or integers, ties everywhere. No nan, and no inf of both signs, which add up to it: where
list.sort leaves it differs between versions.
"""
import marshal
import os
import random
import sys

FILES = ['~', '~', '', 'a.py', '/x/a.py', '/y/a.py', '/x/y/', '//', 'C:\\d\\a.py', '/x/b:1.py', '/x/b', 'b', '\udc80/\udcff.py',
         '/é/ü.py', '\U0001f40d.py', 'a:1(f)', "it's", 'a\nb', '/z\x00/a.py']
NAMES = ['<module>', '<f>', '{f}', 'f', '<', '>', '<>', '', 'f)', 'g', 'G', 'é', '\ud800', '<lambda>', 'f\n', 'f' * 40]
LINES = [0, 0, 1, 1, 9, 10, 100, -1, 2 ** 31, 12345678901]
TIMES = [0, 0.0, -0.0, 1, 0.5, 0.0005, 0.0015, 0.0025, 1e-9, -0.006, 1.5, 1e7, 123456789.0625, 1e300, float('inf')]
COUNTS = [0, 0, 1, 1, 2, 3, 10, 1234567, 2 ** 40]


def function(r):
    return r.choice(FILES), r.choice(LINES), r.choice(NAMES)


def times(r):
    return (r.choice(TIMES) if r.random() < 0.5 else round(r.random() * 2, 3),
            r.choice(TIMES) if r.random() < 0.5 else r.random() * 10)


def edge(r, kind):
    if kind == 'count' or kind == 'mixed' and r.random() < 0.3:
        return r.choice(COUNTS)
    return (r.choice(COUNTS), r.choice(COUNTS)) + times(r)


def profile(r):
    # Mixed kinds, and callers without rows, mostly end in an error: let few profiles have them.
    kind = r.choice(['timed', 'timed', 'timed', 'count', 'mixed'])
    functions = list(dict.fromkeys(function(r) for _ in range(r.randrange(1, 60))))
    strangers = [function(r) for _ in range(3)] if r.random() < 0.3 else []
    stats = {}
    for f in functions:
        callers = {}
        for _ in range(r.choice([0, 1, 1, 2, 3, 8])):
            callers[r.choice(functions + strangers)] = edge(r, kind)
        stats[f] = (r.choice(COUNTS), r.choice(COUNTS)) + times(r) + (callers,)
    return stats


folder, seed, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
for n in range(count):
    with open(os.path.join(folder, 'craft-%d.prof' % n), 'wb') as f:
        marshal.dump(profile(random.Random(seed * 1000 + n)), f)
