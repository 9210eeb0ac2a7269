"""How much do sums of square roots vary? Slow on purpose: see docs/notes.md.

    cantil profile examples/roots.py
    cantil profile examples/roots.py --map

The second way says the same without generator expressions, in less than half the
time: every value that a generator expression yields is one more call.
"""
import math
import statistics
import sys


def spread(n):
    return statistics.stdev(total(i) for i in range(n))


def total(n):
    return sum(math.sqrt(i) for i in range(n))


def spread_by_map(n):
    return statistics.stdev(map(total_by_map, range(n)))


def total_by_map(n):
    return sum(map(math.sqrt, range(n)))


if __name__ == "__main__":
    answer = spread_by_map(1000) if "--map" in sys.argv[1:] else spread(1000)
    print("standard deviation %.3f" % answer)
