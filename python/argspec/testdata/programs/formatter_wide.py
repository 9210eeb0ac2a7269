import argparse

p = argparse.ArgumentParser(formatter_class=lambda prog: argparse.RawTextHelpFormatter(prog, max_help_position=40, width=100))
p.add_argument("--number-of-things", type=int, help="line one\nline two")
p.add_argument("--another-number-of-things", type=int, help="one line")
p.add_argument("--and-yet-another-number", type=int)
args = p.parse_args()
import body; body.ran(args)
