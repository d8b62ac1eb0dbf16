//! The small shop that the tests ask of.

use std::sync::Arc;

use glueline_spark::analyze::{OutColumn, Relation, Relations};
use glueline_spark::types::columns;

/// What `shop` has: tables that are known, `shop.mystery`, of which nobody knows the columns, and nothing else.
pub(crate) struct Shop;

impl Relations for Shop {
    fn relation(&self, parts: &[&str]) -> Relation {
        let text = match parts {
            ["shop", "orders"] => {
                "id bigint, customer string, amount decimal(12,2), placed timestamp, day date, tags array<string>, \
                 attrs map<string,string>, ship struct<city:string,zip:int>, paid boolean"
            }
            ["shop", "people"] => "id bigint, name string, born date",
            ["shop", "events"] => {
                "event_id string, user_id int, kind string, payload string, score double, ratio float, small smallint, tiny tinyint, \
                 raw binary, at timestamp, at_ntz timestamp_ntz, on_day date, flags array<boolean>, nums array<int>, \
                 items array<struct<sku:string,qty:int,price:decimal(10,2)>>, props map<string,int>, \
                 nested struct<a:struct<b:string,c:array<int>>,d:date>, price decimal(10,2), big decimal(38,10), active boolean"
            }
            ["shop", "mystery"] => return Relation::Unknown,
            _ => return Relation::Missing,
        };
        columns(text).map_or(Relation::Unknown, |fields| Relation::Columns(Arc::from(fields)))
    }
}

/// Columns in one line: names and types.
pub(crate) fn shown(columns: &[OutColumn]) -> String {
    let columns: Vec<String> = columns
        .iter()
        .map(|column| format!("{} {}", column.name, column.ty))
        .collect();
    columns.join(", ")
}
