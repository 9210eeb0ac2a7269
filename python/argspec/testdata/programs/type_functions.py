import argparse
import fractions
import pathlib

p = argparse.ArgumentParser()
p.register("type", "hexadecimal", lambda s: int(s, 16))
p.add_argument("--hex", type="hexadecimal")
p.add_argument("--path", type=pathlib.Path, default=pathlib.Path("here"))
p.add_argument("--fraction", type=fractions.Fraction)
p.add_argument("--truth", type=bool)
p.add_argument("--complex", type=complex)
p.add_argument("--code", type=ord)
args = p.parse_args()
import body; body.ran(args)
