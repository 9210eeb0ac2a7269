import argparse

p = argparse.ArgumentParser(description="Options of every plain type")
p.add_argument("--number", type=int, default=1, help="a number, %(default)s if not given")
p.add_argument("--rate", type=float, default=0.5)
p.add_argument("--name", default="x")
p.add_argument("--text", type=str)
p.add_argument("-s", "--short", type=int)
args = p.parse_args()
import body; body.ran(args)
