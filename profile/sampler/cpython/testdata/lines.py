"""Tells the line of every instruction of the standard library, as this Python sees it.

Arguments: take every n-th file, from which on, and whether Python's own tests are taken as well.
For each code object one line: its first line, its table in hex, its length, and the offsets at which
the line changes: "0:12 8:13 20:None".
"""
import ctypes
import os
import sys
import sysconfig
import warnings

every, first, with_tests = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3] == "tests"
warnings.simplefilter("ignore")
addr2line = ctypes.pythonapi.PyCode_Addr2Line
addr2line.argtypes = [ctypes.py_object, ctypes.c_int]
addr2line.restype = ctypes.c_int


def changes(code):
    """The offsets at which the line changes."""
    if hasattr(code, "co_lines"):
        pairs = [(start, line) for start, end, line in code.co_lines() if end > start]
    else:
        pairs = [(i, addr2line(code, i)) for i in range(0, len(code.co_code), 2)]
    last = "nothing yet"
    for start, line in pairs:
        if line != last:
            yield "%d:%s" % (start, line)
            last = line


def tell(code):
    table = code.co_linetable if hasattr(code, "co_lines") else code.co_lnotab
    print(code.co_firstlineno, table.hex() or "-", len(code.co_code), *changes(code))
    for const in code.co_consts:
        if isinstance(const, type(code)):
            tell(const)


files = []
for folder, folders, names in os.walk(sysconfig.get_path("stdlib")):
    folders[:] = sorted(f for f in folders if f not in ("site-packages", "__pycache__", "dist-packages")
                        and (with_tests or f not in ("test", "tests", "idle_test")))
    files += [os.path.join(folder, n) for n in sorted(names) if n.endswith(".py")]
for name in files[first::every]:
    try:
        with open(name, "rb") as f:
            code = compile(f.read(), name, "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        continue  # files that are wrong on purpose, for Python's tests
    tell(code)
