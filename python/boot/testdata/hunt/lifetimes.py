# What a function made is gone when it returns, without help of the garbage collector.
import gc
import time

gc.disable()


class Thing(object):
    alive = 0

    def __init__(self):
        Thing.alive += 1

    def __del__(self):
        Thing.alive -= 1


def work():
    thing = Thing()
    time.sleep(0.005)
    return thing is None


for _ in range(100):
    work()
time.sleep(0.3)
print(Thing.alive)
