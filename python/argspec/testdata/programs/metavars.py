import argparse

p = argparse.ArgumentParser()
p.add_argument("--pair", nargs="+", metavar=("ONE", "MORE"), type=int)
p.add_argument("--some", nargs="*", metavar=("FIRST", "NEXT"))
p.add_argument("--choice", choices=["a", "b"], metavar="LETTER")
p.add_argument("files", nargs="*", metavar="FILE")
args = p.parse_args()
import body; body.ran(args)
