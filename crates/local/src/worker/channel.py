"""JSON lines over the standard input and output of this process.

Whatever else writes to file descriptor 1, the JVM included, goes to standard error, so that a stray print cannot tear a line.
"""
import json
import os
import sys
import threading

_out = os.fdopen(os.dup(1), "w", encoding="utf-8")
_lock = threading.Lock()
os.dup2(2, 1)


def send(message):
    line = json.dumps(message)
    with _lock:
        _out.write(line + "\n")
        _out.flush()


def messages():
    """What arrives, until the other side closes."""
    for line in sys.stdin:
        if line.strip():
            yield json.loads(line)
