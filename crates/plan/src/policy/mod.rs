//! The least that AWS has to allow so that a project runs, derived from its plans.
//!
//! Two principals are concerned (AWS Glue developer guide, interactive sessions): the role of the session, as which Spark reads and
//! writes, and whoever calls dbt, as which the adapter opens the session and asks the catalog. [`Facts`] gathers what the plans do,
//! [`Policy`] says it in the language of IAM, and [`compare`] holds it against a policy that is there.

mod caller;
mod compare;
mod facts;
mod pattern;
mod role;
mod session;
mod sql;
mod storage;

use serde_json::{Map, Value, json};

pub use compare::{Comparison, Excess, Lack, compare};
pub use facts::Facts;

/// Who is to be allowed something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Principal {
    /// The role of the session: `role_arn` of the profile.
    Role,
    /// Whoever calls dbt.
    Caller,
}

/// A policy of IAM that allows, and forbids nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Policy {
    /// The statements, in the order of AWS's own samples for dbt-glue.
    pub statements: Vec<Statement>,
}

/// A statement of a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// What it is for: `ReadAndWriteDatabases`. The names of AWS's samples without their underscores, which IAM does not take.
    pub sid: &'static str,
    /// What may be done: `glue:GetTable`.
    pub actions: Vec<&'static str>,
    /// With what: names of AWS.
    pub resources: Vec<String>,
    /// Under which condition.
    pub condition: Option<Value>,
}

impl Policy {
    /// The policy of a principal.
    pub fn new(facts: &Facts, principal: Principal) -> Self {
        let mut statements = match principal {
            Principal::Role => role::statements(facts),
            Principal::Caller => caller::statements(facts),
        };
        for statement in &mut statements {
            statement.resources.sort();
            statement.resources.dedup();
        }
        statements.retain(|statement| !statement.actions.is_empty() && !statement.resources.is_empty());
        Self { statements }
    }

    /// The document that IAM takes, version 2012-10-17.
    pub fn document(&self) -> Value {
        let statements: Vec<Value> = self.statements.iter().map(Statement::document).collect();
        json!({"Version": "2012-10-17", "Statement": statements})
    }
}

impl Statement {
    fn new(sid: &'static str, actions: &[&'static str], resources: impl IntoIterator<Item = String>) -> Self {
        Self {
            sid,
            actions: actions.to_vec(),
            resources: resources.into_iter().collect(),
            condition: None,
        }
    }

    /// Adds actions that are not there yet.
    fn and(mut self, actions: &[&'static str]) -> Self {
        for action in actions {
            if !self.actions.contains(action) {
                self.actions.push(action);
            }
        }
        self
    }

    fn only_if(mut self, condition: Value) -> Self {
        self.condition = Some(condition);
        self
    }

    fn document(&self) -> Value {
        let mut document = Map::new();
        document.insert("Sid".to_owned(), json!(self.sid));
        document.insert("Effect".to_owned(), json!("Allow"));
        document.insert("Action".to_owned(), json!(self.actions));
        document.insert("Resource".to_owned(), json!(self.resources));
        if let Some(condition) = &self.condition {
            document.insert("Condition".to_owned(), condition.clone());
        }
        Value::Object(document)
    }
}
