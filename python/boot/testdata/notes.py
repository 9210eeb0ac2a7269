# Notes of signals, which relatives leave in the folder of parts.
import os
import signal
import time


def work():
    pass


def child(live):
    """Runs live in a child, and returns when that is ready."""
    ready, begun = os.pipe()
    pid = os.fork()
    if pid == 0:
        signal.alarm(20)
        work()
        live(lambda: os.write(begun, b"!"))
        os._exit(4)
    os.read(ready, 1)
    return pid


def wait(begin):
    begin()
    time.sleep(30)


def ignore(begin):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    begin()
    time.sleep(1.5)


def note(pid):
    name = "%d.%d.signal" % (pid, signal.SIGTERM)
    open(os.path.join(os.environ["CANTIL_PARTS"], name), "w").close()


noted = child(wait)
note(noted)  # as if it had been sent the signal, but slept on
print("noted only:", os.waitpid(noted, 0)[1])

ignoring = child(ignore)
os.kill(ignoring, signal.SIGTERM)
print("ignoring:", os.waitpid(ignoring, 0)[1])

killed = child(wait)
os.kill(killed, signal.SIGTERM)
print("killed:", os.waitpid(killed, 0)[1])
