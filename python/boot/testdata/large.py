# Calls very many functions, and is killed as soon as anything of it has been saved.
import marshal
import os
import signal
import time
import types


def empty():
    pass


def wait():
    parts = os.environ["CANTIL_PARTS"]
    while not any([name.endswith(".live") for name in os.listdir(parts)]) and time.time() < limit:
        time.sleep(0.01)
    os.kill(os.getpid(), signal.SIGKILL)


limit = time.time() + 20
code = marshal.dumps(empty.__code__)
for _ in range(60000):
    types.FunctionType(marshal.loads(code), {})()
wait()
