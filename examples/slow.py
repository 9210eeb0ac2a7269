"""A function that takes a second for each number it prints.

    cantil call --timeout 4s --default None slow.py:f 6
"""
from time import sleep


def f(x):
    for i in range(x):
        print(i)
        sleep(1)
    return 42
