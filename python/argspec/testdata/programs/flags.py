import argparse

p = argparse.ArgumentParser()
p.add_argument("-v", "--verbose", action="count", default=0, help="more")
p.add_argument("-q", action="store_true")
p.add_argument("--no-save", dest="save", action="store_false")
p.add_argument("--fast", action="store_const", const=2, default=1)
p.add_argument("--slow", action="store_const", const=0, dest="fast")
p.add_argument("-x", action="append_const", const="x", dest="letters")
p.add_argument("-y", action="append_const", const="y", dest="letters")
args = p.parse_args()
import body; body.ran(args)
