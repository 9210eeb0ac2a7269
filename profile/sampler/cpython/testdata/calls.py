"""Tells what the calls in the standard library call, by the source: every n-th file from the m-th on.

A line is a code object: its instructions in hex, its names, then the offset of each instruction that
calls with the names that it may call, or * for what has none, such as a decorator. From 3.11 on an instruction knows its
place in the source, so that there is one; before, all calls of its line, or function (3.6, 3.7), may be meant.
"""
import ast
import dis
import os
import sys
import sysconfig

every, first = int(sys.argv[1]), int(sys.argv[2])
exact = sys.version_info >= (3, 11)


def name_of(call):
    f = call.func
    return getattr(f, "id", getattr(f, "attr", "*"))


def files():
    top = sysconfig.get_paths()["stdlib"]
    for folder, folders, names in os.walk(top):
        folders[:] = sorted(d for d in folders if d not in ("test", "tests", "site-packages", "lib2to3", "idlelib"))
        yield from (os.path.join(folder, n) for n in sorted(names) if n.endswith(".py"))


def codes(code):
    yield code
    for c in code.co_consts:
        if hasattr(c, "co_code"):
            yield from codes(c)


def admissible(code, calls):
    line = code.co_firstlineno
    instructions = list(dis.get_instructions(code))
    for i, one in enumerate(instructions):
        if not exact and one.starts_line:
            line = one.starts_line
        if "CALL" not in one.opname or one.opname.startswith("CALL_INTRINSIC"):
            continue
        if exact:
            p = one.positions
            names = calls.get((p.lineno, p.col_offset, p.end_lineno, p.end_col_offset), {"*"})
        elif sys.version_info >= (3, 8):
            names = {n for (a, b), ns in calls.items() if a <= line <= b for n in ns} | {"*"}
        else:
            names = {n for ns in calls.values() for n in ns} | {"*"}
        yield "%d:%s" % (one.offset, ",".join(sorted(names)))


for number, file in enumerate(files()):
    if number % every != first:
        continue
    try:
        with open(file, encoding="utf-8") as f:
            text = f.read()
        tree, top = ast.parse(text), compile(text, file, "exec")
    except (SyntaxError, UnicodeDecodeError):
        continue
    calls = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            start, end = node.lineno, getattr(node, "end_lineno", node.lineno)
            place = (start, node.col_offset, end, node.end_col_offset) if exact else (start, end)
            calls.setdefault(place, set()).add(name_of(node))
        elif isinstance(node, ast.Assert) and not exact:
            calls.setdefault((node.lineno, getattr(node, "end_lineno", node.lineno)), set()).add("AssertionError")
    for code in codes(top):
        print(code.co_code.hex(), ",".join(code.co_names) or "-", *admissible(code, calls))
