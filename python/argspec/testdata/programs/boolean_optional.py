import argparse
import sys

p = argparse.ArgumentParser()
if sys.version_info >= (3, 9):
    p.add_argument("--color", action=argparse.BooleanOptionalAction, default=True, help="use colour")
    p.add_argument("-c", "--cache", action=argparse.BooleanOptionalAction)
p.add_argument("--other", type=int)
args = p.parse_args()
import body; body.ran(args)
