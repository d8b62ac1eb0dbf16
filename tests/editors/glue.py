#!/usr/bin/env python3
"""A Glue of the loopback for tests of editors: its sessions run what they are sent, with a Spark that knows a few answers.

    glue.py      prints its address in a line, and answers until its standard input ends

What a session is sent is Python, and is executed; `spark` in it is the one below. A query is answered by what stands in it:

    refused_by_spark    the error of Spark for a column that is not there, with its place
    wait_for_me         nothing, until the statement is cancelled
    anything else       two rows, with values of every kind that an editor has to show; none where a statement gives no rows

There is one table, `kept_by_others`, in each database whose name ends with `staging`.
"""
import functools
import io
import json
import re
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ACCOUNT = "123456789012"
CALLER = f"""<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
<Arn>arn:aws:iam::{ACCOUNT}:user/me</Arn><UserId>A</UserId><Account>{ACCOUNT}</Account>
</GetCallerIdentityResult></GetCallerIdentityResponse>"""

MISSING = "refused_by_spark"
ENDLESS = "wait_for_me"
OTHERS = "kept_by_others"
# How many seconds a statement waits at most to be cancelled.
PATIENCE = 120

# Name, Spark's type as Python prints it and as its DDL writes it, the values of two rows.
ROWS = [
    ("order_id", "LongType()", "bigint", [9007199254740993, 2]),
    ("note", "StringType()", "string", ["NULL", None]),
    ("html", "StringType()", "string", ["<b>bold</b>", "two\nlines\tand a tab"]),
    ("amount", "DecimalType(10,2)", "decimal(10,2)", ["19.90", None]),
    ("paid", "BooleanType()", "boolean", [True, False]),
    ("lines", "ArrayType(MapType(StringType(), StringType(), True), True)", "array<map<string,string>>", [[{"sku": "a-1"}, {"sku": "b-2"}], []]),
]


class AnalysisException(Exception):
    """What Spark raises for a query that it refuses."""


class CancelledError(Exception):
    """The statement was cancelled."""


class Column:
    """A column and its type."""

    def __init__(self, name, python, ddl):
        self.name, self.dataType, self.python, self.ddl = name, self, python, ddl

    def __str__(self):
        return self.python

    def simpleString(self):
        """The type, as DDL writes it."""
        return self.ddl


class Frame:
    """What a statement gives."""

    def __init__(self, columns=()):
        self.columns, self.schema = columns, self
        self.fields = [Column(*column[:3]) for column in columns]

    def collect(self):
        """The rows."""
        return list(zip(*(column[3] for column in self.columns)))


class Spark:
    """As much of Spark as a session is asked for; it stands for its own parts: `spark.conf`, `spark.catalog` and the session's state."""

    version = "3.5.4"

    def __init__(self):
        self.conf = self.catalog = self
        self._jsparkSession = Inside()
        self.settings, self.database = {}, "default"
        self.cancelled = threading.Event()

    def set(self, key, value):
        self.settings[key] = value

    def unset(self, key):
        self.settings.pop(key, None)

    def currentDatabase(self):
        return self.database

    def setCurrentDatabase(self, name):
        self.database = name

    def sql(self, text):
        """Answers a statement."""
        if text == "SET":
            keys = sorted(self.settings)
            return Frame([("key", "StringType()", "string", keys), ("value", "StringType()", "string", [self.settings[key] for key in keys])])
        if ENDLESS in text:
            self.cancelled.wait(PATIENCE)
            raise CancelledError
        if MISSING in text:
            before = text[: text.index(MISSING)]
            line, column = before.count("\n") + 1, len(before) - before.rfind("\n") - 1
            raise AnalysisException(
                f"[UNRESOLVED_COLUMN.WITH_SUGGESTION] A column or function parameter with name `{MISSING}` cannot be resolved. "
                f"Did you mean one of the following? [`order_id`].; line {line} pos {column};\n'Project\n"
            )
        bare = re.sub(r"/\*.*?\*/|--[^\n]*", " ", text, flags=re.DOTALL).strip().lower()
        return Frame(ROWS) if bare.startswith(("select", "with")) else Frame()


class Inside:
    """Spark's own state, of which a session asks for its views: there are none."""

    def sessionState(self):
        return self

    def catalog(self):
        return self

    def listLocalTempViews(self, _pattern):
        return self

    def size(self):
        return 0


class Session:
    """A session, and what became of its statements. They run one after another."""

    def __init__(self, request):
        self.request, self.made, self.status = request, time.time(), "READY"
        self.spark, self.statements, self.turn = Spark(), [], threading.Lock()
        self.names = {"spark": self.spark, "__name__": "__main__"}

    def shown(self):
        """The session as Glue tells of it."""
        kept = ("Id", "Role", "GlueVersion", "NumberOfWorkers", "WorkerType", "IdleTimeout", "DefaultArguments", "Command")
        return {key: self.request[key] for key in kept if key in self.request} | {"Status": self.status, "CreatedOn": self.made}

    def run(self, code):
        """Begins a statement; its number."""
        statement = {"Id": len(self.statements), "Code": code, "State": "RUNNING"}
        self.statements.append(statement)
        threading.Thread(target=self.execute, args=(statement,), daemon=True).start()
        return statement["Id"]

    def execute(self, statement):
        """Runs a statement to its end."""
        with self.turn:
            printed = io.StringIO()
            self.names["print"] = functools.partial(print, file=printed)
            self.spark.cancelled.clear()
            try:
                exec(statement["Code"], self.names)
                statement |= {"Output": {"Status": "ok", "Data": {"TextPlain": printed.getvalue()}}, "State": "AVAILABLE"}
            except CancelledError:
                statement["State"] = "CANCELLED"
            except Exception as error:
                said = {"Status": "error", "ErrorName": type(error).__name__, "ErrorValue": str(error)}
                statement |= {"Output": said, "State": "AVAILABLE"}


class Refused(Exception):
    """What Glue says no with."""


SESSIONS = {}


def found(name):
    """A session by its id."""
    if name not in SESSIONS:
        raise Refused("EntityNotFoundException", f"Session with id {name} not found")
    return SESSIONS[name]


def create(request):
    SESSIONS[request["Id"]] = session = Session(request)
    return {"Session": session.shown()}


def stop(request):
    found(request["Id"]).status = "STOPPED"
    return {"Id": request["Id"]}


def cancel(request):
    found(request["SessionId"]).spark.cancelled.set()
    return {}


def tables(request):
    database = request["DatabaseName"]
    storage = {"Columns": [{"Name": "id", "Type": "bigint"}], "Location": f"s3://lake/{database}/{OTHERS}"}
    table = {"Name": OTHERS, "TableType": "EXTERNAL_TABLE", "Parameters": {"spark.sql.sources.provider": "parquet"}, "StorageDescriptor": storage}
    return {"TableList": [table] if database.endswith("staging") else []}


OPERATIONS = {
    "CreateSession": create,
    "GetSession": lambda request: {"Session": found(request["Id"]).shown()},
    "ListSessions": lambda _: {"Sessions": [session.shown() for session in SESSIONS.values()]},
    "StopSession": stop,
    "RunStatement": lambda request: {"Id": found(request["SessionId"]).run(request["Code"])},
    "GetStatement": lambda request: {"Statement": found(request["SessionId"]).statements[request["Id"]]},
    "ListStatements": lambda request: {"Statements": found(request["SessionId"]).statements},
    "CancelStatement": cancel,
    "GetTables": tables,
    "GetResourceLFTags": lambda _: {},
    "ListDataCellsFilter": lambda _: {"DataCellsFilters": []},
}


class Handler(BaseHTTPRequestHandler):
    """Answers a call by its name, which stands in the head, and with Lake Formation in the path; that of the identity has none."""

    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        name = self.headers.get("X-Amz-Target", self.path[1:]).rpartition(".")[2]
        if not name:
            self.answer(200, CALLER)
            return
        try:
            if name not in OPERATIONS:
                raise Refused("UnknownOperationException", name)
            self.answer(200, json.dumps(OPERATIONS[name](json.loads(body))))
        except Refused as refused:
            kind, message = refused.args
            self.answer(400, json.dumps({"__type": kind, "Message": message}))

    def answer(self, status, text):
        """Sends an answer."""
        data = text.encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        """Nothing is told of calls."""


def main():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
