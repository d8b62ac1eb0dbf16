//! `source` (`dbt/context/providers.py`, `BaseSourceResolver` and its kin).

use glueline_project::Resolution;
use glueline_template::{Args, Cx, Error, Native, Value};

use super::convert::class_of;
use super::refs::{Named, is_here, not_found, own_relation, remember};
use crate::host::{NodeHost, Phase};
use crate::relation::Relation;

/// `source`.
#[derive(Debug)]
pub(super) struct Source;

impl Native for Source {
    fn type_name(&self) -> &'static str {
        "RuntimeSourceResolver"
    }

    fn qualified_type_name(&self) -> String {
        "dbt.context.providers.RuntimeSourceResolver".to_owned()
    }

    fn is_callable(&self) -> bool {
        true
    }

    fn call(&self, cx: &Cx, args: Args) -> Result<Value, Error> {
        let host = NodeHost::of(cx)?;
        if let Some((keyword, _)) = args.keywords.first() {
            return Err(Error::type_error(format!(
                "BaseSourceResolver.__call__() got an unexpected keyword argument '{keyword}'"
            )));
        }
        let [source, table] = args.positional.as_slice() else {
            return Err(Error::compilation(format!(
                "source() takes exactly two arguments ({} given)",
                args.positional.len()
            )));
        };
        let text = |value: &Value, what: &str| match value.as_str() {
            Some(text) => Ok(text.into_owned()),
            None => Err(Error::compilation(format!(
                "The {what} argument to source() must be a string, got {}",
                class_of(value)
            ))),
        };
        let source = text(source, "source name (first)")?;
        let table = text(table, "table name (second)")?;
        let found = host
            .shared
            .project
            .lookup()
            .find_source(host.package, &source, &table);
        let named = || Named {
            package: None,
            name: format!("{source}.{table}"),
            version: None,
        };
        match (found, host.phase) {
            (Resolution::Node(found), Phase::Execute) if !is_here(host, found) => {
                Err(not_found(host, &named(), "source", Some(false)))
            }
            (Resolution::Node(found), phase) => {
                if let Some((_, input)) = host.tested().and_then(|test| test.input_of(found)) {
                    remember(&mut host.captured().ephemeral, found);
                    return Ok(Value::native(Relation::cte(&input.cte)));
                }
                remember(&mut host.captured().sources, found);
                Ok(match phase {
                    Phase::Parse => own_relation(host),
                    Phase::Execute => {
                        Value::native(Relation::of_source(&host.shared, found).of_batch(host, found))
                    }
                })
            }
            (_, Phase::Parse) => Ok(own_relation(host)),
            (Resolution::Disabled(_), Phase::Execute) => Err(not_found(host, &named(), "source", Some(true))),
            (Resolution::Missing | Resolution::Unknown, Phase::Execute) => {
                Err(not_found(host, &named(), "source", Some(false)))
            }
        }
    }

    fn text(&self) -> String {
        "<dbt.context.providers.RuntimeSourceResolver object>".to_owned()
    }
}
