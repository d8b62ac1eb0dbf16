//! Files that are read before the others, because they say where those are.

use std::sync::Arc;

use glueline_base::{
    FileId, FileKind as EntryKind, Source, Spanned, System, Utf8Path, Utf8PathBuf, Value, range,
};

use crate::facts::{self, FileFacts, YamlKind};
use crate::files::{self, FileKind, FoundFile, ReadFault};
use crate::load::LoadError;

/// Stands for the project file until files are numbered.
pub(crate) const NUMBERED_LATER: FileId = FileId(u32::MAX);
/// Stands for `profiles.yml` until files are numbered.
pub(crate) const PROFILES: FileId = FileId(u32::MAX - 1);

/// A file that was read before the others, because it says where they are.
pub(crate) struct Early {
    pub(crate) found: FoundFile,
    pub(crate) source: Source,
    pub(crate) facts: FileFacts,
    pub(crate) fault: Option<ReadFault>,
}

/// Reads `dbt_project.yml` of the root.
pub(crate) fn root_file(
    system: &dyn System,
    root: &Utf8Path,
    early: &mut Vec<Early>,
) -> Result<Spanned<Value>, LoadError> {
    let path = root.join("dbt_project.yml");
    match system.kind(&path) {
        Some(EntryKind::File(_)) => {}
        Some(_) => return Err(LoadError::Unreadable(path, "it is no file".to_owned())),
        None => return Err(LoadError::NoProject(root.to_owned())),
    }
    let bytes = system
        .read(&path)
        .map_err(|error| LoadError::Unreadable(path, files::error_text(&error)))?;
    let file = early_bytes(root, "dbt_project.yml".into(), FileKind::ProjectFile, bytes, true);
    let value = file.facts.yaml().map(|facts| facts.value.clone());
    early.push(file);
    Ok(value.unwrap_or(Spanned::new(Value::Null, range(0, 0))))
}

/// Reads a YAML file of the root, if it is there.
pub(crate) fn yaml_file(system: &dyn System, root: &Utf8Path, name: &str, kind: FileKind) -> Option<Early> {
    early_read(system, root, name.into(), kind, true)
}

/// Reads another file of the root, if it is there.
pub(crate) fn early_file(system: &dyn System, root: &Utf8Path, name: &str, kind: FileKind) -> Option<Early> {
    early_read(system, root, name.into(), kind, false)
}

/// Reads a file of a directory, if it is there; one that cannot be read is there and empty.
pub(crate) fn early_read(
    system: &dyn System,
    directory: &Utf8Path,
    shown: Utf8PathBuf,
    kind: FileKind,
    yaml: bool,
) -> Option<Early> {
    let path = directory.join(shown.file_name()?);
    match system.read(&path) {
        Ok(bytes) => Some(early_bytes(directory, shown, kind, bytes, yaml)),
        Err(_) if system.kind(&path).is_none() => None,
        Err(error) => {
            let mut file = early_bytes(directory, shown, kind, Vec::new(), yaml);
            file.fault = Some(ReadFault::Io(files::error_text(&error)));
            Some(file)
        }
    }
}

pub(crate) fn early_bytes(
    root: &Utf8Path,
    shown: Utf8PathBuf,
    kind: FileKind,
    bytes: Vec<u8>,
    yaml: bool,
) -> Early {
    let size = bytes.len() as u64;
    let absolute = root.join(shown.file_name().unwrap_or_default());
    let source = Source::decode(shown.clone(), bytes);
    let yaml_kind = if kind == FileKind::Profiles {
        YamlKind::Profiles
    } else {
        YamlKind::Stripped
    };
    let facts = if yaml {
        FileFacts::Yaml(Arc::new(facts::read_yaml(&source.text, yaml_kind)))
    } else {
        FileFacts::None
    };
    let found = FoundFile {
        absolute,
        below: shown.clone(),
        original: shown.clone(),
        shown,
        kind,
        package: 0,
        size,
    };
    Early {
        found,
        source,
        facts,
        fault: None,
    }
}
