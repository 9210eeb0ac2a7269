"""Threads, a lock, a queue: rows of the threading module and of whatever the version sees."""
import queue
import threading

lock = threading.Lock()
done = queue.Queue()


def work(n):
    for i in range(n):
        step(i)
    done.put(n)


def step(i):
    with lock:
        return i * i


workers = [threading.Thread(target=work, args=(n,)) for n in (5, 10, 15)]
for worker in workers:
    worker.start()
for worker in workers:
    worker.join()
while not done.empty():
    done.get()
