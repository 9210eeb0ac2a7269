import argparse

p = argparse.ArgumentParser(argument_default=argparse.SUPPRESS)
p.add_argument("--n", type=int)
p.add_argument("--secret", help=argparse.SUPPRESS)
p.add_argument("maybe", nargs="?", type=int)
p.add_argument("--flag", action="store_true", default=argparse.SUPPRESS)
p.add_argument("list", nargs="*")
args = p.parse_args()
import body; body.ran(args)
