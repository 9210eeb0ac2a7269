# The program profiles a part of itself.
import cProfile
import pstats
import sys


def work():
    pass


profile = cProfile.Profile()
work()
profile.enable()
for _ in range(5):
    work()
profile.disable()
print([row[1] for function, row in pstats.Stats(profile).stats.items() if function[2] == "work"])
work()
