# Two functions that run code of their own by exec, again and again. Each code object is
# freed once it was run, and the other comes to lie at its place.
import time


def spin():
    end = time.perf_counter() + 0.002
    while time.perf_counter() < end:
        pass


def one():
    exec(compile("spin()", "<one>", "exec"), globals())


def two():
    exec(compile("\n\nspin()", "<two>", "exec"), globals())


print("go", flush=True)
while True:
    one()
    two()
