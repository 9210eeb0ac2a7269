# Ends in the way its first argument names, after ten calls of work in the main
# thread and five in another.
import os
import signal
import sys
import threading
import time


def work():
    return sum(range(100))


def side():
    for _ in range(5):
        work()


def main(how):
    thread = threading.Thread(target=side, name="side")
    thread.start()
    thread.join()
    for _ in range(10):
        work()
    globals()["end_by_" + how]()


def end_by_return():
    pass


def end_by_exit():
    sys.exit(3)


def end_by_message():
    sys.exit("a message")


def end_by_exception():
    raise ValueError("as meant")


def end_by_chain():
    try:
        {}["absent"]
    except KeyError as error:
        raise RuntimeError("outer") from error


def end_by_hook():
    sys.excepthook = lambda kind, error, tb: print("hooked", kind.__name__, tb.tb_frame.f_code.co_name)
    raise ValueError("as meant")


def end_by_interrupt():
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(30)


def end_by_terminate():
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(30)


def end_by_hangup():
    os.kill(os.getpid(), signal.SIGHUP)
    time.sleep(30)


def end_by_os_exit():
    os._exit(5)


def end_by_exec():
    os.execvp("sh", ["sh", "-c", "exit 6"])


def end_by_exec_python():
    os.execv(sys.executable, [sys.executable, "-c", "def second(): pass\nsecond()"])


def end_by_daemon():
    threading.Thread(target=time.sleep, args=(30,), daemon=True).start()


def end_by_late_thread():
    def late():
        time.sleep(0.3)
        side()
    threading.Thread(target=late, name="late").start()


def end_by_kill():
    end = time.time() + 1.5
    while time.time() < end:
        time.sleep(0.01)
    os.kill(os.getpid(), signal.SIGKILL)


main(sys.argv[1])
