//! `pivot` and `unpivot`.

use super::Analyzer;
use super::expr::Around;
use super::from::qualifier;
use super::name::{expr_name, item_name};
use super::scope::{Column, Found, Scope};
use super::value::{Kind, Value};
use crate::syntax::ast::{ExprKind, Literal, Name, PivotKind, SelectItem, Unpivot};
use crate::types::cast::{can_cast, is_orderable};
use crate::types::{DataType, Field};

impl Analyzer<'_> {
    pub(super) fn turned(&mut self, scope: Scope, pivot: &PivotKind) -> Scope {
        match pivot {
            PivotKind::Pivot {
                aggregates,
                columns,
                values,
                ..
            } => self.pivot(&scope, aggregates, columns, values),
            PivotKind::Unpivot(unpivot) => self.unpivot(scope, unpivot),
        }
    }

    fn pivot(
        &mut self,
        scope: &Scope,
        aggregates: &[SelectItem],
        columns: &[Name],
        values: &[SelectItem],
    ) -> Scope {
        let around = Around::only(scope);
        let mut used: Vec<u32> = Vec::new();
        let mut types = Vec::new();
        for name in columns {
            let value = self.column(&vec![name.clone()], name.range, around);
            collect(&value, &mut used);
            types.push(Field::new(&*name.text, value.ty));
        }
        let of = match types.as_slice() {
            [one] => one.ty.clone(),
            _ => DataType::structure(types),
        };
        if let [name] = columns
            && of.is_certain()
            && !is_orderable(&of)
        {
            self.error(
                "INCOMPARABLE_PIVOT_COLUMN",
                format!(
                    "Invalid pivot column `{}`. Pivot columns must be comparable.",
                    name.text
                ),
                name.range,
            );
        }
        let mut made = Vec::new();
        for item in aggregates {
            let value = self.expr(&item.expr, around);
            collect(&value, &mut used);
            self.is_pivotable(&value, false);
            made.push((value.ty.clone(), item_name(item, &value, &[])));
        }
        for item in values {
            let nothing = Scope::default();
            let value = self.expr(&item.expr, Around::only(&nothing));
            self.is_pivot_value(&value, &of);
        }
        let kept = scope.columns.iter().filter(|column| !used.contains(&column.id));
        let mut out = Scope {
            columns: kept.cloned().collect(),
            open: scope.open.clone(),
            ..Scope::default()
        };
        for item in values {
            let value_name = Self::pivot_name(item);
            for (ty, (name, _)) in &made {
                let name = if made.len() == 1 {
                    value_name.clone()
                } else {
                    format!("{value_name}_{name}")
                };
                let column = self.new_column(&*name, ty.clone(), &qualifier([]), item.range);
                out.columns.push(column);
            }
        }
        out
    }

    /// A value of a pivot is cast to what the columns are.
    fn is_pivot_value(&mut self, value: &Value, of: &DataType) {
        if can_cast(&value.ty, of) {
            return;
        }
        let text = self.spelled(value.range);
        self.error(
            "PIVOT_VALUE_DATA_TYPE_MISMATCH",
            format!(
                "Invalid pivot value '{text}': value data type {} does not match pivot column data type {of}.",
                value.ty
            ),
            value.range,
        );
    }

    /// Columns in an aggregate of a pivot must stand within an aggregate function.
    fn is_pivotable(&mut self, value: &Value, inside: bool) {
        if let Kind::Column(_) = value.kind
            && !inside
        {
            let text = self.spelled(value.range);
            return self.error(
                "_LEGACY_ERROR_TEMP_1006",
                format!("Aggregate expression required for pivot, but '{text}' did not appear in any aggregate function."),
                value.range,
            );
        }
        let inside = inside || value.kind == Kind::Aggregate;
        for part in &value.parts {
            self.is_pivotable(part, inside);
        }
    }

    /// The name of the columns of a value.
    fn pivot_name(item: &SelectItem) -> String {
        if let Some(alias) = &item.alias {
            return alias.text.to_string();
        }
        match &item.expr.kind {
            ExprKind::Literal(Literal::String(text) | Literal::Typed { text, .. }) => text.to_string(),
            ExprKind::Literal(Literal::Number { digits, .. }) => digits.to_string(),
            ExprKind::Row(items) => {
                let names: Vec<String> = items.iter().map(Self::pivot_name).collect();
                format!("{{{}}}", names.join(", "))
            }
            _ => expr_name(&item.expr, &Value::unknown(item.expr.range), &[]),
        }
    }

    fn unpivot(&mut self, scope: Scope, unpivot: &Unpivot) -> Scope {
        self.newer_clause("unpivot", unpivot.range);
        let mut used: Vec<u32> = Vec::new();
        let mut types: Vec<Option<DataType>> = vec![None; unpivot.values.len()];
        let mut sure = true;
        for (paths, _) in &unpivot.columns {
            if paths.len() != unpivot.values.len() {
                self.error(
                    "UNPIVOT_VALUE_SIZE_MISMATCH",
                    "All unpivot value columns must have the same size as there are value column names.",
                    unpivot.range,
                );
                return Scope::unknown();
            }
            for (path, ty) in paths.iter().zip(&mut types) {
                let range = crate::syntax::range_of_path(path);
                let value = self.column(path, range, Around::only(&scope));
                if let Found::Column(column, _) = scope.find(path) {
                    used.push(column.id);
                }
                *ty = match ty.take() {
                    None => Some(value.ty),
                    Some(other) => {
                        crate::types::common::wider_without_strings(&other, &value.ty).or_else(|| {
                            sure = sure && !(other.is_certain() && value.ty.is_certain());
                            Some(DataType::Unknown)
                        })
                    }
                };
            }
        }
        if !sure {
            self.error(
                "UNPIVOT_VALUE_DATA_TYPE_MISMATCH",
                "Unpivot value columns must share a least common type, some types do not.",
                unpivot.range,
            );
        }
        let mut out = Scope {
            columns: scope
                .columns
                .into_iter()
                .filter(|column: &Column| !used.contains(&column.id))
                .collect(),
            open: scope.open,
            ..Scope::default()
        };
        let name = self.new_column(
            &*unpivot.name.text,
            DataType::String,
            &qualifier([]),
            unpivot.name.range,
        );
        out.columns.push(name);
        for (name, ty) in unpivot.values.iter().zip(types) {
            let column = self.new_column(
                &*name.text,
                ty.unwrap_or(DataType::Unknown),
                &qualifier([]),
                name.range,
            );
            out.columns.push(column);
        }
        match &unpivot.alias {
            Some(alias) => out.qualified(&qualifier([&*alias.text])),
            None => out,
        }
    }
}

/// The columns in an expression.
fn collect(value: &Value, used: &mut Vec<u32>) {
    if let Kind::Column(id) = value.kind {
        used.push(id);
    }
    for part in &value.parts {
        collect(part, used);
    }
}
