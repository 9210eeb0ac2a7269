import argparse

p = argparse.ArgumentParser(description="With commands")
p.add_argument("--verbose", action="store_true")
commands = p.add_subparsers(dest="command", help="what to do")
train = commands.add_parser("train", help="train it", aliases=["t", "tr"])
train.add_argument("--epochs", type=int, default=1)
train.add_argument("data")
test = commands.add_parser("test", description="Tests it")
test.add_argument("-k", metavar="NAME", action="append")
args = p.parse_args()
import body; body.ran(args)
