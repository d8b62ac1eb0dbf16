//! Lake Formation: tags, filters and permissions, kept in a file beside the data. They are kept and given back; Spark, which is
//! a superuser here, does not obey them.

mod filters;
mod tags;

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use serde_json::{Map, Value, json};

use crate::answer::{Answer, Refusal};
use crate::endpoint::Endpoint;
use crate::glue;

/// What is kept: `tags` (key to allowed values), `assigned` (resource to key to value), `filters` and `grants`.
#[derive(Debug)]
pub(crate) struct Lake {
    file: PathBuf,
    kept: Mutex<Map<String, Value>>,
}

impl Lake {
    /// Reads the file, when there is one.
    pub(crate) fn open(file: PathBuf) -> Result<Self, String> {
        #[expect(
            clippy::disallowed_methods,
            reason = "the endpoint's own file is no file of a project"
        )]
        let read = std::fs::read_to_string(&file);
        let kept = match read {
            Ok(text) => {
                serde_json::from_str(&text).map_err(|error| format!("{}: {error}", file.display()))?
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Map::new(),
            Err(error) => return Err(format!("{}: {error}", file.display())),
        };
        Ok(Self {
            file,
            kept: Mutex::new(kept),
        })
    }

    /// Looks at what is kept.
    fn look<T>(&self, look: impl FnOnce(&Map<String, Value>) -> T) -> T {
        look(&self.kept.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Changes what is kept, and writes it down: beside the file and renamed, so that it is never half there.
    fn change(&self, change: impl FnOnce(&mut Map<String, Value>) -> Answer) -> Answer {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let mut next = kept.clone();
        let answer = change(&mut next)?;
        let beside = self.file.with_extension("new");
        let text = format!("{:#}\n", Value::Object(next.clone()));
        std::fs::write(&beside, text)
            .and_then(|()| std::fs::rename(&beside, &self.file))
            .map_err(|error| {
                Refusal::new(
                    "InternalServiceException",
                    format!("{}: {error}", self.file.display()),
                )
            })?;
        *kept = next;
        Ok(answer)
    }
}

/// Answers one operation.
pub(crate) async fn answer(endpoint: &Endpoint, operation: &str, input: &Value) -> Answer {
    if let Some(resource) = input.get("Resource") {
        exists(endpoint, resource).await?;
    }
    if let Some(table) = input.get("Table") {
        exists(endpoint, &json!({"Table": table})).await?;
    }
    let lake = &endpoint.lake;
    if let Some(answer) = tags::answer(lake, operation, input) {
        return answer;
    }
    if let Some(answer) = filters::answer(lake, operation, input) {
        return answer;
    }
    Err(Refusal::not_here(&format!("`{operation}` of Lake Formation")))
}

/// What is tagged or granted has to be in the catalog.
async fn exists(endpoint: &Endpoint, resource: &Value) -> Result<(), Refusal> {
    if let Some(database) = resource.get("Database") {
        glue::answer(endpoint, "GetDatabase", database).await?;
    }
    let table = resource.get("Table").or(resource.get("TableWithColumns"));
    if let Some(table) = table.filter(|table| table.get("TableWildcard").is_none()) {
        glue::answer(endpoint, "GetTable", table).await?;
    }
    Ok(())
}

/// A map that is kept under a name, made when it is missing.
fn map<'a>(kept: &'a mut Map<String, Value>, name: &str) -> Result<&'a mut Map<String, Value>, Refusal> {
    let broken = || {
        Refusal::new(
            "InternalServiceException",
            format!("`{name}` of the file of Lake Formation is no object"),
        )
    };
    kept.entry(name)
        .or_insert_with(|| json!({}))
        .as_object_mut()
        .ok_or_else(broken)
}

/// A list that is kept under a name, made when it is missing.
fn list<'a>(kept: &'a mut Map<String, Value>, name: &str) -> Result<&'a mut Vec<Value>, Refusal> {
    let broken = || {
        Refusal::new(
            "InternalServiceException",
            format!("`{name}` of the file of Lake Formation is no list"),
        )
    };
    kept.entry(name)
        .or_insert_with(|| json!([]))
        .as_array_mut()
        .ok_or_else(broken)
}
