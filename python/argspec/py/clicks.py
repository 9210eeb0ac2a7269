"""Describes click's commands, and typer's, which are click's, in the terms of describe.py."""
import os
import sys

_MAX_COMMANDS = 2000
_CLICK_TYPES = {"text": "str", "integer": "int", "float": "float", "boolean": "click", "str": "str", "int": "int"}


def hook_click():
    """Stops the program where a click command would begin, in those of the two that are installed."""
    for name in ("click", "typer"):
        try:
            __import__(name)
        except ImportError:
            pass
    for module in [m for n, m in list(sys.modules.items()) if n in ("click.core", "typer.core", "typer._click.core")]:
        for cls in ("BaseCommand", "Command", "Group", "MultiCommand", "TyperCommand", "TyperGroup"):
            cls = vars(module).get(cls)
            if isinstance(cls, type) and "main" in vars(cls):
                _hook_main(cls)


def _hook_main(cls):
    original = cls.main

    def main(self, args=None, prog_name=None, **kwargs):
        if _state["inside"]:
            return original(self, args, prog_name, **kwargs)
        _state["inside"] = True
        if asked["mode"] == "check":
            _run_nothing()
            _check(lambda: original(self, args, prog_name, **kwargs))
        name = prog_name or _program_name()
        _answer({"format": 1, "kind": "click", "entry": "main", "two_stage": False, "own_arguments": False, "argparse": "",
                 "parser": _command(self, name, Describer({})), "files": program_files(asked["file"])})
    cls.main = main


def _program_name():
    for name in ("click.utils", "typer._click.utils"):
        detect = getattr(sys.modules.get(name), "_detect_program_name", None)
        if detect:
            return detect()
    return os.path.basename(sys.argv[0])


def _run_nothing():
    """What a command would do is done by Context.invoke."""
    for name in ("click.core", "typer._click.core"):
        if name in sys.modules:
            sys.modules[name].Context.invoke = lambda self, *args, **kwargs: None
    for name in ("typer.completion", "typer._completion_shared"):
        if hasattr(sys.modules.get(name), "install"):  # --install-completion would
            sys.modules[name].install = lambda *args, **kwargs: sys.exit(0)


def _command(c, name, describer, depth=0, parent=None):
    describer._count += 1
    if depth > 20 or describer._count > _MAX_COMMANDS:
        raise ValueError("the program has too many commands to describe")
    context = c.context_class(c, info_name=name.rpartition(" ")[2] if parent else name, parent=parent)
    actions = [_param(p, describer, context) for p in c.get_params(context)]
    if hasattr(c, "list_commands"):
        actions.append(_commands(c, name, describer, depth, context))
    options = [[s, i] for i, a in enumerate(actions) for s in a["option_strings"]]
    return {
        "prog": name, "usage": None, "description": c.help, "epilog": c.epilog, "prefix_chars": "-", "fromfile_prefix_chars": None,
        "add_help": bool(c.add_help_option), "allow_abbrev": True, "exit_on_error": True, "suggest_on_error": False, "conflict_handler": "error",
        "argument_default": {"kind": "none"}, "negative_options": False, "formatter": None, "own_methods": ["click"], "usage_parts": None,
        "actions": actions, "options": options, "groups": [], "exclusive": [], "defaults": [],
    }


def _param(p, describer, context):
    is_option = p.param_type_name == "option"
    kind, nargs = "store", p.nargs
    if is_option and getattr(p, "count", False):
        kind, nargs = "count", 0
    elif is_option and p.is_flag:
        kind, nargs = "help" if p.name == "help" else "store_true", 0
    elif p.multiple if is_option else False:
        kind = "append"
    if nargs == -1:
        nargs = "+" if p.required else "*"
    elif nargs == 1:
        nargs = None if is_option or p.required else "?"
    type_name, choices = _click_type(p)
    default = getattr(p, "default", None)
    return {
        "kind": kind, "class": type(p).__name__, "option_strings": list(p.opts) + list(p.secondary_opts) if is_option else [], "dest": p.name,
        "nargs": nargs, "const": {"kind": "none"}, "default": _default(default, describer),
        "type": {"name": type_name, "builtin": _CLICK_TYPES.get(type_name, ""), "named": True},
        "choices": None if choices is None else {"kind": "list", "complete": True, "values": [describer.value(getattr(c, "value", c)) for c in choices]},
        "required": bool(p.required), "help": getattr(p, "help", None), "hidden": bool(getattr(p, "hidden", False)),
        "metavar": p.metavar, "deprecated": bool(getattr(p, "deprecated", False)),
    }


def _click_type(p):
    """The name of a parameter's type, and its choices or None. Since typer has its own parser its types are annotations."""
    if getattr(p, "type", None) is not None:
        return p.type.name, getattr(p.type, "choices", None)
    annotation = getattr(getattr(p, "type_descriptor", None), "annotation", None)
    members = getattr(annotation, "__members__", None)
    return getattr(annotation, "__name__", "text"), None if members is None else list(members.values())


def _default(default, describer):
    if "Sentinel" in type(default).__name__ or callable(default):  # click 8.3 has UNSET for "none given"
        return {"kind": "none"}
    return describer.value(getattr(default, "value", default))


def _commands(c, name, describer, depth, context):
    parsers = []
    for sub in c.list_commands(context):
        command = c.get_command(context, sub)
        if command is not None:
            parsers.append({"name": sub, "aliases": [], "listed": not command.hidden, "hidden": bool(command.hidden), "help": command.get_short_help_str(200), "deprecated": bool(command.deprecated),
                            "parser": _command(command, name + " " + sub, describer, depth + 1, context)})
    return {
        "kind": "parsers", "class": "Group", "option_strings": [], "dest": "command", "nargs": "A...", "const": {"kind": "none"}, "default": {"kind": "none"},
        "type": {"name": None, "builtin": "str", "named": False}, "required": not c.invoke_without_command, "help": None, "hidden": False, "metavar": None, "deprecated": False,
        "choices": {"kind": "dict", "complete": True, "values": [describer.value(p["name"]) for p in parsers]}, "parsers": parsers,
    }
