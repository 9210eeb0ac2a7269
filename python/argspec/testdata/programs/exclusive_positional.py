import argparse

p = argparse.ArgumentParser()
g = p.add_mutually_exclusive_group(required=True)
g.add_argument("--all", action="store_true")
g.add_argument("name", nargs="?")
p.add_argument("--hidden", help=argparse.SUPPRESS)
args = p.parse_args()
import body; body.ran(args)
