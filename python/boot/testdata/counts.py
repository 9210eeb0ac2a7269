# Every kind of call whose rows must be those of cProfile. Nothing is imported: what an
# import calls depends on what the profiler itself has imported before.
class Shape(object):
    def __init__(self, side):
        self.side = side

    def area(self):
        return self.side ** 2

    @property
    def root(self):
        return abs(-self.side)

    def __lt__(self, other):
        return self.side < other.side


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def even(n):
    return True if n == 0 else odd(n - 1)


def odd(n):
    return False if n == 0 else even(n - 1)


def numbers(n):
    for i in range(n):
        yield i


def failing(n):
    if n == 0:
        raise ValueError("as meant")
    failing(n - 1)


def all_of_them():
    fib(10)
    even(9)
    shapes = [Shape(s) for s in numbers(20)]
    sorted(shapes)
    total = sum(shape.area() for shape in shapes) + max(map(lambda s: s.root, shapes))
    try:
        failing(5)
    except ValueError:
        pass
    words = {str(n): len(str(n)) for n in range(10)}
    "".join(sorted(words, key=words.get))
    return total


if __name__ == "__main__":
    for _ in range(3):
        all_of_them()
    exec("fib(3)")
