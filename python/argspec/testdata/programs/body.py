"""What every program of this folder does when its arguments are parsed: it leaves a mark."""
import os


def ran(args):
    with open(os.environ["CANTIL_TEST_MARK"], "a") as f:
        f.write("the body ran\n")
    print("RAN")
