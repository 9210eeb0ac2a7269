# Forks that threads make. One child leaves by os._exit; the other's thread just
# returns, and Python ends that process without running any atexit function.
import os
import sys
import threading
import warnings

warnings.simplefilter("ignore")


def work():
    pass


def leave():
    work()
    if os.fork() == 0:
        work()
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
        os._exit(3)
    os.wait()


def fall():
    if os.fork() == 0:
        work()
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
        return
    print(os.wait()[1])


for target in (leave, fall):
    for _ in range(2):
        thread = threading.Thread(target=target)
        thread.start()
        thread.join()
work()

# Several threads that fork at the same time.
def fork():
    for _ in range(5):
        pid = os.fork()
        if pid == 0:
            work()
            os._exit(0)
        os.waitpid(pid, 0)


threads = [threading.Thread(target=fork) for _ in range(3)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
