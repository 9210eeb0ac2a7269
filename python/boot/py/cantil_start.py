# What cantil starts in place of the program: python cantil_start.py -m MODULE ARGS...
# or python cantil_start.py -- SCRIPT ARGS... This file parses on any Python, so that
# one that is too old is told so in a sentence and not by a syntax error.
import os
import sys


def _refuse(reason):
    with open(os.path.join(os.environ["CANTIL_PARTS"], "refused"), "w") as f:
        f.write(reason)
    os._exit(125)


if sys.version_info < (3, 6):
    _refuse("it is Python %d.%d, and profiling needs CPython 3.6 or later" % sys.version_info[:2])
if sys.implementation.name != "cpython":
    _refuse("it is %s, and profiling needs CPython" % sys.implementation.name)

import _cantil_main  # noqa: E402

_cantil_main.run(os.environ["CANTIL_PARTS"], _refuse)
