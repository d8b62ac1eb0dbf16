//! Between names of the protocol and paths.

use glueline_base::{Utf8Path, Utf8PathBuf};
use tower_lsp_server::ls_types::Uri;

/// The path that a name stands for; `None` where it is no file of this machine.
pub(crate) fn to_path(uri: &Uri) -> Option<Utf8PathBuf> {
    if !uri.scheme().as_str().eq_ignore_ascii_case("file") {
        return None;
    }
    let path = uri.to_file_path()?;
    let path = Utf8PathBuf::from_path_buf(path.into_owned()).ok()?;
    path.is_absolute().then_some(path)
}

/// The name of a file, where the client has not given it one of its own.
pub(crate) fn of_path(path: &Utf8Path) -> Option<Uri> {
    // A relative path would be looked for on the disk.
    path.is_absolute()
        .then(|| Uri::from_file_path(path.as_std_path()))?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_paths() {
        for (uri, path) in [
            ("file:///w/a.sql", Some("/w/a.sql")),
            ("file:///w/a%20b%C3%A9.sql", Some("/w/a bé.sql")),
            ("FILE:///w/a.sql", Some("/w/a.sql")),
            ("untitled:Untitled-1", None),
            ("git:/w/a.sql", None),
            ("file:", None),
        ] {
            let uri: Uri = uri.parse().unwrap();
            assert_eq!(to_path(&uri).as_deref().map(Utf8Path::as_str), path, "{uri:?}");
        }
        for path in ["/w/a b.sql", "/w/é/[x]#?.sql", "/w/100%.yml"] {
            assert_eq!(to_path(&of_path(path.into()).unwrap()).unwrap(), path);
        }
        assert_eq!(of_path("a.sql".into()), None);
    }
}
