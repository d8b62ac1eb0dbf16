//! `jar-for-other-glue`.

use glueline_base::Diagnostic;
use glueline_catalog::{DELTA_JARS, GlueVersion};

use super::output;
use super::pairs;
use super::scalar::Scalar;
use crate::context::TargetCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "jar-for-other-glue",
    Fails,
    Warning,
    "jar_for_other_glue.md",
    Check::Target(check)
);

fn check(cx: &TargetCx<'_>, sink: &mut Sink) {
    let Some(glue) = output::glue_version(cx) else {
        return;
    };
    for key in ["extra_jars", "extra_py_files"] {
        let Some(list) = Scalar::of(cx, key) else { continue };
        for piece in pairs::pairs(list.text).take(super::MOST_FINDINGS) {
            let Some(other) = made_for(piece.text.trim(), glue) else {
                continue;
            };
            let message = format!(
                "This jar is made for {other}, and the session runs Glue {glue} with Spark {}: its classes do not fit. \
                 For Delta, Hudi and Iceberg, `datalake_formats` brings the right one.",
                glue.runtime().spark
            );
            let at = list.place(piece.trimmed_range());
            cx.report(sink, Diagnostic::new(&RULE.meta, at, message));
        }
    }
}

/// What a jar is made for, where its name says so and it is something else than this release.
fn made_for(path: &str, glue: GlueVersion) -> Option<String> {
    let file = path.rsplit('/').next()?;
    if !file
        .rsplit_once('.')
        .is_some_and(|(_, ending)| ending.eq_ignore_ascii_case("jar"))
    {
        return None;
    }
    if let Some(jar) = DELTA_JARS.iter().find(|jar| jar.file == file) {
        return (jar.glue != glue).then(|| format!("Glue {}", jar.glue));
    }
    let spark = spark_version(file)?;
    let own = glue.runtime().spark;
    let fits = own.strip_prefix(spark).is_some_and(|rest| rest.starts_with('.'));
    (!fits).then(|| format!("Spark {spark}"))
}

/// The `3.5` of `iceberg-spark-runtime-3.5_2.12-1.7.0.jar` and `hudi-spark3.5-bundle_2.12-1.0.jar`.
fn spark_version(file: &str) -> Option<&str> {
    let marks = ["spark-runtime-", "-spark-", "-spark"];
    marks.iter().find_map(|mark| {
        let (_, rest) = file.split_once(mark)?;
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (version, behind) = rest.split_at_checked(end)?;
        let (major, minor) = version.split_once('.')?;
        let plain = major.len() == 1 && !minor.is_empty() && !minor.contains('.');
        (plain && behind.starts_with(['_', '-'])).then_some(version)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_in_names() {
        for (file, version) in [
            ("iceberg-spark-runtime-3.3_2.12-1.2.0.jar", Some("3.3")),
            ("hudi-spark3.5-bundle_2.12-1.0.jar", Some("3.5")),
            ("spark-avro_2.12-3.3.0.jar", None),
            ("my-spark-helpers-1.0.jar", None),
            ("delta-spark_2.12-3.3.0.jar", None),
            ("-spark3.", None),
        ] {
            assert_eq!(spark_version(file), version, "{file}");
        }
        assert!(
            made_for(
                "s3://b/iceberg-spark-runtime-3.3_2.12-1.2.0.jar",
                GlueVersion::V5_0
            )
            .is_some()
        );
        assert!(
            made_for(
                "s3://b/iceberg-spark-runtime-3.5_2.12-1.7.0.jar",
                GlueVersion::V5_0
            )
            .is_none()
        );
        assert!(made_for("delta-core_2.12-2.1.0.jar", GlueVersion::V4_0).is_none());
        assert!(made_for("delta-core_2.12-2.1.0.jar", GlueVersion::V5_0).is_some());
    }
}
