"""A proxy on loopback that counts the calls of AWS that go through it, by service and operation."""
import collections
import http.client
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

# Of one connection, not of one request.
HOP = {"connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade", "content-length"}


def operation(path, headers, body):
    """The call that a request makes: what AWS calls it, behind the service that the signature is for."""
    target = headers.get("x-amz-target", "")
    if target:
        return target.replace("AWSGlue.", "glue:")
    scope = headers.get("authorization", "").partition("Credential=")[2].split(",")[0].split("/")
    service = scope[3] if len(scope) > 3 else "unsigned"
    if service == "sts":
        return "sts:" + parse_qs(body.decode("utf-8", "replace")).get("Action", ["?"])[0]
    return "%s:%s" % (service, urlsplit(path).path.strip("/").split("/")[0])


class Counting:
    """The proxy, from its making to `close`."""

    def __init__(self, upstream):
        self.upstream = urlsplit(upstream)
        self.calls = collections.Counter()
        self.lock = threading.Lock()
        owner = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            # One write per answer, sent at once: a proxy that waits would be measured, too.
            wbufsize = -1
            disable_nagle_algorithm = True

            def do(self):
                owner.forward(self)

            do_GET = do_POST = do_PUT = do_HEAD = do_DELETE = do

            def finish(self):
                super().finish()
                if getattr(self, "behind", None):
                    self.behind.close()

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = "http://127.0.0.1:%d" % self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def forward(self, handler):
        body = handler.rfile.read(int(handler.headers.get("content-length", 0)))
        with self.lock:
            self.calls[operation(handler.path, handler.headers, body)] += 1
        if not getattr(handler, "behind", None):
            handler.behind = http.client.HTTPConnection(self.upstream.hostname, self.upstream.port)
            handler.behind.connect()
            handler.behind.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        headers = {key: value for key, value in handler.headers.items() if key.lower() not in HOP}
        handler.behind.request(handler.command, handler.path, body, headers)
        answer = handler.behind.getresponse()
        content = answer.read()
        handler.send_response(answer.status)
        for key, value in answer.getheaders():
            if key.lower() not in HOP:
                handler.send_header(key, value)
        handler.send_header("content-length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)
        handler.wfile.flush()

    def take(self):
        """What was counted since the last time."""
        with self.lock:
            taken, self.calls = self.calls, collections.Counter()
        return taken

    def close(self):
        self.server.shutdown()
        self.server.server_close()
