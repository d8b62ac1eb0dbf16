//! Stars among the items of a `select`.

use std::sync::Arc;

use super::Analyzer;
use super::expr::Around;
use super::from::qualifier;
use super::scope::Found;
use super::select::Selected;
use super::value::{Kind, Value, hash};
use crate::syntax::ast::{Path, SelectItem};
use crate::types::DataType;

impl Analyzer<'_> {
    /// `*`, `t.*`, `struct.*`
    pub(super) fn star(
        &mut self,
        item: &SelectItem,
        path: &Path,
        around: Around<'_>,
        selected: &mut Selected,
    ) {
        let scope = around.scope;
        let columns = if path.is_empty() {
            scope.columns.clone()
        } else {
            scope.of(path)
        };
        let open = if path.is_empty() {
            !scope.complete()
        } else {
            scope.is_open(path)
        };
        if open {
            selected.output.open.push(Arc::from([]));
        }
        if columns.is_empty() && !open && !path.is_empty() {
            return self.star_of_struct(item, path, around, selected);
        }
        for mut column in columns {
            let key = hash(&("column", column.id));
            let value = Value::new(
                column.ty.in_expressions(),
                item.range,
                Kind::Column(column.id),
                Vec::new(),
                key,
            );
            selected.values.push(value);
            if column.named {
                column.range = item.range;
            }
            selected.output.columns.push(column);
        }
    }

    fn star_of_struct(
        &mut self,
        item: &SelectItem,
        path: &Path,
        around: Around<'_>,
        selected: &mut Selected,
    ) {
        if !matches!(around.scope.find(path), Found::Column(..)) {
            if matches!(around.scope.find(path), Found::Missing) && self.outer.is_empty() {
                self.error(
                    "CANNOT_RESOLVE_STAR_EXPAND",
                    format!(
                        "Cannot resolve {}.* given input columns {}. Please check that the specified table or struct exists and is \
                         accessible in the input columns.",
                        super::column::quoted(path),
                        around.scope.listed()
                    ),
                    item.range,
                );
            }
            selected.output.open.push(Arc::from([]));
            return;
        }
        let value = self.column(path, item.range, around);
        if let DataType::Struct(fields) = &value.ty {
            for field in fields.iter() {
                let part = Value::of(
                    field.ty.clone(),
                    item.range,
                    (".", field.name.to_lowercase()),
                    vec![value.clone()],
                );
                let column = self.new_column(
                    Arc::clone(&field.name),
                    field.ty.clone(),
                    &qualifier([]),
                    item.range,
                );
                selected.output.columns.push(column);
                selected.values.push(part);
            }
        } else {
            selected.output.open.push(Arc::from([]));
        }
    }
}
