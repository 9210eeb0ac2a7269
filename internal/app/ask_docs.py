"""Prints the address of the page of Python's documentation for the name that is the
first argument, with the place on the page. What exists, this Python knows by itself;
what it does not know is only on which pages the documentation has it."""
import builtins
import difflib
import importlib
import importlib.util
import inspect
import keyword
import sys

SITE = "https://docs.python.org/%d.%d/" % sys.version_info[:2]

# Modules inside packages that have a page of their own; others are on their package's.
OWN_PAGE = set("""
    collections.abc concurrent.futures concurrent.interpreters curses.ascii curses.panel email.charset
    email.contentmanager email.encoders email.errors email.generator email.header email.headerregistry
    email.iterators email.message email.mime email.parser email.policy email.utils html.entities html.parser
    http.client http.cookiejar http.cookies http.server importlib.metadata importlib.resources
    importlib.resources.abc logging.config logging.handlers multiprocessing.shared_memory os.path pathlib.types
    string.templatelib tkinter.colorchooser tkinter.dnd tkinter.font tkinter.messagebox tkinter.scrolledtext
    tkinter.tix tkinter.ttk unittest.mock urllib.error urllib.parse urllib.request urllib.robotparser xml.dom
    xml.dom.minidom xml.dom.pulldom xml.etree.ElementTree xml.sax xml.sax.handler xmlrpc.client
    xmlrpc.server""".split())

# Modules that are told of on the page of another, under their own name.
ON_PAGE = {
    "profile": "cProfile pstats", "idle": "idlelib", "2to3": "lib2to3", "turtle": "turtledemo",
    "codecs": "encodings.idna encodings.mbcs encodings.utf_8_sig", "curses": "curses.textpad",
    "dbm": "dbm.dumb dbm.gnu dbm.ndbm dbm.sqlite3", "importlib": "importlib.abc importlib.machinery importlib.util",
    "json": "json.tool", "dialog": "tkinter.commondialog tkinter.filedialog tkinter.simpledialog",
    "multiprocessing": "multiprocessing.connection multiprocessing.dummy multiprocessing.managers"
    " multiprocessing.pool multiprocessing.sharedctypes",
    "urllib.request": "urllib.response",
    "wsgiref": "wsgiref.handlers wsgiref.headers wsgiref.simple_server wsgiref.types wsgiref.util wsgiref.validate",
    "pyexpat": "xml.parsers.expat xml.parsers.expat.errors xml.parsers.expat.model",
    "xml.sax.utils": "xml.sax.saxutils", "xml.sax.reader": "xml.sax.xmlreader",
}
PAGE_OF = {module: page for page, modules in ON_PAGE.items() for module in modules.split()}

# asyncio has many pages; its names are on the one that belongs to where they are written.
ASYNCIO = {
    "events": "eventloop", "base_events": "eventloop", "locks": "sync", "tasks": "task", "timeouts": "task",
    "taskgroups": "task", "threads": "task", "coroutines": "task", "queues": "queue", "streams": "stream",
    "subprocess": "subprocess", "transports": "protocol", "protocols": "protocol", "exceptions": "exceptions",
    "futures": "future", "runners": "runner", "unix_events": "policy", "windows_events": "platforms",
}

NAMES = {  # where that is another page, or not to be seen
    "asyncio-future": "asyncio.Future asyncio.isfuture asyncio.ensure_future asyncio.wrap_future",
    "asyncio-task": "asyncio.Task asyncio.current_task asyncio.all_tasks",
    "asyncio-eventloop": "asyncio.get_event_loop asyncio.get_running_loop asyncio.set_event_loop asyncio.new_event_loop"
    " asyncio.SelectorEventLoop asyncio.ProactorEventLoop",
    "asyncio-exceptions": "asyncio.TimeoutError", "asyncio-sync": "asyncio.BrokenBarrierError",
    "asyncio-subprocess": "asyncio.subprocess",
    "logging.handlers": "logging.StreamHandler logging.FileHandler logging.NullHandler",
    "email.parser": "email.message_from_bytes email.message_from_string email.message_from_file"
    " email.message_from_binary_file",
    "email.compat32-message": "email.message.Message",
    "multiprocessing.shared_memory": "multiprocessing.managers.SharedMemoryManager",
}
PAGE_OF_NAME = {name: page for page, list_ in NAMES.items() for name in list_.split()}

STATEMENTS = {
    "reference/simple_stmts.html": "assert pass del return yield raise break continue import from global nonlocal type",
    "reference/compound_stmts.html": "if elif else while for try except finally with as def class async match case",
    "reference/expressions.html": "and or not in is lambda await",
}
CONSTANTS = "Ellipsis False None NotImplemented True __debug__ copyright credits exit license quit".split()
CONTAINERS = "bytearray bytes dict frozenset list memoryview range set str tuple".split()
PRIVATE = ["_thread", "__future__", "__main__"]  # documented all the same


def unknown(text, near=None):
    sys.stderr.write(text + (": did you mean %s?" % near[0] if near else "") + "\n")
    sys.exit(3)


def statement(name):
    for page, words in STATEMENTS.items():
        if name in words.split() and name not in dir(builtins):
            return "%s#%s" % (page, name)
    return None


def names():
    """All names that stand by themselves: for what is near a mistyping."""
    modules = getattr(sys, "stdlib_module_names", sys.builtin_module_names)
    return dir(builtins) + keyword.kwlist + [m for m in modules if not m.startswith("_")]


def module_page(name):
    """The page of a module and whether it tells of it under its name."""
    if name in PAGE_OF:
        return PAGE_OF[name], True
    if "." not in name or name in OWN_PAGE:
        return name.lower(), True
    return module_page(name.rpartition(".")[0])[0], False


def standard(name):
    """Whether the top of a module's name is of the standard library."""
    top = name.partition(".")[0]
    if hasattr(sys, "stdlib_module_names"):
        return top in sys.stdlib_module_names
    if top in sys.builtin_module_names:
        return True
    spec = importlib.util.find_spec(top)
    home = inspect.getsourcefile(inspect).rpartition("inspect")[0]
    return bool(spec and spec.origin and (spec.origin in ("frozen", "built-in") or (
        spec.origin.startswith(home) and "site-packages" not in spec.origin and "dist-packages" not in spec.origin)))


def is_module(name):
    try:
        return importlib.util.find_spec(name) is not None
    except (ImportError, ValueError, AttributeError):
        return name in sys.modules


def attribute(owner, owner_name, part):
    try:
        return inspect.getattr_static(owner, part) if isinstance(owner, type) else getattr(owner, part)
    except AttributeError:
        near = difflib.get_close_matches(part, dir(owner), 1)
        only = " itself; its objects may" if isinstance(owner, type) else ""
        unknown("%s has no %r%s in Python %d.%d" % ((owner_name, part, only) + sys.version_info[:2]),
                [owner_name + "." + n for n in near])


def defining(owner, owner_name, part):
    """The class that has the method, where that is a public one of the same module."""
    for c in owner.__mro__:
        if part in vars(c):
            if c.__module__ == "builtins":
                return c.__name__, True
            if c.__module__ == owner.__module__ and not c.__name__.startswith("_"):
                return owner_name[:len(owner_name) - len(owner.__qualname__)] + c.__qualname__, False
            break
    return owner_name, False


def builtin_page(value, path):
    top = path.split(".")[0]
    if "." in path and path.split(".")[1].startswith("__"):
        return "reference/datamodel.html#object." + path.split(".")[1]
    if top in CONSTANTS:
        page = "constants"
    elif isinstance(value, type) and issubclass(value, BaseException):
        page = "exceptions"
    elif "." in path or top in CONTAINERS:
        page = "stdtypes"
    else:
        page = "functions"
    return "library/%s.html#%s" % (page, path.lstrip("_"))


def of_builtin(parts):
    top = value = getattr(builtins, parts[0])
    path = parts[0]
    for part in parts[1:]:
        owner, value = value, attribute(value, path, part)
        if isinstance(owner, type):
            path = defining(owner, path, part)[0]
            top = getattr(builtins, path, top)
        path += "." + part
    return builtin_page(top, path)


def of_module(module, rest):
    page, told = module_page(module)
    if not rest:
        return "library/%s.html" % page + ("#module-" + module.lstrip("_") if told else "")
    try:
        value = importlib.import_module(module)
    except ImportError as e:
        unknown("module %s cannot be imported here: %s" % (module, e))
    path = module
    public, _, inner = module.rpartition(".")
    if not told and public and getattr(importlib.import_module(public), rest[0], None) is getattr(value, rest[0], value):
        return of_module(public, rest)
    first = attribute(value, path, rest[0])
    for part in rest:
        owner, value = value, attribute(value, path, part)
        if isinstance(owner, type):
            path, from_builtin = defining(owner, path, part)
            if from_builtin:
                return of_builtin([path, part])
        path += "." + part
    top = module + "." + rest[0]
    if top in PAGE_OF_NAME or module in PAGE_OF_NAME:
        page = PAGE_OF_NAME.get(top) or PAGE_OF_NAME[module]
    elif module == "asyncio" and rest[0].endswith(("Policy", "policy", "Watcher", "watcher")):
        page = "asyncio-policy"
    elif module == "asyncio":
        written = getattr(first, "__module__", "").split(".")
        if written[0] == "asyncio" and written[-1] in ASYNCIO:
            page = "asyncio-" + ASYNCIO[written[-1]]
    return "library/%s.html#%s" % (page, path.lstrip("_"))


def find(name):
    parts = name.split(".")
    if "" in parts:
        unknown("%r is no name" % name)
    if statement(name):
        return statement(name)
    if hasattr(builtins, parts[0]):
        return of_builtin(parts)
    if not is_module(parts[0]):
        unknown("Python %d.%d has no %r" % (sys.version_info[:2] + (parts[0],)), difflib.get_close_matches(parts[0], names(), 1))
    if not standard(parts[0]):
        unknown("%s is not of Python's own library" % parts[0])
    if parts[0].startswith("_") and parts[0] not in PRIVATE:
        unknown("%s is a module for Python's own use, without documentation" % parts[0])
    end = 1
    importlib.import_module("os")  # os.path is there only with it
    while end < len(parts) and is_module(".".join(parts[:end + 1])):
        end += 1
    return of_module(".".join(parts[:end]), parts[end:])


print(SITE + find(sys.argv[1]))
