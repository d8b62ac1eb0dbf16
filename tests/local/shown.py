"""What `glueline show` makes of values that JSON lacks: Spark's own answers, in one query."""
import json
import subprocess

from common import check

VALUES = [
    ("cast(0 as decimal(20,10))", "0.0000000000"),
    ("cast(1.5 as float)", 1.5),
    ("cast('nan' as double)", "NaN"),
    ("cast('-inf' as double)", "-Infinity"),
    ("9007199254740993", 9007199254740993),
    ("cast('xy' as binary)", "X'7879'"),
    ("date'2024-02-29'", "2024-02-29"),
    ("timestamp'2024-02-29 01:02:03.5'", "2024-02-29 01:02:03.500000"),
    ("timestamp_ntz'2024-02-29 01:02:03'", "2024-02-29 01:02:03"),
    ("interval '1' day", "INTERVAL '1 00:00:00' DAY TO SECOND"),
    ("interval '-1 02:03:04.5' day to second", "INTERVAL '-1 02:03:04.5' DAY TO SECOND"),
    ("named_struct('a', 1, 'b', array(named_struct('c', 2)))", {"a": 1, "b": [{"c": 2}]}),
    ("named_struct('a', 1, 'a', 2)", [1, 2]),
    ("map(date'2024-02-29', null)", {"2024-02-29": None}),
    ("map(named_struct('a', 1), true)", {'{"a": 1}': True}),
    ("map(7, map(false, 1.5))", {"7": {"false": "1.5"}}),
    ("array()", []),
    ("'\U0001f986 \"q\" \\u005c'", '\U0001f986 "q" \\'),
    ("null", None),
]


# Longer as a literal of Python than a statement of Glue may be.
LONG = "select length('%s') as n" % ("\n" * 40_000)


def only_row(options, project, query):
    """The row of a query."""
    command = [options.glueline, "show", "--quiet", "--output", "json", "--project-dir", project, "--inline", query]
    answer = subprocess.run(command, cwd=project, check=False, capture_output=True, text=True)
    check("status of the rows of values (%s)" % answer.stderr, answer.returncode, 0)
    [row] = json.loads(answer.stdout or '{"rows": [[]]}')["rows"]
    return row


def shown(options, project):
    """Asks for all of them; the query begins with a comment, as a part of a model may."""
    columns = ", ".join("%s as c%d" % (sql, number) for number, (sql, _) in enumerate(VALUES))
    row = only_row(options, project, "-- all\nselect " + columns)
    check("values in a row", len(row), len(VALUES))
    check("shown of a long text", only_row(options, project, LONG), [40_000])
    for (sql, wanted), found in zip(VALUES, row):
        check("shown of `%s`" % sql, found, wanted)
