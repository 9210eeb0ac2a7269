"""Times functions of the program by wrapping them where they are defined.

Each call is a line of JSON in the run's timings.jsonl: the first FIRST calls of a function
as they end, then at the end of the program the sum of all. A function of __main__ is
decorated in its syntax tree, before it is compiled; one of another module is replaced
in the module once that has been imported.
"""
import ast
import builtins
import functools
import inspect
import os
import runpy
import sys
import time

FIRST = 10  # calls of one function that are told one by one
_DECORATOR = "__cantil_timed__"
_open, _write, _close = os.open, os.write, os.close  # these may be timed too


def watch(targets, folder):
    """Time the functions named "module:qualname"; returns what must be told at the end."""
    if not targets:
        return None
    timer = Timer(os.path.join(folder, "timings.jsonl"))
    in_main, elsewhere = [], {}
    for target in targets:
        module, _, name = target.rpartition(":")
        if module in ("", "__main__"):
            in_main.append(name)
        else:
            elsewhere.setdefault(module, []).append(name)
    timer.missing.update("__main__:" + name for name in in_main)
    timer.missing.update(module + ":" + name for module, names in elsewhere.items() for name in names)
    _time_main(timer, in_main)
    for module in [m for m in elsewhere if m in sys.modules]:
        _time_module(timer, sys.modules[module], elsewhere.pop(module))
    if elsewhere:
        sys.meta_path.insert(0, _Finder(timer, elsewhere))
    return timer


class Timer(object):
    def __init__(self, path):
        self.path = path
        self.pid = os.getpid()
        self.calls = {}       # name -> [count, total, least, most]
        self.missing = set()  # of the functions asked for, those not seen yet
        self.told = False

    def wrap(self, function, target):
        """The function with its calls timed; of a generator its whole run, of a coroutine too."""
        self.missing.discard(target)
        name, clock, done = function.__name__, time.perf_counter, self._done
        if inspect.isgeneratorfunction(function):
            def timed(*args, **kwargs):
                began = clock()
                try:
                    return (yield from function(*args, **kwargs))
                finally:
                    done(name, target, clock() - began)
        elif inspect.iscoroutinefunction(function):
            timed = _timed_coroutine(function, lambda seconds: done(name, target, seconds))
        else:
            def timed(*args, **kwargs):
                began = clock()
                try:
                    return function(*args, **kwargs)
                finally:
                    done(name, target, clock() - began)
        return functools.wraps(function)(timed)

    def _done(self, name, target, seconds):
        seen = self.calls.get(target)
        if seen is None:
            seen = self.calls[target] = [0, 0.0, seconds, seconds]
        seen[0] += 1
        seen[1] += seconds
        seen[2], seen[3] = min(seen[2], seconds), max(seen[3], seconds)
        if seen[0] <= FIRST:
            self._tell('"finished": "%s", "seconds": %r', name, seconds)

    def summarise(self):
        if self.told or os.getpid() != self.pid:
            return
        self.told = True
        for target, (count, total, least, most) in sorted(self.calls.items()):
            self._tell('"function": "%s", "calls": %d, "total": %r, "least": %r, "most": %r', target, count, total, least, most)
        for target in sorted(self.missing):
            self._tell('"missing": "%s"', target)

    def _tell(self, what, *args):
        # Names of functions need no quoting; json may be among what is timed.
        line = ("{" + what % args + "}\n").encode("utf-8", "replace")
        try:
            fd = _open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                _write(fd, line)
            finally:
                _close(fd)
        except OSError:
            pass  # a full disk is not the program's problem


def _timed_coroutine(function, done):
    async def timed(*args, **kwargs):
        began = time.perf_counter()
        try:
            return await function(*args, **kwargs)
        finally:
            done(time.perf_counter() - began)
    return timed


# __main__ ------------------------------------------------------------------


def _time_main(timer, names):
    if not names:
        return
    setattr(builtins, _DECORATOR, lambda target: lambda function: timer.wrap(function, target))
    real_compile, real_details = builtins.compile, runpy._get_module_details

    def details(*args, **kwargs):  # of python -m, folders and zip files
        name, spec, code = real_details(*args, **kwargs)
        source = spec.loader.get_source(name) if hasattr(spec.loader, "get_source") else None
        if source is not None:
            code = real_compile(_decorated(source, code.co_filename, names), code.co_filename, "exec", dont_inherit=True)
        return name, spec, code
    runpy._get_module_details = details

    def compile_main(source, path, *args, **kwargs):
        tree = _decorated(source, path, names)
        return real_compile(tree, path, *args, **kwargs)
    sys.modules["_cantil_program"].compile_source = compile_main


def _decorated(source, path, names):
    tree = ast.parse(source, path)
    _decorate(tree, "", set(names))
    return tree


def _decorate(node, prefix, names):
    for child in ast.iter_child_nodes(node):
        inner = prefix
        if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            inner = prefix + child.name + "."
            if inner[:-1] in names and not isinstance(child, ast.ClassDef):
                child.decorator_list.append(_decorator("__main__:" + inner[:-1], child))
        _decorate(child, inner, names)


def _decorator(target, at):
    call = ast.parse("%s(%r)" % (_DECORATOR, target), mode="eval").body
    for node in ast.walk(call):
        ast.copy_location(node, at)
    return call


# Other modules -------------------------------------------------------------


def _time_module(timer, module, names):
    for name in names:
        holder, _, last = name.rpartition(".")
        try:
            at = module
            for part in holder.split(".") if holder else []:
                at = getattr(at, part)
            found = vars(at)[last]
            target = module.__name__ + ":" + name
            if isinstance(found, (staticmethod, classmethod)):
                setattr(at, last, type(found)(timer.wrap(found.__func__, target)))
            else:
                setattr(at, last, timer.wrap(found, target))
        except (AttributeError, KeyError, TypeError):
            pass  # stays among the missing, which the end tells


class _Finder(object):
    """Finds nothing itself, but has the modules that are found patched after their import."""

    def __init__(self, timer, wanted):
        self.timer, self.wanted = timer, wanted

    def find_spec(self, name, path=None, target=None):
        names = self.wanted.pop(name, None)
        if names is None:
            return None
        for finder in sys.meta_path:
            find = getattr(finder, "find_spec", None)
            spec = find(name, path, target) if finder is not self and find else None
            if spec is not None:
                if hasattr(spec.loader, "exec_module"):
                    self._patch_after(spec.loader, names)
                return spec
        return None

    def _patch_after(self, loader, names):
        real = loader.exec_module

        def exec_module(module):
            real(module)
            _time_module(self.timer, module, names)
        loader.exec_module = exec_module
