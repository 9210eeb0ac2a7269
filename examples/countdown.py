"""Counts down, slowly, for a window of its own."""
import sys
import time

print("Console closing in ")
for left in range(int(sys.argv[1]) if len(sys.argv) > 1 else 5, 0, -1):
    print("%d..." % left, flush=True)
    time.sleep(1)
