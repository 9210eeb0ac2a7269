import argparse

common = argparse.ArgumentParser(add_help=False)
common.add_argument("--log", type=int, help="the level")
g = common.add_argument_group("shared")
g.add_argument("--seed", type=int, default=0)
x = common.add_mutually_exclusive_group()
x.add_argument("--left", action="store_true")
x.add_argument("--right", action="store_true")
p = argparse.ArgumentParser(parents=[common], description="A child")
p.add_argument("--own")
args = p.parse_args()
import body; body.ran(args)
