//! What a target says of its session.

use std::sync::Arc;
use std::time::Duration;

use glueline_base::{System, Value};
use glueline_catalog::profile_key;
use glueline_glue::{Caller, Kind, NewSession, Process, Settings as AwsSettings, Wanted, digest};
use glueline_project::Project;
use glueline_render::Renderer;

use super::names::Names;
use crate::compile::{must_have_target, renderer_settings};
use crate::exit::Failure;

/// The target, as far as its session goes.
pub(crate) struct Target {
    /// What its session is written down under.
    pub(crate) key: String,
    /// How AWS is called for it.
    pub(crate) aws: AwsSettings,
    /// What its session is made with; what keeps it from being made where that cannot be.
    pub(crate) new: Result<(NewSession, String), String>,
    /// Whether its id is fixed, and dbt-glue uses it, too.
    pub(crate) is_shared: bool,
    /// What the ids begin with that Glueline gives.
    pub(crate) prefix: String,
    /// How long it may take until it is ready.
    pub(crate) patience: Duration,
}

impl Target {
    pub(crate) fn of(project: &Arc<Project>, system: &Arc<dyn System>) -> Result<Self, Failure> {
        must_have_target(project)?;
        let (Some(profile), Some(target)) = (project.profile().profile(), project.target()) else {
            return Err(Failure::Usage("there is no target".to_owned()));
        };
        let key = key(&profile.name.value, &target.name.value);
        if !target.is_glue() {
            let adapter = target.adapter().unwrap_or("none");
            return Err(Failure::Usage(format!(
                "the target {key} is of type `{adapter}`, and only those of type `glue` have sessions"
            )));
        }
        let names = Names::new(&project.root().name, &target.name.value, &**system);
        let renderer = Renderer::new(project.clone(), renderer_settings(system, None));
        let opened = renderer.profile_session();
        let fixed = opened.as_ref().ok().and_then(|opened| opened.fixed_id());
        let is_shared = fixed.is_some();
        let id = fixed.map_or_else(|| names.id(&crate::compile::id()), str::to_owned);
        let new = opened
            .map_err(|error| error.message().to_owned())
            .and_then(|opened| {
                let new = NewSession::read(&opened.create).map_err(|error| error.to_string())?;
                let new = NewSession {
                    id,
                    origin: "glueline".to_owned(),
                    ..new
                };
                Ok((new, digest(&opened.create)))
            });
        Ok(Self {
            key,
            aws: aws_settings(target),
            new,
            is_shared,
            prefix: names.prefix(),
            patience: patience(target),
        })
    }
}

impl Target {
    /// The session that is asked for, in a region; whose credentials these are is asked where there can be one.
    pub(crate) fn wanted(&self, region: &str, caller: &Caller<'_>) -> Result<Wanted, Failure> {
        let (new, digest) = match &self.new {
            Ok((new, digest)) => (new.clone(), digest.clone()),
            Err(why) => {
                let key = &self.key;
                return Err(Failure::Usage(format!(
                    "a session of {key} cannot be made: {why}"
                )));
            }
        };
        Ok(Wanted {
            key: self.key.clone(),
            new,
            digest,
            is_shared: self.is_shared,
            prefix: self.prefix.clone(),
            region: region.to_owned(),
            account: account(caller)?,
            patience: self.patience,
            process: Process {
                pid: std::process::id(),
                started: caller.clock.now(),
            },
        })
    }
}

/// What the session of a target is written down under.
pub(super) fn key(profile: &str, target: &str) -> String {
    format!("{profile}.{target}")
}

/// Whose credentials these are. Not to be told is no reason to stop, and to have none is.
fn account(caller: &Caller<'_>) -> Result<Option<String>, Failure> {
    match caller.caller() {
        Ok(identity) => Ok(Some(identity.account)),
        Err(error) => match error.kind {
            Kind::NoCredentials | Kind::Expired | Kind::Credentials | Kind::Skew => Err(error.into()),
            _ => Ok(None),
        },
    }
}

/// How dbt-glue calls AWS for a target: where, and as whom.
pub(crate) fn aws_settings(target: &glueline_project::Target) -> AwsSettings {
    const KEY: &str = "use_interactive_session_role_for_api_calls";
    let is_wanted = target.get(KEY).and_then(Value::truthy) == Some(true);
    AwsSettings {
        catalog_role: target.text("role_arn").filter(|_| is_wanted).map(str::to_owned),
        ..AwsSettings::new(target.text("region").map(str::to_owned))
    }
}

/// How long a session may take until it is ready.
fn patience(target: &glueline_project::Target) -> Duration {
    const KEY: &str = "session_provisioning_timeout_in_seconds";
    let given = target.get(KEY).and_then(Value::as_int);
    let default = || profile_key(KEY).and_then(|key| key.default.parse().ok());
    let seconds = given
        .and_then(|seconds| u64::try_from(seconds).ok())
        .or_else(default);
    Duration::from_secs(seconds.unwrap_or_default())
}
