"""Tries the same measurement over and over, and fails before it is done, as experiments do."""
import argparse
import math


class Trial:
    def __init__(self, step, value):
        self.step = step
        self.value = value

    def __repr__(self):
        return "Trial(%d, %.3f)" % (self.step, self.value)


def measure(step):
    """A value that cannot be had at every step."""
    return math.log(5.5 - step)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=10)
    steps = parser.parse_args().steps
    for step in range(steps):
        results.append(Trial(step, measure(step)))
        print(results[-1])


results = []

if __name__ == "__main__":
    main()
