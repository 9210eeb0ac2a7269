"""Generators, comprehensions, closures, coroutines: many code objects of the same name."""


def count(n):
    for i in range(n):
        yield i


def delegate(n):
    yield from count(n)
    yield from (x for x in count(n))


async def answer(n):
    return n


def drive(coroutine):
    try:
        coroutine.send(None)
    except StopIteration as stop:
        return stop.value


def closures():
    return [lambda i=i: i for i in range(3)]


sum(delegate(20))
[drive(answer(i)) for i in range(4)]
[f() for f in closures()]
{x: [y for y in count(x)] for x in count(4)}
