"""Starts itself once more; both work for some seconds, and the first waits for the other."""
import subprocess
import sys
import time


def work(until):
    while time.time() < until:
        pass


def child():
    work(time.time() + 20)


def parent():
    other = subprocess.Popen([sys.executable, __file__, "child"])
    print("started", flush=True)
    try:
        work(time.time() + 20)
    finally:
        other.kill()


child() if sys.argv[1:] == ["child"] else parent()
