# What cantil starts where a program is run, not profiled, but watched from inside:
# python cantil_run.py -m MODULE ARGS... or python cantil_run.py -- SCRIPT ARGS...
# This file parses on any Python, so that one that is too old is told so in a sentence.
import os
import sys

if sys.version_info < (3, 6):
    sys.stderr.write("cantil: --keep, --traceback and --time-func need Python 3.6 or later; this is %d.%d\n" % sys.version_info[:2])
    sys.exit(126)

import _cantil_watch  # noqa: E402

_cantil_watch.run(os.environ.pop("CANTIL_WATCH"))
