//! `--from-editor`: what an editor has open and not saved counts, and the end of what it says cancels.
//!
//! The first line of standard input is `{"texts": {"<absolute path>": "<text>"}}`. Whatever follows, its end above all, cancels as
//! Ctrl-C does: an editor that dies leaves nothing running.

use std::collections::BTreeMap;
use std::io::{self, BufRead, Read};
use std::sync::Arc;

use glueline_base::{Overlay, System, Utf8Path};
use serde::Deserialize;

use crate::exit::Failure;

/// The texts of an editor may be this long, in bytes.
const LONGEST: u64 = 1 << 30;

/// The first line.
#[derive(Debug, Deserialize)]
struct First {
    texts: BTreeMap<String, String>,
}

/// The files, with what the editor has not saved over them where it asks.
pub(crate) fn files(is_asked: bool, system: &Arc<dyn System>) -> Result<Arc<dyn System>, Failure> {
    if !is_asked {
        return Ok(Arc::clone(system));
    }
    let mut input = io::BufReader::new(io::stdin());
    let files = over(&mut input, system)?;
    let cancel = crate::interrupt::cancel();
    let listen = move || {
        // A byte, the end and a fault mean the same.
        let _ = input.read(&mut [0]);
        cancel.cancel();
    };
    std::thread::Builder::new()
        .name("editor".to_owned())
        .spawn(listen)
        .map_err(|error| Failure::Failed(format!("cannot listen to the editor: {error}")))?;
    Ok(files)
}

/// The files, with the texts of the first line over them.
fn over(input: &mut impl BufRead, system: &Arc<dyn System>) -> Result<Arc<dyn System>, Failure> {
    let usage = |why: String| Failure::Usage(format!("--from-editor: {why}"));
    let mut line = Vec::new();
    input
        .take(LONGEST)
        .read_until(b'\n', &mut line)
        .map_err(|error| usage(format!("standard input cannot be read: {error}")))?;
    let first: First = serde_json::from_slice(&line).map_err(|error| {
        // The words of the error may hold a piece of a text.
        usage(format!(
            "the first line of standard input is not what it should be, at column {}",
            error.column()
        ))
    })?;
    let mut files = Overlay::new(Arc::clone(system));
    for (path, text) in first.texts {
        files.set(Utf8Path::new(&path), Some(text.into()));
    }
    Ok(Arc::new(files))
}

#[cfg(test)]
mod tests {
    use glueline_base::MemSystem;

    use super::*;

    #[test]
    fn texts_of_the_first_line_lie_over_the_files() {
        let mut disk = MemSystem::new();
        disk.write("/w/a.sql", "saved");
        let disk: Arc<dyn System> = Arc::new(disk);
        let mut input = &b"{\"texts\": {\"/w/b.sql\": \"typed\"}}\nmore"[..];
        let files = over(&mut input, &disk).unwrap();
        assert_eq!(files.read("/w/a.sql".into()).unwrap(), b"saved");
        assert_eq!(files.read("/w/b.sql".into()).unwrap(), b"typed");
        assert_eq!(input, b"more");
    }

    #[test]
    fn a_first_line_that_is_none_is_refused_without_its_text() {
        let disk: Arc<dyn System> = Arc::new(MemSystem::new());
        for text in [
            "",
            "hunter2\n",
            "{}\n",
            "{\"texts\": {\"/a\": {\"hunter2\": 1}}}\n",
        ] {
            let said = over(&mut text.as_bytes(), &disk).unwrap_err().message().unwrap();
            assert!(
                said.starts_with("--from-editor: ") && !said.contains("hunter2"),
                "{said}"
            );
        }
    }
}
