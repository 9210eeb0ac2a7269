"""Measures one statement as timeit does and writes what came of it, as JSON, to a file.

Arguments: the file, the number of loops (0: find one that takes at least 0.2 s), the statement, the setup.
"""
import json
import os
import sys
import timeit
import traceback


def main(path, number, statement, setup):
    told = {}
    try:
        timer = timeit.Timer(statement, setup)
        if number == 0:
            number, _ = timer.autorange()
        else:
            timer.timeit(number // 10 + 1)  # warm: caches, and the interpreter's own specializing
        before = os.times()
        told["wall"] = timer.timeit(number)
        after = os.times()
        told["user"], told["system"] = after[0] - before[0], after[1] - before[1]
        told["number"] = number
        told["version"] = sys.version.split()[0]
    except BaseException as error:
        told["error"] = "".join(traceback.format_exception_only(type(error), error)).strip()
        told["traceback"] = traceback.format_exc()
    with open(path, "w") as file:
        json.dump(told, file)


main(sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4])
