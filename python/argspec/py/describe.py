"""Describes an argparse parser as data. See docs/formats/argspec.md."""
import argparse
import hashlib
import os
import sys

_MAX_PARSERS = 2000   # nobody reads more, and a parser may make its sub-parsers as it is asked for them
_MAX_DEPTH = 20       # of sub-parsers within sub-parsers
_MAX_ITEMS = 1000     # of choices and of default lists; a range may be endless
_MAX_TEXT = 20000     # characters of a help, or of a repr
_SAMPLES = (80, 40, 9999)  # columns at which Python formats the usage itself

# The functions whose code decides how arguments are parsed and what is said of them.
_PARSING = [
    ("ArgumentParser", "parse_args parse_known_args _parse_known_args2 _parse_known_args _read_args_from_files convert_arg_line_to_args"
     " _match_argument _match_arguments_partial _parse_optional _get_option_tuples _get_nargs_pattern _get_values _get_value _check_value"
     " format_usage print_usage _print_message exit error _warning _get_optional_actions _get_positional_actions _registry_get"),
    ("HelpFormatter", "add_usage format_help _format_usage _join_parts"),
    ("ArgumentError", "__init__ __str__"),
    ("_StoreAction", "__call__"), ("_StoreConstAction", "__call__"), ("_AppendAction", "__call__"),
    ("_AppendConstAction", "__call__"), ("_CountAction", "__call__"), ("_SubParsersAction", "__call__"),
    ("_ExtendAction", "__call__"), ("BooleanOptionalAction", "__call__"),
]
_STANDARD_ACTIONS = {
    "_StoreAction": "store", "_StoreConstAction": "store_const", "_StoreTrueAction": "store_true", "_StoreFalseAction": "store_false",
    "_AppendAction": "append", "_AppendConstAction": "append_const", "_CountAction": "count", "_HelpAction": "help",
    "_VersionAction": "version", "_SubParsersAction": "parsers", "_ExtendAction": "extend", "BooleanOptionalAction": "boolean_optional",
}
_STANDARD_FORMATTERS = ("HelpFormatter", "RawDescriptionHelpFormatter", "RawTextHelpFormatter", "ArgumentDefaultsHelpFormatter",
                        "MetavarTypeHelpFormatter")
_TYPES = {str: "str", int: "int", float: "float", bool: "bool"}


def _consts(code):
    for c in code.co_consts:
        if hasattr(c, "co_code"):
            yield from _code(c)
        elif isinstance(c, (frozenset, set)):
            yield repr(sorted(map(repr, c)))
        else:
            yield repr(c)


def _code(code):
    yield code.co_code.hex()
    yield repr((code.co_names, code.co_varnames, code.co_freevars))
    yield from _consts(code)


class Describer:
    """Describes the parsers of one program. originals are the functions that hooks have replaced."""

    def __init__(self, originals):
        self._originals = originals
        self._count = 0
        self._ids = {}
        self._kept = []  # so that an id stays that of one object

    def fingerprint(self):
        digest = hashlib.sha256()
        for cls, names in _PARSING:
            for name in names.split():
                f = self._function(getattr(argparse, cls, None), name)
                digest.update(("%s.%s\n" % (cls, name)).encode())
                for text in _code(f.__code__) if hasattr(f, "__code__") else ["none"]:
                    digest.update(text.encode("utf-8", "surrogatepass") + b"\n")
        digest.update(argparse._("usage: ").encode() + argparse._("unrecognized arguments: %s").encode())  # may be translated
        return digest.hexdigest()[:16]

    def _function(self, cls, name):
        if cls is argparse.ArgumentParser and name in self._originals:
            return self._originals[name]
        return getattr(cls, name, None)

    def parser(self, p, depth=0):
        self._count += 1
        if depth > _MAX_DEPTH or self._count > _MAX_PARSERS:
            raise ValueError("the program has too many sub-parsers to describe")
        index = {id(a): i for i, a in enumerate(p._actions)}
        return {
            "prog": p.prog, "usage": _text(p.usage), "description": _text(p.description), "epilog": _text(p.epilog),
            "prefix_chars": p.prefix_chars, "fromfile_prefix_chars": p.fromfile_prefix_chars, "add_help": p.add_help,
            "allow_abbrev": getattr(p, "allow_abbrev", True), "exit_on_error": getattr(p, "exit_on_error", True),
            "suggest_on_error": bool(getattr(p, "suggest_on_error", False)),
            "conflict_handler": p.conflict_handler, "argument_default": self.value(p.argument_default),
            "negative_options": bool(p._has_negative_number_optionals),
            "formatter": _formatter(p), "own_methods": self._own_methods(p), "usage_parts": _usage_parts(p),
            "actions": [self._action(a, p, depth) for a in p._actions],
            "options": [[s, index[id(a)]] for s, a in p._option_string_actions.items() if id(a) in index],
            "groups": [{"title": _text(g.title), "description": _text(g.description), "actions": [index[id(a)] for a in g._group_actions if id(a) in index]}
                       for g in p._action_groups],
            "exclusive": [{"required": bool(g.required), "group": _container(p, g), "actions": [index[id(a)] for a in g._group_actions if id(a) in index]}
                          for g in p._mutually_exclusive_groups],
            "defaults": [{"name": k, "value": self.value(v)} for k, v in p._defaults.items()],
        }

    def _own_methods(self, p):
        """The methods that decide what is parsed or said and are not argparse's."""
        names = _PARSING[0][1].split() + ["print_help", "format_help", "_get_formatter"]
        base = argparse.ArgumentParser
        return [n for n in names if n in vars(p) or getattr(type(p), n, None) is not getattr(base, n, None)]

    def _action(self, a, p, depth):
        cls = type(a)
        known = _STANDARD_ACTIONS.get(cls.__name__) if getattr(argparse, cls.__name__, None) is cls else None
        d = {
            "kind": known or "custom", "class": cls.__name__, "option_strings": list(a.option_strings), "dest": _dest(a.dest),
            "nargs": a.nargs if a.nargs is None or isinstance(a.nargs, (int, str)) else repr(a.nargs),
            "const": self.value(a.const), "default": self.value(a.default), "type": _type(a, p), "choices": self._choices(a),
            "required": bool(a.required), "help": _text(a.help), "hidden": a.help is argparse.SUPPRESS, "metavar": _metavar(a.metavar),
            "deprecated": bool(getattr(a, "deprecated", False)),
        }
        if not known:
            d["base"] = next((_STANDARD_ACTIONS[b.__name__] for b in cls.__mro__ if getattr(argparse, b.__name__, None) is b and b.__name__ in _STANDARD_ACTIONS), None)
        if isinstance(a, argparse._VersionAction):
            d["version"] = _text(a.version)
        if isinstance(a, argparse._SubParsersAction):
            d["parsers"] = self._parsers(a, depth)
        return d

    def _parsers(self, a, depth):
        helps = {c.dest: _text(c.help) for c in a._choices_actions}
        hidden = {c.dest for c in a._choices_actions if c.help is argparse.SUPPRESS}
        found = {}
        for name, p in a._name_parser_map.items():
            if id(p) in found:
                found[id(p)]["aliases"].append(name)
                continue
            found[id(p)] = {"name": name, "aliases": [], "listed": name in helps, "help": helps.get(name), "hidden": name in hidden,
                            "deprecated": name in getattr(a, "_deprecated", ()), "parser": self.parser(p, depth + 1)}
        return list(found.values())

    def _choices(self, a):
        c = a.choices
        if c is None:
            return None
        kind = "str" if isinstance(c, str) else type(c).__name__
        try:
            if len(c) > _MAX_ITEMS:
                return {"kind": kind, "complete": False, "values": []}
            return {"kind": kind, "complete": True, "values": [self.value(v) for v in c]}
        except Exception:
            return {"kind": kind, "complete": False, "values": []}

    def value(self, v, depth=0):
        kind = type(v).__name__
        if v is argparse.SUPPRESS:
            return {"kind": "suppress"}
        if v is None:
            return {"kind": "none"}
        d = {"kind": kind if type(v) in (bool, int, float, str) else "other"}
        if depth == 0:
            d["id"] = self._identity(v)
        if d["kind"] == "str":
            d["text"] = v
        elif type(v) in (list, tuple) and len(v) <= _MAX_ITEMS and depth < 4:
            d["kind"], d["items"] = kind, [self.value(i, depth + 1) for i in v]
        elif d["kind"] == "other":
            d["class"] = kind
            d["text"], name = _shown(str, v), getattr(v, "__name__", None)
            if isinstance(name, str):
                d["name"] = name
        d["repr"] = _shown(repr, v)
        return d

    def _identity(self, v):
        self._kept.append(v)
        return self._ids.setdefault(id(v), len(self._ids) + 1)


def _shown(how, v):
    try:
        return how(v)[:_MAX_TEXT]
    except Exception as e:
        return "<%s that cannot be shown: %s>" % (type(v).__name__, type(e).__name__)


def _text(t):
    return None if t is None else str(t)[:_MAX_TEXT]


def _dest(d):
    return None if d is None else str(d)


def _metavar(m):
    return None if m is None else list(map(str, m)) if isinstance(m, tuple) else str(m)


def _type(a, p):
    """name is what messages call it; builtin what is known of how it converts."""
    if a.type is None:
        function = p._registry_get("type", None, None)
        ours = getattr(function, "__module__", None) == "argparse" and getattr(function, "__name__", "").endswith("identity")
        return {"name": None, "builtin": "str" if ours else ""}
    function = p._registry_get("type", a.type, a.type)
    try:
        builtin = _TYPES.get(function, "")
    except TypeError:
        builtin = ""
    if getattr(function, "__module__", "").startswith("pathlib") and isinstance(function, type) and function.__name__.endswith("Path"):
        builtin = "path"
    if isinstance(function, argparse.FileType):
        builtin = "file"
    return {"name": getattr(a.type, "__name__", _shown(repr, a.type)), "builtin": builtin, "named": hasattr(a.type, "__name__")}


def _container(p, g):
    """The number of the titled group that an exclusive group was made in, or None."""
    for i, titled in enumerate(p._action_groups):
        if getattr(g, "_container", None) is titled:
            return i
    return None


def _formatter(p):
    with _columns(80):
        wide = p._get_formatter()
    with _columns(50):
        narrow = p._get_formatter()
    cls = type(wide)
    bases = [b.__name__ for b in cls.__mro__ if b.__name__ in _STANDARD_FORMATTERS and getattr(argparse, b.__name__) is b]
    own = [b for b in cls.__mro__ if b is not object and b.__name__ not in bases and set(vars(b)) - {"__module__", "__doc__", "__qualname__",
           "__firstlineno__", "__static_attributes__", "__dict__", "__weakref__"}]
    return {"bases": bases, "custom": bool(own), "width": wide._width if wide._width == narrow._width else None,
            "max_help_position": wide._max_help_position, "indent_increment": wide._indent_increment}


class _columns:
    def __init__(self, n):
        self._n = str(n)

    def __enter__(self):
        self._was = os.environ.get("COLUMNS")
        os.environ["COLUMNS"] = self._n

    def __exit__(self, *_):
        if self._was is None:
            del os.environ["COLUMNS"]
        else:
            os.environ["COLUMNS"] = self._was


def _usage_parts(p):
    """The pieces that the usage is wrapped from, and how Python wraps it at two widths; None where it cannot be had."""
    try:
        parts = {"samples": [[n, _usage_at(p, n)] for n in _SAMPLES]}
        if p.usage is None:
            everything = _pieces(p, p._actions)
            first = _optional_pieces(p)
            parts["optionals"], parts["positionals"] = everything[:first], everything[first:]
        return parts
    except Exception:
        return None


def _usage_at(p, columns):
    with _columns(columns):
        return p.format_usage()


def _optional_pieces(p):
    """How many pieces are of options. An exclusive group with a positional counts as one of these since 3.14, which tells."""
    told = getattr(p._get_formatter(), "_get_actions_usage_parts", None)
    parts = told and told(p._actions, p._mutually_exclusive_groups)
    if isinstance(parts, tuple):
        return parts[1]
    return len(_pieces(p, p._get_optional_actions()))


def _pieces(p, actions):
    """At a width of 1 each piece stands on a line of its own, below the program's name."""
    formatter = p._get_formatter()
    formatter._width = 1
    formatter._prog = "p" * 99
    formatter.add_usage(None, actions, p._mutually_exclusive_groups)
    return [line.strip() for line in formatter.format_help().strip("\n").split("\n")[1:]]


def program_files(main):
    """The files of the modules that were loaded from outside the installation."""
    library = os.path.dirname(os.path.abspath(os.__file__)) + os.sep
    files = {main} if main and os.path.isfile(main) else set()
    for module in list(sys.modules.values()):
        path = getattr(module, "__file__", None)
        if not isinstance(path, str):
            continue
        path = os.path.abspath(path)
        installed = path.startswith(library) or os.sep + "site-packages" + os.sep in path or os.sep + "dist-packages" + os.sep in path
        if not installed and "_cantil_" not in os.path.basename(path) and os.path.isfile(path):
            files.add(path)
    return sorted(files)
