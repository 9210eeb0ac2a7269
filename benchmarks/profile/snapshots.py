"""Calls many functions for some seconds: snapshots.py FUNCTIONS SECONDS.

Each function is called from five others, as in profiles of real programs.
"""
import sys
import time


def main():
    count, seconds = int(sys.argv[1]), float(sys.argv[2])
    made = {}
    source = ["def f%d(): pass" % i for i in range(count)]
    source += ["def caller%d(functions):\n  for f in functions: f()" % i for i in range(5)]
    exec(compile("\n".join(source), "made.py", "exec"), made)
    functions = [made["f%d" % i] for i in range(count)]
    callers = [made["caller%d" % i] for i in range(5)]
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        for caller in callers:
            caller(functions)


main()
