"""A program as they are written, with functions, and types of its own."""
import argparse
import sys


def sizes(text):
    return [int(part) for part in text.split(",")]


def even(text):
    n = int(text)
    if n % 2:
        raise argparse.ArgumentTypeError("%d is odd" % n)
    return n


def main(argv=None):
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--hidden", type=sizes, default=[20, 20], metavar="N,N")
    p.add_argument("--even", type=even)
    p.add_argument("--plain", type=int)
    p.add_argument("--power", type=lambda s: 2 ** int(s))
    args = p.parse_args(argv)
    import body
    body.ran(args)
    return 0


if __name__ == "__main__":
    sys.exit(main())
