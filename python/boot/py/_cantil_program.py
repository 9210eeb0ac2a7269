"""Makes a program the true __main__, with nothing of cantil's in sight.

Everything the program can look at is what `python SCRIPT` or `python -m MODULE`
would have given it: __main__ and its attributes, sys.argv, sys.path, tracebacks.
"""
import os
import sys
import types

_HERE = os.path.dirname(os.path.abspath(__file__))

compile_source = compile  # of the script; the timing of its functions puts its own here


def prepared(kind, program, args, start_plainly):
    """A function that runs the program, from the start of it to its end.

    kind is "-m" for a module, else "--". start_plainly must replace this process by Python
    itself: it is called where the program cannot be compiled, which Python tells best.
    """
    _be_started_plainly(kind, program, args)
    return _module_starter(program) if kind == "-m" else _path_starter(program, start_plainly)


def _be_started_plainly(kind, program, args):
    """sys.argv, sys.orig_argv and sys.path[0] as Python itself sets them."""
    sys.argv[:] = ["-m" if kind == "-m" else program] + args
    if hasattr(sys, "orig_argv"):
        sys.orig_argv[:] = [sys.orig_argv[0]] + (["-m"] if kind == "-m" else []) + [program] + args
    sys.path[:] = [p for p in sys.path if os.path.abspath(p or ".") != _HERE]
    if getattr(sys.flags, "safe_path", False):
        return
    if kind == "-m":
        sys.path.insert(0, os.getcwd() if sys.version_info >= (3, 7) else "")
    elif _importer(program):
        sys.path.insert(0, os.path.abspath(program) if sys.version_info >= (3, 9) else program)
    else:
        sys.path.insert(0, os.path.dirname(os.path.realpath(program)))


def _importer(path):
    """The importer of a folder or zip that holds a __main__, or None for a script."""
    if path.endswith((".py", ".pyc")) and os.path.isfile(path):
        return None
    for hook in sys.path_hooks:
        try:
            return hook(path)
        except ImportError:
            pass
    return None


def _module_starter(name):
    import runpy
    _new_main()

    def start():
        runpy._run_module_as_main(name)
    return start


def _path_starter(path, start_plainly):
    if _importer(path):
        import runpy
        _new_main()

        def start():
            runpy._run_module_as_main("__main__", False)
        return start
    if sys.version_info >= (3, 9):
        path = os.path.join(os.getcwd(), path)  # Python does not normalise it either
    main = _new_main()
    main.__file__, main.__cached__ = path, None
    main.__loader__, load = _loader(path)
    namespace = main.__dict__
    try:
        code = load()
    except (SyntaxError, ValueError, EOFError):
        start_plainly()
        raise

    def start():
        exec(code, namespace)
    return start


def _loader(path):
    """The loader Python gives a script, and what reads and compiles its code."""
    from importlib.machinery import SourceFileLoader, SourcelessFileLoader
    if path.endswith(".pyc"):
        loader = SourcelessFileLoader("__main__", path)
        return loader, lambda: loader.get_code("__main__")

    def load():
        with open(path, "rb") as f:
            return compile_source(f.read(), path, "exec", dont_inherit=True)
    return SourceFileLoader("__main__", path), load


def _new_main():
    import builtins
    main = types.ModuleType("__main__")
    if sys.version_info < (3, 14):
        main.__annotations__ = {}
    main.__builtins__ = builtins
    _new_main.kept = sys.modules["__main__"]  # its globals are cleared if it dies
    sys.modules["__main__"] = main
    return main


def show_without_us():
    """Let Python report the error being handled as ever, but with no frame of cantil's."""
    shown_by = sys.excepthook

    def hook(kind, error, tb):
        sys.excepthook = shown_by
        seen = set()
        pending = [error]
        while pending:
            e = pending.pop()
            if e is None or id(e) in seen:
                continue
            seen.add(id(e))
            e.__traceback__ = strip(e.__traceback__)
            pending += [e.__cause__, e.__context__]
        sys.last_traceback = error.__traceback__
        shown_by(kind, error, error.__traceback__)
    sys.excepthook = hook


def _ours(tb):
    return os.path.dirname(tb.tb_frame.f_code.co_filename) == _HERE


def strip(tb):
    while tb is not None and _ours(tb):
        tb = tb.tb_next
    if sys.version_info >= (3, 7):  # tb_next can be set from 3.7 on
        at = tb
        while at is not None:
            while at.tb_next is not None and _ours(at.tb_next):
                at.tb_next = at.tb_next.tb_next
            at = at.tb_next
    return tb
