//! `packages.yml` and `dependencies.yml`.

use crate::{KeySpec, Scope, Template, ValueType, sources};

const PACKAGE: KeySpec = KeySpec {
    scopes: &[Scope::Package],
    value: ValueType::Text,
    source: sources::PROJECT,
    ..KeySpec::PLAIN
};

pub(crate) static PACKAGES: &[KeySpec] = &[
    KeySpec {
        name: "git",
        summary: "The address of a git repository with a package",
        body: "Pin it with `revision`. A token may come from `env_var('DBT_ENV_SECRET_...')`, in `packages.yml` alone.",
        example: "git: https://example.org/team/package.git",
        secret: true,
        ..PACKAGE
    },
    KeySpec {
        name: "install_prerelease",
        value: ValueType::Bool,
        nullable: true,
        default: "false",
        summary: "Whether versions before a release count",
        body: "For packages of the hub.",
        example: "install_prerelease: true",
        ..PACKAGE
    },
    KeySpec {
        name: "local",
        summary: "The folder of a package on this machine",
        body: "Relative to the project.",
        example: "local: ../shared_macros",
        ..PACKAGE
    },
    KeySpec {
        name: "name",
        nullable: true,
        summary: "The folder that the package is installed into",
        body: "Required for `tarball`.",
        example: "name: dbt_utils",
        ..PACKAGE
    },
    KeySpec {
        name: "package",
        summary: "A package of dbt's hub: `namespace/name`",
        body: "Needs `version`.",
        example: "package: dbt-labs/dbt_utils",
        ..PACKAGE
    },
    KeySpec {
        name: "packages",
        scopes: &[Scope::PackagesFile, Scope::DependenciesFile],
        value: ValueType::Objects(Scope::Package),
        required: None,
        summary: "Packages that `dbt deps` installs",
        body: "Each has one of `package`, `git`, `local`, `tarball`, `private`. Jinja is rendered in `packages.yml` and not in \
               `dependencies.yml`.",
        example: "packages: [{package: dbt-labs/dbt_utils, version: 1.3.0}]",
        ..PACKAGE
    },
    KeySpec {
        name: "private",
        summary: "A package of dbt's hosted service: `organisation/name`",
        body: "dbt-core alone cannot fetch it.",
        example: "private: acme/macros",
        ..PACKAGE
    },
    KeySpec {
        name: "projects",
        scopes: &[Scope::DependenciesFile],
        value: ValueType::Objects(Scope::ProjectDependency),
        summary: "Other projects whose public models are used",
        body: "Read by dbt's hosted service.",
        example: "projects: [{name: core}]",
        ..PACKAGE
    },
    KeySpec {
        name: "name",
        scopes: &[Scope::ProjectDependency],
        required: Some("dbt refuses the entry"),
        template: Template::Never,
        summary: "The other project's name",
        body: "As in its `dbt_project.yml`.",
        example: "name: core",
        ..PACKAGE
    },
    KeySpec {
        name: "provider",
        nullable: true,
        allowed: &[
            "ado",
            "azure_active_directory",
            "azure_devops",
            "github",
            "gitlab",
        ],
        summary: "Where a private package lies",
        body: "Goes with `private`.",
        example: "provider: github",
        ..PACKAGE
    },
    KeySpec {
        name: "revision",
        value: ValueType::TextOrNumber,
        nullable: true,
        summary: "A tag, branch or commit",
        body: "Goes with `git` and `private`. Without it the head of the default branch is taken, with a warning.",
        example: "revision: v1.2.0",
        ..PACKAGE
    },
    KeySpec {
        name: "subdirectory",
        nullable: true,
        summary: "The folder of the package inside the repository",
        body: "Goes with `git` and `private`.",
        example: "subdirectory: dbt",
        ..PACKAGE
    },
    KeySpec {
        name: "tarball",
        summary: "The address of a package as an archive",
        body: "Needs `name`.",
        example: "tarball: https://example.org/package.tar.gz",
        secret: true,
        ..PACKAGE
    },
    KeySpec {
        name: "unrendered",
        value: ValueType::Mapping,
        default: "{}",
        dead: Some("dbt fills it in itself"),
        summary: "Set by dbt",
        body: "There is no need to write it.",
        example: "unrendered: {}",
        ..PACKAGE
    },
    KeySpec {
        name: "version",
        value: ValueType::Any,
        summary: "The version, or conditions on it",
        body: "One version, or a list such as `[\">=1.0.0\", \"<2.0.0\"]`. Required for `package`.",
        example: "version: [\">=1.0.0\", \"<2.0.0\"]",
        ..PACKAGE
    },
    KeySpec {
        name: "warn-unpinned",
        value: ValueType::Bool,
        nullable: true,
        default: "true",
        summary: "Whether a missing `revision` draws a warning",
        body: "Goes with `git` and `private`.",
        example: "warn-unpinned: false",
        ..PACKAGE
    },
];
