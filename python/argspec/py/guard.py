"""Tells from the syntax trees whether a program could parse a command line at all, so that others are not started."""
import ast
import os
import sys

_PARSERS = {"argparse", "click", "typer", "configargparse", "jsonargparse", "simple_parsing", "tap", "argcomplete"}
_MAX_FILES = 300     # modules of the project that are looked at
_MAX_BYTES = 2 << 20  # of a source file


def imports_a_parser(kind, program):
    """The parsers that the program and its own modules import, a set; None where that cannot be told, as of a zip file."""
    first = _module_file(program.split(".")) if kind == "-m" else _script_file(program)
    if first is None:
        return None
    folders = list(_folders("-packages" + os.sep in first))
    found, seen, pending = set(), set(), [first]
    while pending and len(seen) < _MAX_FILES:
        path = pending.pop()
        if path in seen:
            continue
        seen.add(path)
        for names, level in _imports(path):
            found.update(_PARSERS & {names[0]} if names else ())
            pending += _files_of(path, names, level, folders)
    return found


def _script_file(path):
    if os.path.isdir(path):
        path = os.path.join(path, "__main__.py")
    try:
        with open(path, "rb") as f:
            return None if f.read(2) == b"PK" or path.endswith(".pyc") else path
    except OSError:
        return None


def _imports(path):
    """(names of the dotted path, level) of each import; an import of a name from a package counts as one of a module."""
    try:
        with open(path, "rb") as f:
            tree = ast.parse(f.read(_MAX_BYTES))
    except (OSError, SyntaxError, ValueError, RecursionError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for a in node.names:
                yield a.name.split("."), 0
        elif isinstance(node, ast.ImportFrom):
            base = node.module.split(".") if node.module else []
            for a in node.names:
                yield base + [a.name], node.level
        elif isinstance(node, ast.Call) and node.args and isinstance(getattr(node.args[0], "s", None), str) and _is_import(node.func):
            yield node.args[0].s.split("."), 0


def _is_import(f):
    return getattr(f, "attr", getattr(f, "id", "")) in ("import_module", "__import__", "run_module", "run_path")


def _files_of(importer, names, level, folders):
    """The files that an import may load, from the folders or the importer's own."""
    if level:
        folder = os.path.dirname(importer)
        for _ in range(level - 1):
            folder = os.path.dirname(folder)
        return _files_below(folder, names)
    files = []
    for folder in folders:
        files += _files_below(folder, names)
    return files


def _folders(installed):
    """Where modules are looked for: those of the project, and for a program that is installed the other packages, too."""
    library = os.path.dirname(os.path.abspath(os.__file__))
    for folder in sys.path:
        folder = os.path.abspath(folder)
        packages = folder.endswith("-packages")
        if packages and installed or not packages and folder != library and not folder.startswith(library + os.sep):
            yield folder


def _files_below(folder, names):
    """Of a.b.c: a.py, a/__init__.py, a/b.py and so on, those that are there."""
    files = [os.path.join(folder, "__init__.py")]
    for i in range(1, len(names) + 1):
        base = os.path.join(folder, *names[:i])
        files += [base + ".py", os.path.join(base, "__init__.py")]
    return [f for f in files if os.path.isfile(f)]


def _module_file(names):
    """The file of -m MODULE, if it is one of the project."""
    for folder in sys.path:
        base = os.path.join(os.path.abspath(folder), *names)
        for path in (os.path.join(base, "__main__.py"), base + ".py"):
            if os.path.isfile(path):
                return path
    return None
