import argparse

p = argparse.ArgumentParser(conflict_handler="resolve")
p.add_argument("-f", "--foo", help="the old one")
p.add_argument("--foo", type=int, help="the new one")
p.add_argument("-h", "--host", help="takes the place of -h")
args = p.parse_args()
import body; body.ran(args)
