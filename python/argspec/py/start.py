"""Starts a program and stops it where it would parse its command line. Runs on CPython 3.6 to 3.14.

The command line is one JSON object; the answer goes to the file that it names. What the answer is not: the program
parses nothing, fails before, or is refused; then "problem" says which, in words.
"""
import json
import os
import sys

asked = json.loads(sys.argv[1])
sys.dont_write_bytecode = True
if sys.path[0] == "":  # of python -c
    del sys.path[0]
sys.path.insert(0, asked["boot"])
import _cantil_program  # noqa: E402

import argparse  # noqa: E402

_ENTRIES = ("parse_args", "parse_known_args", "parse_intermixed_args", "parse_known_intermixed_args", "print_help", "print_usage", "error")
_state = {"inside": False, "first": bool(asked["two_stage"])}
_originals = {}


class _Argv(list):
    """sys.argv, which marks what is taken from its second item on."""

    def __getitem__(self, key):
        got = list.__getitem__(self, key)
        if isinstance(key, slice) and key.start == 1 and key.stop is None and key.step in (None, 1):
            got = _Rest(got)
        return got


class _Rest(list):
    pass


def _answer(answer):
    """Writes the answer and ends the process here, whatever the program has in mind."""
    answer["python"] = "%d.%d.%d" % sys.version_info[:3]
    text = json.dumps(answer).replace(json.dumps(asked["elsewhere"])[1:-1], ".")  # a default that is the current folder
    with open(asked["answer"], "w", encoding="ascii") as f:
        f.write(text)
    os._exit(0)


def _problem(kind, text):
    _answer({"problem": {"kind": kind, "text": text}})


def _from_argv(args, namespace):
    """Whether what is parsed is exactly the program's own arguments."""
    untouched = sys.argv is _argv and list(sys.argv)[1:] == asked["args"]
    return namespace is None and untouched and (args is None or type(args) is _Rest)


def _hook(name):
    original = getattr(argparse.ArgumentParser, name, None)
    if original is None:
        return
    _originals[name] = original

    def hooked(self, *args, **kwargs):
        if _state["inside"]:
            return original(self, *args, **kwargs)
        if _state["first"] and name.startswith("parse_known"):
            _state["first"], _state["inside"] = False, True
            try:
                return original(self, *args, **kwargs)
            finally:
                _state["inside"] = False
        _state["inside"] = True
        if asked["mode"] == "check":
            _check(lambda: original(self, *args, **kwargs))
        given = dict(zip(("args", "namespace"), args), **kwargs)
        parses = name.startswith("parse_")
        describer = Describer(_originals)
        _answer({
            "format": 1, "kind": "argparse", "entry": name, "two_stage": asked["two_stage"],
            "own_arguments": parses and _from_argv(given.get("args"), given.get("namespace")),
            "argparse": describer.fingerprint(), "parser": describer.parser(self), "files": program_files(asked["file"]),
        })
    hooked.__name__, hooked.__qualname__ = original.__name__, original.__qualname__
    setattr(argparse.ArgumentParser, name, hooked)


def _check(parse):
    """Lets the program's own parser parse, with its output caught."""
    import io
    os.chdir(asked["folder"])
    _open_nothing_for_writing()
    sys.stdout.flush()
    sys.stdout, sys.stderr = io.StringIO(), io.StringIO()
    answer = {"code": 0}
    try:
        parse()
    except SystemExit as e:
        if isinstance(e.code, str):
            sys.stderr.write(e.code + "\n")
        answer["code"] = 0 if e.code is None else e.code & 255 if isinstance(e.code, int) else 1
        answer["ended"] = True
    except BaseException as e:
        import traceback
        answer["code"], answer["uncaught"] = 1, "".join(traceback.format_exception_only(type(e), e)).strip()
    answer["stdout"], answer["stderr"] = _plain(sys.stdout), _plain(sys.stderr)
    _answer(answer)


def _plain(stream):
    return stream.getvalue().encode("utf-8", "backslashreplace").decode("utf-8")


def _open_nothing_for_writing():
    """FileType opens files; here those that would be written to are only looked at."""
    opens = argparse.FileType.__call__

    def called(self, string):
        if string == "-" or not set(self._mode) & set("wax+"):
            return opens(self, string)
        try:
            _could_write(string, "x" in self._mode)
        except OSError as e:
            text = "can't open '%s': %s" if sys.version_info < (3, 8) else "can't open '%(filename)s': %(error)s"
            raise argparse.ArgumentTypeError(argparse._(text) % ((string, e) if sys.version_info < (3, 8) else {"filename": string, "error": e}))
        return open(os.devnull, self._mode.replace("x", "w"))
    argparse.FileType.__call__ = called


def _could_write(path, exclusive):
    """The error that opening the file for writing would have, without making or emptying it."""
    import errno

    def fail(code):
        raise OSError(code, os.strerror(code), path)
    if os.path.lexists(path):
        if exclusive:
            fail(errno.EEXIST)
        os.close(os.open(path, os.O_WRONLY))
        return
    folder = os.path.dirname(path) or "."
    if not path:
        fail(errno.ENOENT)
    if not os.path.isdir(folder):
        fail(errno.ENOTDIR if os.path.exists(folder) else errno.ENOENT)
    if not os.access(folder, os.W_OK | os.X_OK):
        fail(errno.EACCES)


def _run():
    start = _cantil_program.prepared(asked["module"] and "-m" or "--", asked["program"], asked["args"], lambda: None)
    sys.path[:] = [os.path.abspath(p) for p in sys.path]  # for we go elsewhere
    parsers = imports_a_parser(asked["module"] and "-m" or "--", asked["program"])
    if parsers is not None and not parsers:
        _problem("none", "neither it nor the modules beside it import argparse, click or typer, so it was not started")
    if parsers is None or parsers & {"click", "typer"}:
        hook_click()
    asked["file"] = getattr(sys.modules["__main__"], "__file__", None) or (os.path.abspath(asked["program"]) if not asked["module"] else None)
    if asked["file"]:
        asked["file"] = os.path.abspath(asked["file"])
    os.chdir(asked["elsewhere"])
    start()


for _name in _ENTRIES:
    _hook(_name)
try:
    os.chdir(asked["folder"])
    _argv = _Argv(sys.argv)
    sys.argv = _argv
    _run()
    _problem("none", "it ended without parsing a command line")
except SystemExit as e:
    _problem("ended", "it ended, with %r, before it parsed a command line" % (e.code,))
except BaseException as e:
    import traceback
    _problem("failed", "".join(traceback.format_exception_only(type(e), e)).strip())
