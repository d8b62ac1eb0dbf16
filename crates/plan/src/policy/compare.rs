//! A policy that is there, held against what is needed.

use serde_json::Value;

use super::Policy;
use super::pattern::{covers, covers_action};

/// What a policy that is there lacks, and what it grants in excess.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Comparison {
    /// What is needed and not allowed.
    pub lacks: Vec<Lack>,
    /// What is allowed and not needed.
    pub excess: Vec<Excess>,
    /// What could not be taken into account, each one line.
    pub not_understood: Vec<String>,
}

/// An action on a resource that is needed and not allowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lack {
    /// The statement that needs it.
    pub sid: &'static str,
    /// `glue:GetTable`.
    pub action: &'static str,
    /// The name of the resource.
    pub resource: String,
}

/// An action on a resource that is allowed and not needed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excess {
    /// The `Sid` of the statement that allows it, or its number from 1.
    pub statement: String,
    /// The action as it is written, which may be a pattern.
    pub action: String,
    /// The resource as it is written, which may be a pattern.
    pub resource: String,
    /// Whether something that is needed falls under it: then it is only wider than needed.
    pub wider: bool,
}

/// A statement that allows something.
struct Grant {
    name: String,
    actions: Vec<String>,
    resources: Vec<String>,
}

/// Compares a policy with what is needed. The document is a policy, or a list of statements; conditions are taken to hold.
///
/// An error says why the document is no policy.
pub fn compare(needed: &Policy, document: &Value) -> Result<Comparison, String> {
    let mut comparison = Comparison::default();
    let grants = grants(document, &mut comparison.not_understood)?;
    for statement in &needed.statements {
        for action in &statement.actions {
            for resource in &statement.resources {
                let allows = |grant: &Grant| {
                    grant.actions.iter().any(|known| covers_action(known, action))
                        && grant.resources.iter().any(|known| covers(known, resource))
                };
                if !grants.iter().any(allows) {
                    comparison.lacks.push(Lack {
                        sid: statement.sid,
                        action,
                        resource: resource.clone(),
                    });
                }
            }
        }
    }
    for grant in &grants {
        for action in &grant.actions {
            for resource in &grant.resources {
                comparison.excess.extend(excess(needed, grant, action, resource));
            }
        }
    }
    Ok(comparison)
}

/// What a statement allows beyond what is needed; `None` where all of it is.
fn excess(needed: &Policy, grant: &Grant, action: &str, resource: &str) -> Option<Excess> {
    let any = |fits: &dyn Fn(&str, &str) -> bool| {
        needed.statements.iter().any(|statement| {
            let mut actions = statement.actions.iter();
            actions.any(|wanted| statement.resources.iter().any(|place| fits(wanted, place)))
        })
    };
    if any(&|wanted, place| covers_action(wanted, action) && covers(place, resource)) {
        return None;
    }
    Some(Excess {
        statement: grant.name.clone(),
        action: action.to_owned(),
        resource: resource.to_owned(),
        wider: any(&|wanted, place| {
            let meets = covers(resource, place) || covers(place, resource);
            covers_action(action, wanted) && meets
        }),
    })
}

fn grants(document: &Value, not_understood: &mut Vec<String>) -> Result<Vec<Grant>, String> {
    let statements = match document {
        Value::Array(statements) => statements.as_slice(),
        Value::Object(policy) => match policy.get("Statement") {
            Some(Value::Array(statements)) => statements.as_slice(),
            Some(statement @ Value::Object(_)) => std::slice::from_ref(statement),
            _ => return Err("it has no `Statement`".to_owned()),
        },
        _ => return Err("it is neither a policy nor a list of statements".to_owned()),
    };
    let mut grants = Vec::new();
    for (index, statement) in statements.iter().enumerate() {
        let sid = statement.get("Sid").and_then(Value::as_str);
        let name = sid.map_or_else(|| (index + 1).to_string(), str::to_owned);
        if !statement.is_object() {
            return Err(format!("the statement {name} is no object"));
        }
        let mut skip = |why: &str| not_understood.push(format!("the statement `{name}` is left out: {why}"));
        if statement.get("Effect").and_then(Value::as_str) != Some("Allow") {
            skip("its `Effect` is not `Allow`, and what it forbids is not looked at");
            continue;
        }
        if statement.get("NotAction").is_some() || statement.get("NotResource").is_some() {
            skip("`NotAction` and `NotResource` are not understood");
            continue;
        }
        let (Some(actions), Some(resources)) = (texts(statement, "Action"), texts(statement, "Resource"))
        else {
            skip("it has no `Action` or no `Resource`");
            continue;
        };
        grants.push(Grant {
            name,
            actions,
            resources,
        });
    }
    Ok(grants)
}

/// A text, or a list of texts.
fn texts(statement: &Value, key: &str) -> Option<Vec<String>> {
    match statement.get(key)? {
        Value::String(text) => Some(vec![text.clone()]),
        Value::Array(list) => list.iter().map(|text| text.as_str().map(str::to_owned)).collect(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::Statement;
    use super::*;

    fn needed() -> Policy {
        Policy {
            statements: vec![
                Statement::new(
                    "Read",
                    &["glue:GetTable"],
                    ["table/a/*".to_owned(), "catalog".to_owned()],
                ),
                Statement::new("Store", &["s3:GetObject", "s3:PutObject"], ["b/k/*".to_owned()]),
            ],
        }
    }

    fn shown(document: &Value) -> (Vec<String>, Vec<String>) {
        let found = compare(&needed(), document).unwrap();
        let lacks = found
            .lacks
            .iter()
            .map(|lack| format!("{} {}", lack.action, lack.resource));
        let excess = found.excess.iter().map(|excess| {
            let wider = if excess.wider { " wider" } else { "" };
            format!(
                "{} {} {}{wider}",
                excess.statement, excess.action, excess.resource
            )
        });
        (lacks.collect(), excess.collect())
    }

    #[test]
    fn what_is_needed_is_compared_with_what_is_there() {
        let all = [
            "glue:GetTable table/a/*",
            "glue:GetTable catalog",
            "s3:GetObject b/k/*",
            "s3:PutObject b/k/*",
        ];
        for (document, lacks, excess) in [
            (needed().document(), &[][..], &[][..]),
            (json!({"Statement": []}), &all[..], &[]),
            (
                json!([{"Effect": "Allow", "Action": "*", "Resource": "*"}]),
                &[],
                &["1 * * wider"],
            ),
            (
                json!({"Statement": {"Sid": "G", "Effect": "Allow", "Action": ["GLUE:get*"], "Resource": ["table/*", "catalog"]}}),
                &all[2..],
                &["G GLUE:get* table/* wider", "G GLUE:get* catalog wider"],
            ),
            (
                json!([{"Sid": "S", "Effect": "Allow", "Action": ["s3:GetObject", "s3:DeleteObject"], "Resource": "b/k/x/*"}]),
                &all[..],
                &["S s3:DeleteObject b/k/x/*"],
            ),
            (
                json!([{"Effect": "Deny", "Action": "*", "Resource": "*"}, {"Effect": "Allow", "NotAction": "a", "Resource": "*"}]),
                &all[..],
                &[],
            ),
        ] {
            let (found_lacks, found_excess) = shown(&document);
            assert_eq!(found_lacks, lacks, "{document}");
            assert_eq!(found_excess, excess, "{document}");
        }
    }

    #[test]
    fn what_is_no_policy_is_refused_and_what_is_not_understood_is_said() {
        for document in [json!("x"), json!({}), json!([1])] {
            assert!(compare(&needed(), &document).is_err(), "{document}");
        }
        let partly = json!([{"Effect": "Deny"}, {"Effect": "Allow", "Action": 1, "Resource": "*"}]);
        let found = compare(&needed(), &partly).unwrap();
        assert_eq!(found.not_understood.len(), 2);
    }
}
