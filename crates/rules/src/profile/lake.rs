//! What `conf` has to say for the lake formats.

use glueline_base::{Diagnostic, FileRange, Fix, RuleMeta};
use glueline_catalog::{ConfNeed, ConfValue, FileFormat, GlueVersion, class_near_miss, conf_needs};
use glueline_project::conf::{self, Setting};

use super::output;
use super::pairs::pairs;
use super::scalar::Scalar;
use crate::context::TargetCx;
use crate::rule::Sink;

/// The words of `datalake_formats`.
pub(crate) fn words() -> impl Iterator<Item = &'static str> + Clone {
    // S3 tables are Iceberg's.
    FileFormat::ALL
        .iter()
        .filter(|format| **format != FileFormat::S3tables)
        .filter_map(|format| format.datalake_format())
}

/// `conf` as far as it is known.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Conf<'a> {
    /// The value; `None` where the key is absent or null.
    pub(crate) scalar: Option<Scalar<'a>>,
    /// Its text, empty where there is none.
    pub(crate) text: &'a str,
}

impl<'a> Conf<'a> {
    /// Reads `conf`; `None` where it, or what else might set it, is not known.
    pub(crate) fn of(cx: &TargetCx<'a>) -> Option<Self> {
        let text = cx.target.spark_conf()?;
        let scalar = Scalar::of(cx, "conf");
        Some(Self { scalar, text })
    }

    /// The settings, in the order written.
    pub(crate) fn settings(&self) -> impl Iterator<Item = Setting<'a>> + use<'a> {
        conf::settings(self.text)
    }

    /// The setting of a key that counts.
    pub(crate) fn setting(&self, key: &str) -> Option<Setting<'a>> {
        conf::setting(self.text, key)
    }

    /// The settings that declare a catalog of Iceberg.
    pub(crate) fn iceberg_catalogs(&self) -> impl Iterator<Item = (&'a str, Setting<'a>)> + use<'a> {
        let declares = |setting: &Setting<'_>| {
            conf_needs(FileFormat::Iceberg, GlueVersion::DEFAULT)
                .any(|need| need.key == "spark.sql.catalog.{catalog}" && need.value.accepts(setting.text()))
        };
        self.settings()
            .filter(declares)
            .filter_map(|setting| Some((setting.catalog()?, setting)))
    }

    /// Whether a need is met, or misspelt in a way that another rule speaks about.
    pub(crate) fn meets(&self, need: &ConfNeed, catalog: &str) -> bool {
        let Some(setting) = self.setting(&need.key_for(catalog)) else {
            return false;
        };
        let wanted = match need.value {
            ConfValue::Exactly(wanted) | ConfValue::Includes(wanted) => Some(wanted),
            ConfValue::OneOf(_) | ConfValue::Anything => None,
        };
        let nearly = || {
            setting
                .text()
                .split(',')
                .any(|class| class_near_miss(class).is_some_and(|near| Some(near) == wanted))
        };
        need.value.accepts(setting.text()) || nearly()
    }

    /// Adds settings.
    pub(crate) fn add(&self, cx: &TargetCx<'_>, new: &[(String, String)], fix: Fix) -> Option<Fix> {
        let joined: Vec<String> = new.iter().map(|(key, value)| format!("{key}={value}")).collect();
        let joined = joined.join(" --conf ");
        if self.text.trim().is_empty() {
            let line = format!("conf: {joined}");
            return if cx.target.entry("conf").is_none() {
                output::insert_line(cx, &line, fix)
            } else {
                None
            };
        }
        let end = self.text.trim_end().len();
        let last = self.text.get(..end)?.char_indices().next_back()?.0;
        let at = self.scalar?.exact(last..end)?;
        Some(fix.insert_after(at, format!(" --conf {joined}")))
    }
}

/// Reports what `conf` lacks for the nodes of a format, where nodes are written in it. Says whether it found something.
pub(crate) fn report_missing(
    cx: &TargetCx<'_>,
    sink: &mut Sink,
    rule: &RuleMeta,
    format: FileFormat,
    matters: impl Fn(&ConfNeed) -> bool,
) -> bool {
    if !cx.target.selected {
        return false;
    }
    let (Some(conf), Some(glue)) = (Conf::of(cx), output::glue_version(cx)) else {
        return false;
    };
    let catalog = output::iceberg_catalog(cx).unwrap_or_default();
    let lacks = |need: &&ConfNeed| matters(need) && !conf.meets(need, catalog);
    let missing: Vec<&ConfNeed> = conf_needs(format, glue).filter(lacks).collect();
    let Some(first) = missing.first() else {
        return false;
    };
    let Some(node) = output::writer_in(cx.project, &[format]) else {
        return false;
    };
    let names: Vec<String> = missing.iter().map(|need| shown(need, catalog)).collect();
    let message = format!(
        "The {} `{}` is written as {format}, and `conf` lacks {}. {}",
        node.kind,
        node.name,
        super::list(names.iter().map(String::as_str)),
        first.why
    );
    let settings = conf.scalar.map(|_| cx.target.key_at("conf"));
    let at = loaded_at(cx, format).or(settings).unwrap_or(cx.target.name_at());
    let mut diagnostic = Diagnostic::new(rule, at, message).related(node.at, "written in this format");
    if let Some(settings) = settings.filter(|settings| *settings != at) {
        diagnostic = diagnostic.related(settings, "the settings");
    }
    if let Some(fix) = fix(cx, &conf, &missing, catalog, format) {
        diagnostic = diagnostic.fix(fix);
    }
    cx.report(sink, diagnostic);
    true
}

/// The word of the format in `datalake_formats`: what makes the settings necessary.
fn loaded_at(cx: &TargetCx<'_>, format: FileFormat) -> Option<FileRange> {
    let formats = Scalar::of(cx, "datalake_formats")?;
    let word = pairs(formats.text).find(|piece| Some(piece.text.trim()) == format.datalake_format())?;
    Some(formats.place(word.trimmed_range()))
}

fn shown(need: &ConfNeed, catalog: &str) -> String {
    let key = need.key_for(catalog);
    need.value
        .example()
        .map_or_else(|| key.clone(), |value| format!("{key}={value}"))
}

/// Sets what is missing; a list of classes that is there already gets one more.
fn fix(
    cx: &TargetCx<'_>,
    conf: &Conf<'_>,
    missing: &[&ConfNeed],
    catalog: &str,
    format: FileFormat,
) -> Option<Fix> {
    let mut fix = Fix::needs_consent(format!("Set what {format} needs in `conf`"));
    let mut new = Vec::new();
    for need in missing {
        let key = need.key_for(catalog);
        let value = need.value.example()?;
        match (conf.setting(&key), need.value) {
            (None, _) => {
                new.push((key, value.to_owned()));
                if need.key == "spark.sql.catalog.{catalog}" {
                    new.extend(catalog_settings(cx, catalog)?);
                }
            }
            (Some(setting), ConfValue::Includes(_)) => {
                let at = conf.scalar?.exact(setting.value_range())?;
                fix = fix.insert_after(at, format!(",{value}"));
            }
            (Some(setting), _) => {
                let at = conf.scalar?.exact(setting.value_range())?;
                fix = fix.replace(at, value);
            }
        }
    }
    if new.is_empty() {
        Some(fix)
    } else {
        conf.add(cx, &new, fix)
    }
}

/// What belongs to the declaration of a new catalog; its warehouse is the profile's `location`.
fn catalog_settings(cx: &TargetCx<'_>, catalog: &str) -> Option<Vec<(String, String)>> {
    let parts = conf_needs(FileFormat::Iceberg, GlueVersion::DEFAULT)
        .filter(|need| need.key.starts_with(CATALOG_PART));
    parts
        .map(|need| Some((need.key_for(catalog), value(cx, need)?)))
        .collect()
}

/// How the keys below a catalog begin.
pub(crate) const CATALOG_PART: &str = "spark.sql.catalog.{catalog}.";

/// The value to propose for a need: its own, or for a warehouse the profile's `location`.
pub(crate) fn value(cx: &TargetCx<'_>, need: &ConfNeed) -> Option<String> {
    match need.value.example() {
        Some(value) => Some(value.to_owned()),
        None if need.key.ends_with(".warehouse") && !super::template::is_template(cx, "location") => {
            let location = cx.target.text("location")?.trim_end_matches('/');
            (location.starts_with("s3://") && !location.contains(char::is_whitespace))
                .then(|| location.to_owned())
        }
        None => None,
    }
}
