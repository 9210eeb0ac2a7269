"""One end of multiprocessing.connection: peer.py serve [PATH], or peer.py client PORT|PATH MESSAGES BYTES"""
import sys
import time
from multiprocessing.connection import Client, Listener

KEY = b'benchmark'


def serve(path):
    with Listener(path or ('127.0.0.1', 0), authkey=KEY) as listener:
        print(path or listener.address[1], flush=True)
        while True:
            with listener.accept() as c:
                try:
                    while True:
                        data = c.recv_bytes()
                        c.send_bytes(data if len(data) < 100 else b'ok')
                except EOFError:
                    pass


def seconds(address, n, data):
    with Client(('127.0.0.1', int(address)) if address.isdigit() else address, authkey=KEY) as c:
        began = time.perf_counter()
        for _ in range(n):
            c.send_bytes(data)
            c.recv_bytes()
        return time.perf_counter() - began


if sys.argv[1] == 'serve':
    serve(sys.argv[2] if sys.argv[2:] else None)
else:
    print(seconds(sys.argv[2], int(sys.argv[3]), b'x' * int(sys.argv[4])))
