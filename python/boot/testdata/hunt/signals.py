# A signal the main thread has blocked is for sigwait; no other thread may take it.
import os
import signal


def work():
    pass


signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})
os.kill(os.getpid(), signal.SIGUSR1)
work()
print(signal.sigwait({signal.SIGUSR1}) == signal.SIGUSR1)
signal.signal(signal.SIGALRM, lambda *args: work())
signal.setitimer(signal.ITIMER_REAL, 0.05)
signal.pause()
