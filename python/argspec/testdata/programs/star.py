import argparse

p = argparse.ArgumentParser()
p.add_argument("head")
p.add_argument("middle", nargs="*", type=int)
p.add_argument("tail")
p.add_argument("-f", "--flag", action="store_true")
args = p.parse_args()
import body; body.ran(args)
