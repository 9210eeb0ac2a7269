"""Writes what calls.go needs to know of each opcode of the Python that runs this.

A line is: opcode, kind, inline cache entries, what it adds to the stack, that again for each unit
of its argument, 1 if it only ever calls functions written in Python, and its role, whatever it is
specialized to: enters (it may run a function in Python in the same loop of the interpreter), resumes (the same
for a generator), quiet (it runs no other code at all), leaves (it returns or raises), any (it hides
another), or "-". Kinds: name, global, attr, method,
precall, call, methodcall, kwcall, excall (f(*args)), forward, back, absolute (jumps), end (what
follows is reached by jumps only), shuffle (changes the order), other, "?" where it cannot be told.
"""
import dis
import opcode
import sys

minor = sys.version_info[1]
special = {}
if minor >= 13:
    import _opcode_metadata
    special = _opcode_metadata._specializations
elif minor >= 11:
    special = opcode._specializations
base = {new: old for old, news in special.items() for new in news}
numbers = dict(opcode.opmap)
if minor >= 13:
    numbers.update(_opcode_metadata._specialized_opmap)
elif minor >= 11:
    free = iter(i for i in range(1, 255) if i not in opcode.opmap.values())
    order = [n for n in opcode._specialized_instructions] if minor == 11 else opcode._specialized_instructions
    numbers.update(zip(order, free))


def kind_of(name, number):
    if number in opcode.hasjabs:
        return "absolute"
    if number in opcode.hasjrel:
        return "back" if "BACKWARD" in name else "forward"
    if name in ("RETURN_VALUE", "RETURN_CONST", "RAISE_VARARGS", "RERAISE", "BREAK_LOOP"):
        return "end"
    if name == "LOAD_NAME":
        return "name"
    if name == "LOAD_GLOBAL":
        return "global"
    if name == "LOAD_ATTR":
        return "attr"
    if name == "LOAD_METHOD":
        return "method"
    if name == "PRECALL":
        return "precall"
    if name in ("CALL", "CALL_FUNCTION"):
        return "call"
    if name == "CALL_METHOD":
        return "methodcall"
    if name in ("CALL_FUNCTION_KW", "CALL_KW"):
        return "kwcall"
    if name == "CALL_FUNCTION_EX":
        return "excall"
    if name.startswith(("ROT", "SWAP", "COPY", "DUP", "UNPACK", "BEFORE_", "SETUP_", "LOAD_SPECIAL")):
        return "shuffle"
    return "other"


def role_of(name):
    name = name.replace("INSTRUMENTED_", "")
    if name in ("RETURN_VALUE", "RETURN_CONST", "RETURN_GENERATOR", "RAISE_VARARGS", "RERAISE"):
        return "leaves"
    if name.startswith(("LOAD_FAST", "LOAD_CONST", "LOAD_SMALL_INT", "LOAD_DEREF", "LOAD_CLOSURE", "COPY", "SWAP", "PUSH_NULL", "NOP", "KW_NAMES")) \
            and not name.startswith("COPY_FREE"):
        return "quiet"
    if name in ("CALL", "CALL_KW", "CALL_FUNCTION_EX", "BINARY_SUBSCR", "LOAD_ATTR"):
        return "enters"
    if name in ("FOR_ITER", "SEND"):
        return "resumes"
    if name in ("LINE", "INSTRUCTION"):
        return "any"
    return "enters" if name == "BINARY_OP" and minor >= 14 else "-"


def effects(number):
    """a and b of a + b * argument, or nothing."""
    found = []
    for argument in range(7):
        try:
            found.append(dis.stack_effect(number, argument if number >= opcode.HAVE_ARGUMENT else None))
        except ValueError:
            return None
        if number < opcode.HAVE_ARGUMENT:
            return found[0], 0
    step = found[1] - found[0]
    if any(found[i] != found[0] + i * step for i in range(7)):
        return None
    return found[0], step


def caches_of(name):
    name = name.replace("INSTRUMENTED_", "")
    entries = getattr(opcode, "_inline_cache_entries", None)
    if entries is None or name not in opcode.opmap:
        return 0
    return entries.get(name, 0) if isinstance(entries, dict) else entries[opcode.opmap[name]]


for name, number in sorted(numbers.items(), key=lambda item: item[1]):
    plain = base.get(name, name)
    if plain not in opcode.opmap or number > 255 or name == "CACHE":
        continue
    original = opcode.opmap[plain]
    kind = kind_of(plain, original)
    python = "call" in kind and ("_PY_" in name or name.endswith("_PY"))
    effect = effects(original)
    if kind in ("name", "global", "attr", "method", "precall", "call", "methodcall", "kwcall", "excall"):
        effect = effect or (0, 0)  # calls.go knows better
    if effect is None:
        kind, effect = "?", (0, 0)
    print(number, kind, caches_of(plain), *effect, int(python), role_of(plain))
