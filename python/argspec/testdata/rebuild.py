"""Builds a parser from a description, by argparse's public methods, and prints its help at several widths, and those of
its sub-parsers, as JSON. With a program instead of a description: the helps of the parser that the program builds itself.

    python rebuild.py DESCRIPTION.json...
    python rebuild.py --program PROGRAM.py...
"""
import argparse
import ast
import json
import os
import runpy
import sys

WIDTHS = (80, 40, 132)


class Shown:
    """A value of which only the looks are known."""

    def __init__(self, v):
        self._v = v
        if "name" in v:
            self.__name__ = v["name"]

    def __str__(self):
        return self._v["text"]

    def __repr__(self):
        return self._v["repr"]


def value(v):
    kind = v["kind"]
    if kind == "suppress":
        return argparse.SUPPRESS
    if kind == "none":
        return None
    if kind == "str":
        return v.get("text", "")
    if kind in ("list", "tuple") and "items" in v:
        return (list if kind == "list" else tuple)(value(i) for i in v["items"])
    if kind in ("int", "bool"):
        return ast.literal_eval(v["repr"])
    if kind == "float":
        return float(v["repr"])
    return Shown(v)


def type_of(t):
    if t["name"] is None:
        return None
    builtin = {"str": str, "int": int, "float": float, "bool": bool}.get(t["builtin"])
    if builtin and builtin.__name__ == t["name"]:
        return builtin

    def convert(text):
        return text
    convert.__name__ = t["name"]
    return convert


def formatter(f):
    bases = [getattr(argparse, b) for b in f["bases"]]
    cls = bases[0] if len(bases) < 3 and f["bases"][-1] == "HelpFormatter" else type("Formatter", tuple(b for b in bases if b is not argparse.HelpFormatter), {})
    options = {"indent_increment": f["indent_increment"]}
    if f["width"] is not None:
        options["width"] = f["width"]
    at = f["max_help_position"]
    return lambda prog: cls(prog, max_help_position=at, **options)


def shown_choices(c):
    if c is None:
        return None
    values = [value(v) for v in c["values"]]
    return "".join(values) if c["kind"] == "str" else values


def add(container, a, parser):
    kind = a["kind"]
    if kind == "parsers":
        return
    options = {"help": argparse.SUPPRESS if a["hidden"] else a["help"]}
    if a["metavar"] is not None and kind not in ("help", "version", "count", "store_true", "store_false", "boolean_optional"):
        options["metavar"] = tuple(a["metavar"]) if isinstance(a["metavar"], list) else a["metavar"]
    names = a["option_strings"]
    if names and kind not in ("help", "version"):
        options["dest"] = a["dest"]
        options["required"] = a["required"]
    if kind in ("store", "append", "extend", "custom"):
        options.update(nargs=a["nargs"], type=type_of(a["type"]), choices=shown_choices(a["choices"]), default=value(a["default"]))
        if a["nargs"] == "?" and names:
            options["const"] = value(a["const"])
        if kind != "custom":
            options["action"] = kind
    else:
        options["action"] = kind
        options["default"] = value(a["default"])
    if kind in ("store_const", "append_const"):
        options["const"] = value(a["const"])
    if kind == "version":
        options["version"] = a["version"]
    if kind == "boolean_optional":
        options["action"] = argparse.BooleanOptionalAction
        names = [n for n in names if not n.startswith("--no-")]
        if sys.version_info < (3, 11) and options["help"] and options["help"].endswith(" (default: %(default)s)"):
            options["help"] = options["help"][:-len(" (default: %(default)s)")]
    if a["deprecated"]:
        options["deprecated"] = True
    if not names:
        names = [a["dest"]]
    container.add_argument(*names, **options)


def fill(p, d):
    p._positionals.title, p._positionals.description = d["groups"][0]["title"], d["groups"][0]["description"]
    p._optionals.title, p._optionals.description = d["groups"][1]["title"], d["groups"][1]["description"]
    groups = [p._positionals, p._optionals] + [None] * (len(d["groups"]) - 2)
    of_action = {}
    commands = next((i for i, a in enumerate(d["actions"]) if a["kind"] == "parsers"), None)
    for i, g in enumerate(d["groups"]):
        for a in g["actions"]:
            of_action[a] = i
    for i, g in enumerate(d["groups"][2:], 2):
        if commands is not None and of_action.get(commands) == i:
            continue
        groups[i] = p.add_argument_group(g["title"], g["description"])
    exclusive = {}
    for x in d["exclusive"]:
        container = p if x["group"] is None else groups[x["group"]]
        made = container.add_mutually_exclusive_group(required=x["required"])
        for a in x["actions"]:
            exclusive[a] = made
    for i, a in enumerate(d["actions"]):
        if a["kind"] == "parsers":
            add_commands(p, a, d["groups"][of_action[i]] if of_action[i] > 1 else None)
            continue
        at = of_action.get(i)
        add(exclusive.get(i) or (p if at in (0, 1, None) else groups[at]), a, p)


def add_commands(p, a, group):
    options = {"dest": argparse.SUPPRESS if a["dest"] == argparse.SUPPRESS else a["dest"], "help": argparse.SUPPRESS if a["hidden"] else a["help"], "metavar": a["metavar"]}
    if group:
        options.update(title=group["title"], description=group["description"])
    commands = p.add_subparsers(**options)
    commands.required = a["required"]
    for s in a["parsers"]:
        more = {"help": s["help"]} if s["listed"] else {}
        if s["deprecated"]:
            more["deprecated"] = True
        fill(commands.add_parser(s["name"], aliases=s["aliases"], **dict(more, **constructor(s["parser"]))), s["parser"])


def constructor(d):
    options = {n: d[n] for n in ("prog", "usage", "description", "epilog", "prefix_chars", "fromfile_prefix_chars", "allow_abbrev", "conflict_handler")}
    options.update(add_help=False, formatter_class=formatter(d["formatter"]), argument_default=value(d["argument_default"]))
    return options


def build(d):
    p = argparse.ArgumentParser(**constructor(d))
    fill(p, d)
    return p


def helps(p):
    """The help of a parser and of all that are below it, at each width."""
    found = []
    for width in WIDTHS:
        os.environ["COLUMNS"] = str(width)
        found.append(p.format_help())
    for a in p._actions:
        if isinstance(a, argparse._SubParsersAction):
            for sub in a.choices.values():
                found += helps(sub)
    return found


class Reached(BaseException):
    pass


def original(path):
    def stop(self, *args, **kwargs):
        raise Reached(self)
    for name in ("parse_args", "parse_known_args", "parse_intermixed_args", "print_help"):
        setattr(argparse.ArgumentParser, name, stop)
    sys.argv = [path]
    sys.path.insert(0, os.path.dirname(path))
    try:
        runpy.run_path(path, run_name="__main__")
    except Reached as e:
        return e.args[0]


if sys.argv[1] == "--program":
    json.dump({os.path.basename(path): helps(original(path)) for path in sys.argv[2:]}, sys.stdout)
else:
    found = {}
    for path in sys.argv[1:]:
        with open(path, encoding="utf-8") as f:
            found[os.path.basename(path)[:-5]] = helps(build(json.load(f)["parser"]))
    json.dump(found, sys.stdout)
