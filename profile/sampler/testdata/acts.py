"""Does as its first argument says, for the tests of the sampler."""
import json
import os
import subprocess
import sys
import threading
import time


def busy(seconds):
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        for i in range(100):
            i * i


def forever():
    while True:
        busy(1)


def ready(what="ready"):
    print(json.dumps(what), flush=True)


def until_closed():
    """Ends the program with its input, so that none is left behind."""
    def wait():
        sys.stdin.read()
        os._exit(0)
    threading.Thread(target=wait, daemon=True).start()


def act_exit():
    ready()
    busy(0.3)


def act_exec():
    """Becomes another program when a line comes."""
    line = threading.Thread(target=sys.stdin.readline, daemon=True)
    line.start()
    ready()
    while line.is_alive():
        busy(0.01)
    os.execv(sys.executable, [sys.executable, __file__, "after"])


def act_after():
    until_closed()
    forever()


def act_family():
    me = [sys.executable, __file__]
    shell = subprocess.Popen(["sh", "-c", "sleep 0.1; exec \"$0\" \"$1\" child", *me])
    forked = os.fork()
    if not forked:
        forked_child()
    until_closed()
    ready([shell.pid, forked])
    forever()


def act_child():
    until_closed()
    forever()


def forked_child():
    until_closed()
    forever()


def act_threads():
    event = threading.Event()
    for i in range(int(sys.argv[2])):
        threading.Thread(target=event.wait, daemon=True).start()
    while len(event._cond._waiters) < int(sys.argv[2]):
        time.sleep(0.01)
    until_closed()
    ready()
    forever()


def act_churn():
    """Threads that live for a moment, many a second."""
    until_closed()
    ready()
    while True:
        threads = [threading.Thread(target=busy, args=(0.001,)) for _ in range(4)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()


def act_states():
    """One thread asleep, one that works without the GIL, one that holds it."""
    def asleep():
        time.sleep(1000)

    def released():
        import hashlib
        data = bytes(1 << 22)
        while True:
            hashlib.sha256(data)
    for f in (asleep, released):
        threading.Thread(target=f, daemon=True).start()
    until_closed()
    ready()
    forever()


def loop_f(n):
    for i in range(n):
        i * i


def tiny(x):
    return x + 1


def calls_f(n):
    for i in range(n):
        tiny(i)


def generator_h(n):
    return sum(x for x in range(n))


def act_shares():
    """Loops, tiny calls, a generator in turns; then tells when each began."""
    parts = [(loop_f, 6000), (calls_f, 2000), (generator_h, 2500)]
    begun = []
    clock = time.perf_counter
    line = threading.Thread(target=sys.stdin.readline, daemon=True)
    line.start()
    ready()
    while line.is_alive():
        for part, n in parts:
            begun.append(clock())
            part(n)
    begun.append(clock())
    print(json.dumps(begun), flush=True)


globals()["act_" + sys.argv[1]]()
