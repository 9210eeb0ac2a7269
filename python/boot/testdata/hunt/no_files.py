# Not a file can be opened any more, and the end is still an end.
import resource
import sys


def work():
    pass


work()
resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))
sys.exit(6)
