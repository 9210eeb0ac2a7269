import argparse
import enum


class Color(enum.Enum):
    red = "red"
    blue = "blue"

    def __str__(self):
        return self.value


p = argparse.ArgumentParser()
p.add_argument("--color", type=Color, choices=list(Color), default=Color.red)
p.add_argument("--mixed", choices=["a", 1, None])
p.add_argument("--ints", type=int, choices=[1, 2.0, True])
args = p.parse_args()
import body; body.ran(args)
