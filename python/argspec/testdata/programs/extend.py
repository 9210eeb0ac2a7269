import argparse
import sys

p = argparse.ArgumentParser()
action = "extend" if sys.version_info >= (3, 8) else "append"
p.add_argument("--files", action=action, nargs="+")
p.add_argument("--ints", action=action, nargs="*", type=int, default=[1])
args = p.parse_args()
import body; body.ran(args)
