"""Prints, as one line of JSON, what is installed here and what pip can do."""
import importlib.util
import json
import os
import re
import subprocess
import sys
import sysconfig


def has(module):
    return importlib.util.find_spec(module) is not None


def installed():
    try:
        from importlib import metadata
    except ImportError:  # before 3.8: pip itself tells
        pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "list", "--format=json"]
        return json.loads(subprocess.check_output(pip).decode("utf-8")) if has("pip") else []
    found = {}
    for one in metadata.distributions(path=[p for p in sys.path if p]):  # "" is the folder we are asked from
        try:
            name, version = one.metadata["Name"], one.version
        except Exception:  # its files are damaged; pip passes over it as well
            continue
        if name and version:  # the first of a name is the one that is imported
            found.setdefault(re.sub("[-_.]+", "-", name).lower(), {"name": name, "version": version})
    return [found[key] for key in sorted(found)]


def managed():
    mark = os.path.join(sysconfig.get_path("stdlib"), "EXTERNALLY-MANAGED")
    return sys.prefix == sys.base_prefix and os.path.isfile(mark)


print(json.dumps({"pip": has("pip"), "ensurepip": has("ensurepip"), "managed": managed(), "packages": installed()}))
