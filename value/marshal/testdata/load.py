"""Loads the hex data on each line of its input and prints its value as canonical text."""
import marshal
import sys

from values import canon

for line in sys.stdin:
    try:
        print(canon(marshal.loads(bytes.fromhex(line.strip()))))
    except Exception as e:
        print("error", repr(e))
