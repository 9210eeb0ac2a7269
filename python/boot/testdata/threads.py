# Threads whose calls interleave as closely as they can: the counts are known.
import _thread
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

sys.setswitchinterval(1e-5)


def leaf(n):
    return n


def branch(n):
    return leaf(n) + leaf(n)


def many():
    for i in range(2000):
        branch(i)


def deep(n):
    return n if n == 0 else deep(n - 1)


many()
threads = [threading.Thread(target=many, name="t%d" % i) for i in range(3)]
for t in threads:
    t.start()
many()
for t in threads:
    t.join()

done = _thread.allocate_lock()
done.acquire()


def raw():
    deep(50)
    many()
    done.release()


_thread.start_new_thread(raw, ())
done.acquire()
with ThreadPoolExecutor(2) as pool:
    list(pool.map(deep, [10] * 20))
many()
