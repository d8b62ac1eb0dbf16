"""Records what Jinja2, set up as dbt sets it up, makes of many small templates.

    python record.py            # with dbt-core installed; writes the .jsonl files beside this one

Each line of a file is a list: the template, `ok` or the class of the exception, and the text or the message.
"""

import itertools
import json
import pathlib
import re
import sys

import blocks_record
import dbt.deprecations
import modules_record
from dbt.context.base import get_context_modules
from dbt_common.clients.jinja import get_environment

HERE = pathlib.Path(__file__).parent
ENV = get_environment(None, capture_macros=False)
dbt.deprecations.warn = lambda *args, **kwargs: None
MODULES = get_context_modules()


def render(source):
    try:
        text = ENV.from_string(source).render({"modules": MODULES})
        return "ok", re.sub(r"0x[0-9a-f]{9,}", "0x7f0000000000", text)
    except Exception as error:
        return type(error).__name__, str(error)


VALUES = [
    "none", "true", "false", "0", "1", "-7", "3", "2.5", "-0.5", "1e16", "''", "'a'", "'aBc'", "'3'", "' 4.5 '",
    "[]", "[1, 2]", "['b', 'a']", "()", "(1,)", "(1, 'x')", "{}", "{'a': 1}", "{'b': 2, 'a': [1]}", "nope",
    "range(3)", "{'a': 1}.keys()", "[3, 1, 2]|map('string')", "'%s'", "namespace(a=1)",
]


def operators():
    for op in ["+", "-", "*", "/", "//", "%", "**", "==", "!=", "<", "<=", ">", ">=", "in", "not in", "~"]:
        # Half of the pairs, so that the file stays small.
        for left, right in itertools.product(VALUES, VALUES):
            if (VALUES.index(left) + VALUES.index(right) + len(op)) % (2 if op in ("+", "*", "in", "<", "%", "==") else 5):
                continue
            # Python's order of texts in a set changes from run to run.
            if op == "-" and "keys()" in left + right:
                continue
            yield "{{ (%s) %s (%s) }}" % (left, op, right)
    numbers = ["7", "-7", "2", "-2", "7.5", "-7.5", "0.1", "3", "0", "0.0", "1e300", "true", "10", "-1", "1e-5"]
    for op in ["+", "-", "*", "/", "//", "%", "**"]:
        for left, right in itertools.product(numbers, numbers):
            yield "{{ (%s) %s (%s) }}" % (left, op, right)
    for value in VALUES:
        yield "{{ -(%s) }}" % value
        yield "{{ +(%s) }}" % value
        yield "{{ not (%s) }}" % value
        yield "{{ (%s) or 'else' }}" % value
        yield "{{ (%s) and 'then' }}" % value
        yield "{{ [%s] }}" % value
        yield "{{ {'k': %s} }}" % value
        yield "{% for x in (" + value + ") %}<{{ x }}>{% endfor %}"


def looks():
    keys = ["0", "1", "-1", "5", "'a'", "'0'", "'items'", "'upper'", "none", "1.0", "true", "nope", "[1]", "'__class__'"]
    for value, key in itertools.product(VALUES, keys):
        yield "{{ (%s)[%s] }}" % (value, key)
        yield "{{ (%s)[%s].more }}" % (value, key)
    for value in VALUES:
        for name in ["a", "items", "upper", "append", "__class__", "_x", "real"]:
            yield "{{ (%s).%s }}" % (value, name)
            yield "{{ (%s).%s() }}" % (value, name)
    bounds = ["", "0", "1", "2", "-1", "-2", "7", "-7"]
    for value in ["'abcde'", "[1, 2, 3, 4]", "(1, 2, 3)", "'äöü'", "range(5)"]:
        for start, stop, step in itertools.product(bounds, bounds, ["", "1", "-1", "2", "-2"]):
            if (bounds.index(start) + bounds.index(stop)) % 2 == 0 or step in ("", "-1"):
                yield "{{ (%s)[%s:%s%s] }}" % (value, start, stop, ":" + step if step else "")
    for value in VALUES:
        # Not a constant: Jinja2 folds those otherwise.
        yield "{%% set v = %s %%}{{ v[1:] }}" % value
    for value in ["'abc'[::0]", "[1][::0]"]:
        yield "{{ %s }}" % value
    yield "{% set v = [1] %}{{ v['a':] }}"
    yield "{% set v = 'abc' %}{{ v[1.5:] }}"


TESTS = [
    "boolean", "callable", "defined", "divisibleby(3)", "eq(1)", "equalto('a')", "escaped", "even", "false", "filter",
    "float", "ge(1)", "gt(1)", "greaterthan(1)", "in([1, 'a'])", "in('abc')", "in({'a': 1})", "integer", "iterable",
    "le(1)", "lower", "lt(1)", "lessthan(1)", "mapping", "ne(1)", "none", "number", "odd", "sameas(none)",
    "sameas(true)", "sequence", "string", "test", "true", "undefined", "upper",
]


def tests():
    for value, test in itertools.product(VALUES + ["range", "'x'.upper", "'upper'", "'odd'", "1.0", "'ABC'"], TESTS):
        yield "{{ (%s) is %s }}" % (value, test)
    for test in ["divisibleby", "divisibleby(0)", "odd(1)", "sameas", "in", "eq", "eq(1, 2)", "defined(2)"]:
        yield "{{ 3 is %s }}" % test


FILTERS = [
    "abs", "as_bool", "as_native", "as_number", "as_text", "is_list", "attr('a')", "attr('upper')", "batch(2)|list",
    "batch(2, 'f')|list", "capitalize", "center(9)", "count", "default('d')", "default('d', true)", "d", "dictsort",
    "dictsort(true)", "dictsort(false, 'value')", "dictsort(reverse=true)", "e", "escape", "filesizeformat", "first",
    "float", "float(7.5)", "forceescape", "format", "format(1)", "groupby(0)", "indent", "indent(2, true)",
    "indent(2, blank=true)", "indent('>')", "int", "int(5)", "int('x', 16)", "items|list", "join", "join('-')", "last",
    "length", "list", "lower", "map('string')|list", "map('upper')|join", "map(attribute='a')|list",
    "map(attribute=0, default='z')|list", "max", "min", "reject('odd')|list", "reject|list", "rejectattr('a')|list",
    "replace('a', 'X')", "reverse|list", "reverse", "round", "round(1)", "round(1, 'ceil')", "round(0, 'floor')",
    "safe", "select('string')|list", "select|list", "select|first", "selectattr('a')|list", "selectattr(0, 'eq', 1)|list",
    "slice(2)|list", "slice(2, 'f')|list", "sort", "sort(true)", "sort(attribute=0)", "string", "striptags", "sum",
    "sum(start=10)", "title", "tojson", "tojson(2)", "trim", "truncate(5)", "unique|list", "upper", "urlencode",
    "wordcount", "wordwrap(3)", "xmlattr", "pprint", "map", "map('nope')", "select('nope')|list", "map('nope')|list",
    "length + 1", "sort|join", "list|length", "urlize",
]


def filters():
    for value, name in itertools.product(VALUES, FILTERS):
        # Addresses of objects change from run to run; `namespace` has no attribute that Python could name.
        if "|map" in value and name in ("upper", "replace('a', 'X')"):
            continue
        if "namespace" in value and name.startswith(("dictsort", "xmlattr", "wordwrap")):
            continue
        yield "{{ (%s)|%s }}" % (value, name)
    people = "[{'n': 'bo', 'a': {'z': 3}}, {'n': 'Al', 'a': {'z': 1}}, {'n': 'al', 'a': {'z': 2}}, {'n': 'cy'}]"
    for name in [
        "map(attribute='n')|list", "map(attribute='a.z')|list", "map(attribute='a.z', default=0)|list",
        "map(attribute='n')|join(', ')", "sort(attribute='n')", "sort(attribute='n', case_sensitive=true)",
        "sort(attribute='n', reverse=true)|map(attribute='n')|list", "groupby('n')", "groupby('n', case_sensitive=true)",
        "groupby('a.z', default=9)", "groupby('q', default='none')", "selectattr('a')|list|length",
        "selectattr('n', 'equalto', 'al')|list", "rejectattr('n', 'in', ['al', 'Al'])|list", "selectattr('a', 'defined')|list|count",
        "rejectattr('a', 'undefined')|map(attribute='n')|list", "unique(attribute='n')|list", "unique(true, 'n')|list|length",
        "min(attribute='n')", "max(attribute='n')", "max(true, 'n')", "sum(attribute='a.z')", "join('|', 'n')",
        "join('|', attribute='n')", "map('length')|list", "map('attr', 'keys')|list|length", "map('dictsort')|list",
        "first", "last", "map(attribute='n')|map('upper')|sort|list", "map(attribute='n')", "sort(attribute='a.z')",
        "sort(attribute='n,a')|length", "map(attribute='n')|unique|list", "map()|list", "map(attribute='n', x=1)|list",
        "selectattr()|list", "batch(3)|map('length')|list", "slice(3)|map('length')|list",
    ]:
        yield "{{ %s|%s }}" % (people, name)
    yield "{% for g in " + people + "[:3]|groupby('n') %}{{ g.grouper }}={{ g.list|length }};{{ g[0] }}{% endfor %}"
    yield "{% for k, v in " + people + "[:3]|groupby('n') %}{{ k }}={{ v|map(attribute='a.z')|list }};{% endfor %}"
    yield "{% set g = [1, 2]|map('string') %}{{ g|list }}{{ g|list }}"
    yield "{% set g = [1, 2, 3]|select('odd') %}{{ g|first }}{{ g|list }}"
    yield "{% set l = [1] %}{% set g = l|map('string') %}{% do l.append(2) %}{{ g|list }}"
    yield "{% set g = 5|map('string') %}fine"
    yield "{{ [1, 2]|map('string')|length }}"
    yield "{{ 1 in [1, 2]|map('int') }}"
    for text in ["'a\\nb\\n\\nc'", "'a\\r\\nb'", "'  x  '", "'one two three four five'", "''", "'äöü ß'", "\"it's\"",
                 "'a-b c_d (e) [f] {g} <h>'", "'<p>Hi &amp; <b>you</b>  !</p><!-- c -->'", "'x & y < z > \"q\"'",
                 "'12345.678'", "'1e3'", "'0x1f'", "'1_000'", "'  42  '", "'-'", "'%d %s'", "'hello.world@x.org'"]:
        for name in [
            "indent", "indent(2)", "indent(2, true)", "indent(2, false, true)", "indent('--')", "indent(width=3, first=true)",
            "trim", "trim('x ')", "trim('a')", "upper", "lower", "title", "capitalize", "center(20)", "wordcount", "striptags",
            "escape", "replace('o', '0')", "replace('o', '0', 1)", "replace('', '-')", "replace(' ', none)", "truncate(9)",
            "truncate(9, true)", "truncate(10, false, '..')", "truncate(10, true, '', 0)", "truncate(2)", "int", "int(0, 16)", "int(base=0)",
            "float", "urlencode", "reverse", "list", "first", "last", "length", "tojson", "unique|list", "sort", "batch(3)|list",
            "string", "format(1, 'x')", "join('.')", "select('in', 'aeiou')|list", "max", "min", "wordwrap(10)",
            "wordwrap(5, false)", "wordwrap(7, wrapstring='|')", "wordwrap(4, true, '/', false)",
        ]:
            yield "{{ %s|%s }}" % (text, name)
    for text in ["see www.example.com, or (https://x.org/a_(b)).", "mailto:me@x.org me@x.org @me", "<http://1.2.3.4:80/x>", "x.com y.de ftp://q.org/z"]:
        for name in ["urlize", "urlize(8)", "urlize(none, true)", "urlize(target='_blank', rel='me')", "urlize(extra_schemes=['ftp:'])", "urlize(extra_schemes=['f'])"]:
            yield "{{ '%s'|%s }}" % (text, name)
    for number in ["42.55", "-42.55", "2.5", "0.5", "1.5", "-0.5", "2.675", "1e20", "12345", "-12345", "15", "25", "1234.5678", "true"]:
        for name in ["round", "round(1)", "round(2)", "round(-1)", "round(-2)", "round(1, 'floor')", "round(2, 'ceil')",
                     "round(-1, 'ceil')", "round(0, 'x')", "int", "float", "abs", "string", "filesizeformat", "filesizeformat(true)"]:
            yield "{{ (%s)|%s }}" % (number, name)
    for number in [1, 0, 999, 1000, 1024, 1500, 10**6, 10**9, 123456789012, 10**15, 10**18]:
        yield "{{ %d|filesizeformat }} {{ %d|filesizeformat(true) }}" % (number, number)
    for name in ["replace('a')", "default(1, 2, 3)", "upper(1)", "round(x=1)", "indent(none)",
                 "truncate(-1)", "batch", "format(a=1)", "format(1, a=1)", "trim(1)", "center('x')", "replace('a', 'b', 'c')"]:
        yield "{{ 'abc'|%s }}" % name


TEXTS = ["''", "'abc'", "'ABC def'", "'  a b  '", "'a,b,,c'", "'x=1=2'", "'äÖß ǆ'", "'12'", "'-3.5'", "'a\\tb\\nc\\r\\nd'", "\"don't\"", "'aXbXc'"]


def methods():
    calls = [
        "capitalize()", "casefold()", "center(9)", "center(9, '*')", "center(10, 'ab')", "count('a')", "count('')", "count('b', 1)",
        "endswith('c')", "endswith(('x', 'c'))", "endswith(1)", "expandtabs()", "expandtabs(4)", "find('b')", "find('z')",
        "find('', 9)", "find('b', -2)", "index('b')", "index('z')", "isalnum()", "isalpha()", "isascii()", "isdecimal()",
        "isdigit()", "isidentifier()", "islower()", "isnumeric()", "isprintable()", "isspace()", "istitle()", "isupper()",
        "join(['1', '2'])", "join('xyz')", "join([1])", "join(1)", "join([])", "ljust(8)", "ljust(8, '.')", "lower()", "lstrip()",
        "lstrip('a ')", "partition(',')", "partition('=')", "partition('')", "removeprefix('a')", "removesuffix('c')",
        "replace('b', 'XX')", "replace('', '.')", "replace('', '.', 2)", "replace('a', '', 0)", "replace('a')", "rfind('X')",
        "rfind('')", "rindex('q')", "rjust(8, '0')", "rpartition('=')", "rpartition('?')", "rsplit()", "rsplit(',')",
        "rsplit(',', 1)", "rsplit(none, 1)", "rstrip()", "rstrip('c')", "split()", "split(',')", "split(',', 1)", "split('X')",
        "split(sep='=', maxsplit=1)", "split('')", "split(1)", "split(none, 1)", "splitlines()", "splitlines(true)",
        "splitlines(keepends=true)", "startswith('a')", "startswith(('b', 'a'))", "startswith('b', 1)", "startswith('a', 9)",
        "strip()", "strip('ac')", "strip(none)", "strip(1)", "swapcase()", "title()", "upper()", "upper(1)", "zfill(7)", "zfill(-1)",
        "zfill('x')", "translate({97: 'X', 98: none})", "translate({})", "nope()", "isX()", "encode().decode()",
    ]
    for text, call in itertools.product(TEXTS, calls):
        yield "{{ (%s).%s }}" % (text, call)
    yield "{{ 'abc'.translate('abc'.maketrans('ab', 'xy')) }}{{ 'abc'.maketrans({'a': 'q'}) }}{{ 'abc'.maketrans('a', 'b', 'c') }}"
    lists = ["[]", "[3, 1, 2]", "['b', 'A', 'c']", "[1, 'a']", "[[1], [0]]", "[1, true, 1.0]"]
    for value, call in itertools.product(lists, [
        "append(9)", "append()", "clear()", "copy()", "count(1)", "extend([7, 8])", "extend('xy')", "extend(1)", "index(1)",
        "index('z')", "index(1, 1)", "insert(0, 'f')", "insert(-1, 'f')", "insert(99, 'f')", "insert('x', 1)", "pop()", "pop(0)", "pop(9)",
        "pop(-2)", "remove(1)", "remove('zz')", "reverse()", "sort()", "sort(reverse=true)", "sort(1)", "sort(nope=1)", "nope()",
    ]):
        yield "{%% set l = %s %%}{{ l.%s }} {{ l }}" % (value, call)
    dicts = ["{}", "{'a': 1}", "{'b': [1], 'a': none, 3: 'x'}"]
    for value, call in itertools.product(dicts, [
        "clear()", "copy()", "get('a')", "get('z')", "get('z', 5)", "get()", "get([1])", "items()", "items()|list", "keys()", "keys()|list",
        "pop('a')", "pop('z')", "pop('z', none)", "popitem()", "setdefault('a', 2)", "setdefault('q', [])", "update({'a': 2})",
        "update([('k', 'v')])", "update(k=1, j=2)", "update([1])", "update(['ab'])", "update(['abc'])", "values()", "values()|list", "values()|sum",
        "fromkeys(['x', 'y'], 0)", "nope()", "keys() == ['a']", "keys() == {'a': 2}.keys()", "items()|length", "a", "b", "keys()[0]", "values().nope",
    ]):
        yield "{%% set d = %s %%}{{ d.%s }} {{ d }}" % (value, call)
    for call in ["(1, 2, 1).count(1)", "(1, 2).index(2)", "(1, 2).index(3)", "(5).bit_length()", "(2.0).is_integer()", "(2.5).as_integer_ratio()",
                 "(7).numerator", "true.real", "range(3).index(2)", "range(3).count(9)", "range(0, 10, 3)|list", "range(5, 0, -2)|list", "range(3)[-1]",
                 "range(3)[5]", "range(3).start", "range(2, 3)", "range(0, 9, 2)", "range()", "range(1, 2, 0)", "range('x')", "range(100001)", "range(5)[1:3]",
                 "range(3) == range(3)", "2 in range(3)", "range(0)|first", "dict(a=1, b=2)", "dict([('a', 1)])", "dict({'x': 1}, y=2)", "dict()", "dict(1)",
                 "dict.fromkeys('ab')", "dict", "namespace(a=1)", "namespace({'b': 2}, a=1)", "namespace().x", "joiner()()", "lipsum", "cycler()"]:
        yield "{{ %s }}" % call
    yield "{% set c = cycler('a', 'b') %}{{ c.next() }}{{ c.current }}{{ c.next() }}{{ c.next() }}{% do c.reset() %}{{ c.next() }}{{ c.pos }}{{ c.items }}"
    yield "{% set j = joiner('; ') %}{% for x in 'abc' %}{{ j() }}{{ x }}{% endfor %}"
    yield "{% set ns = namespace(x=0) %}{% for i in range(4) %}{% set ns.x = ns.x + i %}{% endfor %}{{ ns.x }}{{ ns }}{{ ns['x'] }}"
    yield "{% set l = [1] %}{% do l.append(l) %}{{ l }}"
    yield "{% set d = {} %}{% do d.update(d=d) %}{{ d }}"
    yield "{% set f = 'a-b'.split %}{{ f('-') }}"
    yield "{% set x = 'q' %}{{ x.upper }}"
    for text in ["'tab\\t nl\\n cr\\r bs\\\\'", "'\"'", "\"'\"", "'\\'\"'", "'\\x00\\x7f\\xa0'", "'\u200b\u00ad\ufeff'", "'é\u0301'", "'\U0001f600\U000e0001'", "'\u2028'", "'\u0378'"]:
        yield "{{ [%s] }}" % text
    for number in ["1e16", "1e15", "123456789012345680.0", "0.0001", "0.00001", "1e-7", "1.0", "-0.0", "1e22", "1.5e300", "5e-324", "0.1 + 0.2", "1e400", "-1e400", "1e400 - 1e400", "100.0", "1/3", "2/3*3", "12345678.9", "7 // 2.0", "2 ** 0.5", "2 ** -1"]:
        yield "{{ %s }} {{ [%s] }}" % (number, number)


SPECS = ["", "d", "5", "<5", ">5", "^5", "*^9", "05", "+", " ", "-", ",", "_", ".2f", ".0f", "8.3f", "+.1e", "e", "g", ".3g", "G", "%", ".1%", "x", "X", "#x", "#o", "b",
         "#b", "c", "n", "s", ".2", "10s", "=+6", "0>6", ",.2f", "012,", "012,.1f", "_x", "z.1f", "#.0f", "10.4", "q", "5.", ",,", "<<5", "{", "=5", "+s"]


def formats():
    values = ["0", "1", "-42", "1234567", "65", "0.0", "3.14159", "-2.5", "1e10", "1234567.891", "1e-7", "true", "'abc'", "''", "none", "[1]", "nope", "123456789.0", "100.0"]
    for value, spec in itertools.product(values, SPECS):
        yield "{{ '{:%s}'.format(%s) }}" % (spec, value)
    for call in ["'{}{}'.format(1, 2)", "'{1}{0}'.format(1, 2)", "'{a}{b}'.format(a=1, b='x')", "'{a[k]}{a[0]}'.format(a={'k': 1, 0: 2})", "'{0.a}'.format({'a': 5})",
                 "'{!r}'.format('x')", "'{!s:>4}'.format('x')", "'{!a}'.format('é')", "'{!z}'.format(1)", "'{{}}'.format()", "'{}'.format()", "'{'.format()", "'}'.format()",
                 "'{:{}}'.format(1, 5)", "'{:{w}.{p}f}'.format(2.5, w=8, p=2)", "'{}{0}'.format(1)", "'{0}{}'.format(1)", "'{a}'.format()", "'{a}'.format_map({'a': 1})",
                 "'{a}'.format_map({})", "'{a.b}'.format(a=nope)", "'{x}'.format(**{'x': 3})", "'{} {}'.format(*[1, 2])", "'{0[1]}'.format([1, 2])", "'{0[x]}'.format({'x': 1})",
                 "'{0.upper}'.format('a')", "'{!r:{w}}|'.format('a', w=6)", "'{a!r}'.format(a=[1, 'x'])", "'{0.__class__}'.format(1)", "'{:>{}}'.format('a', 3)"]:
        yield "{{ %s }}" % call
    kinds = ["%s", "%d", "%i", "%5d", "%-5d|", "%05d", "%+d", "% d", "%x", "%X", "%#x", "%o", "%c", "%r", "%a", "%f", "%.2f", "%8.3f", "%e", "%.1e", "%g", "%G", "%10s|", "%-10s|", "%.2s", "%%", "%q", "%", "%(a)s", "%(a)5d", "a"]
    for kind, value in itertools.product(kinds, ["1", "-42", "2.5", "'abc'", "none", "true", "[1, 2]", "(1,)", "(1, 2)", "()", "{'a': 3}", "nope", "65"]):
        yield "{{ '%s' %% (%s) }}" % (kind, value)
    for text in ["'%s-%s' % (1, 2)", "'%s-%s' % (1,)", "'%(a)s %(b)s' % {'a': 1, 'b': 2}", "'%(z)s' % {'a': 1}", "'%*d' % (5, 1)", "'%.*f' % (1, 2.55)", "'%s' % 'x' * 2", "'%s %%' % 1", "'%5.1f%%' % 99.55",
                 "'%s'|format('a')", "'%s %s'|format('a', 1)", "'%(x)s'|format(x=1)", "'%d'|format('a')", "'%s'|format", "'%s'|format(none)", "'%02d:%02d'|format(5, 7)"]:
        yield "{{ %s }}" % text


def jsons():
    values = ["none", "true", "1", "2.0", "1e16", "'a\"b\\\\c\\n'", "'é\U0001f600'", "'\\x00\\x7f'", "[]", "{}", "[1, [2]]", "(1, 2)", "{'b': 1, 'a': {'c': []}}", "{1: 2, none: 3}", "{1: 2, 3: 4}",
              "{true: 1}", "{2.5: 1}", "{(1, 2): 1}", "nope", "[nope]", "range(2)", "\"<&'>\"", "{'a': {'b': [1, {}]}}", "1e400", "{'a': 1}.keys()"]
    for value in values:
        for args in ["", "(indent=2)", "(1)", "(none)"]:
            yield "{{ (%s)|tojson%s }}" % (value, args)
    for value in VALUES:
        yield "{{ (%s)|pprint }}" % value
    long = ["alpha beta gamma"] * 3
    yield "{{ %r|pprint }}" % (list(range(40)),)
    yield "{{ %r|pprint }}" % (long * 3,)
    yield "{{ %r|pprint }}" % ({"b": long, "a": {"x": list(range(30)), "w": "y" * 50}, "c": ("t",)},)
    yield "{{ %r|pprint }}" % (" ".join(long * 3),)
    yield "{{ %r|pprint }}" % ({"key": " ".join(long * 3), "z": [" ".join(long * 2)]},)


def write(name, templates):
    lines = []
    for source in dict.fromkeys(templates):
        lines.append(json.dumps([source, *render(source)], ensure_ascii=False))
    (HERE / f"{name}.jsonl").write_text("\n".join(lines) + "\n")
    print(name, len(lines))


if __name__ == "__main__":
    groups = [operators, looks, tests, filters, methods, formats, jsons]
    groups += modules_record.GROUPS + blocks_record.GROUPS
    for group in groups:
        if len(sys.argv) < 2 or group.__name__ in sys.argv[1:]:
            write(group.__name__, group())
