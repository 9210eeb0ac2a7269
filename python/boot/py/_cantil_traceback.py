"""Keeps an uncaught exception with the locals of each frame, as traceback.json.

docs/formats/run-folder.md has its fields. Every count and length is bounded, and what
looks like a secret is masked.
"""
import json
import linecache
import os
import reprlib
import sys
import threading
import time
import traceback
import types

import _cantil_program
from _cantil_mask import MASKED, is_secret, mask

FRAMES = 100    # of a deeper stack the first and last halves
LOCALS = 100    # of one frame
TEXT = 1000     # characters of one value
CHAIN = 10      # exceptions that led to it
PATIENCE = 3.0  # seconds for all values: a repr may do anything


class Recorder(object):
    def __init__(self, folder):
        self.path = os.path.join(folder, "traceback.json")
        self.pid = os.getpid()
        self.only_thread = True  # the main thread's has precedence

    def watch_threads(self):
        """The first exception that ends another thread is kept, unless one ends the program."""
        if not hasattr(threading, "excepthook"):  # 3.8
            return
        real = threading.excepthook

        def hook(args):
            if self.only_thread and not os.path.exists(self.path):
                name = args.thread.name if args.thread is not None else None
                self._write(args.exc_value, name)
            real(args)
        threading.excepthook = hook

    def record(self, error):
        self.only_thread = False
        self._write(error, None)

    def _write(self, error, thread):
        if error is None or os.getpid() != self.pid:
            return
        try:
            text = json.dumps(_told(error, thread), indent=2) + "\n"
            temporary = self.path + ".tmp"
            with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8", errors="replace") as f:
                f.write(text)
                f.flush()
                os.fsync(f.fileno())
            os.replace(temporary, self.path)
        except Exception:
            pass  # Python prints the traceback all the same


def _told(error, thread):
    describer = _Describer()
    told = describer.exception(error)
    if thread is not None:
        told["thread"] = thread
    chain, seen = [], {id(error)}
    at = error
    while len(chain) < CHAIN:
        link = "cause" if at.__cause__ is not None else "context"
        at = at.__cause__ if at.__cause__ is not None else (None if at.__suppress_context__ else at.__context__)
        if at is None or id(at) in seen:
            break
        seen.add(id(at))
        chain.append(dict(describer.exception(at), link=link))
    if chain:
        told["chain"] = chain
    return told


class _Describer(object):
    def __init__(self):
        self.until = time.time() + PATIENCE
        self.short = reprlib.Repr()
        self.short.maxstring = self.short.maxother = self.short.maxlong = TEXT
        self.short.maxlist = self.short.maxtuple = self.short.maxdict = self.short.maxset = 30
        self.short.maxlevel = 4

    def exception(self, error):
        kind = type(error)
        lines = traceback.format_exception(kind, error, _cantil_program.strip(error.__traceback__), chain=False)
        name = kind.__qualname__ if kind.__module__ in ("builtins", "__main__") else kind.__module__ + "." + kind.__qualname__
        return {"type": name, "value": _cut(mask(_safely(str, error)), TEXT * 10),
                "text": _cut(mask("".join(lines)), TEXT * 200), "frames": self._frames(error.__traceback__)}

    def _frames(self, tb):
        entries = [(t.tb_frame, t.tb_lineno) for t in _walk(_cantil_program.strip(tb))]
        if len(entries) > FRAMES:
            left_out = len(entries) - FRAMES
            entries = entries[:FRAMES // 2] + [left_out] + entries[-FRAMES // 2:]
        return [{"left_out": e} if isinstance(e, int) else self._frame(*e) for e in entries]

    def _frame(self, frame, line):
        code = frame.f_code
        source = linecache.getline(code.co_filename, line, frame.f_globals).strip()
        told = {"file": code.co_filename, "line": line, "name": getattr(code, "co_qualname", code.co_name),
                "source": mask(source), "locals": {}}
        values = [(n, v) for n, v in list(frame.f_locals.items()) if self._is_data(frame, n, v)]
        for name, value in values[:LOCALS]:
            told["locals"][name] = self._value(name, value)
        if len(values) > LOCALS:
            told["locals_left_out"] = len(values) - LOCALS
        return told

    def _is_data(self, frame, name, value):
        if frame.f_locals is not frame.f_globals:
            return True
        return not (name.startswith("__") or isinstance(value, (types.ModuleType, types.FunctionType, type)))

    def _value(self, name, value):
        if is_secret(name):
            return MASKED
        if time.time() > self.until:
            return "(no time left to look at it)"
        return _cut(mask(_safely(self.short.repr, value)), TEXT)


def _walk(tb):
    while tb is not None:
        yield tb
        tb = tb.tb_next


def _safely(function, value):
    try:
        return function(value)
    except BaseException as error:  # a repr is the program's code, and may do anything
        return "<%s that cannot be shown: %s>" % (type(value).__name__, type(error).__name__)


def _cut(text, length):
    return text if len(text) <= length else text[:length - 1] + "\u2026"
