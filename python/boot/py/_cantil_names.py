"""How functions are told in the files: by file, line, name, and whose they are."""
import marshal
import os

_HERE = os.path.dirname(os.path.abspath(__file__))

# What a code object is to the profile; docs/formats/parts.md has what becomes of each.
PROGRAM, OURS, STAND_IN, RUNNER = 0, 1, 2, 3
_marks = {}  # id(code) -> (kind, name); the functions live as long as Python does


def mark(function, kind, name=None):
    """Say what a function of ours is: a STAND_IN for the built-in `name`, or a RUNNER of the program."""
    # Closures of one def share their code, and a profiler tells functions apart by it.
    function.__code__ = marshal.loads(marshal.dumps(function.__code__))
    _marks[id(function.__code__)] = (kind, name)
    return function


def stand_in(function, real):
    """Make a function look like the built-in that it stands in for, to the program and in the profile."""
    name, module = real.__name__, real.__module__
    function.__name__ = function.__qualname__ = name
    function.__module__, function.__doc__ = module, real.__doc__
    return mark(function, STAND_IN, "<built-in method %s.%s>" % (module, name))


def kind_of(code):
    found = _marks.get(id(code))
    if found is None:
        return (OURS if os.path.dirname(code.co_filename) == _HERE else PROGRAM), None
    return found


def pack(entries):
    """A profiler's getstats() as (labels, rows); rows refer to labels by index."""
    index, labels, kept = {}, [], []

    def label(code):
        at = index.get(id(code))
        if at is None:
            at = index[id(code)] = len(labels)
            kept.append(code)
            labels.append(name_of(code))
        return at

    rows = []
    for entry in entries:
        callees = []
        for sub in entry[5] or ():
            callees += (label(sub[0]), sub[1], sub[2], sub[3], sub[4])
        rows.append((label(entry[0]), entry[1], entry[2], entry[3], entry[4], tuple(callees)))
    return labels, rows


def name_of(code):
    """(file, line, name, kind) of a code object, or of a built-in, which is a string."""
    if isinstance(code, str):
        return ("~", 0, code, PROGRAM)
    kind, name = kind_of(code)
    if kind == STAND_IN:
        return ("~", 0, name, kind)
    return (code.co_filename, code.co_firstlineno, code.co_name, kind)
