import argparse

p = argparse.ArgumentParser()
group = p.add_argument_group("output", "where it goes")
x = group.add_mutually_exclusive_group()
x.add_argument("--file")
x.add_argument("--socket", type=int)
group.add_argument("--mode", default="w")
args = p.parse_args()
import body; body.ran(args)
