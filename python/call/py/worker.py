"""Calls functions that are asked for through one pipe, and answers through another.

A request is a length in eight bytes, the most significant first, and a marshalled
tuple: (file, module, names, arguments, keywords, want). Files, modules and names say
where the function is. An argument is (True, text) for one that is to be read as Python
reads a literal, else (False, value). The answer is the token, a length and a tuple:

    ("value", type, data or None, whether it is a pickle, str or None, repr or None, JSON or None)
    ("raised", type, message, traceback)
    ("exit", code, message)     by sys.exit
    ("target", message)         there is no such function
    ("unsent", message)         the value has no such form, or none that can be sent
    ("refused", message)        this Python cannot be used

The end of the requests is the end of the process. CPython 3.6 to 3.14, standard library.
"""
import marshal
import os
import sys

_OURS = "<cantil call>"
_MARSHAL = 4  # the version of the format that every Python here writes
_VALUE, _STR, _REPR, _JSON = 1, 2, 4, 8  # what may be wanted
_LOST = 113  # the exit code when the pipe of the answers is no longer there


def serve(requests, replies, token):
    channel = Channel(requests, replies, bytes(bytearray.fromhex(token)))
    refusal = _refusal()
    if refusal:
        channel.send(("refused", refusal))
        return
    _print_by_lines()
    if sys.path and sys.path[0] == "":
        del sys.path[0]  # of -c; the target says what stands there
    while True:
        request = channel.receive()
        if request is None:
            return
        answer = _answer(*marshal.loads(request))
        _flush()
        if os.getpid() != channel.pid:
            _leave_fork(answer)
        channel.send(answer)


def _refusal():
    if sys.version_info < (3, 6):
        return "it is Python %d.%d, and CPython 3.6 or later is needed" % sys.version_info[:2]
    if sys.implementation.name != "cpython":
        return "it is %s, and CPython is needed" % sys.implementation.name
    return None


# The channel -------------------------------------------------------------


class Channel(object):
    def __init__(self, requests, replies, token):
        self.pid = os.getpid()
        self.token = token
        self.requests, self.replies = _out_of_the_way(requests), _out_of_the_way(replies)
        _after_forks(self.close)

    def receive(self):
        size = self.read(8)
        return size and self.read(int.from_bytes(size, "big"))

    def read(self, size):
        """size bytes; None at the end of the requests, or when the pipe is no more."""
        parts = []
        while size:
            try:
                part = os.read(self.requests, min(size, 1 << 20))
            except OSError:
                os._exit(_LOST)
            if not part:
                return None
            parts.append(part)
            size -= len(part)
        return b"".join(parts)

    def send(self, answer):
        try:
            data = marshal.dumps(answer, _MARSHAL)
        except ValueError:
            data = marshal.dumps(("unsent", "it is larger than 2 GiB"), _MARSHAL)
        head = self.token + bytes(bytearray((len(data) >> shift) & 255 for shift in range(56, -8, -8)))
        if len(data) < 4096:
            head, data = head + data, b""
        for part in (head, data):
            left = memoryview(part)
            while len(left):
                try:
                    left = left[os.write(self.replies, left):]
                except OSError:
                    os._exit(_LOST)

    def close(self):
        for fd in (self.requests, self.replies):
            try:
                os.close(fd)
            except OSError:
                pass


def _out_of_the_way(fd):
    """Move fd up, out of the reach of functions that close or write to low ones. The
    programs that they start do not get it."""
    try:
        import fcntl
    except ImportError:
        return fd
    highest = os.sysconf("SC_OPEN_MAX")
    if highest < 0 or highest > 4096:
        highest = 4096  # the kernel's table grows with the number
    moved = fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, max(fd + 1, highest - 64))
    os.close(fd)
    return moved


def _after_forks(close):
    """Children that the function forks do not hold the pipes."""
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=close)
        return

    def closing(fork):
        def forked():
            result = fork()
            if result == 0 or result == (0, -1):
                close()
            return result
        forked.__name__ = forked.__qualname__ = fork.__name__
        forked.__doc__ = fork.__doc__
        return forked

    for name in ("fork", "forkpty"):
        if hasattr(os, name):
            setattr(os, name, closing(getattr(os, name)))


def _leave_fork(answer):
    """The function has forked and returned in the child as well: only one of them answers."""
    code = 0
    if answer[0] == "raised":
        sys.stderr.write(answer[3])
        code = 1
    elif answer[0] == "exit":
        sys.stderr.write(answer[2] and answer[2] + "\n")
        code = answer[1]
    _flush()
    os._exit(code & 255)


# Output ------------------------------------------------------------------


def _print_by_lines():
    """Lines are seen as they are printed, as on a terminal, and are not lost by a kill."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            continue
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(line_buffering=True)
            continue
        import io
        encoding, errors = stream.encoding, stream.errors
        stream = io.TextIOWrapper(stream.detach(), encoding, errors, line_buffering=True)
        setattr(sys, name, stream)
        setattr(sys, "__%s__" % name, stream)


def _flush():
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except Exception:  # closed by the function, or somebody else's object
            pass


# The call ----------------------------------------------------------------


class NoTarget(Exception):
    pass


class NotSent(Exception):
    pass


def _answer(file, module, names, arguments, keywords, want):
    try:
        arguments = [_literal(value) if read else value for read, value in arguments]
        if file or module:
            value = _call(_find(file, module, names), arguments, keywords)
        else:
            value = arguments[0]
        return _describe(value, want)
    except NoTarget as error:
        return ("target", str(error))
    except NotSent as error:
        return ("unsent", str(error))
    except SystemExit as error:
        return _exit(error)
    except BaseException as error:
        return _raised(error)


def _call(function, arguments, keywords):
    value = function(*arguments, **keywords)
    from _collections_abc import Coroutine
    if not isinstance(value, Coroutine):
        return value
    import asyncio
    if hasattr(asyncio, "run"):
        return asyncio.run(value)
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    try:
        return loop.run_until_complete(value)
    finally:
        asyncio.set_event_loop(None)
        loop.close()


_found = {}  # by file, module and names, the functions called before


def _find(file, module, names):
    key = (file, module, names)
    if key in _found:
        return _found[key]
    function = _of_file(file) if file else _of_module(module)
    place = file or "module " + module
    for i, name in enumerate(names):
        try:
            function = getattr(function, name)
        except AttributeError:
            raise NoTarget("%s has no %s" % (place, ".".join(names[:i + 1])))
    if not callable(function):
        raise NoTarget("%s of %s cannot be called: it is a value of type %s" % (".".join(names), place, type(function).__name__))
    _found[key] = function
    return function


def _of_module(name):
    _stand_first(os.getcwd())
    try:
        __import__(name)
    except ModuleNotFoundError as error:
        if error.name and (name + ".").startswith(error.name + "."):
            raise NoTarget("there is no module %s" % error.name)
        raise
    return sys.modules[name]


def _of_file(path):
    """Import the file as a module named after it."""
    _stand_first(os.path.dirname(path))
    name = os.path.splitext(os.path.basename(path))[0]
    known = sys.modules.get(name)
    if known is not None:
        if getattr(known, "__file__", None) == path:
            return known
        name = "_called_" + name  # never in the place of a module that others use
    from importlib.machinery import SourceFileLoader
    from importlib.util import module_from_spec, spec_from_file_location
    spec = spec_from_file_location(name, path) or spec_from_file_location(name, path, loader=SourceFileLoader(name, path))
    module = sys.modules[name] = module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except BaseException:
        sys.modules.pop(name, None)
        raise
    return sys.modules[name]


def _stand_first(folder):
    """Have imports look into the folder first, as with a script or -m."""
    if folder not in sys.path and not getattr(sys.flags, "safe_path", False):
        sys.path.insert(0, folder)


def _literal(text):
    """The value of a Python literal; any other text stands for itself."""
    import ast
    import warnings
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about the escapes of what is just text
            if sys.version_info < (3, 7) and _sums(ast, text):
                return text
            return ast.literal_eval(text)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return text


def _sums(ast, text):
    """Python 3.6 takes 2024-10-11 for a sum, later ones for no literal."""
    return any(isinstance(node, ast.BinOp) and not isinstance(getattr(node.right, "n", None), complex)
               for node in ast.walk(ast.parse(text, mode="eval")))


# The answer --------------------------------------------------------------

_ATOMS = {type(None), type(Ellipsis), bool, int, float, complex, str, bytes}
_CONTAINERS = {tuple, list, dict, set, frozenset}


def _describe(value, want):
    data = _marshalled(value) if want & _VALUE else None
    pickled = want & _VALUE and data is None
    if pickled:
        data = _pickled(value)
        want |= _STR | _REPR
    return ("value", _qualified(type(value)), data, bool(pickled),
            _exactly(str(value)) if want & _STR else None,
            _exactly(repr(value)) if want & _REPR else None,
            _json(value) if want & _JSON else None)


def _qualified(kind):
    if kind.__module__ in ("builtins", "__main__"):
        return kind.__qualname__
    return "%s.%s" % (kind.__module__, kind.__qualname__)


def _exactly(text):
    return text if type(text) is str else str.__str__(text)


def _marshalled(value):
    """The value's data, or None of what is more than plain data."""
    if not _is_plain(value):
        return None
    try:
        return marshal.dumps(value, _MARSHAL)
    except ValueError:  # nested too deeply, or too large
        return None


def _pickled(value):
    import pickle
    try:
        return pickle.dumps(value, 4)
    except Exception:  # many objects cannot be pickled, each in its own way
        return None


def _is_plain(value):
    """Whether marshal keeps value as it is. Of subclasses and of what has a buffer
    (arrays, numpy's numbers) it would make something else."""
    if type(value) in _ATOMS:
        return True
    pending, seen = [value], set()
    while pending:
        container = pending.pop()
        kind = type(container)
        if kind not in _CONTAINERS:
            return False
        if id(container) in seen:
            continue
        seen.add(id(container))
        for items in (container, container.values()) if kind is dict else (container,):
            kinds = set(map(type, items)) - _ATOMS
            if not kinds:
                continue
            if not kinds <= _CONTAINERS:
                return False
            pending.extend(item for item in items if type(item) in kinds)
    return True


def _json(value):
    import json
    try:
        return json.dumps(value, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise NotSent("it has no JSON form: %s" % error)


def _exit(error):
    if error.code is None:
        return ("exit", 0, "")
    if isinstance(error.code, int):
        return ("exit", int(error.code) & 255, "")
    return ("exit", 1, _text(error.code))


def _raised(error):
    import traceback
    kind = type(error)
    lines = traceback.format_exception(kind, error, _without_us(error.__traceback__))
    return ("raised", _qualified(kind), _text(error), "".join(lines))


def _without_us(tb):
    """The traceback from the first frame on that is the program's."""
    while tb is not None and tb.tb_frame.f_code.co_filename.startswith((_OURS, "<frozen importlib")):
        tb = tb.tb_next
    return tb


def _text(thing):
    try:
        return _exactly(str(thing))
    except Exception:
        return "<unprintable %s object>" % type(thing).__name__
