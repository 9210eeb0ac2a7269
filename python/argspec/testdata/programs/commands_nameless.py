import argparse

p = argparse.ArgumentParser()
commands = p.add_subparsers()
commands.required = True
commands.add_parser("one").add_argument("--x", type=int)
commands.add_parser("two")
args = p.parse_args()
import body; body.ran(args)
