import argparse

p = argparse.ArgumentParser()
p.add_argument("-I", "--include", action="append", metavar="DIR")
p.add_argument("-D", action="append", nargs=2, type=int)
p.add_argument("--with-default", action="append", default=["a"])
p.add_argument("--tuple", action="append", default=("t",))
args = p.parse_args()
import body; body.ran(args)
