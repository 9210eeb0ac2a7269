"""CPython's pickle: makes the corpora ("make FOLDER"), or times one ("FILE ROUNDS"): the
least wall time, in seconds, of loads and of dumps."""
import pickle
import random
import sys
import time


def make(folder):
    random.seed(1)
    rows = [{"id": i, "name": "user%d" % (i % 1000), "score": random.random(), "ok": i % 2 == 0, "n": random.randrange(1000)} for i in range(620_000)]
    floats = [random.random() for _ in range(5_500_000)]
    for name, v in ("rows", rows), ("floats", floats):
        with open(folder + "/" + name, "wb") as f:
            pickle.dump(v, f, 4)


def timed(name, rounds):
    with open(name, "rb") as f:
        data = f.read()
    loads, dumps = [], []
    for _ in range(rounds):
        start = time.perf_counter()
        v = pickle.loads(data)
        loaded = time.perf_counter()
        pickle.dumps(v, 4)
        loads.append(loaded - start)
        dumps.append(time.perf_counter() - loaded)
    print(min(loads), min(dumps))


if sys.argv[1] == "make":
    make(sys.argv[2])
else:
    timed(sys.argv[1], int(sys.argv[2]))
