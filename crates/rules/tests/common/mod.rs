//! The project that a page's files are put into.

use std::sync::Arc;

use glueline_base::{MemSystem, System};
use glueline_project::{LoadOptions, Project, load};
use glueline_render::{Renderer, Settings};
use glueline_rules::page::PageProject;

const PROJECT: &str = "name: shop\nversion: '1.0.0'\nprofile: shop\n";

/// A profile that is right for every format.
const PROFILES: &str = include_str!("profiles.yml");

/// The files of a page's project, and those that it does not give.
pub(crate) fn system(page: &PageProject) -> MemSystem {
    let mut system = MemSystem::new();
    system.write("p/dbt_project.yml", PROJECT);
    system.write("p/profiles.yml", PROFILES);
    for file in &page.files {
        system.write(format!("p/{}", file.path), file.text.clone());
    }
    system
}

/// The project that the files make, with `catalog.json` as the catalog where it is there.
pub(crate) fn project(system: &MemSystem) -> Result<Renderer, String> {
    let mut options = LoadOptions::new("p");
    if let Ok(state) = system.read("p/catalog.json".into()) {
        let text = String::from_utf8(state).map_err(|error| error.to_string())?;
        options.state = Some(glueline_project::CatalogState::read(&text)?);
    }
    let project: Project = load(system, &options).map_err(|error| error.to_string())?;
    Ok(Renderer::new(
        Arc::new(project),
        Settings::new(Arc::new(system.clone())),
    ))
}
