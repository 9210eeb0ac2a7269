"""Stands in for the training of a network; all it does is to show what it was told.

    cantil run examples/train.py --epochs 3 --hidden 15,3,15 --batch-norm
"""
import argparse


def sizes(text):
    return [int(part) for part in text.split(",")]


def main():
    parser = argparse.ArgumentParser(description="Train a network")
    parser.add_argument("--epochs", type=int, default=1, help="times through the data; 1 if not given")
    parser.add_argument("--hidden", type=sizes, default=[20, 20], metavar="N,N,...", help="units of each layer")
    parser.add_argument("--batch-norm", action="store_true", help="normalise each batch")
    parser.add_argument("--no-save", dest="save", action="store_false", help="forget the model at the end")
    args = parser.parse_args()
    print("epochs = %d, batch_norm = %s, hidden = %s, save = %s" % (args.epochs, args.batch_norm, args.hidden, args.save))


if __name__ == "__main__":
    main()
