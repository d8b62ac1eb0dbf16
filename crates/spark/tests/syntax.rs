//! What the grammar reads, and where it stops. Spark 3.5.4 was asked for every row.

use glueline_spark::syntax::parse;

/// Queries that Spark's grammar reads.
const READ: &[&str] = &[
    "select a as from from d.t",
    "select a select from d.t",
    "select case from t",
    "select a, b c, from u",
    "select a distinct from t",
    "select 1 as select, 2 as union, 3 as on",
    "select a from t where",
    "select a from t group",
    "select a from t order, u",
    "select a from d.t; ;",
    "from t select a where a > 1 select b",
    "select a and from d.t",
    "select a x, count(*) from t group by x having x > 1 window w as (order by a) order by 1 limit all",
    "select * from (select 1 a) x join ((select 2 b) union all (select 3)) y on x.a = y.b",
    "select * from t lateral view outer explode(a) x as y, z where y is not distinct from z",
    "select * from t pivot (sum(a) s, count(*) for (b, c) in ((1, 2) as x, (3, 4)))",
    "select * from t unpivot include nulls ((v, w) for n in ((a, b) as x, (c, d)))",
    "select interval 1 day, interval '1-2' year to month, interval '1 day', date '2024-01-01', x'1F', 'a' \"b\"",
    "select sum(a) filter (where b) over (partition by c order by d desc nulls last rows between 1 preceding and current row)",
    "select transform(a, x -> x + 1), aggregate(a, 0, (s, x) -> s + x), exists(a, x -> x is null)",
    "select trim(both 'x' from a), substring(a from 1 for 2), position('a' in b), extract(year from d), overlay(a placing b from 1)",
    "select a from t tablesample (10 percent) repeatable (1) version, u for version as of 1",
    "select a from t group by grouping sets ((a), ()), rollup (a, (b, c))",
    "with a as (select 1), b (c) as (values (1, 2)) select not exists (select 1) and a.c not like all ('x', 'y')",
    "select a as `x y`, `b``c`.d[0].e['k'] from `my-db`.t",
    "select a from d.t as where a = 1",
    "select a from (select 1 as a) as left join u on a = b",
    "select a from d.t as group by a union select a from d.t as union select a from d.t as where",
    "select a from d.t where from is not null and from in (1, 2) and not from.b between from and to",
    "select a from d.t join u on from = to and from like 'x' where (select max(a) from d.t where from is null) = 1",
    "select datediff('month', a), datediff(b, a)",
    "select 1L, 2Y, 3S, 1.5, 1e3, 2.5D, 1.5BD, 1.5F, .5, 1st_col, r'\\d' /* a /* nested */ comment */ -- end",
];

/// Queries that Spark refuses before it looks at names, the class of its error, and the offset of what is to blame: for syntax errors
/// Spark's own.
const REFUSED: &[(&str, &str, usize)] = &[
    ("select a, from d.t", "PARSE_SYNTAX_ERROR", 16),
    ("select a,, b from t", "PARSE_SYNTAX_ERROR", 9),
    ("selct a from t", "PARSE_SYNTAX_ERROR", 0),
    ("select t.a from d.t cross", "PARSE_SYNTAX_ERROR", 25),
    ("select a::string from d.t", "PARSE_SYNTAX_ERROR", 8),
    ("select * except (a) from d.t", "PARSE_SYNTAX_ERROR", 17),
    (
        "select a from t qualify row_number() over (order by a) = 1",
        "PARSE_SYNTAX_ERROR",
        24,
    ),
    ("select (a from t", "PARSE_SYNTAX_ERROR", 10),
    ("select a from t where a in 5", "PARSE_SYNTAX_ERROR", 24),
    ("select a from t join u on", "PARSE_SYNTAX_ERROR", 25),
    ("select count(* from t", "PARSE_SYNTAX_ERROR", 15),
    ("select 'a from t", "PARSE_SYNTAX_ERROR", 7),
    ("select cast(a as strng) from t", "UNSUPPORTED_DATATYPE", 17),
    ("select cast(a as varchar) from t", "DATATYPE_MISSING_SIZE", 17),
    (
        "select cast(a as array) from t",
        "INCOMPLETE_TYPE_DEFINITION.ARRAY",
        17,
    ),
    ("select a as my-col from t", "INVALID_IDENTIFIER", 12),
    (
        "with a as (select 1), A as (select 2) select 1",
        "_LEGACY_ERROR_TEMP_0038",
        0,
    ),
    ("select date '2024-13-01'", "INVALID_TYPED_LITERAL", 7),
    ("select raw '$.x'", "UNSUPPORTED_TYPED_LITERAL", 7),
    ("select a from t as where.a = 1", "PARSE_SYNTAX_ERROR", 24),
    ("select a from t as on", "PARSE_SYNTAX_ERROR", 19),
    (
        "select dateadd('day', 1, a) from t",
        "INVALID_PARAMETER_VALUE.DATETIME_UNIT",
        15,
    ),
    ("select 1 /* open", "UNCLOSED_BRACKETED_COMMENT", 9),
];

#[test]
fn what_spark_reads_is_read() {
    for query in READ {
        let parsed = parse(query);
        assert!(
            parsed.errors.is_empty() && parsed.query.is_some() && !parsed.unread,
            "{query}: {:?}",
            parsed.errors
        );
    }
}

#[test]
fn what_spark_refuses_is_refused_at_its_token() {
    for (query, class, offset) in REFUSED {
        let parsed = parse(query);
        let Some(error) = parsed.errors.first() else {
            panic!("{query}: read");
        };
        assert_eq!(
            (error.class, usize::from(error.range.start())),
            (*class, *offset),
            "{query}"
        );
    }
}

#[test]
fn nothing_hangs_or_panics() {
    let nested = [
        ("(", ")"),
        ("select (", ")"),
        ("case when ", " then 1 end"),
        ("f(", ")"),
        ("array<", ">"),
        ("not ", ""),
        ("- ", ""),
    ];
    for (open, close) in nested {
        for depth in [50, 5_000] {
            parse(&format!("select {}1{}", open.repeat(depth), close.repeat(depth)));
            parse(&format!("select {}1", open.repeat(depth)));
        }
    }
    for query in READ.iter().chain(REFUSED.iter().map(|(query, ..)| query)) {
        for (at, _) in query.char_indices() {
            parse(query.get(..at).unwrap_or(query));
            parse(query.get(at..).unwrap_or(query));
        }
    }
    let many = vec!["a + 1"; 20_000].join(" + ");
    assert!(parse(&format!("select {many}")).unread);
}
