//! `profile-not-found`.

use glueline_base::{Diagnostic, FileRange, Fix, Severity, nearest};
use glueline_project::ProfileState;

use crate::context::ProjectCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "profile-not-found",
    Fails,
    Error,
    "profile_not_found.md",
    Check::Project(check), Profile: "DbtProjectError"
);

fn check(cx: &ProjectCx<'_>, sink: &mut Sink) {
    let file = cx.project.project_file();
    let named = file.profile.as_ref();
    let at = named.map_or(
        FileRange {
            file: file.file,
            range: glueline_base::range(0, 0),
        },
        |name| name.in_file(file.file),
    );
    match cx.project.profile() {
        ProfileState::Found(_) => {}
        ProfileState::NotNamed => {
            let message = "`dbt_project.yml` names no `profile`, so dbt does not know what to connect to. Add \
                           `profile: NAME`, with a name that `profiles.yml` has.";
            sink.push(Diagnostic::new(&RULE.meta, at, message));
        }
        ProfileState::NoFile => {
            let message = "There is no `profiles.yml` here: dbt looks in `--profiles-dir`, in `DBT_PROFILES_DIR`, \
                           beside `dbt_project.yml` and in `~/.dbt`. Nothing that depends on the profile is checked.";
            // Where dbt is run there may be one.
            sink.push(Diagnostic::new(&RULE.meta, at, message).severity(Severity::Warning));
        }
        ProfileState::NotInFile { wanted, .. } if wanted.is_empty() => {}
        ProfileState::NotInFile {
            file: profiles,
            wanted,
            found,
        } => {
            let has = if found.is_empty() {
                "it has none".to_owned()
            } else {
                format!("it has {}", super::list(found.iter().map(String::as_str)))
            };
            let path = &cx.project.files().source(*profiles).path;
            let message = format!(
                "`{path}` has no profile `{wanted}`: {has}. dbt stops with `Could not find profile named '{wanted}'`."
            );
            let mut diagnostic = Diagnostic::new(&RULE.meta, at, message).words(format!(
                "Runtime Error\n  Could not find profile named '{wanted}'"
            ));
            if let Some(name) = named.filter(|name| *name.value == **wanted)
                && let Some(near) = nearest(wanted, found.iter().map(String::as_str))
                && glueline_base::slice(cx.project.files().text(file.file), name.range) == wanted
            {
                diagnostic = diagnostic.fix(Fix::safe(format!("Write `{near}`")).replace(at, near));
            }
            sink.push(diagnostic);
        }
    }
}
