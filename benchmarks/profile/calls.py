"""Times its own empty calls: calls.py ANSWER [idle]; with idle, while a second thread sleeps.

Writes the nanoseconds of a call of a Python function and of a builtin, each the least
of many short rounds: whatever else runs on the machine, some rounds it leaves alone.
"""
import sys
import threading
import time

CALLS, ROUNDS = 5000, 60


def empty():
    pass


def python_calls(calls):
    began = time.perf_counter()
    for _ in calls:
        empty()
    return time.perf_counter() - began


def builtin_calls(calls):
    one = 1
    began = time.perf_counter()
    for _ in calls:
        abs(one)
    return time.perf_counter() - began


def least(timed):
    return min([timed(range(CALLS)) for _ in range(ROUNDS)]) / CALLS * 1e9


def main():
    wake = threading.Event()
    sleeper = threading.Thread(target=wake.wait)
    if "idle" in sys.argv:
        sleeper.start()
        time.sleep(0.02)
    answer = "%f %f\n" % (least(python_calls), least(builtin_calls))
    if "idle" in sys.argv:
        wake.set()
        sleeper.join()
    with open(sys.argv[1], "w") as f:
        f.write(answer)


main()
