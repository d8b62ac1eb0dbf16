"""Whole templates: white space, scopes, loops, macros and blocks, written out and at random.

Macros within a template see what surrounds them as it was when they were defined; Jinja2 lets some see later changes. dbt renames such macros
so that a template cannot call them by their names, hence no template here relies on it.
"""

import itertools
import random


def spaces():
    signs = ["", "-", "+"]
    for before, after in itertools.product(signs, signs):
        tags = {
            "{{": "{{%s 1 %s}}" % (before, after),
            "{%": "{%%%s set x = 1 %s%%}" % (before, after),
            "{#": "{#%s c %s#}" % (before, after),
        }
        for tag in tags.values():
            for gap in [" ", "\n", " \n ", "\t\r\n\n", "\u00a0\u2003", "\x1c\x0b"]:
                yield "a" + gap + tag + gap + "b"
            yield tag + "\n"
            yield "\n" + tag + "\n\n"
        yield " a {%%%s if true %s%%} b {%%%s else %s%%} c {%%%s endif %s%%} d " % ((before, after) * 3)
        yield " a {%%%s if false %s%%} b {%%%s elif true %s%%} c {%%%s else %s%%} d {%%%s endif %s%%} e " % ((before, after) * 4)
        yield " a {%%%s for i in [1, 2] %s%%} b {%%%s else %s%%} c {%%%s endfor %s%%} d " % ((before, after) * 3)
        yield " a {%%%s for i in [] %s%%} b {%%%s else %s%%} c {%%%s endfor %s%%} d " % ((before, after) * 3)
        yield " a {%%%s raw %s%%} {{ b }} {%%%s endraw %s%%} d " % ((before, after) * 2)
        yield " a {%%%s set x %s%%} b {%%%s endset %s%%} d [{{ x }}]" % ((before, after) * 2)
        yield " a {%%%s filter upper %s%%} b {%%%s endfilter %s%%} d " % ((before, after) * 2)
        yield " a {%%%s with y = 1 %s%%} b {%%%s endwith %s%%} d " % ((before, after) * 2)
        yield " a {%%%s macro m() %s%%} b {%%%s endmacro %s%%} d [{{ dbt_macro__m() }}]" % ((before, after) * 2)
        yield "{%% macro m() %%}[{{ caller() }}]{%% endmacro %%} a {%%%s call dbt_macro__m() %s%%} b {%%%s endcall %s%%} d " % ((before, after) * 2)
        for second, third in itertools.product(signs, signs):
            yield " a {{%s 1 %s}} \n {#%s c %s#} \n {%%%s if true %s%%} \n x \n {%%%s endif %s%%} \n b " % (
                before, after, second, third, after, second, third, before)
            yield "a {#%s c %s#} {#%s d %s#} b" % (before, after, second, third)
            yield "a {%%%s raw %s%%} \n {%%%s endraw %s%%} b" % (before, after, second, third)
    for text in ["", "\n", "\n\n", "\r\n", "\r", "a\r", "a\n\r", "\r\n\r\n", " ", "a\x0b\x0cb", "a\u2028b\u2028", "a\x85", "a\x85\n",
                 "{{ '\n' }}", "{{ 'a\r\nb' }}|", "{{ 'a\\\nb' }}|", "{#\n#}\n", "{#-\n-#}\n", "{% raw -%}\n a{% endraw %}", "{% raw %}a \n{%- endraw %}", "{% raw %}{% endraw %}",
                 "{% raw %}{% raw %}{% endraw %}", "{%raw%}{{{%endraw%}", "{%-raw-%} {% if %} {%-endraw-%} ", "a{# {{ #}b", "a{# {% raw %} #}b", "{{'{{'}}", "{{ '}}' }}", "{% set x = '%}' %}{{ x }}",
                 "{{ {'a': {'b': 1}} }}", "{{ {'a': {'b': 1}}}}", "{{{'a': 1}}}", "{{{}}}", "{ { } }", "{%", "{{", "{#", "#}", "%}", "}}", "{ %", "{{}}", "{{ }}", "{% %}", "a {", "{a}"]:
        yield text


def scopes():
    yield from [
        "{% set x = 1 %}{% if true %}{% set x = 2 %}{% endif %}{{ x }}",
        "{% if false %}{% set x = 2 %}{% endif %}{{ x }}|{{ x is defined }}",
        "{% set x = 1 %}{% for i in [1, 2] %}{{ x }}{% set x = x + 10 %}{{ x }};{% endfor %}{{ x }}",
        "{% for i in [1, 2, 3] %}[{{ y }}]{% set y = i %}{{ y }}{% endfor %}[{{ y }}]",
        "{% for i in [1, 2, 3] %}{% if i == 1 %}{% set y = i %}{% endif %}[{{ y }}]{% endfor %}[{{ y }}]",
        "{% for i in [1, 2, 3] %}{% if y is defined %}seen{% endif %}{% set y = i %}{% endfor %}",
        "{% for i in [1, 2] %}{% endfor %}{{ i }}|{{ i is defined }}|{{ loop is defined }}",
        "{% set i = 'o' %}{% for i in [1, 2] %}{{ i }}{% endfor %}{{ i }}",
        "{% set i = [1, 2] %}{% for i in i %}{{ i }}{% endfor %}{{ i }}",
        "{% with %}{% set x = 1 %}{{ x }}{% endwith %}[{{ x }}]",
        "{% set x = 1 %}{% with x = 2 %}{{ x }}{% set x = 3 %}{{ x }}{% endwith %}{{ x }}",
        "{% set x = 1 %}{% with x = 2, y = x %}{{ x }}{{ y }}{% endwith %}",
        "{% with x = 2, y = x %}{{ x }}[{{ y }}]{% endwith %}",
        "{% with a, b = (1, 2) %}{{ a }}{{ b }}{% endwith %}",
        "{% with a = 1 %}{% with b = a + 1 %}{{ a }}{{ b }}{% endwith %}{{ b }}{% endwith %}",
        "{% set x = 1 %}{% filter upper %}{% set x = 'b' %}{{ x }}{% endfilter %}{{ x }}",
        "{% set x = 1 %}{% set y %}{% set x = 'b' %}{{ x }}{% endset %}{{ x }}{{ y }}",
        "{% set y %}{% set x = 'b' %}{% endset %}[{{ x }}]",
        "{% set x %}{{ x }}a{% endset %}{{ x }}",
        "{% set x = 'q' %}{% set x %}{{ x }}a{% endset %}{{ x }}",
        "{% set x | upper %}a{{ 1 }}{% endset %}{{ x }}",
        "{% set x | upper | replace('A', 'zz') %}a{% endset %}{{ x }}",
        "{% set x | length %}abc{% endset %}{{ x + 1 }}",
        
        "{% set ns = namespace() %}{% set ns.x %}abc{% endset %}{{ ns.x }}",
        "{% set ns = namespace(a=1, b='x') %}{{ ns.a }}{{ ns.b }}[{{ ns.c }}]{{ ns }}",
        "{% set ns = namespace({'a': 1}, b=2) %}{{ ns.a }}{{ ns.b }}{{ ns['a'] }}",
        "{% set ns = namespace([('a', 1)]) %}{{ ns.a }}",
        "{% set ns = namespace(a=1) %}{% for i in [1, 2, 3] %}{% set ns.a = ns.a + i %}{% endfor %}{{ ns.a }}",
        "{% set ns = namespace(a=1) %}{% set ns.a, b = 5, 6 %}{{ ns.a }}{{ b }}",
        "{% set x = {} %}{% set x.a = 1 %}", "{% set nope.a = 1 %}", "{% set x = 1 %}{% set x.y = 2 %}",
        "{% set x, y = 1, 2 %}{{ x }}{{ y }}", "{% set x, y = [1, 2] %}{{ x }}{{ y }}", "{% set (x, y) = 'ab' %}{{ x }}{{ y }}", "{% set x, y = 1 %}",
        "{% set x, y = [1] %}", "{% set x, y = [1, 2, 3] %}", "{% set x, y = nope %}", "{% set x, y = none %}", "{% set x, y = {'a': 1, 'b': 2} %}{{ x }}{{ y }}",
        "{% set x, = [1] %}{{ x }}", "{% set x, = [] %}", "{% set x, (y, z) = 1, (2, 3) %}{{ x }}{{ y }}{{ z }}", "{% set a = b = 1 %}", "{% set a, b = b, a %}[{{ a }}{{ b }}]",
        "{% set a, b = 1, 2 %}{% set a, b = b, a %}{{ a }}{{ b }}", "{% set x = 1, 2 %}{{ x }}", "{% set x = (1) %}{{ x }}", "{% set x = 1, %}{{ x }}", "{% set x = () %}{{ x }}",
        "{% set a, b = range(2) %}{{ a }}{{ b }}", "{% set a, b = 5 %}", "{% set a, b = true %}", "{% set a, b, c = 'ab' %}", "{% set a, b = {1: 2}.items() %}",
        
        
        "{% macro m() %}{% set x = 5 %}{{ x }}{% endmacro %}{{ dbt_macro__m() }}[{{ x }}]",
        "{% for i in [1, 2] %}{% macro m() %}{{ i }}{% endmacro %}{{ dbt_macro__m() }}{% endfor %}[{{ dbt_macro__m is defined }}]",
        "{% if true %}{% macro m() %}in{% endmacro %}{% endif %}{{ dbt_macro__m() }}",
        "{{ dbt_macro__m() }}{% macro m() %}in{% endmacro %}",
        "{% macro m() %}in{% endmacro %}{{ m() }}", "{% macro m() %}in{% endmacro %}{{ dbt_macro__m }}",
        "{% set loop = 5 %}{{ loop }}", "{% set loop = 5 %}{% for i in [1] %}{{ loop.index }}{% endfor %}{{ loop }}", "{% for i in [1] %}{% set loop = 5 %}{{ loop }}{% endfor %}",
        "{% for loop in [1, 2] %}{{ loop }}{% endfor %}", "{% set self = 3 %}{{ self }}", "{% set caller = 3 %}{{ caller }}", "{% set varargs = 3 %}{{ varargs }}{{ kwargs }}", "{% set super = 1 %}{{ super }}",
        "{{ super }}", "{{ super() }}", "{{ caller }}", "{{ varargs }}", "{{ loop }}", "{{ loop.index }}", "{{ loop() }}", "{{ kwargs }}", "{{ __t1 }}", "{{ __call }}", "{{ __ignored }}",
        "{% set __t1 = 3 %}{% set x %}a{% endset %}{{ __t1 }}{{ x }}", "{% set __call = 3 %}{{ __call }}{{ [1] }}", "{% set __ignored = 3 %}{% do [].append(1) %}{{ __ignored }}",
        "{% set größe = 3 %}{{ größe }}", "{{ ñ }}", "{% for ü in [1] %}{{ ü }}{% endfor %}", "{% set ns = namespace(ä=1) %}{{ ns.ä }}", "{{ dict(é=1) }}", "{% macro ß(ö, ä=ö) %}{{ ö }}{{ ä }}{% endmacro %}{{ dbt_macro__ß(1) }}",
        "{% set 日本 = 3 %}{{ 日本 }}{{ 日 }}",
        "{{ dict(if=1) }}", "{{ dict(in=1, not=2) }}", "{{ dict(true=1) }}", "{{ dict(none=1, True=2) }}", "{{ dict(loop=1, self=2, caller=3) }}", "{{ dict(is=1, and=2, or=3, else=4, recursive=5) }}", "{{ {'a': 1}.if }}", "{{ {'in': 1}.in }}",
        "{{ {'true': 1}.true }}", "{{ {'none': 1}.none }}", "{% set true = 1 %}", "{% set none = 1 %}", "{% set True = 1 %}{{ True }}", "{% for none in [1] %}{% endfor %}", "{% set if = 1 %}", "{% set in = 1 %}{{ 1 }}", "{% set recursive = 1 %}{{ recursive }}",
        "{% set import = 1 %}{{ import }}", "{% set for = 1 %}{{ for }}", "{% set block = 1 %}{{ block }}", "{% set set = 1 %}{{ set }}", "{% set with = 2 %}{{ with }}", "{% set ignore = 2 %}{{ ignore }}", "{% set context = 2 %}{{ context }}",
        "{% do 1 %}|", "{% do nope %}|", "{% do nope.x %}|", "{% do nope.x.y %}|", "{% set x = [] %}{% do x.append(1) %}{% do x.extend([2, 3]) %}{{ x }}", "{% do [1, 2].append %}|",
        "{% set x = dict(a=1) %}{% do x.update({'b': 2}) %}{{ x }}", "{% print 1 %}", "{% print 1, 2 %}", "{% print 'a', nope, none %}", "{% print %}",
        "{% autoescape false %}{{ '<' }}{% endautoescape %}", "{% include 'a' %}", "{% import 'a' as b %}", "{% from 'a' import b %}", "{% extends 'a' %}", "{% include 'a' ignore missing %}|",
        "{% include nope %}", "{% if false %}{% include 'a' %}{% endif %}x", "x{% extends 'a' %}y", "{% if false %}{% import 'a' as b %}{% endif %}{{ b }}",
        "{% block a %}x{% endblock %}y", "{% set x = 1 %}{% block a %}[{{ x }}]{% endblock %}", 
        "{% for i in [1] %}{% block a scoped %}[{{ i }}]{% endblock %}{% endfor %}", "{% block a %}{% set x = 1 %}{% endblock %}[{{ x }}]", 
        "{% block a %}x{% endblock a %}",
    ]


def loops():
    fields = ["index", "index0", "revindex", "revindex0", "first", "last", "length", "depth", "depth0", "previtem", "nextitem", "nope"]
    for iterable in ["[5, 6, 7]", "'ab'", "[]", "{'k': 1, 'l': 2}", "range(2)", "[9]|map('string')", "{'k': 1}.items()", "(1, [2])"]:
        for field in fields:
            yield "{%% for i in %s %%}{{ loop.%s }},{%% endfor %%}" % (iterable, field)
    for field in fields:
        yield "{%% for i in [1, 2] %%}{%% for j in 'ab' %%}{{ loop.%s }}{%% endfor %%}/{{ loop.%s }};{%% endfor %%}" % (field, field)
        yield "{%% for i in [1, 2, 3, 4] if i is odd %%}{{ loop['%s'] }}{%% endfor %%}" % field
        yield "{%% for i in [1, 2] %%}{%% set l = loop %%}{%% for j in 'ab' %%}{{ l.%s }}{{ loop.%s }}{%% endfor %%}{%% endfor %%}" % (field, field)
        yield "{%% macro m(l) %%}{{ l.%s }}{%% endmacro %%}{%% for i in [1, 2] %%}{{ dbt_macro__m(loop) }};{%% endfor %%}" % field
    yield from [
        "{% for i in [1, 2, 3, 4, 5] %}{{ loop.cycle('a', 'b') }}{% endfor %}", "{% for i in [1] %}{{ loop.cycle() }}{% endfor %}", "{% for i in [1, 2, 3] %}{{ loop.cycle(*['x', 'y']) }}{% endfor %}",
        "{% for i in [1, 1, 2, 2, 1] %}{{ loop.changed(i) }}{% endfor %}", "{% for i in [1, 1, 2] %}{% if loop.changed(i, 'x') %}{{ i }}{% endif %}{% endfor %}", "{% for i in [1, 1] %}{{ loop.changed() }}{% endfor %}",
        "{% for i in [[1], [1], [2]] %}{{ loop.changed(i) }}{% endfor %}", "{% for i in [{'a': 1}, {'a': 1}] %}{{ loop.changed(i.a) }}{% endfor %}",
        "{% for i in [1] %}{{ loop }}{% endfor %}", "{% for i in [1, 2] %}{{ loop|string }}{% endfor %}", "{% for i in [1] %}{{ loop is mapping }}{{ loop is defined }}{{ loop is callable }}{{ loop is iterable }}{{ loop is none }}{% endfor %}", "{% for i in [1, 2] %}{{ loop|length }}{% endfor %}",
        "{% for i in [1] %}{{ loop.first and loop.last }}{% endfor %}", "{% for i in [1, 2] %}{{ i }}{{ ',' if not loop.last }}{% endfor %}", "{% for i in [1, 2] %}{{ i }}{% if not loop.last %},{% endif %}{% endfor %}",
        "{% for i in [1, 2, 3] %}{{ loop.length - loop.index }}{% endfor %}", "{% for i in [] %}a{% else %}b{{ loop }}{% endfor %}", "{% for i in [] %}a{% else %}b{% endfor %}", "{% for i in [1] if false %}a{% else %}b{% endfor %}",
        "{% for i in [1, 2, 3] if loop.index > 1 %}{{ i }}{% endfor %}", "{% for j in [1] %}{% for i in [1, 2, 3] if loop.index > 1 %}{{ i }}{% endfor %}{% endfor %}", "{% for i in [1, 2, 3] if i > x %}{{ i }}{% endfor %}", "{% set x = 1 %}{% for i in [1, 2, 3] if i > x %}{{ i }}{{ loop.last }}{% endfor %}",
        "{% for i in none %}{% endfor %}", "{% for i in nope %}{{ i }}{% else %}e{% endfor %}", "{% for i in nope.x %}{% endfor %}", "{% for i in 5 %}{% endfor %}", "{% for i in true %}{% endfor %}", "{% for i in 1.5 %}{% endfor %}",
        "{% for a, b in [(1, 2), (3, 4)] %}{{ a }}{{ b }}{% endfor %}", "{% for a, b in [1] %}{% endfor %}", "{% for a, b in [[1]] %}{% endfor %}", "{% for a, b in [[1, 2, 3]] %}{% endfor %}", "{% for a, b in ['xy'] %}{{ a }}{{ b }}{% endfor %}", "{% for a, b in ['xyz'] %}{{ a }}{{ b }}{% endfor %}",
        "{% for a, b in [none] %}{% endfor %}", "{% for a, b in [nope] %}{% endfor %}", "{% for a, (b, c) in [(1, (2, 3))] %}{{ a }}{{ b }}{{ c }}{% endfor %}", "{% for (a, b) in [(1, 2)] %}{{ a }}{{ b }}{% endfor %}", "{% for a, in [[1]] %}{{ a }}{% endfor %}", "{% for a, b in {'x': 1, 'y': 2}.items() %}{{ a }}{{ b }}{% endfor %}",
        "{% for a, b in {'x': 1} %}{{ a }}{{ b }}{% endfor %}", "{% for a, b in {'xy': 1} %}{{ a }}{{ b }}{% endfor %}", "{% for a, b in [{'x': 1, 'y': 2}] %}{{ a }}{{ b }}{% endfor %}", "{% for a, b, c in [(1, 2)] %}{% endfor %}", "{% for a, b in [(1, 2), (3,)] %}{{ a }}{% endfor %}",
        "{% for a, b in [(1, 2), (3, 4)] if b > 2 %}{{ a }}{{ loop.index }}{% endfor %}", "{% for a, b in [(1, 2, 3)] if true %}{{ a }}{% endfor %}", "{% for a, b in [range(2)] %}{{ a }}{{ b }}{% endfor %}", "{% for a, a in [(1, 2)] %}{{ a }}{% endfor %}",
        "{% for i in [1, 2, 3] %}{% if i == 2 %}{% break %}{% endif %}{{ i }}{% endfor %}", "{% for i in [1, 2, 3] %}{% if i == 2 %}{% continue %}{% endif %}{{ i }}{% endfor %}", "{% for i in [1, 2] %}{% break %}{% else %}e{% endfor %}", "{% for i in [1, 2] %}{% continue %}{% else %}e{% endfor %}",
        "{% for i in [1, 2, 3] %}{% with x = i %}{% if x == 2 %}{% continue %}{% endif %}{{ x }}{% endwith %}{% endfor %}[{{ x }}]", "{% for i in [1, 2, 3] %}{% with x = i %}{% if x == 2 %}{% break %}{% endif %}{{ x }}{% endwith %}{% endfor %}",
        "{% for i in [1, 2, 3] %}{% with %}{% set y = 3 %}{% with %}{% continue %}{% endwith %}{% endwith %}{% endfor %}a", "{% for i in [1, 2, 3] %}{% for j in [1, 2] %}{% with z = 1 %}{% if j == 2 %}{% break %}{% endif %}{{ i }}{{ j }}{% endwith %}{% endfor %}{% endfor %}",
        "{% for i in [1, 2, 3] %}{% set x %}a{% if i == 2 %}{% break %}{% endif %}b{% endset %}{{ x }}{% endfor %}|", "{% for i in [1, 2, 3] %}{% set x %}a{% if i == 2 %}{% continue %}{% endif %}b{% endset %}{{ x }}{% endfor %}|", "{% for i in [1, 2, 3] %}{% filter upper %}a{% if i == 2 %}{% continue %}{% endif %}b{% endfilter %}{% endfor %}|",
        "{% for i in [1, 2, 3] %}{% filter upper %}a{% if i == 2 %}{% break %}{% endif %}b{% endfilter %}{% endfor %}|", "{% macro m() %}{{ caller() }}{% endmacro %}{% for i in [1, 2] %}{% call dbt_macro__m() %}{% break %}{% endcall %}{% endfor %}", "{% break %}", "{% continue %}", "{% if true %}{% break %}{% endif %}",
        "{% for i in [1, 2] %}{% else %}{% break %}{% endfor %}", "{% for j in [1, 2] %}{{ j }}{% for i in [] %}{% else %}{% break %}{% endfor %}{% endfor %}", "{% for j in [1, 2] %}{{ j }}{% for i in [] %}{% else %}{% continue %}{% endfor %}x{% endfor %}", "{% for i in [1] %}{% macro m() %}{% break %}{% endmacro %}{% endfor %}",
        "{% for i in [1, [2, [3]]] recursive %}{% if i is iterable %}({{ loop(i) }}){% else %}{{ i }}{% endif %}{% endfor %}", "{% for i in [1, [2, [3]]] recursive %}{% if i is iterable %}{{ loop.depth }}{{ loop(i) }}{{ loop.index }}{% else %}{{ i }}{{ loop.depth0 }}{% endif %}{% endfor %}",
        "{% for n in [{'a': 1, 'c': [{'a': 2, 'c': []}]}] recursive %}{{ n.a }}{% if n.c %}<{{ loop(n.c) }}>{% endif %}{% else %}none{% endfor %}", "{% for n in [[], [[]]] recursive %}x{{ loop(n) }}{% else %}e{% endfor %}", "{% for i in [1] %}{{ loop([2]) }}{% endfor %}", "{% for i in [1] recursive %}{{ loop(5) }}{% endfor %}",
        "{% for i in [1] recursive %}{{ loop(nope) }}{% endfor %}", "{% for i in [1] recursive %}{{ loop() }}{% endfor %}", "{% for i in [1, 2] recursive %}{% for j in [3] %}{{ loop.index }}{% endfor %}{% endfor %}", "{% for i in [[1]] recursive %}{% set l = loop %}{% if i is iterable %}{{ l(i) }}{% else %}{{ i }}{% endif %}{% endfor %}",
        "{% for i in [[1, 2], [3]] recursive %}{% if i is iterable %}{% set x = loop(i) %}[{{ x }}]{% else %}{{ i }}{% endif %}{% endfor %}", "{% for i in [[1, 2], [3]] recursive %}{% if i is iterable %}{{ loop(i)|upper|trim }}{% else %}a{{ i }} {% endif %}{% endfor %}", "{% for i in [1, 2, [1]] recursive if i != 1 %}{{ i }}{% if i is iterable %}{{ loop(i) }}{% endif %}{% endfor %}",
        "{% for i in [[1, 2]] recursive %}{% if i is iterable %}{{ loop(reversed(i)) }}{% endif %}{% endfor %}", "{% for a, b in [(1, [(2, [])])] recursive %}{{ a }}{{ loop(b) }}{% endfor %}", "{% for i in range(3) recursive %}{{ i }}{% if loop.first and i != 9 %}{{ loop([9]) }}{% endif %}{% endfor %}",
        "{% set x = [1] %}{% for i in x %}{% if i < 3 %}{% do x.append(i + 1) %}{% endif %}{{ i }}{% endfor %}", "{% set x = [1, 2, 3, 4] %}{% for i in x %}{% do x.remove(i) %}{{ i }}{% endfor %}{{ x }}", "{% set x = {'a': 1} %}{% for i in x %}{% do x.update({'b': 2}) %}{{ i }}{% endfor %}", "{% set x = {'a': 1} %}{% for i in x %}{% do x.update({'a': 2}) %}{{ i }}{% endfor %}{{ x }}",
        "{% set x = {'a': 1} %}{% for i in x.items()|list %}{% do x.update({'b': 2}) %}{{ i }}{% endfor %}",
        "{% set x = [1] %}{% for i in x %}{% if i < 3 %}{% do x.append(i + 1) %}{% endif %}{{ loop.last }}{{ loop.length }}{% endfor %}", "{% for i in [1, 2] %}{% for i in 'ab' %}{{ i }}{% endfor %}{{ i }}{% endfor %}", "{% for i in [1, 2] %}{{ loop.index }}{% for j in [1] %}{{ loop.index }}{% endfor %}{{ loop.index }}{% endfor %}",
        "{% for i in [1, 2] %}{{ i }}{% set i = 5 %}{{ i }}{% endfor %}", "{% for i in [1, 2] %}{% set x = i %}{% endfor %}{{ x is defined }}", "{% for i in [3, 4] %}{% if loop.first %}{% set x = i %}{% endif %}{{ x }}{% endfor %}", "{% for x in [1, 2] %}{% endfor %}{% for x in [3] %}{{ x }}{% endfor %}",
        "{{ 1 < 2 < 3 }}{{ 1 < 3 < 2 }}{{ 3 > 2 > 1 > 0 }}{{ 1 == 1 == 1 }}{{ 1 in [1] in [[1]] }}", "{% set x = [] %}{{ 1 < x.append(1) < 3 }}", "{% set x = [0] %}{{ 2 > x.append(1) or x }}", "{% set x = [1, 2, 3] %}{{ 1 <= x.pop() <= 3 }}{{ x }}", "{% set x = [1, 2, 3] %}{{ 5 < x.pop() < x.pop() }}{{ x }}", "{% set x = [5, 2, 3] %}{{ x.pop() > x.pop() > x.pop() }}{{ x }}",
        "{{ 1 < nope < 3 }}", "{{ 1 < 2 < 'a' }}", "{{ 2 < 1 < 'a' }}", "{{ not 1 < 2 }}{{ not 1 in [2] }}{{ 1 not in [2] }}{{ not not 1 }}", "{{ 1 if 2 < 3 < 4 else 5 }}", "{{ (1 if false) }}|{{ (1 if false) is defined }}", "{{ (1 if false).x }}", "{{ 'a' ~ (1 if false) }}", "{{ 1 if false else 2 if false else 3 }}", "{{ [1 if false] }}",
        "{{ (1 if false) + 1 }}", "{{ 1 is defined is true }}", "{{ 1 is odd is boolean }}", "{{ 1 is not odd is not boolean }}", "{{ 1 is divisibleby 1 and 2 is even }}", "{{ 4 is divisibleby 2 }}{{ 4 is divisibleby(3) }}", "{{ 1 is in [1] }}", "{{ 1 is eq 1 }}{{ 1 is sameas none }}", "{{ 'a' is in 'abc' }}{{ x is not defined }}", "{{ 1 is odd | upper }}", "{{ (1 is odd) | upper }}",
        "{{ 1 + 2 is odd }}", "{{ -1 | abs }}{{ (-1) | abs }}{{ -3 ** 2 }}{{ 2 ** 3 ** 2 }}{{ 2 ** -1 }}", "{{ 'a' 'b' }}{{ 'a' 'b' ~ 'c' }}", "{{ 1 ~ 2 ~ [3] }}{{ 1 ~ 2 + 3 }}", "{{ 'a' * 3 ~ 'b' }}", "{{ 1, 2 }}{{ (1,) }}{{ () }}", "{{ a.b.c }}", "{{ a.b }}", "{{ a['b'] }}", "{{ a() }}", "{{ a.b() }}", "{{ none.x }}|{{ none['x'] }}", "{{ none.x() }}", "{{ none() }}", "{{ 1() }}", "{{ 'a'() }}", "{{ [1]() }}",
    ]


def macros():
    define = (
        "{% macro plain(a, b) %}{{ a }}-{{ b }}{% endmacro %}{% macro opt(a, b=2, c=a) %}{{ a }}{{ b }}{{ c }}{% endmacro %}"
        "{% macro va(a) %}{{ a }}{{ varargs }}{% endmacro %}{% macro kw(a) %}{{ a }}{{ kwargs }}{% endmacro %}"
        "{% macro both() %}{{ varargs }}{{ kwargs }}{% endmacro %}{% macro call1() %}<{{ caller() }}>{% endmacro %}"
        "{% macro call2(x) %}<{{ caller(x) }}|{{ caller(x + 1) }}>{% endmacro %}{% macro all(a, b='z') %}{{ a }}{{ b }}{{ varargs }}{{ kwargs }}{{ caller() if caller }}{% endmacro %}"
        "{% macro none_() %}{% endmacro %}"
    )
    names = ["plain", "opt", "va", "kw", "both", "call1", "call2", "all", "none_"]
    args = ["", "1", "1, 2", "1, 2, 3", "1, 2, 3, 4", "a=1", "b=1", "1, a=2", "1, b=5", "1, c=5", "1, z=5", "z=1, y=2", "1, 2, z=3", "*[1, 2]", "**{'a': 1}", "*[1], **{'b': 2}", "caller=5", "1, caller=none", "*[1, 2, 3], z=3", "nope", "nope, nope"]
    for name, arg in itertools.product(names, args):
        yield define + "{{ dbt_macro__%s(%s) }}" % (name, arg)
    for name, arg in itertools.product(names, ["", "1", "1, 2", "caller=1"]):
        yield define + "{%% call dbt_macro__%s(%s) %%}c{%% endcall %%}" % (name, arg)
    for params, arg in itertools.product(["", "n", "n, m=5", "n=3", "n, m", "*n"], ["1", ""]):
        yield define + "{%% call(%s) dbt_macro__call2(%s) %%}[{{ n }}{{ m }}]{%% endcall %%}" % (params, arg)
        yield define + "{%% call(%s) dbt_macro__call1(%s) %%}[{{ n }}{{ m }}{{ varargs }}{{ kwargs }}]{%% endcall %%}" % (params, arg)
    yield from (define + text for text in [
        "{% set y = 1 %}{% call dbt_macro__call1() %}{{ y }}{% set y = 2 %}{{ y }}{% endcall %}{{ y }}", "{% call dbt_macro__call1() %}{% call dbt_macro__call1() %}in{% endcall %}out{% endcall %}", "{% for i in [1, 2] %}{% call dbt_macro__call1() %}{{ i }}{{ loop.index }}{% endcall %}{% endfor %}",
        "{% call dbt_macro__call1() %}{{ caller }}{% endcall %}", "{% call dbt_macro__call1() %}{{ caller() }}{% endcall %}", "{% macro outer() %}{% call dbt_macro__call1() %}{{ caller() }}{% endcall %}{% endmacro %}{% call dbt_macro__outer() %}x{% endcall %}", "{% macro pass() %}{{ dbt_macro__call1(caller=caller) }}{% endmacro %}{% call dbt_macro__pass() %}x{% endcall %}",
        "{% macro tell() %}{{ caller is defined }}{{ caller.name }}{{ caller.arguments }}{% endmacro %}{% call(q) dbt_macro__tell() %}x{% endcall %}{{ dbt_macro__tell() }}", "{{ dbt_macro__plain.name }}{{ dbt_macro__plain.arguments }}{{ dbt_macro__opt.catch_kwargs }}{{ dbt_macro__kw.catch_kwargs }}{{ dbt_macro__va.catch_varargs }}{{ dbt_macro__call1.caller }}{{ dbt_macro__opt.defaults }}",
        "{{ dbt_macro__plain is callable }}{{ dbt_macro__plain is string }}{{ dbt_macro__plain(1, 2) is string }}", "{{ dbt_macro__plain(1, 2)|upper }}{{ dbt_macro__plain('a', 'b')|length }}", "{{ [1, 2]|map('string')|join(dbt_macro__none_()) }}", "{% set m = dbt_macro__plain %}{{ m(1, 2) }}", "{{ {'m': dbt_macro__plain}.m(1, 2) }}", "{{ [dbt_macro__plain][0](3, 4) }}",
        "{% macro inner() %}{% macro deep() %}d{% endmacro %}{{ dbt_macro__deep() }}{% endmacro %}{{ dbt_macro__inner() }}[{{ dbt_macro__deep is defined }}]", 
        "{% macro d(x=nope) %}[{{ x }}]{{ x is defined }}{% endmacro %}{{ dbt_macro__d() }}", "{% macro d(x=[]) %}{% do x.append(1) %}{{ x }}{% endmacro %}{{ dbt_macro__d() }}{{ dbt_macro__d() }}", "{% macro d(a, b=a, c=b) %}{{ a }}{{ b }}{{ c }}{% endmacro %}{{ dbt_macro__d(1) }}{{ dbt_macro__d(1, 2) }}{{ dbt_macro__d() }}", "{% macro d(a=b, b=1) %}[{{ a }}]{{ b }}{% endmacro %}{{ dbt_macro__d() }}",
        "{% macro d(a, a) %}{% endmacro %}{{ dbt_macro__d(1, 2) }}", "{% macro d(a=1, b) %}{% endmacro %}{{ dbt_macro__d(1, 2) }}", "{% macro d(x) %}{{ x }}{{ x is defined }}{{ x.y }}{% endmacro %}{{ dbt_macro__d() }}", "{% macro d(x) %}{{ x + 1 }}{% endmacro %}{{ dbt_macro__d() }}", "{% macro d(caller) %}{{ caller }}{% endmacro %}{{ dbt_macro__d(1) }}", "{% macro d(caller=1) %}{{ caller }}{% endmacro %}{{ dbt_macro__d() }}",
        "{% macro d(caller=none) %}{% if caller %}{{ caller() }}{% endif %}{% endmacro %}{% call dbt_macro__d() %}x{% endcall %}", "{% macro d(varargs) %}{{ varargs }}{% endmacro %}{{ dbt_macro__d(1) }}", "{% macro d(kwargs) %}{{ kwargs }}{% endmacro %}{{ dbt_macro__d(1) }}", "{% macro d(loop) %}{{ loop }}{% endmacro %}{{ dbt_macro__d(1) }}", "{% macro d(self) %}{{ self }}{% endmacro %}{{ dbt_macro__d(1) }}",
        "{% macro d(x) %}{% set x = x + 1 %}{{ x }}{% endmacro %}{{ dbt_macro__d(1) }}", "{% set x = 9 %}{% macro d(x) %}{{ x }}{% endmacro %}{{ dbt_macro__d(1) }}{{ x }}", "{% macro d() %}{% for i in varargs %}{{ i }}{% endfor %}{% endmacro %}{{ dbt_macro__d(1, 2, 3) }}", "{% macro d() %}{% for k, v in kwargs.items() %}{{ k }}{{ v }}{% endfor %}{% endmacro %}{{ dbt_macro__d(x=1, y=2) }}",
        "{% macro d() %}{{ caller(1, 2) }}{% endmacro %}{% call(a, b=3) dbt_macro__d() %}{{ a }}{{ b }}{% endcall %}", "{% macro d() %}{{ caller(1, 2, 3) }}{% endmacro %}{% call(a, b=3) dbt_macro__d() %}{{ a }}{{ b }}{% endcall %}", "{% macro d() %}{{ caller(b=1) }}{% endmacro %}{% call(a, b=3) dbt_macro__d() %}[{{ a }}]{{ b }}{% endcall %}", "{% macro d() %}{{ caller(z=1) }}{% endmacro %}{% call(a) dbt_macro__d() %}{{ a }}{% endcall %}",
        "{% call nope() %}x{% endcall %}", "{% call 1 %}x{% endcall %}", "{% call dbt_macro__plain %}x{% endcall %}", "{% call dict() %}x{% endcall %}", "{% call 'a'.upper() %}x{% endcall %}",
        "{% for i in [1, 2] %}{% macro d() %}{{ loop.index }}{% endmacro %}{{ dbt_macro__d() }}{% endfor %}", "{% for i in [1] %}{% macro d(i) %}{{ i }}{% endmacro %}{{ dbt_macro__d(7) }}{{ i }}{% endfor %}", "{% macro d() %}{{ i }}{% endmacro %}{% for i in [1, 2] %}[{{ dbt_macro__d() }}]{% endfor %}", "{% with q = 1 %}{% macro d() %}{{ q }}{% endmacro %}{{ dbt_macro__d() }}{% endwith %}",
        "{% for i in [1, 2] %}{% set v = i %}{% call dbt_macro__call1() %}{{ v }}{% endcall %}{% endfor %}", "{% macro d(s) %}{{ s|upper }}{% endmacro %}{% set s %}{{ dbt_macro__d('a') }}{% endset %}{{ s ~ dbt_macro__d(s) }}",
        "{% filter upper %}{{ dbt_macro__plain('a', 'b') }}{% endfilter %}", "{% filter replace('a', dbt_macro__plain('x', 'y')) %}abc{% endfilter %}", "{% filter indent(2) | upper %}a\nb{% endfilter %}", "{% filter nope %}a{% endfilter %}", "{% filter upper %}{% filter lower %}aB{% endfilter %}c{% endfilter %}", "{% filter default('x') %}{% endfilter %}", "{% filter length %}abc{% endfilter %}",
    ])
    for use in ["{{ 1|nope }}", "{{ 1 is nope }}", "{{ 1 is not nope }}", "{{ 1|nope.x }}", "{% set x = 1|nope %}", "{% for i in 1|nope %}{% endfor %}"]:
        yield use
        yield "{% if false %}" + use + "{% endif %}a"
        yield "{% if true %}b" + use + "{% endif %}a"
        yield "{% if true %}{% else %}" + use + "{% endif %}a"
        yield "{% for i in [] %}" + use + "{% endfor %}a"
        yield "{% for i in [1] %}b" + use + "{% endfor %}a"
        yield "{% macro m() %}" + use + "{% endmacro %}a"
        yield "{% if false %}{% for i in [1] %}" + use + "{% endfor %}{% endif %}a"
        yield "b{% with %}" + use + "{% endwith %}a"
        yield "{% if false %}{% macro m() %}" + use + "{% endmacro %}{% endif %}a"
        yield "{% set x %}" + use + "{% endset %}a"
    yield from ["{{ (1|nope) if false else 2 }}", "{{ 2 if true else (1|nope) }}", "{{ 2 if 1 is nope else 3 }}", "{% if 1|nope %}{% endif %}", "{% if false %}{% elif 1|nope %}{% endif %}", "{% if true %}{% elif 1|nope %}{% endif %}", "{{ 1|map('nope')|list }}", "{{ [1]|map('nope')|list }}", "{{ [1]|select('nope')|list }}", "{{ []|select('nope')|list }}", "{{ [1]|nope is nope }}", "{{ 'nope' is filter }}{{ 'upper' is filter }}{{ 'odd' is test }}"]


ATOMS = ["1", "2", "x", "y", "z", "i", "j", "'s'", "none", "[1, 2]", "loop", "loop.index", "ns.v", "'a b'", "true", "(x, y)"]


class Random:
    """Templates that nest whatever nests."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def atom(self):
        return self.random.choice(ATOMS)

    def expr(self, depth=2):
        kind = self.random.randrange(12) if depth else 0
        if kind < 5:
            return self.atom()
        left, right = self.expr(depth - 1), self.expr(depth - 1)
        return self.random.choice([
            f"{left} ~ {right}", f"({left} if {right} else {self.atom()})", f"({left} if {right})", f"{left} is defined", f"({left} or {right})", f"({left} and {right})", f"not {left}",
            f"[{left}, {right}]", f"({left})|string|length", f"({left})|default({right})", f"{left} == {right}", f"({left}) is not {self.random.choice(['none', 'string', 'iterable', 'number'])}", f"dbt_macro__m({left})", f"dbt_macro__n({left}, b={right})",
        ])

    def tag(self, words):
        before, after = self.random.choice(["", "", "-", "+"]), self.random.choice(["", "", "-", "+"])
        return "{%" + before + " " + words + " " + after + "%}"

    def name(self):
        return self.random.choice(["x", "y", "z"])

    def body(self, depth, looped):
        return "".join(self.piece(depth, looped) for _ in range(self.random.randrange(1, 4)))

    def piece(self, depth, looped):
        kind = self.random.randrange(16 if depth else 6)
        inner = lambda looped=looped: self.body(depth - 1, looped)
        if kind < 2:
            return self.random.choice([" t ", "\n", " u", "v\n ", ".", "{#- c #}", "{# c -#} "])
        if kind < 5:
            return "{{ " + self.expr() + " }}"
        if kind == 5:
            return self.tag(f"set {self.name()} = {self.expr()}")
        if kind in (6, 7):
            text = self.tag("if " + self.expr()) + inner()
            if self.random.random() < 0.4:
                text += self.tag("elif " + self.expr(1)) + inner()
            if self.random.random() < 0.5:
                text += self.tag("else") + inner()
            return text + self.tag("endif")
        if kind in (8, 9):
            head = f"for {self.random.choice('ijx')} in {self.random.choice(['[1, 2, 3]', 'range(2)', '[]', repr('ab'), '[x, y]'])}"
            if self.random.random() < 0.2:
                head += f" if {self.expr(1)}"
            text = self.tag(head) + inner(True)
            if self.random.random() < 0.2:
                text += self.tag("else") + inner(looped)
            return text + self.tag("endfor")
        if kind == 10:
            return self.tag("set " + self.name() + self.random.choice(["", " | upper", " | trim"])) + inner() + self.tag("endset")
        if kind == 11:
            return self.tag(f"with {self.name()} = {self.expr(1)}") + inner() + self.tag("endwith")
        if kind == 12:
            return self.tag("call" + self.random.choice(["", "(x)", "(y=x)"]) + f" dbt_macro__c({self.expr(1)})") + inner(False) + self.tag("endcall")
        if kind == 13:
            return self.tag("filter " + self.random.choice(["upper", "replace('t', x|string)"])) + inner() + self.tag("endfilter")
        if kind == 14:
            return self.tag(f"set ns.v = {self.expr(1)}")
        if looped:
            return self.tag(f"if {self.expr(1)}") + self.tag(self.random.choice(["break", "continue"])) + self.tag("endif")
        return self.tag(f"do ns.v ~ {self.expr(1)}")


def templates():
    define = (
        "{% set ns = namespace(v=0) %}{% set x = 'X' %}{% macro m(a) %}<{{ a }}>{% endmacro %}"
        "{% macro n(a, b=1) %}{{ a }}{{ b }}{% endmacro %}{% macro c(a) %}({{ caller() }}{{ caller(a) if a }}){% endmacro %}"
    )
    for seed in range(2000):
        maker = Random(seed)
        text = "".join(maker.piece(3, False) for _ in range(4))
        if 40 < len(text) < 500:
            yield define + text


def cuts():
    """Captured text that goes through what cuts and joins texts: its pieces still know where they were written."""
    captured = "{% macro m(a) %}m {{ a }} n{% endmacro %}{% set x %}ab, {{ 'cd' }} \u00e9f{{ 1 }}  {{ dbt_macro__m('q, r') }}\n, \u2028{% filter upper %}gh {{ 'i' }}{% endfilter %}\r\nj {% endset %}"
    for call in ["x", "x.split()", "x.split(' ')", "x.split(',')", "x.split(', ', 1)", "x.rsplit(' ', 2)", "x.rsplit()", "x.rsplit(none, 1)", "x.splitlines()", "x.splitlines(true)", "x.partition('cd')", "x.rpartition(' ')", "x.strip()", "x.lstrip('ab')",
                 "x.rstrip()", "x.replace(' ', '')", "x.replace('m ', x)", "x.replace('', '|')", "x.removeprefix('ab')", "x.removesuffix(' ')", "x[2:9]", "x[::2]", "x[::-1]", "x[-3:]", "x[1]", "x[4:4]", "x|list", "x|reverse", "x|trim", "x|trim('a')", "x|truncate(9)", "x|truncate(12, true, '')",
                 "x|replace('a', x)", "x|upper", "x|title", "x|wordwrap(5)", "x|indent(2)", "x|center(60)", "x * 2", "x ~ x", "x + x", "x|first", "x|last", "x|batch(3)|list", "x|slice(3)|list", "x|string", "x|join('-')", "x|join(x)", "x.split(' ')|join(x)", "x.join(['a', x, 'b'])", "'%s|%s' % (x, x)", "'{}|{}'.format(x, x)",
                 "x|e", "x|length", "x.find('m')", "x.upper()", "x.zfill(60)", "x.ljust(60)", "x.expandtabs()", "x.translate({97: 'zz'})", "{x: x}", "[x, [x]]", "x|tojson", "x|wordcount", "x.split('m')[1].split('n')|join('+')", "(x.split(',')|map('trim')|join(','))[3:]", "x|unique|join", "x|sort|join", "x|groupby(0)|list|length"]:
        yield captured + "{{ %s }}" % call
        yield captured + "{%% set y = %s %%}{%% for z in (y if y is sequence else [y]) %%}<{{ z }}>{%% endfor %%}" % call
        yield captured + "{%% filter replace('b', 'B') %%}{{ %s }}|{{ x }}{%% endfilter %%}" % call


GROUPS = [cuts, spaces, scopes, loops, macros, templates]
