import argparse

p = argparse.ArgumentParser(add_help=False, usage="%(prog)s [what you like] 100%%")
p.add_argument("--help-me", action="help", help="my own help")
p.add_argument("n", type=int)
args = p.parse_args()
import body; body.ran(args)
