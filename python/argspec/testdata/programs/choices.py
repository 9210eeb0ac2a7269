import argparse

p = argparse.ArgumentParser()
p.add_argument("--color", choices=["red", "green", "it's blue"])
p.add_argument("--size", type=int, choices=[1, 2, 10])
p.add_argument("--level", type=int, choices=range(3))
p.add_argument("--rate", type=float, choices=[0.5, 1.0])
p.add_argument("where", choices=("here", "there"))
args = p.parse_args()
import body; body.ran(args)
