import argparse

p = argparse.ArgumentParser()
p.add_argument("what", nargs="*", choices=["a", "b"], default="c")
p.add_argument("--opt", nargs="?", const="z", choices=["y"])
args = p.parse_args()
import body; body.ran(args)
