"""Templates that use the modules of Python that dbt hands out."""

import itertools

M = "{% set re = modules.re %}{% set dt = modules.datetime %}{% set it = modules.itertools %}{% set tz = modules.pytz %}"


def regexes():
    patterns = ["a", "(a)(b)?", "[a-c]+", "\\\\d+", "^\\\\w+$", "(?P<x>\\\\w)(?P=x)", "a|b", "\\\\s*,\\\\s*", "", "x*", "(?i)B", "\\\\bfoo\\\\b", "(?<=a)b",
                "(?<!a)b", "(?=b)", "[^a-z]", "[]a]", "[a\\\\-z]", "[a-]", "\\\\.", "a{2}", "a{,2}b", "{x}", "a{", "(\\\\w+) (\\\\w+)", "[[]", "[&~#-]", "(?:a|b)+c", "\\\\Aab", "b\\\\Z", "$",
                "(a", "\\\\q", "(?s).+", "(.)\\\\1", "[\\\\d.]+", "é", "(?x) a  b # c", "\\\\$\\\\{(\\\\w+)\\\\}", "\"([^\"]*)\"", "'|\\\\\"", "\\\\/", "a+?", "(?P<y>\\\\d{4})-(?P<m>\\\\d\\\\d)"]
    texts = ["", "abc", "aab bb", "foo, bar ,baz", "2021-03-04", "x.y\\nz", "éa", "a-z]&#", "${v} {x}", "'q' \\\"w\\\""]
    calls = ["match", "search", "fullmatch", "findall", "split"]
    for index, (pattern, text) in enumerate(itertools.product(patterns, texts)):
        for call in calls if index % 3 == 0 else calls[index % 5:index % 5 + 1]:
            yield M + "{{ re.%s(\"%s\", \"%s\") }}" % (call, pattern.replace('"', '\\"'), text)
        yield M + "{{ re.sub(\"%s\", \"<\\\\g<0>>\", \"%s\") }}" % (pattern.replace('"', '\\"'), text)
    m = M + "{% set m = re.search('(?P<a>\\\\w)(\\\\d)?', 'é-a1 b') %}"
    for expr in ["m", "m.group()", "m.group(0)", "m.group(1)", "m.group('a')", "m.group(1, 2)", "m.group(9)", "m.groups()", "m.groups('-')", "m.groupdict()", "m.start()", "m.end(1)",
                 "m.span()", "m.span(2)", "m[0]", "m['a']", "m['z']", "m.string", "m.lastindex", "m.expand('\\\\1!')", "m.nope", "m|length", "m is none", "m.re", "m.re.pattern"]:
        yield m + "{{ %s }}" % expr
    for expr in ["re.sub('a', 'b', 'aaa', 2)", "re.sub('a', 'b', 'aaa', count=1)", "re.subn('a', 'b', 'aaa')", "re.sub('(a)(b)', '\\\\2\\\\1', 'abab')", "re.sub('(?P<n>a)', '[\\\\g<n>]', 'ab')", "re.sub('x*', '-', 'abxd')",
                 "re.sub('a', '\\\\n', 'cat')", "re.sub('a', '\\\\\\\\', 'cat')", "re.sub('A', 'x', 'aA', flags=re.I)", "re.sub('a', '\\\\2', 'a')", "re.sub('a', 'b', none)", "re.match('a', none)",
                 "re.match(none, 'a')", "re.match(1, 'a')", "re.split('(,)', 'a,b,c')", "re.split(',', 'a,b,c', 1)", "re.split(',', 'a,b,c', maxsplit=1)", "re.findall('(a)(b)', 'abab')", "re.findall('(a)|b', 'ab')", "re.escape('a.b*c-d e/f')",
                 "re.compile('a+')", "re.compile('a+', re.I)", "re.compile('a').match('ab').group()", "re.compile('(a)(?P<b>b)').groupindex", "re.compile('a').findall('aa')", "re.compile('a').sub('b', 'aa')", "re.compile('a').pattern",
                 "re.finditer('a', 'aa')|list|length", "re.match('A', 'a', re.IGNORECASE).group()", "re.findall('^a', 'a\\na', re.M)", "re.findall('^a$', 'a\\na', re.MULTILINE)", "re.match('.+', 'a\\nb', re.S).group()", "re.match('a b', 'ab', re.X).group()",
                 "re.search('a')", "re.nope", "re.compile('a').nope", "re.sub('\\\\s+', ' ', '  a  \\n b ').strip()", "re.sub('[^a-zA-Z0-9_]', '_', 'My Col-Name (x)')|lower", "re.findall('[A-Z][a-z]*', 'CamelCaseText')|join('_')|lower",
                 "re.sub('(.)([A-Z][a-z]+)', '\\\\1_\\\\2', 'someCamelCase')", "re.fullmatch('a|ab', 'ab').group()", "re.match('(?:a)(b)?', 'a').groups()", "re.search('\\\\d{2,}', 'a1b234').span()", "re.split('\\\\W+', 'a, b; c.')", "re.split('', 'ab')"]:
        yield M + "{{ %s }}" % expr


def iterators():
    for expr in ["chain([1], 'ab')|list", "chain()|list", "count(3)|first", "islice(count(2, 3), 4)|list", "islice('abcdef', 2)|list", "islice('abcdef', 2, 4)|list", "islice('abcdef', 0, none, 2)|list", "islice('abc', -1)|list",
                 "islice(cycle('ab'), 5)|list", "repeat('x', 3)|list", "islice(repeat(1), 2)|list", "accumulate([1, 2, 3])|list", "accumulate([1, 2], initial=10)|list", "accumulate(['a', 'b'])|list", "compress('abc', [1, 0, 1])|list",
                 "tee([1, 2])[0]|list", "tee('ab', 3)|length", "zip_longest('ab', [1])|list", "zip_longest('a', 'bc', fillvalue='-')|list", "product('ab', [1, 2])|list", "product('ab', repeat=2)|list", "product()|list", "product([], [1])|list",
                 "permutations('abc')|list", "permutations('abc', 2)|list", "permutations('ab', 3)|list", "permutations([], 0)|list", "combinations('abcd', 2)|list", "combinations('ab', 3)|list", "combinations('abc', 0)|list",
                 "combinations_with_replacement('ab', 2)|list", "combinations_with_replacement('abc', 3)|list|length", "combinations([1], 1)", "chain.from_iterable([[1]])", "groupby('a')", "product('a')|length", "starmap(range, [[1, 3]])|list",
                 "product(1)", "permutations('abcd')|list|length", "permutations('abcd', 3)|map('join')|join(' ')", "combinations('abcde', 3)|map('join')|join(' ')", "zip_longest()|list", "chain(1)|list"]:
        yield M + "{{ it.%s }}" % expr
    yield M + "{% for a, b in it.product([1, 2], 'xy') %}{{ a }}{{ b }} {% endfor %}"


MOMENTS = ["dt.datetime(2021, 3, 4)", "dt.datetime(2020, 2, 29, 13, 5, 9, 120)", "dt.datetime(1999, 12, 31, 23, 59, 59, 999999)", "dt.datetime(2024, 1, 1, 0, 0)",
           "dt.date(2021, 3, 4)", "dt.date(2020, 12, 31)", "dt.date(2016, 1, 3)", "dt.time(1, 2)", "dt.time(13, 14, 15, 16)", "dt.timedelta(1)", "dt.timedelta(hours=-5)", "dt.timedelta(days=2, seconds=3, microseconds=4)",
           "tz.utc.localize(dt.datetime(2021, 7, 1, 12))", "tz.timezone('America/New_York').localize(dt.datetime(2021, 7, 1, 12))", "tz.timezone('Europe/Berlin').localize(dt.datetime(2021, 1, 1, 0, 30))", "none", "5", "1.5"]


def dates():
    for moment in MOMENTS:
        for expr in ["", "|string|length", ".year", ".month", ".day", ".hour", ".minute", ".second", ".microsecond", ".tzinfo", ".days", ".seconds", ".isoformat()", ".isoformat(' ')", ".isoformat(timespec='seconds')", ".isoformat(sep='T', timespec='milliseconds')",
                     ".date()", ".time()", ".timestamp()", ".weekday()", ".isoweekday()", ".isocalendar()", ".isocalendar()[1]", ".isocalendar().week", ".toordinal()", ".ctime()", ".total_seconds()", ".utcoffset()", ".tzname()", ".dst()",
                     ".replace(year=2000)", ".replace(day=31)", ".replace(hour=0, minute=0)", ".replace(tzinfo=none)", ".replace(month=13)", ".astimezone(tz.utc)", ".astimezone(tz.timezone('Asia/Tokyo'))", ".nope", ".strftime('%Y-%m-%d %H:%M:%S.%f')",
                     ".strftime('%a %A %b %B %p %I %j %U %W %V %G %u %w %y %e')", ".strftime('%c|%x|%X|%D|%T|%R|%F|%h')", ".strftime('%-d/%-m/%_d/%^a/%5Y/%Z%z%%%q')", ".strftime('')", ".strftime(1)"]:
            yield M + "{{ (%s)%s }}" % (moment, expr)
        yield M + "{{ [%s] }}" % moment
        yield M + "{{ '{:%%Y}'.format(%s) }}" % moment
        yield M + "{{ {%s: 1} }}" % moment
    for left, right in itertools.product(MOMENTS, MOMENTS):
        for op in ["-", "+", "<", "=="]:
            yield M + "{{ (%s) %s (%s) }}" % (left, op, right)
    for op in ["*", "/", "//", "%"]:
        for left, right in itertools.product(["dt.timedelta(1)", "dt.timedelta(hours=5, minutes=1)", "2", "-3", "0.5", "0"], repeat=2):
            yield M + "{{ (%s) %s (%s) }}" % (left, op, right)
    for args in ["", "1", "0.5", "hours=1.5", "weeks=1, days=-2", "milliseconds=1500", "microseconds=1.5", "seconds=1e-7", "days='x'", "999999999", "1000000000", "minutes=90", "hours=25"]:
        yield M + "{{ dt.timedelta(%s) }} {{ [dt.timedelta(%s)] }}" % (args, args)
    yield M + "{{ -dt.timedelta(1) }}{{ dt.timedelta(-1)|abs }}{{ [dt.timedelta(1), dt.timedelta(2)]|sum(start=dt.timedelta(0)) }}{{ dt.timedelta(0) or 'no' }}"
    for args in ["2021, 13, 1", "2021, 2, 29", "0, 1, 1", "10000, 1, 1", "2021, 1", "2021, 1, 1, 24", "2021, 1, 1, 0, 60", "2021, 1, 1, tzinfo=tz.utc", "'2021', 1, 1", "2021.0, 1, 1", "year=2021, month=2, day=3"]:
        yield M + "{{ dt.datetime(%s) }}" % args
        yield M + "{{ dt.date(%s) }}" % args
    pairs = [("2021-03-04", "%Y-%m-%d"), ("20210304", "%Y%m%d"), ("2021-03-04 05:06:07", "%Y-%m-%d %H:%M:%S"), ("2021-03-04T05:06:07.12", "%Y-%m-%dT%H:%M:%S.%f"), ("04/Mar/2021", "%d/%b/%Y"), ("March 4, 2021", "%B %d, %Y"),
             ("4 mar 21", "%d %b %y"), ("12:30 PM", "%I:%M %p"), ("12:30 am", "%I:%M %p"), ("2021-060", "%Y-%j"), ("2021-W09-4", "%G-W%V-%u"), ("2021 10 3", "%Y %U %w"), ("2021 10 3", "%Y %W %w"), ("2021-03-04 +0530", "%Y-%m-%d %z"),
             ("2021-03-04 Z", "%Y-%m-%d %z"), ("2021-03-04 -05:30:15", "%Y-%m-%d %z"), ("2021-03", "%Y-%m-%d"), ("2021-03-04x", "%Y-%m-%d"), ("2021-02-30", "%Y-%m-%d"), ("x", "%Q"), ("x", "%"), ("100%", "100%%"), ("Thu Mar  4 05:06:07 2021", "%c"),
             ("29 feb", "%d %b"), ("2021  1", "%Y %m"), ("69 68", "%y %m"), ("", ""), ("2021-3-4", "%Y-%m-%d"), ("UTC", "%Z"), ("2021-03-04 24:00", "%Y-%m-%d %H:%M"), (" 2021", " %Y"), ("2021", "%Y%")]
    for text, form in pairs:
        yield M + "{{ dt.datetime.strptime('%s', '%s') }}" % (text, form)
    for text in ["2021-03-04", "20210304", "2021-W09-4", "2021-03-04T05:06", "2021-03-04 05:06:07.123", "2021-03-04 05:06:07.123456+01:00", "2021-03-04T05:06:07Z", "2021-03-04T0506", "2021-3-4", "x", "", "05:06", "2021-13-01", "2021-03-04T24:0"]:
        for kind in ["date", "datetime", "time"]:
            if (text, kind) == ("20210304", "time"):
                continue
            yield M + "{{ dt.%s.fromisoformat('%s') }}" % (kind, text)
    for expr in ["dt.datetime.min", "dt.datetime.max", "dt.date.max", "dt.time.max", "dt.timedelta.max", "dt.timedelta.min", "dt.datetime.resolution", "dt.datetime", "dt.date", "dt.nope", "dt.datetime.nope", "dt.datetime.fromordinal(738000)", "dt.date.fromordinal(1)",
                 "dt.datetime.utcfromtimestamp(1600000000)", "dt.datetime.utcfromtimestamp(1600000000.5)", "dt.datetime.fromtimestamp(0, tz.utc)", "dt.date.fromisocalendar(2021, 53, 1)", "dt.date.fromisocalendar(2021, 10, 8)", "dt.datetime.combine(dt.date(2021, 1, 2), dt.time(3, 4))",
                 "dt.datetime.combine(dt.date(2021, 1, 2), dt.datetime.min.time())", "dt.datetime.combine(1, 2)", "dt.date(2021, 1, 31) + dt.timedelta(days=1)", "dt.date.max + dt.timedelta(1)", "dt.datetime.strftime(dt.datetime(2021, 1, 1), '%Y')",
                 "(dt.datetime(2021, 3, 1) - dt.datetime(2021, 2, 1)).days", "dt.datetime(2021, 3, 1) in [dt.datetime(2021, 3, 1)]", "[dt.date(2021, 3, 1), dt.date(2020, 1, 1)]|sort", "[dt.date(2021, 3, 1), dt.date(2020, 1, 1)]|max", "dt.datetime(2021, 3, 1) == dt.date(2021, 3, 1)",
                 "dt.datetime(2021, 3, 1)|string", "dt.datetime(2021, 1, 1) ~ ''", "dt.datetime(2021,1,1)|tojson", "dt.date(2021, 1, 1).strftime", "dt.time(0) or 'x'", "dt.date(2021,1,1) is string", "dt.date(2021,1,1) is callable", "dt.date is callable", "dt.datetime.strptime('2021', '%Y').date()"]:
        yield M + "{{ %s }}" % expr
    for weeks in range(0, 30):
        yield M + "{%% set d = dt.date(20%02d, 1, 1) %%}{{ d.isocalendar()[0] }} {{ d.strftime('%%U %%W %%V %%j') }} {{ (d - dt.timedelta(1)).strftime('%%U %%W %%V %%G %%j') }}" % weeks


def zones():
    names = ["UTC", "utc", "US/Eastern", "Europe/London", "Asia/Kolkata", "America/Sao_Paulo", "Australia/Sydney", "Etc/GMT+5", "GMT", "Nope/Zone", "europe/berlin", "America/Los_Angeles"]
    stamps = ["2021, 1, 15, 12", "2021, 7, 15, 12", "2021, 3, 14, 2, 30", "2021, 11, 7, 1, 30", "2021, 3, 28, 1, 30", "2021, 10, 31, 1, 30", "1950, 6, 1", "2050, 7, 1"]
    for name in names:
        yield M + "{% set z = tz.timezone('" + name + "') %}{{ z }} {{ [z] }} {{ z.zone }}"
        for stamp in stamps:
            yield M + "{%% set z = tz.timezone('%s') %%}{%% set d = z.localize(dt.datetime(%s)) %%}{{ d }} {{ [d] }} {{ d.tzname() }} {{ d.dst() }} {{ d.strftime('%%Z %%z') }} {{ d.astimezone(tz.utc) }}" % (name, stamp)
            yield M + "{{ tz.utc.localize(dt.datetime(%s)).astimezone(tz.timezone('%s')) }}" % (stamp, name)
            yield M + "{{ tz.timezone('%s').localize(dt.datetime(%s), is_dst=true) }}" % (name, stamp)
            yield M + "{{ tz.timezone('%s').localize(dt.datetime(%s), is_dst=none) }}" % (name, stamp)
    for expr in ["tz.utc", "[tz.utc]", "tz.timezone(none)", "tz.FixedOffset(60)", "tz.FixedOffset(0)", "dt.datetime(2021, 1, 1, tzinfo=tz.FixedOffset(-90))", "dt.datetime(2021, 7, 1, tzinfo=tz.timezone('US/Eastern'))", "tz.utc.localize(tz.utc.localize(dt.datetime(2021, 1, 1)))",
                 "tz.timezone('US/Eastern').normalize(tz.timezone('US/Eastern').localize(dt.datetime(2021, 3, 13, 12)) + dt.timedelta(1))", "tz.nope", "tz.timezone('US/Eastern').utcoffset(dt.datetime(2021, 7, 1))", "tz.timezone('US/Eastern').localize(1)",
                 "dt.datetime(2021, 1, 1) < tz.utc.localize(dt.datetime(2021, 1, 1))", "tz.utc.localize(dt.datetime(2021, 1, 1)) - dt.datetime(2021, 1, 1)", "tz.timezone('US/Eastern') == tz.timezone('US/Eastern')", "dt.datetime(2021, 1, 1, tzinfo='UTC')"]:
        yield M + "{{ %s }}" % expr


GROUPS = [regexes, iterators, dates, zones]
