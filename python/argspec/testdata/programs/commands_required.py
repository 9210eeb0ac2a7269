import argparse
import sys

p = argparse.ArgumentParser()
p.add_argument("base")
commands = p.add_subparsers(title="commands", description="the commands", metavar="COMMAND", dest="cmd")
commands.required = True
for name in ("push", "pull"):
    c = commands.add_parser(name, help=name + " it")
    c.add_argument("--force", action="store_true")
    c.add_argument("what", nargs="*")
args = p.parse_args()
import body; body.ran(args)
