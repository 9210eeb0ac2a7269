"""The notes' call_func_with_timeout, timed: seconds for each call, on stdout.

    python multi.py METHOD CALLS
"""
import math
import multiprocessing
import sys
import time


def wrapper(func, result_queue, args):
    result_queue.put(func(*args))


def call_func_with_timeout(context, func, timeout, args):
    result_queue = context.Queue()
    p = context.Process(target=wrapper, args=[func, result_queue, args])
    p.start()
    p.join(timeout)
    if p.is_alive():
        p.terminate()
        p.join()
        return None
    return result_queue.get()


if __name__ == "__main__":
    context, calls = multiprocessing.get_context(sys.argv[1]), int(sys.argv[2])
    began = time.perf_counter()
    for _ in range(calls):
        assert call_func_with_timeout(context, math.factorial, 4, [20]) == 2432902008176640000
    print((time.perf_counter() - began) / calls)
