//! Where the release of dbt-glue may be found: directories, files, virtual environments.

use glueline_base::{FileKind, System, Utf8Path, Utf8PathBuf};
use glueline_catalog::AdapterVersion;

use super::Told;

/// Larger files are not looked into: no lock file is that long.
const LARGEST: u64 = 64 << 20;

/// Directories above a project that are looked into at most.
const HIGHEST: usize = 32;

/// The project's directory and those above it up to the root of the repository, the nearest first; without a repository, the
/// directory above it.
pub(super) fn upwards(system: &dyn System, root: &Utf8Path) -> Vec<Utf8PathBuf> {
    let root = system.canonical(root).unwrap_or_else(|_| root.to_owned());
    let all: Vec<Utf8PathBuf> = root.ancestors().take(HIGHEST).map(Utf8Path::to_owned).collect();
    let top = all
        .iter()
        .position(|directory| system.kind(&directory.join(".git")).is_some());
    let count = top.map_or(2, |top| top + 1);
    all.into_iter().take(count).collect()
}

/// The lock files of a directory.
pub(super) fn locks(_: &dyn System, directory: &Utf8Path) -> Vec<Utf8PathBuf> {
    const NAMES: [&str; 6] = [
        "uv.lock",
        "poetry.lock",
        "pdm.lock",
        "pylock.toml",
        "Pipfile.lock",
        "requirements.lock",
    ];
    NAMES.map(|name| directory.join(name)).into()
}

/// The files of a directory that say what is required: those with the most exact words first.
pub(super) fn requirements(system: &dyn System, directory: &Utf8Path) -> Vec<Utf8PathBuf> {
    let is_list = |name: &str| {
        let is_named = name.starts_with("requirements") || name.starts_with("constraints");
        is_named && Utf8Path::new(name).extension() == Some("txt")
    };
    let texts = |directory: &Utf8Path, all: bool| -> Vec<Utf8PathBuf> {
        let entries = system.read_dir(directory).unwrap_or_default();
        let is_text = |name: &str| all && Utf8Path::new(name).extension() == Some("txt");
        let wanted = entries
            .into_iter()
            .filter(|entry| is_list(&entry.name) || is_text(&entry.name));
        wanted.map(|entry| directory.join(entry.name)).collect()
    };
    let mut paths = texts(directory, false);
    paths.extend(texts(&directory.join("requirements"), true));
    paths.extend(["pyproject.toml", "Pipfile", "setup.cfg", "setup.py"].map(|name| directory.join(name)));
    paths
}

/// The first file of these directories that tells of a release.
pub(super) fn in_files(
    system: &dyn System,
    directories: &[Utf8PathBuf],
    files: fn(&dyn System, &Utf8Path) -> Vec<Utf8PathBuf>,
    read: fn(&Utf8Path, &str) -> Option<Told>,
) -> Option<(Utf8PathBuf, Told)> {
    let paths = directories.iter().flat_map(|directory| files(system, directory));
    paths.into_iter().find_map(|path| {
        match system.kind(&path) {
            Some(FileKind::File(length)) if length <= LARGEST => {}
            _ => return None,
        }
        let bytes = system.read(&path).ok()?;
        let told = read(&path, &String::from_utf8_lossy(&bytes))?;
        Some((path, told))
    })
}

/// The virtual environment that is active, or that stands beside the project, where dbt-glue is installed in it: its directory and the
/// releases of dbt-glue and dbt-core.
pub(super) fn installed(
    system: &dyn System,
    directories: &[Utf8PathBuf],
) -> Option<(Utf8PathBuf, AdapterVersion, Option<String>)> {
    let active = system.env_var("VIRTUAL_ENV").filter(|path| !path.is_empty());
    let beside = directories
        .iter()
        .flat_map(|directory| [".venv", "venv"].map(|name| directory.join(name)));
    let mut environments = active.map(Utf8PathBuf::from).into_iter().chain(beside);
    environments.find_map(|environment| {
        let (_, packages) = packages(system, &environment)?;
        let version = AdapterVersion::parse(release_of(&packages, "dbt-glue")?)?;
        let dbt_core = release_of(&packages, "dbt-core").map(str::to_owned);
        Some((environment, version, dbt_core))
    })
}

/// The directory where an environment keeps its packages, and the names in it.
pub(super) fn packages(system: &dyn System, environment: &Utf8Path) -> Option<(Utf8PathBuf, Vec<String>)> {
    let windows = environment.join("Lib/site-packages");
    let pythons = system.read_dir(&environment.join("lib")).unwrap_or_default();
    let pythons = pythons
        .into_iter()
        .filter(|entry| entry.name.starts_with("python"));
    let unix = pythons.map(|entry| environment.join("lib").join(entry.name).join("site-packages"));
    let (path, entries) = unix.chain([windows]).find_map(|path| {
        let entries = system
            .read_dir(&path)
            .ok()
            .filter(|entries| !entries.is_empty())?;
        Some((path, entries))
    })?;
    let names = entries.into_iter().map(|entry| entry.name).collect();
    Some((path, names))
}

/// The release in the name of a package's `dist-info` or `egg-info`.
fn release_of<'a>(packages: &'a [String], name: &str) -> Option<&'a str> {
    packages.iter().find_map(|package| {
        let stem = package
            .strip_suffix(".dist-info")
            .or_else(|| package.strip_suffix(".egg-info"))?;
        let (package, release) = stem.split_once('-')?;
        let is_it = package.to_ascii_lowercase().replace(['_', '.'], "-") == name;
        is_it.then(|| release.split('-').next().unwrap_or(release))
    })
}
