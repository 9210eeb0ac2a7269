"""A program of tiny calls, generated from a seed, that tells which calls it can make.

Arguments: seed, steps of work in a leaf, kind: plain (functions only) or mixed (generators,
comprehensions, classes, sorted with a key as well). Writes its source's legal edges as one line of
JSON, [[caller, line, callee], ...], then runs until its input is closed.
"""
import json
import random
import sys
import threading

seed, work, kind = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
rng = random.Random(seed)
LAYERS, WIDTH = 5, 5
lines, edges = [], []


def emit(text):
    lines.append(text)
    return len(lines)


def call(caller, layer):
    """One line that calls a function of the next layer, and the edges that it makes possible."""
    callee = "f%d_%d" % (layer, rng.randrange(WIDTH))
    ways = ["plain", "plain", "plain"]
    if kind == "mixed":
        ways = ["plain", "sorted", "generator", "class", "method", "for"]
    way = rng.choice(ways)
    n = len(lines) + 1
    if way == "plain":
        emit("    x = %s(x)" % callee)
        edges.append([caller, n, callee])
    elif way == "sorted":
        emit("    x = sorted((x, x), key=%s)[0]" % callee)
        edges.append([caller, n, callee])
    elif way == "generator":
        emit("    x = max(%s(y) for y in (x,))" % callee)
        edges.append([caller, n, "<genexpr>"])
        edges.append(["<genexpr>", n, callee])
    elif way == "for":
        emit("    for x in g_%s(x):" % callee)
        edges.append([caller, n, "g_" + callee])
        emit("        x = x + 1")
        emit("        x = %s(x)" % callee)
        edges.append([caller, n + 2, callee])
        emit("        x = x - 1")
    elif way == "class":
        emit("    x = C_%s(x).value" % callee)
        edges.append([caller, n, "__init__"])
    else:
        emit("    x = OBJECT.m_%s(x)" % callee)
        edges.append([caller, n, "m_" + callee])


for layer in range(LAYERS):
    for i in range(WIDTH):
        name = "f%d_%d" % (layer, i)
        emit("def %s(x):" % name)
        for v in range(rng.randrange(6)):
            emit("    v%d = x" % v)
        if layer == LAYERS - 1:
            if work:
                emit("    for i in range(%d): x ^= i" % rng.randrange(1, work + 1))
            emit("    return x + 1")
            continue
        for _ in range(rng.randrange(1, 4)):
            call(name, layer + 1)
        emit("    return x")
if kind == "mixed":
    names = ["f%d_%d" % (layer, i) for layer in range(LAYERS) for i in range(WIDTH)]
    for name in names:
        emit("class C_%s:" % name)
        emit("    def __init__(self, x):")
        edges.append(["__init__", emit("        self.value = %s(x)" % name), name])
    for name in names:
        emit("def g_%s(x):" % name)
        emit("    for y in (x, x, x):")
        emit("        yield y + 1")
        edges.append(["g_" + name, emit("        y = %s(y)" % name), name])
        emit("        yield y - 1")
    emit("class Methods:")
    for name in names:
        emit("    def m_%s(self, x):" % name)
        edges.append(["m_" + name, emit("        return %s(x)" % name), name])
    emit("OBJECT = Methods()")
emit("def loop():")
emit("    x = 1")
emit("    while True:")
for i in range(WIDTH):
    edges.append(["loop", emit("        x = f0_%d(1)" % i), "f0_%d" % i])
print(json.dumps(edges), flush=True)
exec(compile("\n".join(lines), "<graph>", "exec"))
threading.Thread(target=sys.stdin.read, daemon=True).start()
sys.setswitchinterval(1)
loop()
