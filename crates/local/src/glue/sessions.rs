//! Sessions and statements.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::answer::{Answer, Refusal, object, optional, page, text};
use crate::conf;
use crate::endpoint::Endpoint;
use crate::session::{Session, Spec};

/// What `GetSession` gives back as `CreateSession` had it.
const GIVEN_BACK: [&str; 12] = [
    "Id",
    "Role",
    "Command",
    "DefaultArguments",
    "Connections",
    "MaxCapacity",
    "SecurityConfiguration",
    "GlueVersion",
    "NumberOfWorkers",
    "WorkerType",
    "IdleTimeout",
    "Description",
];

/// Arguments that change what code finds, and that nothing here can give.
const WITHOUT_EFFECT: [&str; 3] = ["--extra-jars", "--additional-python-modules", "--extra-files"];

/// Glue's own, in minutes.
const USUAL_TIMEOUT: u64 = 2880;

pub(super) async fn answer(endpoint: &Endpoint, operation: &str, input: &Value) -> Option<Answer> {
    Some(match operation {
        "CreateSession" => create(endpoint, input).await,
        "GetSession" => named(endpoint, input, "Id").map(|found| json!({"Session": found.shown()})),
        "ListSessions" => Ok(list(endpoint)),
        "StopSession" => stop(endpoint, input),
        "DeleteSession" => delete(endpoint, input),
        "RunStatement" => run(endpoint, input).await,
        "GetStatement" => statement(endpoint, input).await,
        "ListStatements" => statements(endpoint, input),
        "CancelStatement" => cancel(endpoint, input),
        _ => return None,
    })
}

fn named(endpoint: &Endpoint, input: &Value, key: &str) -> Result<Arc<Session>, Refusal> {
    let id = text(input, key)?;
    let found = endpoint.sessions().get(id).cloned();
    found.ok_or_else(|| Refusal::not_found(format!("Session with id {id} not found")))
}

async fn create(endpoint: &Endpoint, input: &Value) -> Answer {
    let spec = spec(input, |note| (endpoint.say)(note), &endpoint.places.data)?;
    let mut buckets = conf::buckets(&Value::Object(spec.conf.clone()).to_string());
    buckets.extend(conf::buckets(&input.to_string()));
    endpoint.host.mount(buckets).await?;
    let mut sessions = endpoint.sessions();
    if sessions.contains_key(&spec.id) {
        return Err(Refusal::new(
            "AlreadyExistsException",
            format!("Session already created, sessionId={}", spec.id),
        ));
    }
    let id = spec.id.clone();
    let session = Session::start(spec, &endpoint.places, &endpoint.host, Arc::clone(&endpoint.say));
    let shown = session.shown();
    sessions.insert(id, session);
    Ok(json!({"Session": shown}))
}

/// Reads what is asked for, and refuses what cannot be had.
fn spec(input: &Value, note: impl Fn(&str), data: &std::path::Path) -> Result<Spec, Refusal> {
    let id = text(input, "Id")?.to_owned();
    text(input, "Role")?;
    if let Some(version) = optional(input, "GlueVersion")
        && !version.starts_with("5.")
    {
        return Err(Refusal::invalid(format!(
            "`glueline local` is Spark 3.5, which is Glue 5.0; Glue {version} is not here."
        )));
    }
    let command = optional(input.get("Command").unwrap_or(&Value::Null), "Name").unwrap_or("glueetl");
    if command != "glueetl" {
        return Err(Refusal::invalid(format!(
            "`glueline local` has no sessions of the kind `{command}`."
        )));
    }
    let arguments = object(input, "DefaultArguments");
    let argument = |key: &str| arguments.get(key).and_then(Value::as_str);
    for key in WITHOUT_EFFECT {
        if let Some(value) = argument(key) {
            note(&format!("session {id}: {key}={value} has no effect here."));
        }
    }
    for key in ["Connections", "SecurityConfiguration"] {
        if input.get(key).is_some() {
            note(&format!("session {id}: {key} has no effect here."));
        }
    }
    let conf = conf::pairs(argument("--conf").unwrap_or_default())
        .map_err(|word| Refusal::invalid(format!("--conf: `{word}` is not KEY=VALUE.")))?;
    let minutes = |key: &str, otherwise: u64| {
        let minutes = input
            .get(key)
            .and_then(Value::as_u64)
            .filter(|minutes| *minutes > 0)
            .unwrap_or(otherwise);
        Duration::from_secs(minutes.saturating_mul(60))
    };
    let lifetime = minutes("Timeout", USUAL_TIMEOUT);
    let mut argv = vec!["--SESSION_ID".to_owned(), id.clone()];
    for (key, value) in &arguments {
        argv.push(key.clone());
        argv.push(value.as_str().unwrap_or_default().to_owned());
    }
    let facts: Map<String, Value> = GIVEN_BACK
        .iter()
        .filter_map(|key| Some(((*key).to_owned(), input.get(*key)?.clone())))
        .collect();
    Ok(Spec {
        facts,
        conf,
        argv,
        imports: imports(argument("--extra-py-files").unwrap_or_default(), data),
        idle: input
            .get("IdleTimeout")
            .map_or(lifetime, |_| minutes("IdleTimeout", USUAL_TIMEOUT)),
        lifetime,
        id,
    })
}

/// Where the objects of `--extra-py-files` lie in the folder.
fn imports(list: &str, data: &std::path::Path) -> Vec<String> {
    let objects = list.split(',').filter_map(|item| item.trim().split_once("://"));
    objects
        .filter(|(_, rest)| !rest.split('/').any(|part| part == ".."))
        .map(|(_, rest)| data.join("s3").join(rest).display().to_string())
        .collect()
}

fn list(endpoint: &Endpoint) -> Value {
    let sessions = endpoint.sessions();
    let ids: Vec<&String> = sessions.keys().collect();
    let shown: Vec<Value> = sessions.values().map(|session| session.shown()).collect();
    json!({"Ids": ids, "Sessions": shown})
}

fn stop(endpoint: &Endpoint, input: &Value) -> Answer {
    named(endpoint, input, "Id")?.stop()?;
    Ok(json!({"Id": text(input, "Id")?}))
}

fn delete(endpoint: &Endpoint, input: &Value) -> Answer {
    let session = named(endpoint, input, "Id")?;
    let status = session.status();
    if !status.is_final() {
        return Err(Refusal::new(
            "IllegalSessionStateException",
            format!("Session is in {} status, and cannot be deleted.", status.name()),
        ));
    }
    let id = text(input, "Id")?;
    endpoint.sessions().remove(id);
    Ok(json!({"Id": id}))
}

async fn run(endpoint: &Endpoint, input: &Value) -> Answer {
    let session = named(endpoint, input, "SessionId")?;
    let code = text(input, "Code")?;
    endpoint.host.mount(conf::buckets(code)).await?;
    session.run(code)
}

fn number(input: &Value) -> Result<u64, Refusal> {
    input
        .get("Id")
        .and_then(Value::as_u64)
        .ok_or_else(|| Refusal::invalid("`Id` is missing."))
}

async fn statement(endpoint: &Endpoint, input: &Value) -> Answer {
    let session = named(endpoint, input, "SessionId")?;
    let statement = session.statement(number(input)?).await?;
    Ok(json!({"Statement": statement}))
}

fn statements(endpoint: &Endpoint, input: &Value) -> Answer {
    let all = named(endpoint, input, "SessionId")?.statements();
    page(input, "Statements", all)
}

fn cancel(endpoint: &Endpoint, input: &Value) -> Answer {
    let session = named(endpoint, input, "SessionId")?;
    session.cancel(number(input)?)
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::time::Duration;

    use serde_json::json;

    use super::{imports, spec};

    #[test]
    fn what_cannot_be_had_is_refused() {
        let session = |extra: serde_json::Value| {
            let mut input = json!({"Id": "s", "Role": "r", "Command": {"Name": "glueetl"}});
            input
                .as_object_mut()
                .unwrap()
                .extend(extra.as_object().unwrap().clone());
            spec(&input, |_| (), Path::new("/d")).map_err(|refusal| refusal.kind)
        };
        let invalid = || Err("InvalidInputException".to_owned());
        assert_eq!(
            session(json!({"GlueVersion": "4.0"})).map(|spec| spec.id),
            invalid()
        );
        assert_eq!(
            session(json!({"Command": {"Name": "glueray"}})).map(|spec| spec.id),
            invalid()
        );
        assert_eq!(
            session(json!({"DefaultArguments": {"--conf": "x"}})).map(|spec| spec.id),
            invalid()
        );
        let spec = session(json!({"GlueVersion": "5.0", "IdleTimeout": 2, "DefaultArguments": {"--a": "b"}}))
            .unwrap();
        assert_eq!(spec.idle, Duration::from_mins(2));
        assert_eq!(spec.argv, ["--SESSION_ID", "s", "--a", "b"]);
    }

    #[test]
    fn imports_stay_in_the_folder() {
        let found = imports("s3://b/a.zip, s3://b/../../x.py,plain", Path::new("/d"));
        assert_eq!(found, ["/d/s3/b/a.zip"]);
    }
}
