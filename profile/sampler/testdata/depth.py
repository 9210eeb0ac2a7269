"""Runs in a stack of a given depth for as long as its input is open."""
import sys
import threading


def down(n):
    if n > 1:
        down(n - 1)
        return
    print("ready", flush=True)
    while True:
        for i in range(1000):
            i * i


sys.setrecursionlimit(100000)
threading.stack_size(256 << 20)
t = threading.Thread(target=down, args=(int(sys.argv[1]) - 4,), daemon=True)
if int(sys.argv[1]) <= 100:
    down(int(sys.argv[1]) - 1)
t.start()
sys.stdin.read()
