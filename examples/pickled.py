"""Objects of a script's own classes, pickled and sent to other processes.

    cantil profile examples/pickled.py

Under python -m cProfile this fails: there the script is not the real __main__,
so its classes and functions cannot be found again by name.
"""
import multiprocessing
import pickle


class Circle:
    def __init__(self, radius):
        self.radius = radius

    def area(self):
        return 3.14159 * self.radius ** 2


def area_of(circle):
    return circle.area()


def main():
    circles = [Circle(radius) for radius in range(100)]
    again = pickle.loads(pickle.dumps(circles))
    with multiprocessing.Pool(2) as pool:
        areas = pool.map(area_of, again)
    print("%d circles, %.0f in all" % (len(areas), sum(areas)))


if __name__ == "__main__":
    main()
