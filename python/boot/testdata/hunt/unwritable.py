# The folder of the profile goes away; the program must not notice.
import os
import shutil
import sys
import threading
import warnings

warnings.simplefilter("ignore")


def work():
    pass


work()
shutil.rmtree(os.environ.pop("CANTIL_PARTS", "none"), ignore_errors=True)
thread = threading.Thread(target=work)
thread.start()
thread.join()
if os.fork() == 0:
    sys.stdout.write("child\n")
    sys.stdout.flush()
    os._exit(4)
print(os.wait()[1])
