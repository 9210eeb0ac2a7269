"""Prints the file of the module named by the first argument, or the folders of a
package that has none. The last part is looked for, not imported."""
import importlib.util
import os
import sys


def unknown(text):
    sys.stderr.write(text + "\n")
    sys.exit(3)


def main(name):
    try:
        spec = importlib.util.find_spec(name)
    except ModuleNotFoundError as e:
        unknown("no module named %r, asked for %r, in Python %s" % (e.name, name, sys.version.split()[0]))
    except (ImportError, ValueError, AttributeError) as e:
        unknown("module %r cannot be found: %s" % (name, e))
    if spec is None:
        unknown("no file and no module named %r in Python %s" % (name, sys.version.split()[0]))
    if spec.has_location:
        print(os.path.abspath(spec.origin))
    elif spec.submodule_search_locations:
        for folder in spec.submodule_search_locations:
            print(os.path.join(os.path.abspath(folder), ""))
    else:
        unknown("module %r is part of Python itself: it has no file" % name)


main(sys.argv[1])
