//! `glueline catalog pull`: what AWS says, as a file for `--catalog`.

use std::sync::Arc;

use glueline_base::{Utf8Path, Utf8PathBuf};
use glueline_render::Renderer;
use serde_json::json;

use super::args::PullArgs;
use super::{ask, remark};
use crate::args::{Output, TalkArgs};
use crate::below_target::write_one;
use crate::compile::{Opened, Surroundings, open, renderer_settings};
use crate::engine::{self, Request};
use crate::exit::{Exit, Failure};
use crate::report::{clean, counted};
use crate::streams::Streams;

/// Where it is written, relative to the project, unless somebody says otherwise.
const FILE: &str = "target/glueline/catalog.json";

/// Reads the catalog and writes it down.
pub(super) fn pull(
    args: &PullArgs,
    talk: &TalkArgs,
    around: Surroundings<'_>,
    streams: &mut Streams<'_>,
) -> Result<Exit, Failure> {
    if args.project.catalog.is_some() {
        return Err(Failure::Usage(
            "`catalog pull` reads AWS: --catalog says nothing here; --to says where it is written".to_owned(),
        ));
    }
    let files = crate::from_editor::files(args.from_editor, around.system)?;
    let around = Surroundings {
        system: &files,
        ..around
    };
    let opened = match open(&args.project, &args.selection, talk, around, streams)? {
        Ok(opened) => opened,
        Err(exit) => return Ok(exit),
    };
    let request = Request {
        project_dir: &opened.directory,
        settings: &opened.settings,
        selection: &args.selection,
    };
    let system = &**around.system;
    let project = Arc::new(engine::load_project(system, &request)?);
    let mut unmatched = Vec::new();
    let chosen = engine::select(system, &request, &project, &mut unmatched)?;
    let renderer = Renderer::new(project, renderer_settings(around.system, None));
    let quiet = opened.settings.quiet.value;
    let (mut pulled, region) = ask(&renderer, chosen.as_deref(), quiet, streams)?;
    pulled.remarks.extend(unmatched);
    if crate::interrupt::cancel().is_cancelled() {
        return Err(Failure::Interrupted(
            "interrupted: nothing was written".to_owned(),
        ));
    }
    let place = Place::of(args, &opened, around);
    let text = format!("{:#}\n", pulled.document);
    write_one(&place.directory, &place.path, &text)
        .map_err(|error| Failure::Failed(format!("cannot write {}: {error}", clean(&place.shown))))?;
    remark(&pulled, streams)?;
    for name in &pulled.absent {
        writeln!(streams.err, "note: there is no database `{}` yet", clean(name))?;
    }
    match args.output {
        Output::Text => writeln!(
            streams.out,
            "{}: {} in {} of {}",
            clean(&place.shown),
            counted(pulled.tables, "table"),
            counted(pulled.databases, "database"),
            clean(&region)
        )?,
        Output::Json => {
            let document = json!({
                "schema": "glueline-catalog-pull/1",
                "path": place.shown,
                "region": region,
                "account": pulled.document.get("account"),
                "databases": pulled.databases,
                "tables": pulled.tables,
                "absent": pulled.absent,
                "remarks": pulled.remarks,
            });
            serde_json::to_writer_pretty(&mut *streams.out, &document).map_err(std::io::Error::from)?;
            writeln!(streams.out)?;
        }
    }
    Ok(Exit::Success)
}

/// Where the file goes.
struct Place {
    /// A directory that has to be there, from the root of the file system.
    directory: Utf8PathBuf,
    /// The path from there.
    path: Utf8PathBuf,
    /// The path as it is shown.
    shown: String,
}

impl Place {
    fn of(args: &PullArgs, opened: &Opened, around: Surroundings<'_>) -> Self {
        let Some(to) = &args.to else {
            return Self {
                directory: opened.directory.clone(),
                path: FILE.into(),
                shown: format!("{}{FILE}", opened.prefix),
            };
        };
        let whole = around.current_dir.join(to);
        Self {
            directory: whole.parent().unwrap_or(Utf8Path::new("/")).to_owned(),
            path: whole.file_name().unwrap_or_default().into(),
            shown: to.to_string(),
        }
    }
}
