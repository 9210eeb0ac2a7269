import argparse

p = argparse.ArgumentParser()
p.add_argument("--opt", nargs="?", const="c")
p.add_argument("-o")
p.add_argument("a")
p.add_argument("b", nargs="*")
args = p.parse_args()
import body; body.ran(args)
