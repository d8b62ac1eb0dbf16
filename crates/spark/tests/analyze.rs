//! What queries mean: their columns and types, or the class of Spark's error. Spark 3.5.4 was asked for every row.

use std::sync::Arc;

use crate::common::{Shop, shown};
use glueline_base::slice;
use glueline_spark::analyze::{Format, Origin, Stored, analyze, materialize};
use glueline_spark::functions::Version;

/// Queries and their columns.
const ACCEPTED: &[(&str, &str)] = &[
    // Columns of relations that nobody knows.
    (
        "select user['x'] as x, user, current_date as day from shop.mystery",
        "x unknown, user unknown, day date",
    ),
    (
        "select user['x'], user, current_date from (select map('x', 1) as user, 2 as current_date)",
        "user[x] int, user map<string,int>, current_date int",
    ),
    (
        "select a from (select distinct * from (select a, b, a from shop.mystery))",
        "a unknown",
    ),
    (
        "select n from (select m.a + 1 as n, b, n from shop.mystery m, shop.people)",
        "n unknown",
    ),
    (
        "select n from (select id + 1 as n, id, n from shop.people)",
        "n bigint",
    ),
    (
        "select distinct m.a, m.b as c from shop.mystery m join shop.people p on m.a = p.id order by m.a",
        "a unknown, c unknown",
    ),
    (
        "select distinct a from shop.mystery m, shop.mystery p order by m.a",
        "a unknown",
    ),
    (
        "select col.x, col.`y` from (select explode(arrays_zip(s.h.x, m.y)) from shop.mystery m)",
        "x unknown, y unknown",
    ),
    (
        "with s as (select 2 as b) select * from (with s as (select 1 as a) select * from s) q",
        "a int",
    ),
    (
        "with s as (with s as (select 1 as a) select * from s) select * from s",
        "a int",
    ),
    (
        "with x as (with s as (select 1 as a) select * from s), s as (select 2 as b) select * from x, s",
        "a int, b int",
    ),
    (
        "select * from shop.orders",
        "id bigint, customer string, amount decimal(12,2), placed timestamp, day date, tags array<string>, attrs map<string,string>, ship struct<city:string,zip:int>, paid boolean",
    ),
    (
        "select o.*, p.name from shop.orders o join shop.people p on o.customer = p.id",
        "id bigint, customer string, amount decimal(12,2), placed timestamp, day date, tags array<string>, attrs map<string,string>, ship struct<city:string,zip:int>, paid boolean, name string",
    ),
    (
        "select O.ID, Amount from shop.orders o",
        "ID bigint, Amount decimal(12,2)",
    ),
    (
        "select p.id, customer from shop.orders join shop.people p using (id)",
        "id bigint, customer string",
    ),
    (
        "select id from shop.orders join shop.people using (id)",
        "id bigint",
    ),
    (
        "select * from shop.orders join shop.people using (id)",
        "id bigint, customer string, amount decimal(12,2), placed timestamp, day date, tags array<string>, attrs map<string,string>, ship struct<city:string,zip:int>, paid boolean, name string, born date",
    ),
    (
        "select people.* from shop.orders full join shop.people using (id)",
        "id bigint, name string, born date",
    ),
    (
        "select * from shop.orders natural join shop.people",
        "id bigint, customer string, amount decimal(12,2), placed timestamp, day date, tags array<string>, attrs map<string,string>, ship struct<city:string,zip:int>, paid boolean, name string, born date",
    ),
    (
        "select id from shop.orders left semi join shop.people p on p.id = orders.id",
        "id bigint",
    ),
    (
        "select a.id from shop.orders a join shop.orders b on a.id = b.id join shop.people using (id)",
        "id bigint",
    ),
    (
        "select ship.city, ship.* from shop.orders",
        "city string, city string, zip int",
    ),
    (
        "select attrs.colour, attrs['size'] s, tags[0] as t from shop.orders",
        "colour string, s string, t string",
    ),
    (
        "select amount + 1 as a, a * 2 as b from shop.orders",
        "a decimal(13,2), b decimal(15,2)",
    ),
    (
        "select customer, day, sum(amount) as total from shop.orders group by all",
        "customer string, day date, total decimal(22,2)",
    ),
    (
        "select upper(customer) as c, count(*) as n from shop.orders group by upper(customer)",
        "c string, n bigint",
    ),
    (
        "select customer, grouping(customer) as g, sum(amount) as s from shop.orders group by rollup (customer, day)",
        "customer string, g tinyint, s decimal(22,2)",
    ),
    (
        "select max(sum(amount)) over (partition by customer) as x from shop.orders group by customer",
        "x decimal(22,2)",
    ),
    (
        "select sum(id) over w as x, rank() over (w) as r from shop.orders window w as (partition by day order by id)",
        "x bigint, r int",
    ),
    (
        "select explode(tags) as tag, id from shop.orders",
        "tag string, id bigint",
    ),
    (
        "select explode(attrs) as (k, v) from shop.orders",
        "k string, v string",
    ),
    (
        "select id, tag, p from shop.orders lateral view posexplode(tags) t as p, tag",
        "id bigint, tag string, p int",
    ),
    (
        "select id, t.* from shop.orders lateral view outer explode(attrs) t",
        "id bigint, key string, value string",
    ),
    (
        "select id, s.n from shop.orders o, lateral (select count(*) as n from shop.people p where p.id = o.id) s",
        "id bigint, n bigint",
    ),
    (
        "select id from shop.orders o where exists (select 1 from shop.people p where p.id = o.id and p.name = o.customer)",
        "id bigint",
    ),
    (
        "select id, (select max(name) from shop.people p where p.id = o.id) as name from shop.orders o",
        "id bigint, name string",
    ),
    (
        "select id from shop.orders where (id, customer) in (select id, name from shop.people)",
        "id bigint",
    ),
    (
        "select id, amount from shop.orders union select name, 1 from shop.people order by amount",
        "id string, amount decimal(12,2)",
    ),
    (
        "with a as (select id x from shop.orders), b (y) as (select x from a) select y, x from a join b on x = y",
        "y bigint, x bigint",
    ),
    (
        "with a as (select id, id from shop.orders) select id from a",
        "id bigint",
    ),
    (
        "with a as (select 1 as one, 2 as two) select x.* from a as x (p, q)",
        "p int, q int",
    ),
    (
        "select transform(tags, t -> length(t)) as l, filter(tags, (t, i) -> i > 0) as f, aggregate(tags, 0, (s, t) -> s + length(t)) as a from shop.orders",
        "l array<int>, f array<string>, a int",
    ),
    (
        "select * from (select customer, month(day) as m, amount from shop.orders) pivot (sum(amount) for m in (1 as jan, 2))",
        "customer string, jan decimal(22,2), 2 decimal(22,2)",
    ),
    (
        "select * from (select customer, month(day) as m, amount from shop.orders) pivot (sum(amount) as s, count(*) as n for m in (1, 2 as feb))",
        "customer string, 1_s decimal(22,2), 1_n bigint, feb_s decimal(22,2), feb_n bigint",
    ),
    (
        "select * from (select 1 as id, 2 as a, 3L as b) unpivot (v for k in (a, b as bee))",
        "id int, k string, v bigint",
    ),
    (
        "select * from values (1, 'a'), (2.5, null) as v (x, y)",
        "x decimal(11,1), y string",
    ),
    ("select id from range(10)", "id bigint"),
    (
        "select case when id = 1 then 1 else 2.5 end as x, if(paid, 'a', 1) as y, coalesce(day, placed) as z from shop.orders",
        "x decimal(11,1), y string, z timestamp",
    ),
    (
        "select cast(day as int) as a, cast(tags as string) as b from shop.orders",
        "a int, b string",
    ),
    (
        "select id from shop.orders order by customer, 1 desc, upper(customer)",
        "id bigint",
    ),
    ("select id from shop.orders limit 1 + 1", "id bigint"),
    (
        "select named_struct('a', id, 'b', struct(day, 1 as one)) as s, array(id, 1.5) as a, map('a', id) as m from shop.orders",
        "s struct<a:bigint,b:struct<day:date,one:int>>, a array<decimal(21,1)>, m map<string,bigint>",
    ),
    (
        "select timestampadd(day, 1, day) as a, datediff(hour, placed, day) as b, extract(year from day) as c, date '2024-01-01' - day as d from shop.orders",
        "a timestamp, b bigint, c int, d interval day",
    ),
    (
        "select interval 1 day as a, interval '1-2' year to month as b, 1.50 as c, 0.05 as d, 1e3 as e, 5000000000 as f, -1L as g",
        "a interval day, b interval year to month, c decimal(3,2), d decimal(2,2), e double, f bigint, g bigint",
    ),
    ("from shop.orders select id where paid", "id bigint"),
    (
        "select sum(amount) as total, total / count(*) as mean from shop.orders group by customer",
        "total decimal(22,2), mean decimal(38,18)",
    ),
];

/// Queries and the class of Spark's error.
const REFUSED: &[(&str, &str)] = &[
    (
        "select id from shop.orders where null",
        "DATATYPE_MISMATCH.FILTER_NOT_BOOLEAN",
    ),
    (
        "with s as (select 2 as b), x as (with s as (select 1 as a) select * from s) select * from x, s",
        "AMBIGUOUS_ALIAS_IN_NESTED_CTE",
    ),
    (
        "with s as (select 2 as b) select (with S as (select 1 as a) select max(a) from s) as z from s",
        "AMBIGUOUS_ALIAS_IN_NESTED_CTE",
    ),
    (
        "select id from shop.orders o, shop.people p",
        "AMBIGUOUS_REFERENCE",
    ),
    (
        "select p.name from shop.orders left anti join shop.people p on p.id = orders.id",
        "UNRESOLVED_COLUMN.WITH_SUGGESTION",
    ),
    (
        "select * from shop.orders join shop.people using (nope)",
        "UNRESOLVED_USING_COLUMN_FOR_JOIN",
    ),
    ("select ship.town from shop.orders", "FIELD_NOT_FOUND"),
    (
        "select customer.x from shop.orders",
        "INVALID_EXTRACT_BASE_FIELD_TYPE",
    ),
    ("select nope.* from shop.orders", "CANNOT_RESOLVE_STAR_EXPAND"),
    (
        "select id as x from shop.orders where x > 1",
        "UNRESOLVED_COLUMN.WITH_SUGGESTION",
    ),
    (
        "select id as x, count(*) as n from shop.orders group by x having n > 1 and sum(amount) > 3 order by max(day), x",
        "UNRESOLVED_COLUMN.WITH_SUGGESTION",
    ),
    (
        "select customer, sum(amount) as total from shop.orders",
        "MISSING_GROUP_BY",
    ),
    (
        "select customer, sum(amount) as total from shop.orders group by id",
        "MISSING_AGGREGATION",
    ),
    (
        "select upper(customer) as c, lower(customer) as l from shop.orders group by upper(customer)",
        "MISSING_AGGREGATION",
    ),
    (
        "select customer, count(*) as n from shop.orders group by 2",
        "GROUP_BY_POS_AGGREGATE",
    ),
    (
        "select customer, count(*) as n from shop.orders group by 3",
        "GROUP_BY_POS_OUT_OF_RANGE",
    ),
    (
        "select customer, count(*) as n from shop.orders group by count(*)",
        "GROUP_BY_AGGREGATE",
    ),
    (
        "select attrs from shop.orders group by attrs",
        "GROUP_EXPRESSION_TYPE_IS_NOT_ORDERABLE",
    ),
    (
        "select customer, grouping(customer) as g from shop.orders group by customer",
        "UNSUPPORTED_GROUPING_EXPRESSION",
    ),
    (
        "select customer, amount as amount from shop.orders where count(*) > 1",
        "INVALID_WHERE_CONDITION",
    ),
    (
        "select customer from shop.orders where row_number() over (order by id) = 1",
        "_LEGACY_ERROR_TEMP_1034",
    ),
    (
        "select customer from shop.orders where explode(tags) = 'x'",
        "UNSUPPORTED_GENERATOR.OUTSIDE_SELECT",
    ),
    (
        "select customer from shop.orders where id",
        "DATATYPE_MISMATCH.FILTER_NOT_BOOLEAN",
    ),
    (
        "select customer from shop.orders where paid and 1",
        "DATATYPE_MISMATCH.BINARY_OP_DIFF_TYPES",
    ),
    (
        "select sum(max(amount)) as x from shop.orders",
        "NESTED_AGGREGATE_FUNCTION",
    ),
    (
        "select sum(row_number() over (order by id)) as x from shop.orders",
        "_LEGACY_ERROR_TEMP_1031",
    ),
    (
        "select row_number() over (partition by customer) as x from shop.orders",
        "_LEGACY_ERROR_TEMP_1037",
    ),
    (
        "select row_number() as x from shop.orders",
        "WINDOW_FUNCTION_WITHOUT_OVER_CLAUSE",
    ),
    (
        "select upper(customer) over (order by id) as x from shop.orders",
        "UNSUPPORTED_EXPR_FOR_WINDOW",
    ),
    (
        "select sum(distinct id) over (order by id) as x from shop.orders",
        "DISTINCT_WINDOW_FUNCTION_UNSUPPORTED",
    ),
    (
        "select sum(id) over w as x from shop.orders window v as (order by id)",
        "_LEGACY_ERROR_TEMP_1004",
    ),
    (
        "select sum(id) over (order by id rows between 1 following and 1 preceding) as x from shop.orders",
        "DATATYPE_MISMATCH.SPECIFIED_WINDOW_FRAME_WRONG_COMPARISON",
    ),
    (
        "select sum(id) over (order by day range between interval 1 day preceding and current row) as x from shop.orders",
        "DATATYPE_MISMATCH.RANGE_FRAME_INVALID_TYPE",
    ),
    (
        "select rank() over (order by id rows between 1 preceding and current row) as x from shop.orders",
        "_LEGACY_ERROR_TEMP_1036",
    ),
    (
        "select id + 1 as a, sum(id) over (order by a) as x from shop.orders",
        "UNSUPPORTED_FEATURE.LATERAL_COLUMN_ALIAS_IN_WINDOW",
    ),
    (
        "select explode(attrs) as k from shop.orders",
        "UDTF_ALIAS_NUMBER_MISMATCH",
    ),
    (
        "select upper(explode(tags)) as x from shop.orders",
        "UNSUPPORTED_GENERATOR.NESTED_IN_EXPRESSIONS",
    ),
    (
        "select id from shop.orders lateral view upper(customer) t as x",
        "UNSUPPORTED_GENERATOR.NOT_GENERATOR",
    ),
    (
        "select id, (select name from shop.people p where p.id = o.id) as name from shop.orders o",
        "UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY.MUST_AGGREGATE_CORRELATED_SCALAR_SUBQUERY",
    ),
    (
        "select id, (select id, name from shop.people) as name from shop.orders o",
        "INVALID_SUBQUERY_EXPRESSION.SCALAR_SUBQUERY_RETURN_MORE_THAN_ONE_OUTPUT_COLUMN",
    ),
    (
        "select id from shop.orders where id in (select id, name from shop.people)",
        "DATATYPE_MISMATCH.IN_SUBQUERY_LENGTH_MISMATCH",
    ),
    (
        "select id from shop.orders where tags in (select id from shop.people)",
        "DATATYPE_MISMATCH.IN_SUBQUERY_DATA_TYPE_MISMATCH",
    ),
    (
        "select id, tags from shop.orders union all select id, name from shop.people",
        "INCOMPATIBLE_COLUMN_TYPE",
    ),
    (
        "select id, customer from shop.orders union all select id from shop.people",
        "NUM_COLUMNS_MISMATCH",
    ),
    (
        "select attrs from shop.orders except select attrs from shop.orders",
        "UNSUPPORTED_FEATURE.SET_OPERATION_ON_MAP_TYPE",
    ),
    (
        "select id from shop.orders intersect select id from shop.people order by customer",
        "UNRESOLVED_COLUMN.WITH_SUGGESTION",
    ),
    (
        "with a as (select nope from shop.orders) select 1 as one",
        "UNRESOLVED_COLUMN.WITH_SUGGESTION",
    ),
    (
        "with a as (select id, id + 1 as id from shop.orders) select id from a",
        "AMBIGUOUS_REFERENCE",
    ),
    (
        "select x from (select m.x, n.x from shop.mystery m, shop.mystery n)",
        "AMBIGUOUS_REFERENCE",
    ),
    (
        "select id from (select m.id, p.id from shop.mystery m, shop.people p)",
        "AMBIGUOUS_REFERENCE",
    ),
    (
        "select user['x'] from shop.people",
        "INVALID_EXTRACT_BASE_FIELD_TYPE",
    ),
    (
        "with a as (select 1 as one, 2 as two) select x.* from a as x (p)",
        "_LEGACY_ERROR_TEMP_1028",
    ),
    ("select * from shop.nothing", "TABLE_OR_VIEW_NOT_FOUND"),
    (
        "select upper(t -> t) as x from shop.orders",
        "INVALID_LAMBDA_FUNCTION_CALL.NON_HIGHER_ORDER_FUNCTION",
    ),
    ("select nope(id) as x from shop.orders", "UNRESOLVED_ROUTINE"),
    (
        "select upper(id, 1) as x from shop.orders",
        "WRONG_NUM_ARGS.WITHOUT_SUGGESTION",
    ),
    (
        "select count(*) as a, count(o.*) as b, count(distinct id, day) as c from shop.orders o",
        "_LEGACY_ERROR_TEMP_1021",
    ),
    (
        "select * from (select customer, month(day) as m, amount from shop.orders) pivot (amount for m in (1, 2))",
        "_LEGACY_ERROR_TEMP_1006",
    ),
    (
        "select * from (select 1 as id, 2 as a, array(1) as b) unpivot (v for k in (a, b))",
        "UNPIVOT_VALUE_DATA_TYPE_MISMATCH",
    ),
    (
        "select * from values (1, 'a'), ('b', 'c') as v (x, y)",
        "INVALID_INLINE_TABLE.INCOMPATIBLE_TYPES_IN_INLINE_TABLE",
    ),
    (
        "select * from values (1, 'a'), (2) as v",
        "INVALID_INLINE_TABLE.NUM_COLUMNS_MISMATCH",
    ),
    (
        "select case id when 1 then 'a' else tags end as x from shop.orders",
        "DATATYPE_MISMATCH.DATA_DIFF_TYPES",
    ),
    (
        "select cast(id as date) as a from shop.orders",
        "DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION",
    ),
    (
        "select distinct id from shop.orders order by customer",
        "UNRESOLVED_COLUMN.WITH_SUGGESTION",
    ),
    (
        "select id from shop.orders order by 2",
        "ORDER_BY_POS_OUT_OF_RANGE",
    ),
    (
        "select id from shop.orders order by attrs",
        "DATATYPE_MISMATCH.INVALID_ORDERING_TYPE",
    ),
    (
        "select id from shop.orders limit 'x'",
        "INVALID_LIMIT_LIKE_EXPRESSION.DATA_TYPE",
    ),
    (
        "select id from shop.orders limit -1",
        "INVALID_LIMIT_LIKE_EXPRESSION.IS_NEGATIVE",
    ),
    (
        "select * distinct from shop.orders",
        "INVALID_USAGE_OF_STAR_OR_REGEX",
    ),
    ("select from shop.orders where 1 = 1", "PARSE_SYNTAX_ERROR"),
    ("select id from shop.orders having id > 1", "MISSING_GROUP_BY"),
    (
        "select count(*) as n from shop.orders having n > 1 and customer is null",
        "UNRESOLVED_COLUMN.WITH_SUGGESTION",
    ),
    (
        "select sum(amount) filter (where paid) as a, sum(amount) filter (where id) as b from shop.orders",
        "_LEGACY_ERROR_TEMP_1025",
    ),
];

/// Queries over a relation of which nobody knows the columns, and whether all of their own are known.
const UNKNOWN: &[(&str, bool)] = &[
    ("select * from shop.mystery", false),
    (
        "select a, m.b.c, upper(d) as d from shop.mystery m where e > 1 order by f",
        true,
    ),
    (
        "select m.*, p.name from shop.mystery m join shop.people p on m.id = p.id and other = 1",
        false,
    ),
    (
        "select id, name from shop.people union all select * from shop.mystery",
        false,
    ),
    ("select sum(a) as a, b from shop.mystery group by c, 2", true),
    (
        "select (select * from shop.mystery) as x, y in (select * from shop.mystery) as z from shop.mystery",
        true,
    ),
    ("select * from shop.mystery pivot (sum(a) for b in (1, 2))", false),
    (
        "select t.x from shop.mystery lateral view explode(things) t as x",
        true,
    ),
    ("select a from shop.mystery natural join shop.people", true),
];

#[test]
fn what_spark_accepts_has_its_columns() {
    for (query, expected) in ACCEPTED {
        let analysis = analyze(query, &Shop, Version::V3_5);
        assert!(
            analysis.errors.is_empty() && !analysis.unread,
            "{query}: {:?}",
            analysis.errors
        );
        assert_eq!(shown(&analysis.columns), *expected, "{query}");
        assert!(analysis.complete, "{query}");
    }
}

#[test]
fn what_spark_refuses_is_refused() {
    for (query, class) in REFUSED {
        let analysis = analyze(query, &Shop, Version::V3_5);
        assert_eq!(
            analysis.errors.first().map(|error| error.class),
            Some(*class),
            "{query}"
        );
    }
}

#[test]
fn of_what_nobody_knows_nothing_is_said() {
    for (query, complete) in UNKNOWN {
        let analysis = analyze(query, &Shop, Version::V3_5);
        assert!(
            analysis.errors.is_empty() && !analysis.unread,
            "{query}: {:?}",
            analysis.errors
        );
        assert_eq!(analysis.complete, *complete, "{query}");
    }
}

#[test]
fn known_parts_of_a_query_are_judged_beside_unknown_ones() {
    for query in [
        "select p.nope from shop.people p join shop.mystery m on m.a = p.id",
        "select p.id from shop.people p join shop.mystery m on p.nope = m.a",
        "select upper(m.a, 1) from shop.mystery m",
    ] {
        assert_eq!(analyze(query, &Shop, Version::V3_5).errors.len(), 1, "{query}");
    }
}

#[test]
fn tables_and_views_ask_for_more() {
    let classes = |query: &str, stored| -> Vec<&str> {
        let errors = materialize(&analyze(query, &Shop, Version::V3_5), stored);
        errors.iter().map(|error| error.class).collect()
    };
    let unnamed = "select id + 1, cast(id as bigint), ship.zip, attrs['a'], 1, current_date from shop.orders";
    assert_eq!(
        classes(unnamed, Stored::View),
        ["CREATE_PERMANENT_VIEW_WITHOUT_ALIAS"]
    );
    assert!(classes(unnamed, Stored::Table(Format::Parquet)).is_empty());
    for kept in [
        "select * from (select upper(customer) from shop.orders) as x (a)",
        "with q as (select upper(customer) from shop.orders) select `upper(customer)` as c from q",
        "select cast(ship.city as int) from shop.orders",
    ] {
        assert_eq!(
            classes(kept, Stored::View),
            ["CREATE_PERMANENT_VIEW_WITHOUT_ALIAS"],
            "{kept}"
        );
    }
    let void = "select null as a, array() as b";
    assert_eq!(classes(void, Stored::Table(Format::Parquet)).len(), 2);
    assert!(classes(void, Stored::View).is_empty());
    let twice = "select id, 1 as ID from shop.orders";
    assert_eq!(classes(twice, Stored::View), ["COLUMN_ALREADY_EXISTS"]);
    assert_eq!(
        classes(twice, Stored::Table(Format::Parquet)),
        ["COLUMN_ALREADY_EXISTS"]
    );
}

#[test]
fn nothing_panics_on_half_a_query() {
    let queries = ACCEPTED
        .iter()
        .map(|(query, _)| query)
        .chain(REFUSED.iter().map(|(query, _)| query));
    for query in queries {
        for (at, _) in query.char_indices().step_by(3) {
            analyze(query.get(..at).unwrap_or(query), &Shop, Version::V3_5);
        }
    }
}

#[test]
fn a_fault_leaves_the_rest_analysed() {
    for (query, classes, columns) in [
        (
            "select id, upper(customer, as c, amount as a, nope from shop.orders",
            &["PARSE_SYNTAX_ERROR", "UNRESOLVED_COLUMN.WITH_SUGGESTION"][..],
            "id bigint, a decimal(12,2)",
        ),
        (
            "with a as (select id from where x + from shop.orders limit), b as (select born, bad from shop.people) select b.born, a.x from a, b",
            &["PARSE_SYNTAX_ERROR", "UNRESOLVED_COLUMN.WITH_SUGGESTION"],
            "born date",
        ),
        (
            "with a as (select * fromshop.orders where id in (select id form shop.people where born > 1)) select day, 1 as x from a",
            &["PARSE_SYNTAX_ERROR", "PARSE_SYNTAX_ERROR"],
            "x int",
        ),
        (
            "select id + , count(*) as n from shop.orders group by 1",
            &["PARSE_SYNTAX_ERROR"],
            "n bigint",
        ),
        (
            "select id,, customer from shop.orders where 1",
            &["PARSE_SYNTAX_ERROR", "DATATYPE_MISMATCH.FILTER_NOT_BOOLEAN"],
            "customer string",
        ),
    ] {
        let analysis = analyze(query, &Shop, Version::V3_5);
        let found: Vec<&str> = analysis.errors.iter().map(|error| error.class).collect();
        assert_eq!(found, classes, "{query}: {:?}", analysis.errors);
        let shown = shown(&analysis.columns);
        for column in columns.split(", ") {
            assert!(shown.split(", ").any(|shown| shown == column), "{query}: {shown}");
        }
    }
}

#[test]
fn columns_are_traced_to_the_relations_they_come_of() {
    let query = "with a as (select id as x, upper(customer) as y from shop.orders) \
                 select q.x as z, q.y, born from a as q join shop.people p on p.id = q.x";
    let analysis = analyze(query, &Shop, Version::V3_5);
    let shown = |origin: &Option<Arc<Origin>>| {
        origin
            .as_ref()
            .map(|origin| format!("{}.{}", origin.relation.join("."), origin.column))
            .unwrap_or_default()
    };
    let columns: Vec<String> = analysis
        .columns
        .iter()
        .map(|column| shown(&column.origin))
        .collect();
    assert_eq!(
        columns,
        [
            "spark_catalog.shop.orders.id",
            "",
            "spark_catalog.shop.people.born"
        ]
    );
    let named: Vec<(&str, String)> = analysis
        .references
        .iter()
        .map(|reference| (slice(query, reference.range), shown(&reference.origin)))
        .collect();
    for (name, origin) in [
        ("customer", "spark_catalog.shop.orders.customer"),
        ("x", "spark_catalog.shop.orders.id"),
        ("id", "spark_catalog.shop.people.id"),
        ("y", ""),
    ] {
        assert!(named.contains(&(name, origin.to_owned())), "{name}: {named:?}");
    }
    let given: Vec<(&str, String, String)> = analysis
        .definitions
        .iter()
        .map(|definition| {
            let name = slice(query, definition.range);
            (name, definition.ty.to_string(), shown(&definition.origin))
        })
        .collect();
    let orders_id = || "spark_catalog.shop.orders.id".to_owned();
    let ty_of = |name: &str| {
        let mut found = analysis.references.iter();
        let found = found.find(|reference| slice(query, reference.range) == name);
        found.unwrap().ty.to_string()
    };
    assert_eq!(
        given,
        [
            ("x", ty_of("id"), orders_id()),
            ("y", "string".to_owned(), String::new()),
            ("z", ty_of("x"), orders_id()),
        ]
    );
}
