import argparse

first = argparse.ArgumentParser(add_help=False)
first.add_argument("--config", default="none")
known, rest = first.parse_known_args()
p = argparse.ArgumentParser(parents=[first])
p.add_argument("--n", type=int, default=len(known.config))
args = p.parse_args(rest)
import body; body.ran(args)
