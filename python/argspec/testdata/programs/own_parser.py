import argparse
import sys


class Parser(argparse.ArgumentParser):
    def error(self, message):
        sys.stderr.write("my own error: %s\n" % message)
        sys.exit(3)


p = Parser(description="Tells errors in its own way")
p.add_argument("--n", type=int)
commands = p.add_subparsers(dest="command")
commands.add_parser("go").add_argument("--far", type=int)
args = p.parse_args()
import body; body.ran(args)
