import argparse

p = argparse.ArgumentParser()
p.add_argument("numbers", nargs="+", type=float, metavar="N", help="numbers to add up")
p.add_argument("--by", nargs="+", type=int)
p.add_argument("--all", nargs="*")
args = p.parse_args()
import body; body.ran(args)
