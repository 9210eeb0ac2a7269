"""What a context manager sees of an exception: __exit__ is called before it goes on.

    cantil run --traceback examples/manager.py
"""


class Manager:
    def __enter__(self):
        print("entering", flush=True)
        return self

    def __exit__(self, kind, value, traceback):
        print("leaving because of %r" % value, flush=True)

    def __repr__(self):
        return "Manager()"


with Manager() as manager:
    print("inside", manager, flush=True)
    raise RuntimeError("something is wrong")
