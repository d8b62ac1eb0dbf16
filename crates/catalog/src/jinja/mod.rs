//! Names that Jinja knows in a dbt project: dbt's context, the adapter's methods, shipped macros and generic tests.

mod context;
mod filters;
mod generic_tests;
mod loops;
mod members;
mod shipped_macros;

pub use filters::{FILTER_PARAMETERS, FILTERS, TESTS};
pub use generic_tests::{GenericTest, TestArgument, generic_test, generic_tests};
pub use loops::{DICT_MEMBERS, FLAGS, LOOP_MEMBERS, LoopMember, NODE_MEMBERS, SOURCE_MEMBERS};

/// A name that dbt puts into Jinja's context, or a member of one: `ref`, `adapter.get_relation`, `exceptions.warn`.
#[derive(Debug, Clone, Copy)]
pub struct JinjaName {
    /// The name, with that of the object it belongs to before a dot.
    pub name: &'static str,
    /// What it is.
    pub kind: Kind,
    /// Where it is known.
    pub place: Place,
    /// The parameters as one would write them, without parentheses; empty for what is not called.
    pub parameters: &'static str,
    /// One line for lists.
    pub summary: &'static str,
    /// The upstream file it is defined in.
    pub source: &'static str,
}

/// What a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Something to call.
    Function,
    /// An object with members.
    Object,
    /// A value.
    Value,
    /// A filter, used behind `|`.
    Filter,
}

/// Where a name is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// In every file with Jinja, `profiles.yml` included.
    Everywhere,
    /// Where the profile has been read: `dbt_project.yml`, properties files, and all below.
    WithTarget,
    /// In models, tests, snapshots, macros, hooks and operations.
    Nodes,
    /// In materializations and the macros they call, while a node runs.
    Running,
    /// In descriptions and documentation blocks.
    Docs,
    /// In profiles, packages and other YAML, as filters that turn texts into other types.
    Yaml,
}

/// A macro that dbt, dbt-spark or dbt-glue ships. Only names, parameters and files are known here.
#[derive(Debug, Clone, Copy)]
pub struct ShippedMacro {
    /// The macro's name; `test_...` and `materialization_..._...` for tests and materializations.
    pub name: &'static str,
    /// Who ships it. A name may be shipped by more than one package; the last in [`Package`]'s order wins.
    pub package: Package,
    /// The names of its parameters.
    pub parameters: &'static [&'static str],
    /// The file it stands in, relative to its package, as dbt's messages tell it: `macros/adapters.sql`.
    pub path: &'static str,
}

/// Who ships a macro.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Package {
    /// dbt's own global project, `dbt`.
    Dbt,
    /// dbt-spark, `dbt_spark`.
    Spark,
    /// dbt-glue, `dbt_glue`.
    Glue,
}

impl Package {
    /// The name of the package as Jinja and unique ids spell it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Dbt => "dbt",
            Self::Spark => "dbt_spark",
            Self::Glue => "dbt_glue",
        }
    }
}

/// Every name of the context, sorted, and then every member with its object's name, sorted.
pub fn names() -> impl Iterator<Item = &'static JinjaName> {
    context::NAMES.iter().chain(members::MEMBERS)
}

/// A name of the context, or a member written with its object: `exceptions.warn`.
pub fn name(name: &str) -> Option<&'static JinjaName> {
    let table = if name.contains('.') {
        members::MEMBERS
    } else {
        context::NAMES
    };
    let at = table.binary_search_by(|entry| entry.name.cmp(name)).ok()?;
    table.get(at)
}

/// The members of an object, sorted: those of `exceptions`, `adapter`, `modules.re` and so on.
pub fn members(object: &str) -> impl Iterator<Item = &'static JinjaName> {
    members::MEMBERS.iter().filter(move |entry| {
        entry
            .name
            .rsplit_once('.')
            .is_some_and(|(owner, _)| owner == object)
    })
}

/// Every shipped macro, sorted by name and then by package.
pub fn shipped_macros() -> &'static [ShippedMacro] {
    shipped_macros::SHIPPED_MACROS
}

/// The shipped macros of a name, dbt's own first.
pub fn shipped_macro(name: &str) -> &'static [ShippedMacro] {
    let table = shipped_macros::SHIPPED_MACROS;
    let from = table.partition_point(|entry| entry.name < name);
    let to = table.partition_point(|entry| entry.name <= name);
    table.get(from..to).unwrap_or(&[])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted_and_described() {
        assert!(context::NAMES.windows(2).all(|pair| pair[0].name < pair[1].name));
        assert!(
            members::MEMBERS
                .windows(2)
                .all(|pair| pair[0].name < pair[1].name)
        );
        for entry in names() {
            assert!(
                entry.summary.len() > 4 && !entry.summary.ends_with('.'),
                "{}",
                entry.name
            );
            assert!(
                entry.source.contains('/') || entry.source == "jinja2",
                "{}",
                entry.name
            );
            assert!(
                entry.parameters.is_empty() || entry.kind == Kind::Function || entry.kind == Kind::Object,
                "{}",
                entry.name
            );
            assert_eq!(name(entry.name).map(|found| found.name), Some(entry.name));
        }
    }

    #[test]
    fn members_belong_to_known_objects() {
        for member in members::MEMBERS {
            let (owner, _) = member.name.rsplit_once('.').unwrap();
            assert!(name(owner).is_some(), "{owner}");
        }
        assert!(members("exceptions").count() > 15);
        assert_eq!(members("nothing").count(), 0);
    }

    #[test]
    fn macros_are_sorted_and_found() {
        let key = |entry: &ShippedMacro| (entry.name, entry.package);
        assert!(
            shipped_macros()
                .windows(2)
                .all(|pair| key(&pair[0]) < key(&pair[1]))
        );
        let found = shipped_macro("is_incremental");
        assert_eq!(found.first().map(|entry| entry.package), Some(Package::Dbt));
        assert!(shipped_macro("materialization_python_model_glue").len() == 1);
        assert!(shipped_macro("").is_empty() && shipped_macro("zzz").is_empty());
        let packages: Vec<_> = shipped_macro("generate_database_name")
            .iter()
            .map(|m| m.package.name())
            .collect();
        assert_eq!(packages, ["dbt"]);
    }
}
