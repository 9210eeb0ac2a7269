# What a program may look at or do, and must find as in plain Python.
import _thread
import os
import pickle
import sys
import threading
import time
import traceback


def work():
    pass


def dies():
    work()
    raise ValueError("as meant")


def shows():
    traceback.print_stack(file=sys.stdout)
    sys.stdout.flush()



class Raises(object):
    def __del__(self):
        work()


for target in (dies, shows, sys.exit):
    _thread.start_new_thread(target, ())
    time.sleep(0.2)
for target in (dies, shows, sys.exit):
    thread = threading.Thread(target=target, name="named")
    thread.start()
    thread.join()
print(pickle.loads(pickle.dumps(os.fork)) is os.fork, os.fork.__module__, bool(os.fork.__doc__))
print(_thread.start_new_thread.__module__, os.execve in os.supports_fd)
try:
    os.execve(path="/no/such", argv=["x"], env={})
except OSError as error:
    print(error)
for bad in ((), (5, ()), (work, 5)):
    try:
        _thread.start_new_thread(*bad)
    except TypeError as error:
        print(error)
work()
os._exit(status=5)
