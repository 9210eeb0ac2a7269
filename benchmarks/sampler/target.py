"""What the sampler is measured on: depth N (a loop N frames deep), or slices (work in equal slices,
whose processor time and end it writes, for comparing those that were sampled with those that were not)."""
import os
import sys
import threading
import time


def loop():
    while True:
        for i in range(1000):
            i * i


def down(n):
    if n > 1:
        down(n - 1)
    else:
        print("ready", flush=True)
        loop()


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def slices():
    print("ready", flush=True)
    out = open(sys.argv[2], "w")
    while True:
        begin = time.thread_time_ns() if hasattr(time, "thread_time_ns") else int(time.clock() * 1e9)
        fib(15)
        sum(x * x for x in range(1500))
        for i in range(3000):
            i * i
        end = time.thread_time_ns() if hasattr(time, "thread_time_ns") else int(time.clock() * 1e9)
        out.write("%d %d\n" % (time.time() * 1e9, end - begin))
        out.flush()


def until_closed():
    sys.stdin.read()
    os._exit(0)


if sys.argv[1] == "depth":
    sys.setrecursionlimit(10000)
    # The thread that waits for the end must not take part in what is measured.
    os.set_inheritable(0, True)
    down(int(sys.argv[2]) - 2)
else:
    threading.Thread(target=until_closed, daemon=True).start()
    slices()
