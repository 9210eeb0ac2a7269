import argparse
import sys

more = {"deprecated": True} if sys.version_info >= (3, 13) else {}
p = argparse.ArgumentParser()
p.add_argument("-o", "--old", type=int, **more)
p.add_argument("--new", action="store_true", **more)
p.add_argument("file", nargs="?", **more)
commands = p.add_subparsers(dest="command")
commands.add_parser("gone", aliases=["g"], **more).add_argument("--x", action="store_true", **more)
commands.add_parser("here")
args = p.parse_args()
import body; body.ran(args)
