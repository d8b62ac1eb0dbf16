# What a session is told before it takes statements, once by each command.
import base64, datetime, decimal, json, random, string, sys, urllib

try:
    _glueline_first
except NameError:
    _glueline_first = None


class _Glueline:
    """Keeps how the session was when it was first met, and hands answers over in pieces."""

    def __init__(self, piece):
        self.piece = piece
        self.text = ""
        self.held = ""

    @staticmethod
    def confs():
        return {row[0]: row[1] for row in spark.sql("SET").collect()}

    @staticmethod
    def catalog():
        current = getattr(spark.catalog, "currentCatalog", None)
        return current() if current else None

    def begin(self):
        """Takes back what an earlier command left in the session: settings, views of its own, the database in use."""
        global _glueline_first
        if _glueline_first is None:
            _glueline_first = (self.confs(), self.catalog(), spark.catalog.currentDatabase())
        else:
            confs, catalog, database = _glueline_first
            for key, value in self.confs().items():
                if confs.get(key) != value:
                    try:
                        spark.conf.set(key, confs[key]) if key in confs else spark.conf.unset(key)
                    except Exception:
                        pass  # what cannot be changed in a session was not changed in it either
            for key in confs.keys() - self.confs().keys():
                spark.conf.set(key, confs[key])
            views = spark._jsparkSession.sessionState().catalog().listLocalTempViews("*")
            for at in range(views.size()):
                spark.catalog.dropTempView(views.apply(at).table())
            if catalog and catalog != self.catalog():
                spark.catalog.setCurrentCatalog(catalog)
            spark.catalog.setCurrentDatabase(database)
        self.say({"spark": spark.version})

    def use(self, code):
        """Runs what comes before each statement. dbt-glue does not look at what becomes of it either."""
        try:
            exec(code, globals())
        except Exception:
            pass

    @staticmethod
    def imports():
        """What the session of dbt-glue has imported, for code that relies on it."""
        for name, line in (
            ("pd", "import pandas as pd"),
            ("feather", "import pyarrow.feather as feather"),
            ("boto3", "import boto3"),
            ("Config", "from botocore.config import Config"),
        ):
            if name not in globals():
                try:
                    exec(line, globals())
                except ImportError:
                    pass

    def hold(self, text, is_first):
        """Takes a text in pieces that is too long to stand in the statement that is about it."""
        self.held = text if is_first else self.held + text

    def analyse(self, sql):
        """Has Spark read a query and find out its columns, which it refuses as it would refuse to run it."""
        spark.sql(sql).schema
        self.say(None)

    def verdicts(self, queries):
        """Has Spark read each query as `analyse` does, and says of each what it refuses in it, if anything."""
        self.say([self.verdict(sql) for sql in queries])

    @staticmethod
    def verdict(sql):
        """`None` for what Spark accepts, the name and the text of its error, or one empty text for what is no query."""
        parser = spark._jsparkSession.sessionState().sqlParser()
        try:
            # What fits in brackets only reads: `spark.sql` would carry out anything else.
            parser.parsePlan("select * from (\n" + sql + "\n)")
        except Exception:
            try:
                parser.parsePlan(sql)
            except Exception as error:
                return [type(error).__name__, str(error)]
            return [""]
        try:
            spark.sql(sql).schema
        except Exception as error:
            return [type(error).__name__, str(error)]
        return None

    def show(self, sql):
        """Runs a query for people to look at its rows."""
        self.say(SqlWrapper2.query(sql, self.shown))

    @classmethod
    def shown(cls, value):
        """A value as JSON and Spark's SQL write it; dbt-glue's templates get what Python makes of it."""
        if isinstance(value, (bytes, bytearray)):
            return "X'%s'" % value.hex().upper()
        if isinstance(value, decimal.Decimal):
            return format(value, "f")
        if isinstance(value, datetime.timedelta):
            # The session may have other things under the names of Python's functions: `abs` is one of Spark's.
            whole = -value if value.days < 0 else value
            minutes, seconds = divmod(whole.seconds, 60)
            clock = "%02d:%02d:%02d" % (minutes // 60, minutes % 60, seconds)
            if whole.microseconds:
                clock += (".%06d" % whole.microseconds).rstrip("0")
            return "INTERVAL '%s%d %s' DAY TO SECOND" % ("-" if value.days < 0 else "", whole.days, clock)
        if isinstance(value, dict):
            return {cls.key(key): cls.shown(item) for key, item in value.items()}
        if isinstance(value, tuple):
            # A struct by its names, unless one stands in it twice.
            names = getattr(value, "__fields__", ())
            if len(set(names)) == len(value):
                return {name: cls.shown(item) for name, item in zip(names, value)}
        if isinstance(value, (list, tuple)):
            return [cls.shown(item) for item in value]
        return value

    @classmethod
    def key(cls, key):
        """The key of a map, which JSON has as texts alone."""
        key = cls.shown(key)
        return key if isinstance(key, str) else str(key) if isinstance(key, datetime.date) else cls.dumps(key)

    def say(self, answer):
        self.text = self.dumps(answer)
        self.more(0)

    def more(self, number):
        """Prints one piece of the answer, behind a line that says how much there is."""
        start = number * self.piece
        print("GLUELINE", number, len(self.text))
        print(self.text[start : start + self.piece])

    @classmethod
    def dumps(cls, value):
        try:
            return json.dumps(value, default=str, allow_nan=False)
        except ValueError:
            return json.dumps(cls.finite(value), default=str)

    @classmethod
    def finite(cls, value):
        if isinstance(value, float) and value - value != 0:
            return "NaN" if value != value else "Infinity" if value > 0 else "-Infinity"
        if isinstance(value, dict):
            return {key: cls.finite(item) for key, item in value.items()}
        if isinstance(value, (list, tuple)):
            return [cls.finite(item) for item in value]
        return value


class SqlWrapper2:
    """The name under which dbt-glue's statements reach Spark."""

    @classmethod
    def execute(cls, sql, output=True, use_arrow=False, location=""):
        queries = [query for query in sql.split("dbt_next_query") if query] or [sql]
        for query in queries:
            answer = cls.query(query)
        if not output:
            return _Glueline.dumps(answer)
        _glueline.say(answer)

    @staticmethod
    def query(sql, shown=None):
        spark.conf.set("spark.sql.crossJoin.enabled", "true")
        found = spark.sql(sql)
        fields = found.schema.fields
        if not fields:
            return None
        columns = [[field.name, str(field.dataType), field.dataType.simpleString()] for field in fields]
        rows = [list(row) for row in found.collect()]
        return {"columns": columns, "rows": [[shown(item) for item in row] for row in rows] if shown else rows}
