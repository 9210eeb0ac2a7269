import argparse

p = argparse.ArgumentParser()
p.add_argument("--must", required=True, type=int)
p.add_argument("-r", "--really", required=True, action="store_true", help=argparse.SUPPRESS)
p.add_argument("file", metavar="FILE")
args = p.parse_args()
import body; body.ran(args)
