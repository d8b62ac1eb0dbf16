"""Asks a real PySpark which functions it has and what it makes of types: the source of the tables of crates/spark.

    ask.py ROOT [PART..]    ROOT is where the answers go, laid out as this repository; parts are table, operators, functions and queries

Writes, under ROOT/crates/spark:
    src/functions/table.rs     every built-in function, from Spark's own registry and the expressions that it builds
    tests/facts/operators.txt  what operators, casts, branches and unions give for every pair of types
    tests/facts/queries.txt    queries, the names and types of their columns or the class of their error: the examples of Spark's own
                               documentation of its functions, and expressions.txt beside this file
    tests/facts/functions.txt  what functions give for one argument of every type and two of many types

Nothing is run: Spark only analyses.
"""
import os
import re
import sys

from pyspark.sql import SparkSession

spark = (SparkSession.builder.master("local[1]").appName("facts")
         .config("spark.ui.enabled", "false").config("spark.driver.bindAddress", "127.0.0.1")
         .config("spark.sql.catalogImplementation", "in-memory").config("spark.sql.ansi.enabled", "false")
         .config("spark.sql.session.timeZone", "UTC").config("spark.sql.shuffle.partitions", "1")
         .getOrCreate())
spark.sparkContext.setLogLevel("OFF")
jvm = spark._jvm
state = spark._jsparkSession.sessionState()
SKIP = jvm.org.apache.spark.sql.execution.CommandExecutionMode.SKIP()
VERSION = spark.version

TYPES = ["void", "boolean", "tinyint", "smallint", "int", "bigint", "float", "double", "decimal(10,2)", "decimal(38,18)", "string",
         "binary", "date", "timestamp", "timestamp_ntz", "interval day to second", "interval day", "interval year to month", "interval",
         "array<int>", "array<string>", "map<string,int>", "struct<a:int,b:string>", "array<struct<a:int,b:string>>"]
COLUMNS = {t: "c%d" % i for i, t in enumerate(TYPES)}


def make_view():
    def null(t):
        return {"void": "null", "interval": "make_interval(1)"}.get(t, "cast(null as %s)" % t)
    spark.sql("create or replace temporary view t as select " + ", ".join("%s as %s" % (null(t), c) for t, c in COLUMNS.items()))


def ask(sql):
    """The columns as (name, type), or the class of the error as a text that begins with `!`."""
    try:
        query = state.executePlan(state.sqlParser().parsePlan(sql), SKIP)
        query.assertAnalyzed()
        return [(f.name(), f.dataType().catalogString()) for f in query.analyzed().schema().fields()]
    except Exception as fault:
        origin = getattr(fault, "_origin", None) or getattr(fault, "java_exception", None)
        name = None
        try:
            name = origin.getErrorClass()
        except Exception:
            pass
        if not name:
            found = re.match(r"\[([A-Z_0-9.]+)\]", str(origin.getMessage() if origin is not None else fault))
            name = found.group(1) if found else "UNKNOWN"
        return "!" + name.replace("DATATYPE_MISMATCH.", "")


def type_of(expression):
    answer = ask("select %s from t" % expression)
    return answer if isinstance(answer, str) else " ; ".join("%s %s" % x for x in answer) if len(answer) != 1 else answer[0][1]


# -- the registry

expressions = jvm.org.apache.spark.sql.catalyst.expressions
registry = jvm.org.apache.spark.sql.catalyst.analysis.FunctionRegistry.builtin()
tables = jvm.org.apache.spark.sql.catalyst.analysis.TableFunctionRegistry.builtin()
Identifier = jvm.org.apache.spark.sql.catalyst.FunctionIdentifier
to_java = jvm.scala.collection.JavaConverters.seqAsJavaList
to_scala = jvm.PythonUtils.toSeq
pretty = getattr(getattr(jvm.org.apache.spark.sql.catalyst.util, "package$"), "MODULE$")
parsed_types = {}


def parsed(t):
    if t not in parsed_types:
        parsed_types[t] = state.sqlParser().parseDataType(t)
    return parsed_types[t]


def build(name, types):
    children = [expressions.PrettyAttribute("a%d" % i, parsed(t)) for i, t in enumerate(types)]
    return registry.lookupFunction(Identifier(name), to_scala(children))


def is_a(expression, name):
    return jvm.java.lang.Class.forName("org.apache.spark.sql.catalyst.expressions." + name).isInstance(expression)


UNIFORM = ["string", "int", "array<int>", "date", "map<string,int>", "decimal(10,2)", "boolean", "timestamp"]
MIXED = ["int", "string", "date", "array<int>", "decimal(10,2)", "boolean", "timestamp", "map<string,int>"]
COUNTS = list(range(0, 9)) + [17]


def typings(count):
    for t in UNIFORM:
        yield [t] * count
    if count > 1:
        for turn in range(3):
            yield [MIXED[(i + turn) % len(MIXED)] for i in range(count)]


def input_name(text):
    simple = {"any": "Any", "boolean": "Boolean", "tinyint": "TinyInt", "smallint": "SmallInt", "int": "Int", "bigint": "BigInt",
              "float": "Float", "double": "Double", "decimal": "Decimal", "numeric": "Numeric", "integral": "Integral",
              "string": "String", "binary": "Binary", "date": "Date", "timestamp": "Timestamp", "timestamp_ntz": "TimestampNtz",
              "interval": "Interval", "interval day to second": "DayTime", "interval year to month": "YearMonth", "array": "Array",
              "map": "Map", "struct": "Struct", "(timestamp or timestamp without time zone)": "AnyTimestamp"}
    if text in simple:
        return "Input::" + simple[text]
    if re.match(r"decimal\(\d+,\d+\)$", text):
        return "Input::DecimalOf(%s)" % text[8:-1].replace(",", ", ")
    if text.startswith("array<"):
        return "Input::ArrayOf(&%s)" % input_name(text[6:-1])
    if text.startswith("("):
        return "Input::OneOf(&[%s])" % ", ".join(input_name(x) for x in text[1:-1].split(" or "))
    raise ValueError(text)


def text_names(e):
    """Spark's name of the expression, with `{0}`, `{1}`.. for its arguments."""
    try:
        text = re.sub(r"\ba(\d+)\b", r"{\1}", pretty.toPrettySQL(e))
        # the parameters of a lambda have this name once they are resolved
        return re.sub(r"\b(id|left|right)\b(?!\()", "namedlambdavariable()", text) if "lambdafunction(" in text else text
    except Exception:
        return None


def counts_taken(name):
    """How many arguments are taken, and the class of the error for others where it is not the usual one."""
    taken, other = [], None
    for count in COUNTS:
        answer = ask("select %s(%s)" % (name, ", ".join(["null"] * count)))
        wrong = isinstance(answer, str) and (answer.startswith("!WRONG_NUM_ARGS") or answer in (
            "!REQUIRED_PARAMETER_NOT_FOUND", "!UNEXPECTED_POSITIONAL_ARGUMENT", "!PARSE_SYNTAX_ERROR"))
        if not wrong:
            taken.append(count)
        elif not answer.startswith("!WRONG_NUM_ARGS.WITHOUT_SUGGESTION"):
            other = answer[1:]
    return taken, other


def arity(taken):
    exact = [c for c in taken if c != 17]
    if 17 in taken:
        if exact and exact != list(range(min(exact), 9)):
            return "Arity::Steps(%d, %d)" % (min(exact), exact[1] - exact[0]) if len(exact) > 1 else "Arity::AtLeast(%d)" % min(exact)
        return "Arity::AtLeast(%d)" % (min(exact) if exact else 0)
    if not exact:
        return "Arity::AtLeast(1)"  # only Spark's grammar calls it
    if len(exact) > 2 and exact != list(range(exact[0], exact[-1] + 1)):
        return "Arity::Steps(%d, %d)" % (exact[0], exact[1] - exact[0])
    if exact != list(range(exact[0], exact[-1] + 1)):
        return "Arity::Either(%d, %d)" % (exact[0], exact[-1])
    return "Arity::Between(%d, %d)" % (exact[0], exact[-1])


def plain(t):
    names = {"void": "Void", "boolean": "Boolean", "tinyint": "TinyInt", "smallint": "SmallInt", "int": "Int", "bigint": "BigInt",
             "float": "Float", "double": "Double", "string": "String", "binary": "Binary", "date": "Date", "timestamp": "Timestamp",
             "timestamp_ntz": "TimestampNtz", "interval": "Interval", "interval day to second": "DAY_TO_SECOND",
             "interval year to month": "YEAR_TO_MONTH"}
    return "Gives::Is(DataType::%s)" % names[t] if t in names else "Gives::Text(\"%s\")" % t


# Spark's grammar reads these before any function is looked for; what stands between their parentheses fails in ways of its own.
BARE = ("current_date", "current_timestamp", "current_user", "user")


def describe(name):
    info = registry.lookupFunction(Identifier(name)).get()
    taken, wrong = counts_taken(name)
    row = {"name": name, "class": info.getClassName().split(".")[-1], "since": info.getSince(), "arity": arity(taken), "wrong": wrong,
           "casts": set(), "inputs": None, "results": [], "names": {}, "is": set(), "odd": False}
    by_count = {}
    for count in [c for c in taken if c < 9]:
        for types in typings(count):
            try:
                e = build(name, types)
            except Exception:
                continue
            if "Builder" in row["class"]:
                row["class"] = e.getClass().getSimpleName()
            row["odd"] |= is_a(e, "BinaryOperator")
            for kind in ("Generator", "WindowFunction", "aggregate.AggregateFunction", "RuntimeReplaceable"):
                if is_a(e, kind):
                    row["is"].add(kind)
            if is_a(e, "ExpectsInputTypes"):
                row["casts"].add("Implicit" if is_a(e, "ImplicitCastInputTypes") else "Expected")
                try:
                    inputs = [x.simpleString() for x in to_java(e.inputTypes())]
                except Exception:
                    inputs = ["?"]
                if count in by_count and by_count[count] != inputs:
                    row["odd"] = True
                by_count[count] = inputs
                have = row["inputs"]
                if have is None or (len(inputs) > len(have) and inputs[:len(have)] == have):
                    row["inputs"] = inputs
                elif have[:len(inputs)] != inputs:
                    row["odd"] = True
            try:
                row["results"].append((types, e.dataType().catalogString()))
            except Exception:
                row["results"].append((types, None))
            if count not in row["names"]:
                found = text_names(e)
                if found:
                    row["names"][count] = found
    if 2 in taken and 2 not in row["names"]:
        # a function that looks at its second argument while it is built
        answer = ask("select %s(1.5BD, 7)" % name)
        if not isinstance(answer, str) and len(answer) == 1:
            row["names"][2] = answer[0][0].replace("1.5", "{0}").replace("7", "{1}")
    if name in BARE:
        row["arity"] = "Arity::Between(0, 0)"
    row["odd"] |= name in ("convert_timezone", "to_json", "to_csv")  # what they take is not what they say
    return row


def kind_of(row):
    if row["name"] in ("grouping", "grouping_id"):
        return "Grouping"
    if row["name"] in ("window", "session_window"):
        return "TimeWindow"
    kinds = row["is"]
    if "Generator" in kinds:
        return "Generator"
    if "WindowFunction" in kinds:
        return "Window"
    return "Aggregate" if "aggregate.AggregateFunction" in kinds else "Scalar"


def gives(row):
    results = row["results"]
    found = {r for _, r in results}
    if not results or None in found:
        return "Gives::Rule"
    if len(found) == 1:
        return plain(found.pop())
    if all(types and r == types[0] for types, r in results):
        return "Gives::First"
    return "Gives::Rule"


def shown(row):
    """How the name of a column shows the call, where that is not `name(arguments)`."""
    name, forms = row["name"], row["names"]
    usual = {c: "%s(%s)" % (name, ", ".join("{%d}" % i for i in range(c))) for c in forms}
    if all(forms[c] == usual[c] for c in forms):
        return "Shown::Usual"
    heads = {f.split("(")[0] for f in forms.values()}
    if len(heads) == 1:
        head = heads.pop()
        if all(forms[c] == "%s(%s)" % (head, ", ".join("{%d}" % i for i in range(c))) for c in forms) and re.match(r"\w+$", head):
            return "Shown::As(\"%s\")" % head
    return "Shown::Forms(&[%s])" % ", ".join("(%d, %s)" % (c, quote(forms[c])) for c in sorted(forms) if forms[c] != usual[c])


def quote(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


# Names that came later than the functions whose other names they are: a Spark 3.3.0 has neither, though Spark says so.
LATER_NAMES = ("current_schema", "user")


def since(row):
    if row["name"] in LATER_NAMES:
        return "V3_5"
    version = tuple(int(x) for x in row["since"].split(".")[:2])
    return "V3_3" if version <= (3, 3) else "V3_5"


HEAD = """//! Every built-in function of Spark %s, as Spark's own registry and the expressions that it builds tell it.
//!
//! Generated by `cargo xtask spark-functions --venv DIR`; not edited by hand.

use super::{Arity, Casts, Function, Gives, Kind, Shown, Version};
use crate::types::{DataType, Input};

/// All of them, sorted by name.
#[rustfmt::skip]
pub(super) static FUNCTIONS: &[Function] = &[
"""


def written(row):
    """A row of the table."""
    inputs = row["inputs"] or []
    odd = row["odd"] or "?" in inputs or any("struct<" in x or "void" in x for x in inputs)
    casts = "Casts::None" if odd or not row["casts"] else "Casts::" + sorted(row["casts"])[-1]
    return ("    Function { name: %s, class: %s, kind: Kind::%s, since: Version::%s, arity: %s, casts: %s, inputs: &[%s], "
            "gives: %s, shown: %s },\n" % (
                quote(row["name"]), quote(row["class"]), kind_of(row), since(row), row["arity"], casts,
                ", ".join(input_name(x) for x in ([] if odd else inputs)),
                "Gives::Rule" if odd else gives(row), shown(row)))


def write_table(path):
    names = sorted({x.funcName() for x in to_java(registry.listFunction())})
    names = [n for n in names if re.match(r"[a-z_]\w*$", n)]
    rows = [describe(n) for n in names]
    with open(path, "w", encoding="utf-8") as out:
        out.write(HEAD % VERSION)
        table = sorted({x.funcName() for x in to_java(tables.listFunction())} - set(names))
        for name in table:
            rows.append({"name": name, "table": True})
        for row in sorted(rows, key=lambda r: r["name"]):
            if row.get("table"):
                out.write("    Function::table(%s),\n" % quote(row["name"]))
                continue
            out.write(written(row))
            if row["wrong"]:
                print("other class for a wrong count:", row["name"], row["wrong"])
        out.write("];\n")


# -- facts for the tests

BINARY = {"+": "{a} + {b}", "-": "{a} - {b}", "*": "{a} * {b}", "/": "{a} / {b}", "%": "{a} % {b}", "div": "{a} div {b}",
          "&": "{a} & {b}", "=": "{a} = {b}", "<": "{a} < {b}", "<=>": "{a} <=> {b}", "and": "{a} and {b}", "||": "{a} || {b}",
          "like": "{a} like {b}", "in": "{a} in ({b})", "in query": "{a} in (select {b} from t)", "between": "{a} between {b} and {b}",
          "case": "case when true then {a} else {b} end", "[]": "{a}[{b}]",
          "coalesce": "coalesce({a}, {b})", "if": "if(true, {a}, {b})", "nullif": "nullif({a}, {b})", "greatest": "greatest({a}, {b})",
          "array": "array({a}, {b})", "map": "map({a}, 1, {b}, 1)", "nvl2": "nvl2(1, {a}, {b})",
          "array_contains": "array_contains({a}, {b})", "concat": "concat({a}, {b})"}
UNARY = {"negate": "-{a}", "positive": "+{a}", "not": "not {a}", "~": "~{a}", ".a": "({a}).a"}


def grouped(out, head, answers):
    """One line for each answer: `head = answer: type | type`, a type of TYPES as its number."""
    by_answer = {}
    for t, answer in answers:
        by_answer.setdefault(answer, []).append("#%d" % TYPES.index(t) if t in TYPES else t)
    for answer, types in by_answer.items():
        out.write("%s = %s: %s\n" % (head, answer, "|".join(types)))


def legend(out, form):
    out.write("# Spark %s, ANSI mode off. %s = TYPE or !CLASS: LAST|LAST..\n" % (VERSION, form))
    out.write("types: %s\n" % "|".join(TYPES))


def write_operators(path):
    with open(path, "w", encoding="utf-8") as out:
        legend(out, "OPERATOR @ FIRST")
        for op, form in BINARY.items():
            for left, a in COLUMNS.items():
                grouped(out, "%s @ %s" % (op, left), [(right, type_of(form.format(a=a, b=b))) for right, b in COLUMNS.items()])
        for left, a in COLUMNS.items():
            def union(b):
                answer = ask("select %s as x from t union all select %s from t" % (a, b))
                return answer if isinstance(answer, str) else answer[0][1]
            grouped(out, "union @ %s" % left, [(right, union(b)) for right, b in COLUMNS.items()])
            grouped(out, "cast @ %s" % left, [(right, type_of("cast(%s as %s)" % (a, right))) for right in TYPES])
        for op, form in UNARY.items():
            grouped(out, "%s @" % op, [(t, type_of(form.format(a=c))) for t, c in COLUMNS.items()])
        numbers = ["decimal(1,0)", "decimal(5,2)", "decimal(10,0)", "decimal(18,4)", "decimal(20,10)", "decimal(38,0)", "decimal(38,18)",
                   "int", "bigint", "tinyint", "double", "string"]
        literals = ["2", "100", "-7", "3L", "1.5", "1e0", "'7'"]
        for op in ("+", "-", "*", "/", "%", "div"):
            for left in numbers:
                a = "cast(null as %s)" % left
                grouped(out, "decimal %s @ %s" % (op, left), [(right, type_of("%s %s cast(null as %s)" % (a, op, right))) for right in numbers])
                grouped(out, "literal %s @ %s" % (op, left), [(right, type_of("%s %s %s" % (a, op, right))) for right in literals])


PAIR = ["int", "double", "decimal(10,2)", "string", "date", "timestamp", "array<int>", "map<string,int>"]


def write_functions(path):
    names = sorted({x.funcName() for x in to_java(registry.listFunction())})
    with open(path, "w", encoding="utf-8") as out:
        legend(out, "NAME/COUNT [@ FIRST]")
        for name in names:
            if not re.match(r"[a-z_]\w*$", name):
                continue
            out.write("%s/0 = %s: \n" % (name, type_of(name + "()")))
            one = [(t, type_of("%s(%s)" % (name, c))) for t, c in COLUMNS.items()]
            if not all(a.startswith("!WRONG_NUM_ARGS") for _, a in one):
                grouped(out, "%s/1" % name, one)
            if not type_of("%s(c4, c4)" % name).startswith("!WRONG_NUM_ARGS"):
                for left in PAIR:
                    grouped(out, "%s/2 @ %s" % (name, left),
                            [(right, type_of("%s(%s, %s)" % (name, COLUMNS[left], COLUMNS[right]))) for right in PAIR])


VIEW = ("create or replace temporary view n as select true as b, 1 as i, 1L as l, 1D as x, cast(1 as decimal(10,2)) as n, 's' as s, "
        "current_date() as d, now() as ts, array(1) as a, map('k', 1) as m, named_struct('a', 1, 'b', 's') as st, "
        "array(named_struct('a', 1, 'b', 's')) as arr, cast(null as binary) as bin, 'g' as g")


def write_queries(path):
    spark.sql(VIEW)
    queries = []
    for name in sorted({x.funcName() for x in to_java(registry.listFunction())}):
        info = registry.lookupFunction(Identifier(name)).get()
        for found in re.finditer(r"(?m)^\s*> ?(SELECT\b.*?);?\s*$", info.getExamples().replace("_FUNC_", name)):
            queries.append(found.group(1))
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "expressions.txt"), encoding="utf-8") as f:
        for line in f:
            if line.strip() and not line.startswith("#"):
                line = line.rstrip("\n")
                queries.append(line if line.lower().startswith(("select", "with")) else "select %s from n" % line)
    with open(path, "w", encoding="utf-8") as out:
        out.write("# Spark %s, ANSI mode off. QUERY, and behind a tab NAME:TYPE for each column, between tabs, or !CLASS\n" % VERSION)
        seen = set()
        for query in queries:
            if query in seen or "\t" in query:
                continue
            seen.add(query)
            answer = ask(query)
            shown = answer if isinstance(answer, str) else "\t".join("%s:%s" % x for x in answer)
            out.write("%s\t%s\n" % (query, re.sub(r"#\d+L?", "#N", shown)))


def main():
    root = os.path.join(sys.argv[1], "crates", "spark")
    only = sys.argv[2:]
    make_view()
    os.makedirs(os.path.join(root, "tests", "facts"), exist_ok=True)
    for part, file, write in (("table", "src/functions/table.rs", write_table), ("operators", "tests/facts/operators.txt", write_operators),
                              ("functions", "tests/facts/functions.txt", write_functions),
                              ("queries", "tests/facts/queries.txt", write_queries)):
        if not only or part in only:
            write(os.path.join(root, file))
    spark.stop()


if __name__ == "__main__":
    main()
