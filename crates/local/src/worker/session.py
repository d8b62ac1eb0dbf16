"""One Glue session: a Python of its own with a session of its own in the Spark of `host.py`.

Statements run one after another on the main thread, as Glue's kernel runs them: what is printed is the answer, and the value of a last
expression is printed too. A second thread listens, so that a statement can be cancelled while it runs.
"""
import ast
import contextlib
import io
import os
import queue
import signal
import sys
import threading
import time
import traceback

import channel
import settings as session_settings
import stand_in
from py4j.protocol import Py4JJavaError
from pyspark import SparkConf, SparkContext
from pyspark.java_gateway import launch_gateway
from pyspark.sql import SparkSession

# Jobs are given this long to end by themselves before Python is interrupted.
GRACE = 2.0
INTERRUPT = getattr(signal, "SIGUSR1", signal.SIGINT)


class Running:
    """The statement that runs, and whether it is to be cancelled."""

    def __init__(self):
        self.lock = threading.Lock()
        self.id = None
        self.group = None
        self.cancelled = False


class Session:
    def __init__(self, request):
        self.name = request["id"]
        gateway = launch_gateway()
        self.gateway = gateway
        jvm = gateway.jvm
        root = jvm.org.apache.spark.sql.SparkSession.getDefaultSession().get()
        java_context = jvm.org.apache.spark.api.java.JavaSparkContext.fromSparkContext(root.sparkContext())
        self.context = SparkContext(gateway=gateway, jsc=java_context, conf=SparkConf(_jconf=java_context.getConf()))
        self.notes, self.java = session_settings.open_session(gateway, root, request)
        self.spark = SparkSession(self.context, jsparkSession=self.java)
        # Threads that serve all sessions fall back on the default one: it stays nobody's.
        jvm.org.apache.spark.sql.SparkSession.setDefaultSession(root)
        self.context.stop = stand_in.refuse_stop
        self.globals = stand_in.globals_of(self.spark, self.context)
        self.running = Running()
        self.count = 0

    def run(self, statement, code):
        with self.running.lock:
            self.running.id = statement
            self.running.group = "%s/%s" % (self.name, statement)
            self.running.cancelled = False
        out, err = io.StringIO(), io.StringIO()
        failure = None
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                # Whatever the last statement left active.
                self.gateway.jvm.org.apache.spark.sql.SparkSession.setActiveSession(self.java)
                self.context.setJobGroup(self.running.group, "statement %s" % statement, True)
                self.execute(code)
            except BaseException as error:
                failure = error
        with self.running.lock:
            cancelled = self.running.cancelled
            self.running.id = None
        self.count += 1
        output = {"ExecutionCount": self.count - 1}
        if failure is None:
            output.update(Status="ok", Data={"TextPlain": out.getvalue() + err.getvalue()})
        else:
            output.update(failed(failure))
            sys.stderr.write("".join(output["Traceback"]))
        return {"statement": statement, "cancelled": cancelled, "output": output}

    def execute(self, code):
        tree = ast.parse(code.rstrip(), "<stdin>")
        last = tree.body[-1:]
        tree.body = tree.body[:-1]
        if tree.body:
            exec(compile(tree, "<stdin>", "exec"), self.globals)
        if last:
            exec(compile(ast.Interactive(last), "<stdin>", "single"), self.globals)

    def cancel(self, statement):
        """Cancels the jobs of the statement, and interrupts Python when that does not end it. On the listening thread."""
        with self.running.lock:
            if self.running.id != statement:
                return
            self.running.cancelled = True
        began = time.monotonic()
        while True:
            with self.running.lock:
                if self.running.id != statement:
                    return
                group = self.running.group
            try:
                self.context.cancelJobGroup(group)
            except Exception:
                traceback.print_exc()
            if time.monotonic() - began > GRACE:
                with self.running.lock:
                    if self.running.id == statement:
                        signal.pthread_kill(threading.main_thread().ident, INTERRUPT)
            time.sleep(0.2)

    def interrupted(self, _, frame):
        # Outside of a statement there is nothing to interrupt.
        if self.running.id is None or not self.running.cancelled:
            return
        # Not while the JVM is asked: what it does would go on unseen, and the next call take its answer. Its jobs are cancelled
        # as they begin, and this comes again.
        while frame is not None:
            if frame.f_globals.get("__name__", "").startswith("py4j."):
                return
            frame = frame.f_back
        raise KeyboardInterrupt("The statement was cancelled.")


def failed(error):
    """The error of a statement, told from the user's own lines on."""
    trace = error.__traceback__
    while trace is not None and trace.tb_frame.f_code.co_filename == __file__:
        trace = trace.tb_next
    try:
        value = str(error)
    except BaseException as unprintable:
        value = "(its text cannot be made: %s)" % type(unprintable).__name__
    return {
        "Status": "error",
        "ErrorName": type(error).__name__,
        "ErrorValue": value,
        "Traceback": traceback.format_exception(type(error), error, trace),
    }


def cause(error):
    """What is behind an error of Java, in a line or two."""
    if isinstance(error, Py4JJavaError):
        thrown = error.java_exception
        while thrown.getCause() is not None:
            thrown = thrown.getCause()
        return str(thrown.toString())[:2000]
    return "%s: %s" % (type(error).__name__, str(error)[:2000])


def listen(session, arriving, work):
    """Ends the process when the other side is gone, whatever runs."""
    for message in arriving:
        if "run" in message:
            work.put(message)
        elif "cancel" in message:
            threading.Thread(target=session.cancel, args=(message["cancel"],), daemon=True).start()
    with session.running.lock:
        group = session.running.group if session.running.id is not None else None
    if group is not None:
        with contextlib.suppress(Exception):
            session.context.cancelJobGroup(group)
    os._exit(0)


def main():
    # Ctrl-C in a terminal reaches every process of its group; who ends what is decided elsewhere.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    arriving = channel.messages()
    request = next(arriving)
    sys.path.extend(request["imports"])
    try:
        session = Session(request)
    except BaseException as error:
        traceback.print_exc()
        channel.send({"event": "failed", "message": cause(error)})
        os._exit(1)
    # The context of Spark wants to be asked by Ctrl-C; it is not.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(INTERRUPT, session.interrupted)
    sys.argv = ["/tmp/glueline_local.py"] + request["argv"]
    channel.send({"event": "ready", "notes": session.notes})
    work = queue.Queue()
    threading.Thread(target=listen, args=(session, arriving, work), daemon=True).start()
    while True:
        message = work.get()
        channel.send(session.run(message["run"], message["code"]))


main()
