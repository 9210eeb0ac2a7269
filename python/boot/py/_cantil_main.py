"""Runs the program under the profiler."""
import os
import sys

import _cantil_collect
import _cantil_names
import _cantil_process
import _cantil_program
import _cantil_save


def run(parts, refuse):
    start = _cantil_program.prepared(sys.argv[1], sys.argv[2], sys.argv[3:], _start_plainly)
    _cantil_names.mark(start, _cantil_names.RUNNER)
    try:
        collector = _cantil_save.collector(parts, "main")
        _cantil_process.watch(collector)
        collector.begin()
    except _cantil_collect.Busy as busy:
        refuse(str(busy))
    try:
        try:
            start()
        finally:
            collector.end_main()
    except SystemExit:
        raise
    except BaseException:
        _cantil_program.show_without_us()
        raise


def _start_plainly():
    """A program that cannot be compiled: Python itself tells why, in its own words."""
    for name in ("CANTIL_PARTS", "PYTHONPATH"):
        value = os.environ.pop(name)
        if name == "PYTHONPATH" and os.pathsep in value:
            os.environ[name] = value.split(os.pathsep, 1)[1]  # ours stands first
    os.execv(sys.executable, [sys.executable] + sys.argv)
