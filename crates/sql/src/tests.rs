//! Tables of queries and what is read of them.

use std::fmt::Write as _;
use std::sync::Arc;

use glueline_base::{TextSize, range, slice};

use crate::{
    Branch, Columns, Hole, HoleKind, ItemKind, Name, PathKind, QueryId, Relation, Relations, Sql, TokenKind,
    read,
};

/// The holes of a text: tags and comments are nothing, `{{ ref }}` and `{{ source }}` relations, all else text.
fn holes(text: &str) -> Vec<Hole> {
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(start) = text.get(at..).unwrap().find('{').map(|found| at + found) {
        let close = match text.as_bytes().get(start + 1) {
            Some(b'{') => "}}",
            Some(b'%') => "%}",
            Some(b'#') => "#}",
            _ => {
                at = start + 1;
                continue;
            }
        };
        let end = text
            .get(start..)
            .unwrap()
            .find(close)
            .map_or(text.len(), |found| start + found + 2);
        let inside = text.get(start + 2..end).unwrap().trim_start();
        let kind = match close {
            "}}" if inside.starts_with("ref") || inside.starts_with("source") => HoleKind::Relation,
            "}}" => HoleKind::Text,
            _ => HoleKind::Blank,
        };
        out.push(Hole {
            range: range(start, end),
            kind,
        });
        at = end;
    }
    out
}

fn parse(text: &str) -> Sql {
    read(text, range(0, text.len()), &holes(text))
}

/// `o` has `id, customer_id, amount`, `c` has `id, name`; all else is not known.
struct Shop<'a>(&'a str, Vec<Hole>);

type Given = Option<(Vec<(Arc<str>, String)>, bool)>;

fn shop(name: &str) -> Given {
    let (columns, is_complete): (&[&str], bool) = match name {
        "o" => (&["id", "customer_id", "amount"], true),
        "c" => (&["id", "name"], true),
        "half" => (&["known"], false),
        _ => return None,
    };
    let columns = columns
        .iter()
        .map(|column| (Arc::from(*column), format!("{name}.{column}")));
    Some((columns.collect(), is_complete))
}

impl Relations for Shop<'_> {
    type Origin = String;

    fn hole(&self, hole: u32) -> Given {
        let text = slice(self.0, self.1[hole as usize].range);
        shop(text.split('\'').nth(1)?)
    }

    fn table(&self, parts: &[Name]) -> Given {
        shop(parts.last()?.text.as_deref()?)
    }
}

/// Compares what a function says of each text with what is expected, and shows all that differ.
fn table(function: impl Fn(&str) -> String, cases: &[(&str, &str)]) {
    let mut wrong = String::new();
    for (text, expected) in cases {
        let found = function(text);
        if found != *expected {
            let _ = writeln!(wrong, "{text}\n    found    {found}\n    expected {expected}");
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

fn show(columns: &Columns<String>, text: &str) -> String {
    let mut out: Vec<String> = columns
        .list
        .iter()
        .map(|column| {
            let mut out = column.name.to_string();
            if let Some(origin) = &column.origin {
                let _ = write!(out, "<{origin}");
            }
            if let Some(cast) = column.cast {
                let _ = write!(out, ":{}", slice(text, cast));
            }
            out
        })
        .collect();
    if !columns.is_complete {
        out.push("…".to_owned());
    }
    out.join(" ")
}

fn columns(text: &str) -> String {
    let sql = parse(text);
    let known = sql.columns(&Shop(text, holes(text)));
    sql.statements
        .last()
        .and_then(|id| known.query(*id))
        .map_or_else(String::new, |columns| show(columns, text))
}

#[test]
fn columns_are_those_of_the_select_list() {
    table(
        columns,
        &[
            ("select 1 as a, 2 b, c from t", "a b c"),
            ("select t.a, t.b.c, `x y`, `a``b` as `q r` from t", "a c x y q r"),
            (
                "select a as b, count(*) as n, sum(x) total from t group by 1",
                "b n total",
            ),
            ("select count(*) from t", "…"),
            ("select a, count(*), b from t", "a b …"),
            ("select distinct a, b from t", "a b"),
            ("select all a from t", "a"),
            (
                "select /*+ broadcast(t) */ a -- , b\n, /* c, /* d */ */ e from t",
                "a e",
            ),
            (
                "select 'a, b' as x, \"c\\\" , d\" as y, r'\\' as z from t",
                "x y z",
            ),
            (
                "select cast(a as decimal(10, 2)) as a, b::int as b, -c::int as c from t",
                "a:decimal(10, 2) b:int c",
            ),
            (
                "select try_cast(a as struct<x: int, y: string>) s, cast(a as date) + 1 as d from t",
                "s:struct<x: int, y: string> d",
            ),
            ("select cast(cast(a as int) as string) as a from t", "a:string"),
            (
                "select case when a then b else c end x, case a when 1 then 2 end from t",
                "x …",
            ),
            ("select a is null, not b, a and b as c from t", "c …"),
            (
                "select interval 1 day, interval '1' hour as i, date '2024-01-01' as d",
                "i d …",
            ),
            (
                "select explode(m) as (k, v), posexplode(a) as (p, c) from t",
                "k v p c",
            ),
            (
                "select transform(a, x -> x + 1) as a, filter(b, (y, i) -> y > i) b from t",
                "a b",
            ),
            ("select current_date, current_timestamp as now from t", "now …"),
            ("select a from t union all select b from u", "a"),
            ("(select a from t) union (select b from u) order by 1", "a"),
            ("select a from t except select b from u", "a"),
            ("select a from t minus select b from u", "a"),
            (
                "select a.offset, limit, qualify from t as a limit 10",
                "offset limit qualify",
            ),
            ("select a order by, b from t", "a"),
            ("select a from t where a is distinct from b limit 5", "a"),
            ("insert into t (x, y) select a, b from u", "a b"),
            ("create table t as (select a from u)", "a"),
            ("select 1 as a; select 2 as b;", "b"),
            ("values (1, 2)", "…"),
            ("", ""),
        ],
    );
}

#[test]
fn stars_are_expanded_where_what_they_read_is_known() {
    table(
        columns,
        &[
            (
                "select * from o",
                "id<o.id customer_id<o.customer_id amount<o.amount",
            ),
            ("select * from {{ ref('c') }}", "id<c.id name<c.name"),
            ("select c.* from {{ ref('c') }} as c", "id<c.id name<c.name"),
            ("select c.*, 1 as one from lake.c", "id<c.id name<c.name one"),
            ("select x.* from c", "…"),
            ("select * from half", "known<half.known …"),
            ("select *, a from t", "a …"),
            ("select a, * from t", "a …"),
            (
                "select o.*, c.name from o join c on o.customer_id = c.id",
                "id<o.id customer_id<o.customer_id amount<o.amount name<c.name",
            ),
            (
                "select * from o, c",
                "id<o.id customer_id<o.customer_id amount<o.amount id<c.id name<c.name",
            ),
            (
                "select * from o join c using (id)",
                "id<o.id customer_id<o.customer_id amount<o.amount name<c.name",
            ),
            (
                "select * from o right join c using (id)",
                "id<c.id customer_id<o.customer_id amount<o.amount name<c.name",
            ),
            (
                "select * from o full join c using (id)",
                "id customer_id<o.customer_id amount<o.amount name<c.name",
            ),
            (
                "select * from o natural join c",
                "id<o.id customer_id<o.customer_id amount<o.amount name<c.name",
            ),
            (
                "select * from o natural join t",
                "id<o.id customer_id<o.customer_id amount<o.amount …",
            ),
            (
                "select * from c left anti join o on c.id = o.id",
                "id<c.id name<c.name",
            ),
            (
                "select * from c left semi join o using (id)",
                "id<c.id name<c.name",
            ),
            ("select * except (name) from c", "id<c.id"),
            ("select c.* except (`NAME`) from c", "id<c.id"),
            (
                "select * from (select id as k, name from c) x",
                "k<c.id name<c.name",
            ),
            ("select * from c as x(a, b)", "a<c.id b<c.name"),
            ("select * from c as x(a)", "a …"),
            ("select * from values (1, 2), (3, 4) as v(a, b)", "a b"),
            ("select * from values (1, f(2, 3))", "col1 col2"),
            (
                "select * from c lateral view explode(m) e as k, v",
                "id<c.id name<c.name k v",
            ),
            (
                "select * from c lateral view explode(m) e",
                "id<c.id name<c.name …",
            ),
            ("select * from c pivot (sum(id) for name in ('a'))", "…"),
            (
                "select * from c tablesample (10 percent) x",
                "id<c.id name<c.name",
            ),
            (
                "select * from c version as of 3 as x where x.id = 1",
                "id<c.id name<c.name",
            ),
            (
                "select * from c timestamp as of '2024-01-01'",
                "id<c.id name<c.name",
            ),
            (
                "select * from (c join half on true)",
                "id<c.id name<c.name known<half.known …",
            ),
            ("select * from range(10)", "…"),
            ("select * from {{ macro() }}", "…"),
            ("select * from c {{ joins() }}", "id<c.id name<c.name …"),
            ("select id, {{ star() }} from c", "id<c.id …"),
            (
                "select id as {{ x }}, name as n_{{ y }}, {{ z }} as q from c",
                "q …",
            ),
            ("select id{{ x }}, c.{{ y }}, {{ z }}.name from c", "name …"),
        ],
    );
}

#[test]
fn common_table_expressions_hand_on_columns() {
    table(
        columns,
        &[
            (
                "with x as (select id, name as n from c) select * from x",
                "id<c.id n<c.name",
            ),
            (
                "with x as (select * from c), y as (select x.*, id as k from x) select k, y.name from y",
                "k<c.id name<c.name",
            ),
            (
                "with x(a, b) as (select * from c) select * from x",
                "a<c.id b<c.name",
            ),
            (
                "with c as (select * from c) select * from c",
                "id<c.id name<c.name",
            ),
            (
                "with x as (select cast(id as int) id from c) select id as k, id + 1 as l from x",
                "k:int l",
            ),
            (
                "with x as (with y as (select name from c) select * from y) select * from x",
                "name<c.name",
            ),
            (
                "with recursive x as (select 1 as n union all select n + 1 from x) select * from x",
                "n",
            ),
            ("with x as (select * from x) select * from x", "…"),
            (
                "with x as (select 1 as a) select * from x union all select * from x",
                "a",
            ),
            (
                "with x as (select 1 as a) select (select max(a) from x) as m",
                "m",
            ),
            ("WITH X AS (SELECT 1 AS A) SELECT x.a FROM x", "a"),
            ("with x as ({{ union() }}) select * from x", "…"),
            ("with x as (select 1 a) y as (select 2 b) select * from y", "b"),
        ],
    );
}

#[test]
fn jinja_leaves_what_is_sure() {
    table(
        columns,
        &[
            (
                "{% if x %} select a, b from t {% else %} select b, c from t {% endif %}",
                "b …",
            ),
            ("select a from t {% if x %} where b {% endif %}", "a"),
            ("{{ before }} select a from t", "a"),
            (
                "with x as (select 1 a), {{ more() }} y as (select 2 b) select * from y",
                "b",
            ),
            ("select '{{ \"it's\" }}' as a, b from t", "a b"),
            ("select a -- {{ x }}\n, b /* {{ '*/' }} */ from t", "a b"),
            ("select `{{ x }}` , b from t", "b …"),
            ("select a from {{ ref('x') }}b", "a"),
        ],
    );
}

#[test]
fn half_a_query_gives_its_half() {
    table(
        columns,
        &[
            ("select a, from t", "a"),
            ("select from t", "…"),
            ("select a, b", "a b"),
            ("select a as from t", "a"),
            ("select c. from c", "…"),
            (
                "with x as (select id from c where ), y as (select name from c) select * from y",
                "name<c.name",
            ),
            (
                "with x as (select id from c where f(id , y as (select name from c) select * from y",
                "name<c.name",
            ),
            (
                "with x as (select count( from c), y as (select name from c) select * from y",
                "name<c.name",
            ),
            ("with x as (select id from c select * from y", "…"),
            ("select a, 'b from t\nwhere x = 'y'", "a …"),
            ("select a from t join", "a"),
            ("select * from c join", "id<c.id name<c.name …"),
            ("select * from c left", "id<c.id name<c.name …"),
            ("with", "…"),
            ("with x", "…"),
            ("with x as", "…"),
            ("with x as (", "…"),
            ("with x as () select * from x", "…"),
            (")", "…"),
            ("select (((", "…"),
            ("select a from t) where b", "a"),
        ],
    );
}

/// The scope at `|`: clause, whether a condition, what is read, which common table expressions can be named.
fn scope(marked: &str) -> String {
    let at = marked.find('|').expect("a caret");
    let text = marked.replacen('|', "", 1);
    let sql = parse(&text);
    let Some(scope) = sql.scope_at(TextSize::new(u32::try_from(at).unwrap())) else {
        return "none".to_owned();
    };
    let mut out = scope
        .clause
        .map_or_else(|| "-".to_owned(), |clause| format!("{clause:?}"));
    if scope.is_condition {
        out.push_str(" on");
    }
    let sources = scope.select.map(|select| sql.sources(select)).unwrap_or_default();
    for source in sources {
        let name = sql.source(source).and_then(|item| item.name()?.text.clone());
        let _ = write!(
            out,
            " {}{}",
            "^".repeat(source.distance),
            name.as_deref().unwrap_or("?")
        );
    }
    let ctes: Vec<_> = sql
        .visible_ctes(scope.query)
        .filter_map(|(_, cte)| cte.name.text.as_deref())
        .collect();
    if !ctes.is_empty() {
        let _ = write!(out, " with {}", ctes.join(" "));
    }
    out
}

#[test]
fn a_place_has_a_scope() {
    table(
        scope,
        &[
            ("|select a from t", "-"),
            ("select | from t", "Select t"),
            ("select a from |", "From"),
            ("select a from t |", "From t"),
            ("select a from t where |", "Where t"),
            ("select a from t where a = 1 |\n  group by a", "Where t"),
            ("select a from t group by | order by a", "GroupBy t"),
            ("select a from t join u u2 on |", "From on t u2"),
            ("select a from t join u on t.a = | join v on 1", "From on t u v"),
            ("select a from t join | v on 1", "From t v"),
            ("select a from t having | order by 1 limit 3", "Having t"),
            ("select a from t order by 1 limit | ", "Limit t"),
            ("select a from {{ ref('x') }} as r where |", "Where r"),
            ("select a from {{ ref('x') }} where |", "Where ?"),
            (
                "with x as (select 1 a), y as (select | from x) select 1",
                "Select x with x",
            ),
            (
                "with x as (select 1 a), y as (select 1) select | from y",
                "Select y with y x",
            ),
            (
                "with x as (select 1 a), y as (select 1) select 1 from |",
                "From with y x",
            ),
            ("with x as (select 1 where |), y as (select 1) select 1", "Where"),
            (
                "with recursive x as (select | from x) select 1",
                "Select x with x",
            ),
            (
                "with x as (with z as (select 1) select | from z) select 1",
                "Select z with z",
            ),
            ("with x as (select 1), | select 1", "- with x"),
            (
                "select a from t where exists (select 1 from u where |)",
                "Where u ^t",
            ),
            ("select a from t join (select 1 from u where |) s on 1", "Where u"),
            ("select a from t union all select | from u", "Select u"),
            ("select a from t where | union all select b from u", "Where t"),
            ("select a from t, lateral (select | from u)", "Select u ^t ^?"),
            ("select 1; select | from v", "Select v"),
            ("select f(|) from t", "Select t"),
        ],
    );
}

fn paths(text: &str) -> String {
    let sql = parse(text);
    sql.paths
        .iter()
        .map(|path| {
            let parts: Vec<_> = path
                .parts
                .iter()
                .map(|part| part.text.as_deref().unwrap_or("?"))
                .collect();
            let sign = match path.kind {
                PathKind::Column => "",
                PathKind::Star => ".*",
                PathKind::Function => "()",
                PathKind::Lambda => "->",
            };
            parts.join(".") + sign
        })
        .collect::<Vec<_>>()
        .join(" ")
}

#[test]
fn names_in_expressions_are_found() {
    table(
        paths,
        &[
            (
                "select a, t.b, t.* from t where c = 1 and d in (1, e)",
                "a t.b t.* c d e",
            ),
            (
                "select count(distinct a) over (partition by b order by c desc nulls last) from t",
                "count() a b c",
            ),
            (
                "select sum(a) over (order by b rows between unbounded preceding and current row) from t",
                "sum() a b",
            ),
            (
                "select cast(a as int), b::decimal(1, 2), extract(year from c) from t",
                "cast() a b extract() c",
            ),
            (
                "select transform(a, x -> x + b), aggregate(c, 0, (acc, y) -> acc + y) from t",
                "transform() a x-> x-> b aggregate() c acc-> y-> acc-> y->",
            ),
            (
                "select date '2024-01-01', interval 3 days, timestamp, first from t",
                "timestamp first",
            ),
            (
                "select x at time zone 'UTC', trim(both from y), z is not null from t",
                "x trim() y z",
            ),
            (
                "select percentile_cont(0.5) within group (order by a) filter (where b) from t",
                "percentile_cont() a b",
            ),
            (
                "select named_struct('a', b).a, c[0].d, struct(e as f) from t",
                "named_struct() b c struct() e",
            ),
            (
                "select (select max(u.x) from u where u.y = t.z) from t",
                "max() u.x u.y t.z",
            ),
            (
                "select a from t join u on t.a = u.b where a like all ('x') order by a",
                "a t.a u.b a a",
            ),
            ("select {{ alias }}.a, {{ f }}_b, t.{{ c }} from t", "?.a ? t.?"),
            ("select f(x => a, y => 1) from t", "f() a"),
            ("select db.f(a) from t", "db.f() a"),
            ("select * from t lateral view explode(t.m) e as k", "t.m"),
            ("select current_date, localtimestamp, a from t", "a"),
        ],
    );
}

/// What each path of a text means: `path=origin`, or the alias it stands for.
fn meanings(text: &str) -> String {
    let sql = parse(text);
    let known = sql.columns(&Shop(text, holes(text)));
    sql.paths
        .iter()
        .filter(|path| path.kind == PathKind::Column)
        .map(|path| {
            let parts: Vec<_> = path
                .parts
                .iter()
                .map(|part| part.text.as_deref().unwrap_or("?"))
                .collect();
            let meaning = sql.meaning(&known, path).map_or_else(
                || "?".to_owned(),
                |meaning| {
                    meaning
                        .column
                        .origin
                        .unwrap_or_else(|| format!("@{}", u32::from(meaning.column.at.start())))
                },
            );
            format!("{}={meaning}", parts.join("."))
        })
        .collect::<Vec<_>>()
        .join(" ")
}

#[test]
fn names_mean_columns() {
    table(
        meanings,
        &[
            ("select id, name from c", "id=c.id name=c.name"),
            (
                "select c.id, x.name, c.nope from c",
                "c.id=c.id x.name=? c.nope=?",
            ),
            (
                "select id from o join c on o.customer_id = c.id",
                "id=? o.customer_id=o.customer_id c.id=c.id",
            ),
            ("select id, name from o join c using (id)", "id=o.id name=c.name"),
            (
                "select name, amount from o join c on true",
                "name=c.name amount=o.amount",
            ),
            ("select name, other from c join t on true", "name=c.name other=?"),
            ("select 1 as n from c order by n", "n=@12"),
            ("select 1 as n, n + 1 as m from c", "n=@12"),
            ("select n, 1 as n from c", "n=?"),
            ("select name.first from c", "name.first=c.name"),
            (
                "select 1 from o where exists (select 1 from c where c.id = customer_id and name = 'x')",
                "c.id=c.id customer_id=o.customer_id name=c.name",
            ),
            (
                "with x as (select id + 1 as k from c) select k from x",
                "id=c.id k=@28",
            ),
        ],
    );
}

#[test]
fn tokens_are_spark_s() {
    let kinds = |text: &str| {
        let sql = parse(text);
        let shown: Vec<_> = sql
            .tokens
            .iter()
            .map(|token| {
                let kind = match token.kind {
                    TokenKind::Word(_) => "w",
                    TokenKind::Quoted => "q",
                    TokenKind::Templated => "t",
                    TokenKind::Hole(_) => "h",
                    TokenKind::String => "s",
                    TokenKind::Number => "n",
                    _ => "",
                };
                format!("{kind}{}", slice(text, token.range))
            })
            .collect();
        shown.join(" ")
    };
    table(
        kinds,
        &[
            (
                "a1 1a 1 1.5 .5 1e3 1E-3 10L 1.5bd 0x",
                "wa1 w1a n1 n1.5 n.5 n1e3 n1E-3 n10L n1.5bd w0x",
            ),
            ("t.1a x.y 1.e", "wt . w1a wx . wy n1 . we"),
            (
                "'a\\'b' 'c''d' r'\\' R\"x\" \"y\"",
                "s'a\\'b' s'c' s'd' sr'\\' sR\"x\" s\"y\"",
            ),
            ("`a b` `c``d` `open\nx", "q`a b` q`c``d` q`open wx"),
            (
                "a<=b<>c!=d==e||f::g->h=>i",
                "wa <= wb <> wc != wd == we || wf :: wg -> wh => wi",
            ),
            (
                "{{ x }} {{ x }}_a a_{{ x }}_b {{ x }}{{ y }} {# c #}d",
                "h{{ x }} t{{ x }}_a ta_{{ x }}_b t{{ x }}{{ y }} wd",
            ),
            ("größe ☃", "wgröße w☃"),
            ("-- a\n/* /* b */ */ c -- d", "wc"),
            ("'a\nb'", "s'a\nb'"),
            ("'a\nb", "s'a wb"),
        ],
    );
}

/// Every range lies in the text on character boundaries, and every number leads somewhere.
fn is_sound(text: &str, sql: &Sql) {
    let check = |at: glueline_base::TextRange| {
        assert!(
            text.get(usize::from(at.start())..usize::from(at.end())).is_some(),
            "{at:?} in {text}"
        );
    };
    for token in &sql.tokens {
        check(token.range);
    }
    sql.comments.iter().copied().for_each(check);
    for query in &sql.queries {
        check(query.range);
        check(query.content);
        for cte in &query.ctes {
            check(cte.range);
            cte.body.iter().copied().for_each(check);
        }
        for branch in &query.branches {
            match branch {
                Branch::Select(id) => assert!(sql.select(*id).is_some()),
                Branch::Query(id) => assert!(sql.query(*id).is_some()),
                Branch::Other(range) => check(*range),
            }
        }
    }
    for select in &sql.selects {
        check(select.range);
        check(select.content);
        for clause in &select.clauses {
            check(clause.range);
            check(clause.keyword);
            check(clause.content);
        }
        for item in &select.items {
            check(item.range);
            check(item.expr);
            item.cast.iter().copied().for_each(check);
            if let ItemKind::Column(parts) = &item.kind {
                assert!(!parts.is_empty());
            }
        }
        for item in &select.from {
            check(item.range);
            if let Some(join) = &item.join {
                check(join.range);
                check(join.keyword);
                join.on.iter().copied().for_each(check);
            }
            if let Relation::Query(id) = item.relation {
                assert!(sql.query(id).is_some());
            }
        }
    }
    for path in &sql.paths {
        path.parts.iter().for_each(|part| check(part.range));
    }
}

const TORTURE: &str = "with a as (select é, `ü x`, {{ x }}_y, cast(z as decimal(1,2)) q, f(g -> g + 'it''s') \
    from {{ ref('o') }} o left join b using (id) /* c */ lateral view outer explode(m) t as k, v where not exists \
    (select 1 from (values (1, 2)) v(i, j)) qualify row_number() over (partition by 1 order by 2) = 1), b(c) as ({% if y %} \
    select 1 {% else %} table t {% endif %}) select distinct a.*, * except (k), count(*) filter (where x) n, interval '1' day \
    from a natural join b, lateral (select 2) s tablesample (1 percent) -- end\n group by all having r'\\' union all (select 3) \
    minus select 4 order by 1 limit 5; insert into t select 'open";

#[test]
fn nothing_breaks_it() {
    for end in (0..=TORTURE.len()).filter(|end| TORTURE.is_char_boundary(*end)) {
        for start in [0, 11, 150, 400] {
            let Some(text) = TORTURE.get(start.min(end)..end) else {
                continue;
            };
            let sql = parse(text);
            is_sound(text, &sql);
            let known = sql.columns(&Shop(text, holes(text)));
            for path in &sql.paths {
                let _ = sql.meaning(&known, path);
            }
            for offset in 0..=text.len() {
                let _ = sql.scope_at(TextSize::new(u32::try_from(offset).unwrap()));
            }
        }
    }
    for at in 0..TORTURE.len() {
        let without: String = TORTURE
            .char_indices()
            .filter(|(offset, _)| *offset != at)
            .map(|(_, c)| c)
            .collect();
        is_sound(&without, &parse(&without));
    }
}

#[test]
fn depth_and_length_are_bounded() {
    for unit in [
        "(",
        "(select ",
        "f(",
        "with a as (",
        "case ",
        "select * from (",
        "'",
        "`",
        "/*",
        ",",
        "select ",
        "x -> ",
        "cast(",
    ] {
        let text = unit.repeat(20_000);
        let sql = parse(&text);
        is_sound(&text, &sql);
        let _ = sql.columns(&Shop(&text, Vec::new()));
    }
    let chain: String = (1..2_000).fold("with c0 as (select 1 as a)".to_owned(), |mut text, number| {
        let _ = write!(text, ", c{number} as (select * from c{})", number - 1);
        text
    });
    assert_eq!(columns(&format!("{chain} select * from c1999")), "a");
    // Each doubles the columns of the one before.
    let doubling: String = (1..60).fold("with c0 as (select 1 as a)".to_owned(), |mut text, number| {
        let _ = write!(
            text,
            ", c{number} as (select x.*, y.* from c{0} x, c{0} y)",
            number - 1
        );
        text
    });
    assert!(columns(&format!("{doubling} select * from c59")).ends_with('…'));
}

#[test]
fn what_stands_outside_the_stretch_is_not_read() {
    let text = "select a from t; {{ x }} select b from u";
    let at = text.find("select b").unwrap();
    let sql = read(text, range(at, text.len()), &holes(text));
    assert_eq!(sql.statements, [QueryId(0)]);
    assert_eq!(slice(text, sql.selects[0].items[0].range), "b");
}
