//! Rows that were shown: each as a text that can be asked for by its name, until it is asked for anew.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use glueline_base::Utf8Path;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::handlers::documents::encoded;
use crate::uri;

/// The name that texts of rows begin with.
pub(crate) const SCHEME: &str = "glueline-rows";

/// So many are kept.
const MOST: usize = 32;

/// What `glueline show --output json` prints for an editor.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Shown {
    node: Option<String>,
    columns: Vec<Column>,
    rows: Vec<Vec<Value>>,
    /// As a table for people.
    text: String,
    /// The session that gave them.
    #[serde(default)]
    pub(super) session: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
struct Column {
    name: String,
    #[serde(rename = "type")]
    data_type: String,
}

/// The largest whole number up to which a client that counts in floating point tells all apart.
const EXACT: u64 = 1 << 53;

/// A value as every client reads it: whole numbers that some would round are texts.
fn exact(value: &Value) -> Value {
    match value {
        Value::Number(number) => {
            let is_large = number
                .as_i64()
                .map_or_else(|| number.is_u64(), |number| number.unsigned_abs() > EXACT);
            if is_large {
                Value::String(number.to_string())
            } else {
                value.clone()
            }
        }
        Value::Array(items) => items.iter().map(exact).collect(),
        Value::Object(fields) => {
            let fields = fields.iter().map(|(name, value)| (name.clone(), exact(value)));
            Value::Object(fields.collect())
        }
        other => other.clone(),
    }
}

/// Texts of rows by their names, the newest last.
#[derive(Debug, Default)]
pub(crate) struct Texts(Mutex<VecDeque<(String, String)>>);

impl Texts {
    /// The text of a name.
    pub(crate) fn get(&self, name: &str) -> Option<String> {
        let texts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = texts.iter().find(|(known, _)| known == name);
        found.map(|(_, text)| text.clone())
    }

    fn keep(&self, name: &str, text: String) {
        let mut texts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        texts.retain(|(known, _)| known != name);
        texts.push_back((name.to_owned(), text));
        if texts.len() > MOST {
            texts.pop_front();
        }
    }

    /// Keeps rows, and gives the answer that names them: they are shown below the file that they were asked for at.
    pub(super) fn answer(
        &self,
        shown: &Shown,
        path: &Utf8Path,
        part: Option<&str>,
        limit: i64,
    ) -> Option<Value> {
        let own = shown.node.as_deref().and_then(name_of);
        let title = match (own, part) {
            (Some(own), Some(part)) => format!("{own}.{part}"),
            (Some(own), None) => own.to_owned(),
            (None, _) => "query".to_owned(),
        };
        let file = match own {
            Some(_) => title.replace(['/', '\\'], "_"),
            // Each file has a query of its own.
            None => format!("{}.query", path.file_stem().unwrap_or_default()),
        };
        let file = path.with_file_name(format!("{file}.rows.txt"));
        let mut name = format!(
            "{SCHEME}:{}",
            uri::of_path(&file)?.as_str().strip_prefix("file:")?
        );
        if let Some(node) = &shown.node {
            name.push_str(&format!("?node={}", encoded(node)));
        }
        if let Some(part) = part {
            name.push_str(&format!("&cte={}", encoded(part)));
        }
        self.keep(&name, shown.text.clone());
        let columns: Vec<Value> = shown
            .columns
            .iter()
            .map(|column| json!({"name": column.name, "type": column.data_type}))
            .collect();
        Some(json!({
            "uri": name,
            "node": shown.node,
            "title": title,
            "cte": part,
            "columns": columns,
            "rows": shown.rows.iter().map(|row| row.iter().map(exact).collect()).collect::<Vec<Value>>(),
            "text": shown.text,
            "limit": limit,
        }))
    }
}

/// What people call a node, of dbt's id: `orders.v2` of `model.shop.orders.v2`. The hash of a test says nothing.
fn name_of(id: &str) -> Option<&str> {
    let mut parts = id.splitn(3, '.');
    let (kind, name) = (parts.next()?, parts.nth(1)?);
    let is_hash = |end: &str| end.len() == 10 && end.bytes().all(|byte| byte.is_ascii_hexdigit());
    match name.rsplit_once('.') {
        Some((name, hash)) if kind == "test" && is_hash(hash) => Some(name),
        _ => Some(name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_have_the_name_of_their_node() {
        for (id, want) in [
            ("model.shop.orders", "orders"),
            ("model.shop.orders.v2", "orders.v2"),
            ("test.shop.not_null_orders_id.cf6c17d0e1", "not_null_orders_id"),
            ("test.shop.no_negative_totals", "no_negative_totals"),
        ] {
            assert_eq!(name_of(id), Some(want));
        }
    }

    #[test]
    fn whole_numbers_keep_all_their_digits() {
        for (value, want) in [
            (json!(9_007_199_254_740_992_u64), json!(9_007_199_254_740_992_u64)),
            (json!(9_007_199_254_740_993_u64), json!("9007199254740993")),
            (json!(-9_007_199_254_740_993_i64), json!("-9007199254740993")),
            (json!(u64::MAX), json!("18446744073709551615")),
            (
                json!([1, {"a": i64::MIN}, null, 1.5]),
                json!([1, {"a": "-9223372036854775808"}, null, 1.5]),
            ),
        ] {
            assert_eq!(exact(&value), want);
        }
    }
}
