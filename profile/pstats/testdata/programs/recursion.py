"""Deep and mutual recursion: calls that differ from primitive calls."""


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def is_even(n):
    return n == 0 or is_odd(n - 1)


def is_odd(n):
    return n != 0 and is_even(n - 1)


def deep(n):
    return deep(n - 1) + 1 if n else 0


def ackermann(m, n):
    if m == 0:
        return n + 1
    return ackermann(m - 1, 1 if n == 0 else ackermann(m, n - 1))


fib(9)
is_even(40)
deep(200)
ackermann(2, 2)
