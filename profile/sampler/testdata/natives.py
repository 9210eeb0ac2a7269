"""Parks threads in C functions that are called in every way; tells what each waits in (?: need not be known)."""
import _thread
import json
import select
import sys
import threading
import time

lock = _thread.allocate_lock()
lock.acquire()
ends = []


def plain():
    lock.acquire()


def arguments():
    lock.acquire(True, max(1e6, abs(-1e5)))


def named():
    time.sleep(*[1e6])


def keywords():
    lock.acquire(blocking=True, timeout=1e6)


def conditional(x=1):
    time.sleep(1e6 if x else 1)


def chosen(x=1):
    (time.sleep if x else lock.acquire)(1e6)


def after_with():
    with open(__file__) as f:
        x = [len(a) for a in f]
    select.select([], [], [])


def key():
    sorted([1], key=lambda x: lock.acquire())


NAMES = "; ".join("n%d" % i for i in range(300))
exec("def long():\n  if lock is None: " + NAMES + "\n  lock.acquire()")


class Late:
    def __enter__(self):
        return self

    def __exit__(self, *args):
        lock.acquire()


def leaving():
    with Late():
        pass


wanted = {"plain": "acquire", "arguments": "acquire", "named": "sleep", "keywords": "acquire", "conditional": "sleep?",
          "chosen": "sleep?", "after_with": "select", "key": "acquire", "long": "acquire", "leaving": "acquire"}
for name in wanted:
    threading.Thread(target=globals()[name], daemon=True).start()
time.sleep(0.5)
print(json.dumps(wanted), flush=True)
sys.stdin.read()
