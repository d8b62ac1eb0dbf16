#!/usr/bin/env python3
"""Stands between an editor and a language server, and writes every message of both down.

    tee.py LOG COMMAND...

LOG gets one JSON object a line, `{"from": "client" | "server", "message": ...}`, in the order seen. Bytes are passed on as
they are. What is no message is written down as `{"from": ..., "fault": ...}`. Ends as the server ends.
"""
import json
import os
import subprocess
import sys
import threading


class Log:
    """The file, written by two threads."""

    def __init__(self, path):
        self.file = open(path, "a", encoding="utf-8", buffering=1)
        self.lock = threading.Lock()

    def write(self, entry):
        with self.lock:
            self.file.write(json.dumps(entry) + "\n")


def messages(stream):
    """The messages of a stream, each as its bytes and what follows its head."""
    while True:
        head, length = b"", None
        while line := stream.readline():
            head += line
            if line in (b"\r\n", b"\n"):
                break
            name, _, value = line.partition(b":")
            if name.strip().lower() == b"content-length":
                length = int(value)
        if not line:
            if head:
                yield head, None
            return
        body = stream.read(length or 0)
        yield head + body, body


def pump(source, target, log, who):
    """Passes messages on until one side ends."""
    for data, body in messages(source):
        try:
            log.write({"from": who, "message": json.loads(body)})
        except (TypeError, ValueError) as error:
            log.write({"from": who, "fault": f"{error}: {data[:200]!r}"})
        try:
            target.write(data)
            target.flush()
        except OSError:
            break
    try:
        target.close()
    except OSError:
        pass


def main():
    log = Log(sys.argv[1])
    server = subprocess.Popen(sys.argv[2:], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    stdin = os.fdopen(os.dup(0), "rb", buffering=1 << 16)
    threading.Thread(target=pump, args=(stdin, server.stdin, log, "client"), daemon=True).start()
    answers = threading.Thread(target=pump, args=(server.stdout, sys.stdout.buffer, log, "server"), daemon=True)
    answers.start()
    status = server.wait()
    answers.join(5)
    os._exit(status if status >= 0 else 128 - status)


if __name__ == "__main__":
    main()
