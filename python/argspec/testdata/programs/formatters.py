import argparse


class Both(argparse.ArgumentDefaultsHelpFormatter, argparse.RawDescriptionHelpFormatter):
    pass


p = argparse.ArgumentParser(description="Kept\n  as it\n    is", formatter_class=Both, epilog="also\n  this")
p.add_argument("--n", type=int, default=3, help="a number")
p.add_argument("--long-name-of-an-option", default="text", help="a help that is long enough to be wrapped, in every terminal that is not very wide")
p.add_argument("--none", action="store_true", help="a switch")
args = p.parse_args()
import body; body.ran(args)
