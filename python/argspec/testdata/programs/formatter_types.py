import argparse

p = argparse.ArgumentParser(formatter_class=argparse.MetavarTypeHelpFormatter, add_help=False)
p.add_argument("--number", type=int, help="a number")
p.add_argument("rate", type=float)
args = p.parse_args()
import body; body.ran(args)
