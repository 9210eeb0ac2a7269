"""What the sampler is measured on: depth N (a loop N frames deep), slices (work in equal slices, whose
processor time and end it writes, for comparing those that were sampled with those that were not), or
shares loops|calls SECONDS (parts whose true shares it tells at the end)."""
import json
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


def part_f(n):
    for i in range(n):
        i * i


def part_g(n):
    for i in range(n):
        i * i


def part_h(n):
    for i in range(n):
        i * i


def tiny(x):
    return x + 1


def part_calls(n):
    for i in range(n):
        tiny(i)


def part_generator(n):
    return sum(x for x in range(n))


PARTS = {
    "loops": [(part_f, 70000), (part_g, 20000), (part_h, 10000)],
    "calls": [(part_calls, 2000), (part_f, 6000), (part_generator, 2500)],
}


def told(spent):
    """Stands here, for the sampler to see that it is over, until the shares have been read."""
    total = sum(spent.values())
    print(json.dumps({name: s / total for name, s in spent.items()}), flush=True)
    sys.stdin.read()


def shares():
    parts = PARTS[sys.argv[2]]
    spent = {part.__name__: 0.0 for part, _ in parts}
    print("ready", flush=True)
    sys.stdin.readline()
    clock = time.perf_counter
    end = clock() + float(sys.argv[3])
    while clock() < end:
        for part, n in parts:
            begin = clock()
            part(n)
            spent[part.__name__] += clock() - begin
    told(spent)


def until_closed():
    sys.stdin.read()
    os._exit(0)


if sys.argv[1] == "depth":
    sys.setrecursionlimit(10000)
    # The thread that waits for the end must not take part in what is measured.
    os.set_inheritable(0, True)
    down(int(sys.argv[2]) - 2)
elif sys.argv[1] == "shares":
    shares()
else:
    threading.Thread(target=until_closed, daemon=True).start()
    slices()
