# Python imports this at start-up because its folder stands first in PYTHONPATH:
# that is how cantil follows the Python programs a profiled program starts.
# It must parse on any Python, 2.7 too, and leave every one it cannot profile alone.
import os
import sys


def _chain(here):
    """Make way for the program's own sitecustomize, as if this one were not here."""
    sys.path[:] = [p for p in sys.path if os.path.abspath(p or ".") != here]
    ours = sys.modules.pop("sitecustomize", None)
    try:
        import sitecustomize  # noqa: F401
    except ImportError as error:
        if getattr(error, "name", "sitecustomize") != "sitecustomize":
            raise
    sys.modules.setdefault("sitecustomize", ours)


def _follow():
    begun = getattr(sys, "_cantil_begun", False)  # by another cantil's bootstrap, further up the path
    sys._cantil_begun = True
    if begun:
        return
    if os.environ.pop("CANTIL_ROOT", None):
        return  # the program itself: cantil_start.py begins its profile
    parts = os.environ.get("CANTIL_PARTS")
    if not parts or not os.path.isdir(parts):
        return
    if sys.version_info < (3, 6) or sys.implementation.name != "cpython":
        return
    import _cantil_child
    _cantil_child.begin(parts)


_here = os.path.dirname(os.path.abspath(__file__))
try:
    _follow()
finally:
    _chain(_here)
