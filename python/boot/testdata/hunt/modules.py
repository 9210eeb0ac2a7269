# The program takes the standard library's modules apart.
import importlib
import sys
import threading


def work():
    pass


def in_thread():
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


in_thread()
importlib.reload(threading)
in_thread()
del sys.modules["threading"]
import threading
in_thread()
for _ in range(5):
    work()
sys.modules.clear()
