//! What the Data Catalog and Lake Formation answer, as far as a run depends on it.

use std::collections::BTreeMap;

/// A table or view of the Data Catalog (`Table` of the Glue service model).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CatalogTable {
    /// Its name.
    pub name: String,
    /// `EXTERNAL_TABLE`, `VIRTUAL_VIEW`, ...
    pub kind: Option<String>,
    /// Its parameters; `None` where it has none at all.
    pub parameters: Option<BTreeMap<String, String>>,
    /// Its columns, partition keys left out, as far as the caller may see them.
    pub columns: Vec<CatalogColumn>,
    /// Its partition keys.
    pub partition_keys: Vec<CatalogColumn>,
    /// Where its files are.
    pub location: Option<String>,
    /// Whether Lake Formation says who sees what of it.
    pub is_governed: bool,
}

/// A column of the Data Catalog.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CatalogColumn {
    /// Its name.
    pub name: String,
    /// Its type, in Hive's spelling.
    pub data_type: Option<String>,
    /// Iceberg had it once, and has it no more (`iceberg.field.current`).
    pub is_former: bool,
}

/// What can have tags of Lake Formation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tagged<'a> {
    /// A database.
    Database(&'a str),
    /// A table and its columns: the database, and the table.
    Table(&'a str, &'a str),
}

/// The tags of something (`GetResourceLFTags`): keys, each with its values.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LakeTags {
    /// Those of the database.
    pub database: Vec<(String, Vec<String>)>,
    /// Those of the table itself.
    pub table: Vec<(String, Vec<String>)>,
    /// Those of its columns, by their names.
    pub columns: Vec<(String, Vec<(String, Vec<String>)>)>,
}

/// A filter of data cells (`DataCellsFilter`).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CellsFilter {
    /// The account of the table.
    pub account: String,
    /// The database of the table.
    pub database: String,
    /// The table.
    pub table: String,
    /// Its name.
    pub name: String,
    /// Which rows; `None` where all are.
    pub rows: Option<String>,
    /// Which columns, where they are listed.
    pub columns: Option<Vec<String>>,
    /// Which columns not, where the others are listed.
    pub excluded: Option<Vec<String>>,
}
