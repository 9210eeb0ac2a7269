"""Runs programs for real, each line of stdin a JSON object {"program", "args", "columns"}, and prints what became of each.

All in one process, because a Python of its own for each takes 30 times as long; a test compares some of them with that.
"""
import io
import json
import os
import sys
import traceback

mark = os.environ["CANTIL_TEST_MARK"]
codes = {}


def run(path, args, columns):
    if path not in codes:
        with open(path, "rb") as f:
            codes[path] = compile(f.read(), path, "exec", dont_inherit=True)
    os.environ["COLUMNS"] = str(columns)
    sys.argv = [path] + args
    sys.path[0] = os.path.dirname(path)
    sys.stdout, sys.stderr = io.StringIO(), io.StringIO()
    end = {"code": 0, "uncaught": ""}
    main = sys.modules["__main__"]
    try:
        exec(codes[path], {"__name__": "__main__", "__file__": path, "__builtins__": __builtins__})
    except SystemExit as e:
        end["code"] = 0 if e.code is None else e.code
    except Exception as e:
        end["code"], end["uncaught"] = 1, "".join(traceback.format_exception_only(type(e), e)).strip()
    end["ran"] = os.path.exists(mark)
    if end["ran"]:
        os.remove(mark)
    out = sys.stdout.getvalue()
    end["stdout"], end["stderr"] = out[:-4] if end["ran"] else out, sys.stderr.getvalue()
    sys.stdout, sys.stderr = sys.__stdout__, sys.__stderr__
    sys.modules["__main__"] = main
    return end


for line in sys.stdin:
    asked = json.loads(line)
    print(json.dumps(run(asked["program"], asked["args"], asked["columns"])))
