# Ends as its first argument says; what it computed until then is to be kept.
import functools
import json
import os
import signal
import sys
import threading
import time


class Point(object):
    def __init__(self, x):
        self.x = x

    @classmethod
    def origin(cls):
        return cls(0)


def squares(n):
    for i in range(n):
        yield i * i


@functools.lru_cache()
def work(n):
    return json.dumps(n)


def fail(depth, db_password="hunter2"):
    settings = {"api_token": "hunter2", "size": depth}
    big = list(range(1000000))
    if depth:
        fail(depth - 1)
    raise ValueError("no more of %d, %s" % (len(settings), "https://me:hunter2@host/x") if big else "")


def late():
    time.sleep(0.3)
    results.append("late")


results = [Point.origin().x]
opened = open(os.devnull)
for n in range(20):
    work(n)
results += squares(3)

how = sys.argv[1]
if how == "exit":
    sys.exit(3)
elif how == "raise":
    fail(2)
elif how == "term":
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(5)
elif how == "interrupt":
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(5)
elif how == "_exit":
    os._exit(4)
elif how == "thread":
    threading.Thread(target=late).start()
elif how == "threadfails":
    thread = threading.Thread(target=fail, args=(0,), name="worker")
    thread.start()
    thread.join()
elif how == "fork":
    if os.fork() == 0:
        results.append("child")
        sys.exit(0)
    os.wait()
