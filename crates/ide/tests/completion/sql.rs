//! SQL between the Jinja.

use glueline_ide::completion::complete;

use super::{apply, check, offered, project, ranked};

const MODEL: &str = "models/marts/half.sql";

#[test]
fn relations() {
    check(
        MODEL,
        &[
            (
                "select * from $0",
                "orders stg_orders countries raw.orders crm.leads",
                "id select half",
            ),
            (
                "select * from stg$0",
                "stg_orders stg_customers",
                "orders raw.orders",
            ),
            ("with a as (select 1 as x) select * from $0", "a orders", "x"),
            (
                "with a as (select 1 as x) select * from {{ ref('orders') }} o left join $0",
                "a stg_orders",
                "x",
            ),
            ("with a as (select 1 as x), b as (select * from $0)", "a", "b"),
            ("with a as (select * from $0) select 1", "orders", "a"),
            ("select * from a, $0", "orders", ""),
            ("select * from {{ ref('orders') }} $0", "", "*"),
            ("select * from {{ ref('orders') }} le$0", "leftjoin", "stg_orders"),
            ("select * from {{ ref('orders') }} as $0", "", "*"),
            ("select extract(year from $0 x) from y", "", "orders stg_orders"),
        ],
    );
}

#[test]
fn columns() {
    check(
        MODEL,
        &[
            (
                "select $0 from {{ ref('stg_orders') }}",
                "amount id",
                "abs orders",
            ),
            ("select id, am$0 from {{ ref('stg_orders') }}", "amount", "id"),
            (
                "select * from {{ ref('stg_orders') }} where $0",
                "amount id",
                "orders",
            ),
            (
                "select * from {{ ref('stg_orders') }} where id = 1 and $0",
                "amount id",
                "",
            ),
            ("select o.$0 from {{ ref('stg_orders') }} o", "amount id", "*"),
            ("select o.a$0 from {{ ref('stg_orders') }} as o", "amount", "id"),
            ("select p.$0 from {{ ref('stg_orders') }} o", "", "*"),
            ("select $0 from {{ ref('stg_orders') }} o", "amount id o", ""),
            (
                "select o.$0 from {{ source('raw', 'orders') }} o",
                "order_id",
                "*",
            ),
            ("with a as (select 1 as x, 2 as y) select $0 from a", "x y a", ""),
            ("with a as (select 1 as x, 2 as y) select a.$0 from a", "x y", "*"),
            ("select * from (select 1 as x) s where s.$0", "x", "*"),
            (
                "select $0 from {{ ref('stg_orders') }} o join {{ ref('stg_customers') }} c on true",
                "c.id o.id amount o c",
                "id",
            ),
            (
                "select 1 from {{ ref('stg_orders') }} o join {{ ref('stg_customers') }} c on o.id = c.$0",
                "id",
                "amount",
            ),
            (
                "select 1 from {{ ref('stg_orders') }} o join {{ ref('stg_customers') }} c on $0",
                "amount o c",
                "orders",
            ),
            (
                "select amount * 2 as twice from {{ ref('stg_orders') }} order by $0",
                "twice id",
                "",
            ),
            (
                "select amount * 2 as twice from {{ ref('stg_orders') }} group by tw$0",
                "twice",
                "",
            ),
            ("select id $0 from {{ ref('stg_orders') }}", "", "*"),
            ("select id as $0 from {{ ref('stg_orders') }}", "", "*"),
            ("select '$0' from {{ ref('stg_orders') }}", "", "*"),
            ("select 1$0 from {{ ref('stg_orders') }}", "", "*"),
            ("select 1 -- $0\nfrom {{ ref('stg_orders') }}", "", "*"),
            ("select 1 /* $0 */ from {{ ref('stg_orders') }}", "", "*"),
            ("select * from {{ ref('stg_orders') }} limit $0", "", "*"),
            ("$0", "", "*"),
            ("sel$0", "select", "orders"),
        ],
    );
}

#[test]
fn functions_and_types() {
    check(
        MODEL,
        &[
            ("select date_t$0 from {{ ref('stg_orders') }}", "date_trunc", ""),
            ("select DATE_T$0", "DATE_TRUNC", "date_trunc"),
            ("select array_ap$0", "array_append", ""),
            ("select cast(x as $0)", "bigint string", "orders"),
            ("select x::$0", "bigint string", "orders"),
            ("select cas$0", "case cast", ""),
        ],
    );
    ranked(
        MODEL,
        &[
            ("select a$0 from {{ ref('stg_orders') }}", "amount"),
            ("with zz as (select 1) select * from $0", "zz dim orders"),
        ],
    );
}

#[test]
fn what_is_put_in() {
    for (text, label, expected) in [
        (
            "select * from st$0",
            "stg_orders",
            "select * from {{ ref('stg_orders') }}",
        ),
        (
            "select * from $0\nwhere x",
            "raw.orders",
            "select * from {{ source('raw', 'orders') }}\nwhere x",
        ),
        (
            "select am$0 from {{ ref('stg_orders') }}",
            "amount",
            "select amount from {{ ref('stg_orders') }}",
        ),
        (
            "with a as (select 1 as `my col`) select $0 from a",
            "my col",
            "with a as (select 1 as `my col`) select `my col` from a",
        ),
        ("select current_da$0", "current_date", "select current_date()"),
    ] {
        let (analysis, at, clean) = project(MODEL, text);
        let found = complete(&analysis, at, None);
        let item = found.items.iter().find(|item| item.label == label);
        let item = item.unwrap_or_else(|| panic!("{text:?} offers {label}"));
        assert_eq!(apply(&clean, item), expected, "{text:?}");
    }
}

#[test]
fn a_blank_asks_for_relations_alone() {
    for (text, any) in [
        ("select * from $0", true),
        ("select * from {{ ref('stg_orders') }} where $0", false),
        ("select $0 from {{ ref('stg_orders') }}", false),
        ("  $0", false),
        ("{% $0", true),
        ("{{ $0", true),
    ] {
        let (analysis, at, _) = project(MODEL, text);
        let found = complete(&analysis, at, Some(' '));
        assert_eq!(!found.items.is_empty(), any, "{text:?}");
    }
}

#[test]
fn columns_have_the_types_that_spark_gives_them() {
    for (text, label, detail) in [
        (
            "select $0 from {{ ref('countries') }}",
            "code",
            Some("string · countries"),
        ),
        (
            "with a as (select 1 as one, 2.50 as two) select $0 from a",
            "two",
            Some("decimal(3,2)"),
        ),
        (
            "with a as (select 1 as one, 2.50 as two), b as (select a.one + a.two as sum from a) select b.$0 from b",
            "sum",
            Some("decimal(13,2)"),
        ),
        // What cannot be read yet has names at least.
        (
            "with a as (select 1 as one), b as (select ) select a.$0 from a",
            "one",
            Some("int"),
        ),
        (
            "with a as (select nothing as one) select a.$0 from a",
            "one",
            None,
        ),
    ] {
        let found = offered(MODEL, text);
        let item = found.items.iter().find(|item| item.label == label).unwrap();
        assert_eq!(item.detail.as_deref(), detail, "{text}");
    }
}
