# Nothing but the signal may be lost.
import os


def work():
    pass


for _ in range(3):
    work()
os.abort()
