"""forty.py [N FACTOR]: forty functions of different sizes, called in turns; function N does FACTOR times as much."""
import sys

ROUNDS = 120


def make(i, times):
    source = "def f%02d():\n    t = 0\n    for i in range(%d):\n        t += i * i %% 7\n    return t\n" % (i, times)
    space = {}
    exec(compile("\n" * (10 * i) + source, "forty_functions.py", "exec"), space)
    return space["f%02d" % i]


def main(chosen=-1, factor=1.0):
    functions = [make(i, int((150 + 37 * (i * 7 % 40)) * (factor if i == chosen else 1))) for i in range(40)]
    for _ in range(ROUNDS):
        for f in functions:
            f()


if len(sys.argv) > 1:
    main(int(sys.argv[1]), float(sys.argv[2]))
else:
    main()
