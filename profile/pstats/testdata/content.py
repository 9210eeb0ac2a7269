"""Prints what the running pstats reads from each file, for comparison with the Go reader."""
import pstats
import re
import struct
import sys


def text(v):
    if type(v) is str:
        s = v
    else:  # a code object
        s = re.sub(" at 0x[0-9a-fA-F]+", "", repr(v))
    return s.encode("utf-8", "surrogatepass").hex()


def seconds(v):
    return "%016x" % struct.unpack("<Q", struct.pack("<d", v))[0]


def function(f):
    return "%s:%d:%s" % (text(f[0]), f[1], text(f[2]))


def show(path, out):
    try:
        stats = pstats.Stats(path)
    except (ValueError, EOFError, TypeError, SystemError):
        out.write("cannot load\n")
        return
    out.write("%d %d %s\n" % (stats.total_calls, stats.prim_calls, seconds(stats.total_tt)))
    for f, (cc, nc, tt, ct, callers) in stats.stats.items():
        out.write("%s %d %d %s %s\n" % (function(f), cc, nc, seconds(tt), seconds(ct)))
        for caller, v in callers.items():
            if type(v) is tuple:
                out.write("  %s %d %d %s %s\n" % (function(caller), v[0], v[1], seconds(v[2]), seconds(v[3])))
            else:
                out.write("  %s %d\n" % (function(caller), v))


for path in sys.argv[1:]:
    sys.stdout.write("file\n")
    show(path, sys.stdout)
