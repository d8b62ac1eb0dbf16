//! What a query reads: tables, queries, functions, lateral views.

use std::sync::Arc;

use glueline_base::TextRange;

use super::Analyzer;
use super::column::quoted;
use super::correlated::Within;
use super::expr::Around;
use super::scope::{Column, Output, Qualifier, Scope, equal};
use super::value::{Constant, Kind, Value};
use super::{Origin, Relation};
use crate::functions::{Kind as FunctionKind, function};
use crate::syntax::ast::{
    self, Arg, Call, CallForm, Expr, ExprKind, LateralView, Name, Path, RelationKind, Select, TableAlias,
    Values,
};
use crate::types::{DataType, Field};

impl Analyzer<'_> {
    /// All that `from`, lateral views and pivots read.
    pub(super) fn from(&mut self, select: &Select) -> Scope {
        let mut scope = Scope::default();
        for (index, relation) in select.from.iter().enumerate() {
            let other = self.relation_beside(relation, &scope);
            if index > 0 {
                self.after_comma(relation, &other, &scope);
                scope = scope.beside(other);
            } else {
                if select.from.len() > 1 {
                    self.before_comma(relation, &other);
                }
                scope = other;
            }
        }
        scope.one_row &= select.laterals.is_empty();
        for view in &select.laterals {
            self.lateral_view(view, &mut scope);
        }
        for pivot in &select.pivots {
            scope = self.turned(scope, pivot);
        }
        scope
    }

    /// A relation; one that is `lateral` may name columns of those before it.
    pub(super) fn relation_beside(&mut self, relation: &ast::Relation, before: &Scope) -> Scope {
        if !relation.lateral {
            return self.relation(relation);
        }
        match &relation.kind {
            RelationKind::Query { query, .. } => {
                let look = |analyzer: &mut Self| analyzer.relation(relation);
                let range = query.range;
                self.within(query, Within::Lateral, range, before.clone(), look).0
            }
            _ => {
                self.outer.push(Arc::new(before.clone()));
                let scope = self.relation(relation);
                self.outer.pop();
                scope
            }
        }
    }

    pub(super) fn relation(&mut self, relation: &ast::Relation) -> Scope {
        match &relation.kind {
            RelationKind::Table {
                name,
                alias,
                temporal,
            } => {
                let scope = self.table(name, *temporal);
                self.aliased(scope, alias, relation.range)
            }
            RelationKind::Query { query, alias } => {
                let mut output = self.query(query);
                if alias.name.is_none() {
                    output = output.qualified(&qualifier(["__auto_generated_subquery_name"]));
                }
                self.aliased(output, alias, relation.range)
            }
            RelationKind::Nested {
                relation: inner,
                alias,
            } => {
                let scope = self.relation(inner);
                self.aliased(scope, alias, relation.range)
            }
            RelationKind::Values(values) => self.values(values),
            RelationKind::Function { name, args, alias } => {
                self.table_function(name, args, alias, relation.range)
            }
            RelationKind::Join(join) => self.join(join),
            RelationKind::Pivot { input, pivot } => {
                let scope = self.relation(input);
                self.turned(scope, pivot)
            }
            RelationKind::Hole => Scope::unknown(),
        }
    }

    /// The columns under the names given to them.
    fn aliased(&mut self, mut scope: Scope, alias: &TableAlias, range: TextRange) -> Scope {
        let Some(name) = &alias.name else { return scope };
        scope = scope.qualified(&qualifier([&*name.text]));
        if alias.columns.is_empty() {
            return scope;
        }
        if !scope.complete() {
            return scope;
        }
        if alias.columns.len() != scope.columns.len() {
            self.error(
                "_LEGACY_ERROR_TEMP_1028",
                format!(
                    "Number of column aliases does not match number of columns. Number of column aliases: {}; number of columns: {}.",
                    alias.columns.len(),
                    scope.columns.len()
                ),
                range,
            );
            return Scope::unknown().qualified(&qualifier([&*name.text]));
        }
        self.renamed(&mut scope, &alias.columns);
        scope
    }

    /// New columns of these names.
    pub(super) fn renamed(&mut self, scope: &mut Scope, names: &[Name]) {
        for (column, name) in scope.columns.iter_mut().zip(names) {
            column.name = (&*name.text).into();
            self.next += 1;
            column.id = self.next;
            self.definitions.push(super::Definition {
                range: name.range,
                ty: column.ty.clone(),
                origin: column.origin.clone(),
            });
        }
    }

    /// A table, a view or a query with a name.
    pub(super) fn table(&mut self, name: &Path, temporal: bool) -> Scope {
        if let ([one], false) = (name.as_slice(), temporal) {
            let found = self.ctes.iter().rev().find(|(cte, _)| equal(cte, &one.text));
            if let Some((_, output)) = found {
                let output = Arc::clone(output);
                let mut scope = Scope::clone(&output).qualified(&qualifier([&*one.text]));
                self.renew(&mut scope);
                return scope;
            }
        }
        let parts: Vec<&str> = name.iter().map(|name| &*name.text).collect();
        let full: Qualifier = match parts.as_slice() {
            [table] => qualifier(["spark_catalog", "default", table]),
            [database, table] => qualifier(["spark_catalog", database, table]),
            parts => parts.iter().map(|part| Box::from(*part)).collect(),
        };
        match self.relations.relation(&parts) {
            Relation::Columns(fields) => {
                let mut scope = self.fields_of(&fields, &full, TextRange::default());
                for column in &mut scope.columns {
                    column.origin = Some(Arc::new(Origin {
                        relation: full.clone(),
                        column: column.name.clone(),
                    }));
                }
                scope
            }
            Relation::Unknown => Scope {
                open: vec![full],
                ..Scope::default()
            },
            Relation::Missing => {
                self.error(
                    "TABLE_OR_VIEW_NOT_FOUND",
                    format!(
                        "The table or view {} cannot be found. Verify the spelling and correctness of the schema and catalog.",
                        quoted(name)
                    ),
                    crate::syntax::range_of_path(name),
                );
                Scope {
                    open: vec![full],
                    ..Scope::default()
                }
            }
        }
    }

    /// Numbers of their own for columns that are read once more.
    fn renew(&mut self, scope: &mut Scope) {
        let mut known: Vec<(u32, u32)> = Vec::new();
        for column in &mut scope.columns {
            let id = known
                .iter()
                .find(|(old, _)| *old == column.id)
                .map(|(_, new)| *new);
            let id = id.unwrap_or_else(|| {
                self.next += 1;
                known.push((column.id, self.next));
                self.next
            });
            column.id = id;
            if column.named {
                column.range = TextRange::default();
            }
        }
    }

    pub(super) fn fields_of(&mut self, fields: &[Field], qualifier: &Qualifier, range: TextRange) -> Scope {
        let columns = fields
            .iter()
            .map(|field| self.new_column(Arc::clone(&field.name), field.ty.clone(), qualifier, range));
        Scope {
            columns: columns.collect(),
            ..Scope::default()
        }
    }

    pub(super) fn new_column(
        &mut self,
        name: impl Into<Arc<str>>,
        ty: DataType,
        qualifier: &Qualifier,
        range: TextRange,
    ) -> Column {
        Column {
            id: self.fresh(),
            name: name.into(),
            ty,
            qualifier: qualifier.clone(),
            range,
            made: range,
            named: true,
            nullable: false,
            origin: None,
            homeless: false,
        }
    }

    /// `values (1, 'a'), ..`
    pub(super) fn values(&mut self, values: &Values) -> Output {
        let nothing = Scope::default();
        let around = Around::only(&nothing);
        let mut types: Vec<Vec<DataType>> = Vec::new();
        for row in &values.rows {
            let cells: Vec<Value> = match &row.kind {
                ExprKind::Row(items) => items.iter().map(|item| self.expr(&item.expr, around)).collect(),
                ExprKind::Call(call) if call.form == CallForm::Struct => call
                    .args
                    .iter()
                    .map(|arg| self.expr(&arg.value, around))
                    .collect(),
                _ => vec![self.expr(row, around)],
            };
            types.push(cells.into_iter().map(|cell| cell.ty).collect());
        }
        let width = types.first().map_or(0, Vec::len);
        if let Some(other) = types.iter().find(|row| row.len() != width) {
            self.error(
                "INVALID_INLINE_TABLE.NUM_COLUMNS_MISMATCH",
                format!(
                    "Invalid inline table. Inline table expected {width} columns but found {} columns.",
                    other.len()
                ),
                values.range,
            );
            return Scope::unknown();
        }
        let mut fields = Vec::new();
        for index in 0..width {
            let column = types.iter().filter_map(|row| row.get(index));
            let name = values
                .alias
                .columns
                .get(index)
                .map_or_else(|| format!("col{}", index + 1), |name| name.text.to_string());
            let unknown = column.clone().any(|ty| !ty.is_certain());
            let ty = column
                .cloned()
                .map(Some)
                .reduce(|all, ty| crate::types::common::wider_without_strings(&all?, &ty?))
                .flatten();
            if ty.is_none() && !unknown {
                self.error(
                    "INVALID_INLINE_TABLE.INCOMPATIBLE_TYPES_IN_INLINE_TABLE",
                    format!("Invalid inline table. Found incompatible types in the column `{name}` for inline table."),
                    values.range,
                );
            }
            fields.push(Field::new(name, ty.unwrap_or(DataType::Unknown)));
        }
        let name = values
            .alias
            .name
            .as_ref()
            .map_or_else(|| qualifier([]), |name| qualifier([&*name.text]));
        let scope = self.fields_of(&fields, &name, values.range);
        let plain = TableAlias {
            name: values.alias.name.clone(),
            columns: values.alias.columns.clone(),
        };
        self.aliased(scope, &plain, values.range)
    }

    /// `range(10)`, `explode(..)`
    fn table_function(&mut self, name: &Path, args: &[Arg], alias: &TableAlias, range: TextRange) -> Scope {
        let call = Call {
            name: name.clone(),
            form: CallForm::Plain,
            distinct: false,
            args: args.to_vec(),
            filter: None,
            ignore_nulls: None,
            within: Vec::new(),
            over: None,
        };
        if let [one] = name.as_slice()
            && equal("range", &one.text)
        {
            let nothing = Scope::default();
            for (index, arg) in args.iter().enumerate() {
                let value = self.expr(&arg.value, Around::only(&nothing));
                self.is_bound_of_range(&value, index, args.len(), range);
            }
            let scope = self.fields_of(&[Field::new("id", DataType::BigInt)], &qualifier([]), range);
            return self.aliased(scope, alias, range);
        }
        let known = match name.as_slice() {
            [one] => function(&one.text, self.version).is_some_and(|function| {
                function.kind == FunctionKind::Table
                    || (function.kind == FunctionKind::Generator && !self.is_older())
            }),
            _ => false,
        };
        let parts: Vec<&str> = name.iter().map(|name| &*name.text).collect();
        if !known {
            if !self.relations.has_function(&parts) {
                self.error(
                    "UNRESOLVABLE_TABLE_VALUED_FUNCTION",
                    format!("Could not resolve {} to a table-valued function.", quoted(name)),
                    crate::syntax::range_of_path(name),
                );
            }
            return self.aliased(Scope::unknown(), alias, range);
        }
        if parts.iter().any(|part| equal(part, "sql_keywords")) {
            let fields = [
                Field::new("keyword", DataType::String),
                Field::new("reserved", DataType::Boolean),
            ];
            let scope = self.fields_of(&fields, &qualifier([]), range);
            return self.aliased(scope, alias, range);
        }
        let nothing = Scope::default();
        let value = self.call(&call, range, Around::only(&nothing));
        let scope = match value.kind {
            Kind::Generator(Some(fields)) => self.fields_of(&fields, &qualifier([]), range),
            _ => Scope::unknown(),
        };
        self.aliased(scope, alias, range)
    }

    /// Whether an argument of `range` is a number, or the text of one.
    fn is_bound_of_range(&mut self, value: &Value, index: usize, count: usize, range: TextRange) {
        let is_number = match &value.literal {
            Some(Constant::Text(text)) => text.trim().parse::<i64>().is_ok(),
            Some(Constant::Null) => false,
            _ => value.ty.is_numeric() || value.ty.is_string() || value.ty.is_unknown(),
        };
        if is_number {
            return;
        }
        let text = self.spelled(value.range);
        self.error(
            "UNEXPECTED_INPUT_TYPE",
            format!(
                "Parameter {} of function `range` requires the \"BIGINT\" type, however \"{text}\" has the type \"{}\".",
                if count == 1 { 2 } else { index + 1 },
                value.ty.sql()
            ),
            range,
        );
    }

    /// `lateral view explode(a) t as x`
    fn lateral_view(&mut self, view: &LateralView, scope: &mut Scope) {
        let call = Call {
            name: view.name.clone(),
            form: CallForm::Plain,
            distinct: false,
            args: view
                .args
                .iter()
                .map(|value| Arg {
                    name: None,
                    value: value.clone(),
                })
                .collect(),
            filter: None,
            ignore_nulls: None,
            within: Vec::new(),
            over: None,
        };
        let value = self.call(&call, view.range, Around::only(scope));
        self.no_queries(&value);
        let table = qualifier([&*view.table.text]);
        let fields = match value.kind {
            Kind::Generator(Some(fields)) => fields,
            Kind::Generator(None) | Kind::Unknown => return self.unknown_view(view, &table, scope),
            _ => {
                let name = view.name.last().map_or("", |name| &*name.text);
                self.error(
                    "UNSUPPORTED_GENERATOR.NOT_GENERATOR",
                    format!("The generator is not supported: `{name}` is expected to be a generator."),
                    view.range,
                );
                return self.unknown_view(view, &table, scope);
            }
        };
        if !view.columns.is_empty() && view.columns.len() != fields.len() {
            self.error(
                "UDTF_ALIAS_NUMBER_MISMATCH",
                format!(
                    "The number of aliases supplied in the AS clause does not match the number of columns output by the UDTF. Expected {} \
                     aliases, but got {}.",
                    fields.len(),
                    view.columns.len()
                ),
                view.range,
            );
            return self.unknown_view(view, &table, scope);
        }
        let mut made = self.fields_of(&fields, &table, view.range);
        self.renamed(&mut made, &view.columns);
        scope.columns.extend(made.columns);
    }

    /// A lateral view of a generator of which nothing is known.
    fn unknown_view(&mut self, view: &LateralView, table: &Qualifier, scope: &mut Scope) {
        if view.columns.is_empty() {
            scope.open.push(table.clone());
        }
        for name in &view.columns {
            let column = self.new_column(&*name.text, DataType::Unknown, table, view.range);
            scope.columns.push(column);
        }
    }

    /// A condition over what is read.
    pub(super) fn condition(&mut self, expr: &Expr, scope: &Scope, what: &str) -> Value {
        let value = self.expr(expr, Around::only(scope));
        self.is_condition(&value, what);
        value
    }
}

pub(super) fn qualifier<'n>(parts: impl IntoIterator<Item = &'n str>) -> Qualifier {
    parts.into_iter().map(Box::from).collect()
}
