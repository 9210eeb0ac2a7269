import argparse
import sys

more = {"exit_on_error": False} if sys.version_info >= (3, 9) else {}
p = argparse.ArgumentParser(**more)
p.add_argument("--n", type=int)
p.add_argument("--c", choices=["a"])
args = p.parse_args()
import body; body.ran(args)
