//! Relations to and from dicts, as `create()`, `incorporate()` and `replace()` do it.

use std::sync::Arc;

use glueline_template::{Error, ErrorKind, Value, repr};

use super::parts::{PARTS, unexpected};
use super::{Path, Relation, RelationType};

/// The fields of a relation (`SparkRelation` in `dbt/adapters/glue/relation.py`, `BaseRelation`).
const FIELDS: [&str; 15] = [
    "path",
    "type",
    "quote_character",
    "include_policy",
    "quote_policy",
    "dbt_created",
    "limit",
    "event_time_filter",
    "require_alias",
    "catalog",
    "renameable_relations",
    "replaceable_relations",
    "is_delta",
    "is_hudi",
    "information",
];

impl Relation {
    /// Sets fields by name: nested dicts change what they name, other names are passed over (`from_dict` of a merged dict).
    pub(crate) fn set_fields<'a>(
        &mut self,
        fields: impl IntoIterator<Item = (&'a str, &'a Value)>,
    ) -> Result<(), Error> {
        for (name, value) in fields {
            match name {
                "path" => self.set_path(value)?,
                "type" => self.kind = relation_type(value)?,
                "quote_policy" => self.quote.merge(value),
                "include_policy" => self.include.merge(value),
                "limit" => {
                    self.limit = match value {
                        Value::None => None,
                        Value::Int(limit) => Some(*limit),
                        other => return Err(invalid("limit", "Optional[int]", other)),
                    };
                }
                "is_delta" => self.is_delta = flag(value),
                "is_hudi" => self.is_hudi = flag(value),
                "information" => self.information = text(value),
                "catalog" => self.catalog = text(value),
                "dbt_created" => self.dbt_created = value.truth(),
                "require_alias" => self.require_alias = value.truth(),
                _ => {}
            }
        }
        Ok(())
    }

    /// Sets fields by name, all of which must be the relation's (`replace` of a dataclass).
    pub(super) fn replace(&mut self, fields: &[(Arc<str>, Value)]) -> Result<(), Error> {
        match fields.iter().find(|(name, _)| !FIELDS.contains(&&**name)) {
            Some((name, _)) => Err(unexpected(self.class_name(), name)),
            None => self.set_fields(fields.iter().map(|(name, value)| (&**name, value))),
        }
    }

    fn set_path(&mut self, value: &Value) -> Result<(), Error> {
        if let Some(path) = value.downcast::<Path>() {
            self.path = path.clone();
            return Ok(());
        }
        let Value::Dict(dict) = value else {
            return Err(invalid("path", "Path", value));
        };
        let mut merged = Vec::new();
        let mut is_valid = true;
        for name in PARTS {
            let Some(slot) = self.path.part_mut(name) else {
                continue;
            };
            let part = dict.get_str(name).unwrap_or_else(|| Value::from(slot.as_deref()));
            match &part {
                Value::None => *slot = None,
                Value::Str(text) => *slot = Some(text.to_plain()),
                _ => is_valid = false,
            }
            merged.push((name, part));
        }
        if is_valid {
            Ok(())
        } else {
            Err(invalid("path", "Path", &Value::dict(merged)))
        }
    }

    /// Changes parts of the path (`replace_path`).
    pub(super) fn replace_path(&mut self, parts: &[(Arc<str>, Value)]) -> Result<(), Error> {
        for (name, part) in parts {
            let Some(slot) = self.path.part_mut(name) else {
                return Err(unexpected("Path", name));
            };
            *slot = match part {
                Value::None => None,
                Value::Str(text) => Some(text.to_plain()),
                other => {
                    let written = glueline_template::to_str(other);
                    return Err(Error::compilation(format!(
                        "Got an invalid path {name}: {}",
                        written.plain()
                    )));
                }
            };
        }
        Ok(())
    }

    /// Everything about the relation by name (`to_dict`).
    pub(super) fn to_dict(&self, omit_none: bool) -> Value {
        let flag = |flag: Option<bool>| flag.map_or(Value::None, Value::Bool);
        let fields = [
            ("path", self.path.to_dict()),
            ("type", Value::from(self.kind.map(RelationType::name))),
            ("quote_character", Value::from(self.quote_character().to_string())),
            ("include_policy", self.include.to_dict()),
            ("quote_policy", self.quote.to_dict()),
            ("dbt_created", Value::Bool(self.dbt_created)),
            ("limit", self.limit.map_or(Value::None, Value::Int)),
            ("event_time_filter", Value::None),
            ("require_alias", Value::Bool(self.require_alias)),
            ("catalog", Value::from(self.catalog.as_deref())),
            ("renameable_relations", Value::list(Vec::new())),
            ("replaceable_relations", Value::list(Vec::new())),
            ("is_delta", flag(self.is_delta)),
            ("is_hudi", flag(self.is_hudi)),
            ("information", Value::from(self.information.as_deref())),
        ];
        Value::dict(
            fields
                .into_iter()
                .filter(|(_, value)| !(omit_none && value.is_none())),
        )
    }
}

/// The type that a template names.
pub(super) fn relation_type(value: &Value) -> Result<Option<RelationType>, Error> {
    let found = match value {
        Value::None => return Ok(None),
        Value::Str(name) => RelationType::of(&name.plain()),
        _ => None,
    };
    match found {
        Some(kind) => Ok(Some(kind)),
        None => Err(invalid("type", "Optional[RelationType]", value)),
    }
}

/// What dbt's dataclasses say of a field that does not fit.
fn invalid(field: &str, kind: &str, value: &Value) -> Error {
    Error::new(
        ErrorKind::Python("InvalidFieldValue"),
        format!(
            "Field \"{field}\" of type {kind} in SparkRelation has invalid value {}",
            repr(value)
        ),
    )
}

fn flag(value: &Value) -> Option<bool> {
    (!value.is_none()).then(|| value.truth())
}

fn text(value: &Value) -> Option<Arc<str>> {
    match value {
        Value::Str(text) => Some(text.to_plain()),
        _ => None,
    }
}
