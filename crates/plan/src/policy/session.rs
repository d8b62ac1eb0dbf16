//! What the profile asks of a session, as far as IAM is concerned (`dbt/adapters/glue/gluedbapi/connection.py`).

use std::collections::BTreeMap;

use glueline_base::Value;
use glueline_project::{Target, conf};

/// What the profile says.
#[derive(Debug, Clone, Default)]
pub(super) struct Session {
    /// `aws`, `aws-cn`, `aws-us-gov`.
    pub(super) partition: String,
    /// The account of the role.
    pub(super) account: Option<String>,
    /// `region`.
    pub(super) region: Option<String>,
    /// `role_arn`.
    pub(super) role: Option<String>,
    /// `location`.
    pub(super) location: Option<String>,
    /// The settings of Spark in `conf`.
    pub(super) conf: BTreeMap<String, String>,
    /// `default_arguments`.
    pub(super) arguments: BTreeMap<String, String>,
    /// `connections`.
    pub(super) connections: Vec<String>,
    /// `extra_jars` and `extra_py_files`.
    pub(super) files: Vec<String>,
    /// `security_configuration`.
    pub(super) security: Option<String>,
    /// `glue_session_id`, where every session has it.
    pub(super) id: Option<String>,
    /// Whether sessions get tags.
    pub(super) has_tags: bool,
    /// `use_interactive_session_role_for_api_calls`.
    pub(super) calls_as_role: bool,
    /// `use_arrow`.
    pub(super) arrow: bool,
}

impl Session {
    /// Reads an output of the profile.
    pub(super) fn new(target: Option<&Target>) -> Self {
        let text = |key: &str| {
            let found = target.and_then(|target| target.text(key));
            found
                .map(str::trim)
                .filter(|text| !text.is_empty())
                .map(str::to_owned)
        };
        let flag =
            |key: &str| target.and_then(|target| target.get(key)).and_then(Value::as_bool) == Some(true);
        let list = |key: &str| -> Vec<String> {
            let text = text(key).unwrap_or_default();
            let pieces = text.split(',').map(str::trim).filter(|piece| !piece.is_empty());
            pieces.map(str::to_owned).collect()
        };
        let role = text("role_arn");
        let part = |index: usize| {
            let part = role.as_deref()?.split(':').nth(index)?;
            (!part.is_empty()).then(|| part.to_owned())
        };
        let id = text("glue_session_id").filter(|_| !flag("enable_session_per_model"));
        let mut files = list("extra_jars");
        files.extend(list("extra_py_files"));
        Self {
            partition: part(1).unwrap_or_else(|| "aws".to_owned()),
            account: part(4).filter(|account| account.chars().all(|c| c.is_ascii_digit())),
            region: text("region"),
            location: text("location"),
            conf: settings(&text("conf").unwrap_or_default()),
            arguments: arguments(&text("default_arguments").unwrap_or_default()),
            connections: list("connections"),
            files,
            security: text("security_configuration"),
            id,
            has_tags: text("tags").is_some(),
            calls_as_role: role.is_some() && flag("use_interactive_session_role_for_api_calls"),
            arrow: flag("use_arrow"),
            role,
        }
    }

    /// The catalogs that `conf` declares.
    pub(super) fn catalogs(&self) -> impl Iterator<Item = &str> {
        let names = self.conf.keys().filter_map(|key| key.strip_prefix(CATALOG));
        names.filter(|name| !name.is_empty() && !name.contains('.'))
    }

    /// A setting of a catalog: `warehouse`.
    pub(super) fn of_catalog(&self, catalog: &str, key: &str) -> Option<&str> {
        self.conf
            .get(&format!("{CATALOG}{catalog}.{key}"))
            .map(String::as_str)
    }

    /// The tables in which Iceberg's catalogs keep their locks.
    pub(super) fn lock_tables(&self) -> Vec<&str> {
        let has_lock = |catalog: &&str| {
            self.of_catalog(catalog, "lock-impl")
                .is_some_and(|class| class.to_ascii_lowercase().contains("dynamo"))
        };
        let catalogs = self.catalogs().filter(has_lock);
        catalogs
            .filter_map(|catalog| self.of_catalog(catalog, "lock.table"))
            .collect()
    }

    /// Whether an argument of the job is on: those of monitoring are by any value but `false`.
    pub(super) fn is_on(&self, argument: &str) -> bool {
        self.arguments
            .get(argument)
            .is_some_and(|value| !value.eq_ignore_ascii_case("false"))
    }
}

const CATALOG: &str = "spark.sql.catalog.";

/// The settings of `conf` that have a value; the later of two counts.
fn settings(conf: &str) -> BTreeMap<String, String> {
    conf::settings(conf)
        .filter_map(|setting| Some((setting.key.trim().to_owned(), setting.value?.trim().to_owned())))
        .collect()
}

/// The pairs of `default_arguments`, which the adapter takes the blanks out of.
fn arguments(text: &str) -> BTreeMap<String, String> {
    let text = text.replace(' ', "");
    let pairs = text.split(',').filter_map(|pair| pair.split_once('='));
    pairs
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conf_and_arguments_are_read() {
        let conf = settings("--conf a=1 \n --conf b = x y --conf c --conf a=2");
        let pairs: Vec<_> = conf.iter().map(|(key, value)| (&**key, &**value)).collect();
        assert_eq!(pairs, [("a", "2"), ("b", "x y")]);
        let arguments = arguments("--a=true, --b=s3://x/y,--c");
        let pairs: Vec<_> = arguments.iter().map(|(key, value)| (&**key, &**value)).collect();
        assert_eq!(pairs, [("--a", "true"), ("--b", "s3://x/y")]);
    }
}
