import argparse

p = argparse.ArgumentParser()
p.add_argument("--count", type=int, default="many")
p.add_argument("--rate", type=float, default="0.5")
p.add_argument("place", nargs="?", type=int, default="nowhere")
args = p.parse_args()
import body; body.ran(args)
