//! Questions to the Data Catalog and to Lake Formation.

use aws_sdk_glue::types::{Column, Table};
use aws_sdk_lakeformation::types::{
    DataCellsFilter, DataCellsFilterResource, DatabaseResource, LfTagPair, Resource, TableResource,
};

use super::{Aws, convert, faults};
use crate::api::Page;
use crate::catalog::{CatalogColumn, CatalogTable, CellsFilter, LakeTags, Tagged};
use crate::error::{Error, Kind};

/// How many tables a page has at most, by the service model of Glue.
const TABLES_OF_A_PAGE: i32 = 100;

/// Where Iceberg says whether a column is one of today's (`IcebergToGlueConverter`).
const CURRENT: &str = "iceberg.field.current";

/// One page of `GetTables`.
pub(super) fn tables(aws: &Aws, database: &str, token: Option<&str>) -> Result<Page<CatalogTable>, Error> {
    const CALL: &str = "GetTables";
    let call = aws.catalog.get_tables().database_name(database);
    let call = call
        .max_results(TABLES_OF_A_PAGE)
        .set_next_token(token.map(str::to_owned));
    let answer = aws.ask(call.send()).map_err(|error| faults::told(CALL, &error))?;
    let Some(tables) = answer.table_list else {
        return Err(convert::lacking(CALL, "TableList"));
    };
    Ok(Page {
        items: tables.into_iter().map(table).collect(),
        next: answer.next_token,
    })
}

fn table(table: Table) -> CatalogTable {
    let (own, location) = match table.storage_descriptor {
        Some(storage) => (storage.columns, storage.location),
        None => (None, None),
    };
    CatalogTable {
        name: table.name,
        kind: table.table_type,
        parameters: table
            .parameters
            .map(|parameters| parameters.into_iter().collect()),
        columns: columns(own),
        partition_keys: columns(table.partition_keys),
        // Views have an empty one.
        location: location.filter(|location| !location.is_empty()),
        is_governed: table.is_registered_with_lake_formation,
    }
}

fn columns(columns: Option<Vec<Column>>) -> Vec<CatalogColumn> {
    let column = |column: Column| {
        let current = column.parameters.and_then(|mut known| known.remove(CURRENT));
        CatalogColumn {
            name: column.name,
            data_type: column.r#type,
            is_former: current.is_some_and(|current| current.eq_ignore_ascii_case("false")),
        }
    };
    columns.into_iter().flatten().map(column).collect()
}

/// `GetResourceLFTags`.
pub(super) fn tags(aws: &Aws, of: Tagged<'_>) -> Result<LakeTags, Error> {
    const CALL: &str = "GetResourceLFTags";
    let resource = match of {
        Tagged::Database(name) => {
            let database = DatabaseResource::builder().name(name).build();
            Resource::builder().database(database.map_err(|error| unbuilt(CALL, &error))?)
        }
        Tagged::Table(database, name) => {
            let table = TableResource::builder().database_name(database).name(name);
            Resource::builder().table(table.build().map_err(|error| unbuilt(CALL, &error))?)
        }
    };
    let call = aws.lake.get_resource_lf_tags().resource(resource.build());
    let answer = aws.ask(call.send()).map_err(|error| faults::told(CALL, &error))?;
    let of_columns = answer.lf_tags_on_columns.into_iter().flatten();
    Ok(LakeTags {
        database: pairs(answer.lf_tag_on_database),
        table: pairs(answer.lf_tags_on_table),
        columns: of_columns
            .map(|column| (column.name.unwrap_or_default(), pairs(column.lf_tags)))
            .collect(),
    })
}

fn pairs(tags: Option<Vec<LfTagPair>>) -> Vec<(String, Vec<String>)> {
    let pair = |tag: LfTagPair| (tag.tag_key, tag.tag_values);
    tags.into_iter().flatten().map(pair).collect()
}

/// One page of `ListDataCellsFilter`, of a table.
pub(super) fn filters(
    aws: &Aws,
    database: &str,
    table: &str,
    token: Option<&str>,
) -> Result<Page<CellsFilter>, Error> {
    const CALL: &str = "ListDataCellsFilter";
    let table = TableResource::builder().database_name(database).name(table);
    let table = table.build().map_err(|error| unbuilt(CALL, &error))?;
    let call = aws.lake.list_data_cells_filter().table(table);
    let call = call.set_next_token(token.map(str::to_owned));
    let answer = aws.ask(call.send()).map_err(|error| faults::told(CALL, &error))?;
    let filters = answer.data_cells_filters.into_iter().flatten();
    Ok(Page {
        items: filters.map(filter).collect(),
        next: answer.next_token,
    })
}

fn filter(filter: DataCellsFilter) -> CellsFilter {
    CellsFilter {
        account: filter.table_catalog_id,
        database: filter.database_name,
        table: filter.table_name,
        name: filter.name,
        rows: filter.row_filter.and_then(|rows| rows.filter_expression),
        columns: filter.column_names,
        excluded: filter
            .column_wildcard
            .map(|wildcard| wildcard.excluded_column_names.unwrap_or_default()),
    }
}

/// One page of `ListPermissions`, of a filter: the principals.
pub(super) fn holders(aws: &Aws, of: &CellsFilter, token: Option<&str>) -> Result<Page<String>, Error> {
    const CALL: &str = "ListPermissions";
    let filter = DataCellsFilterResource::builder()
        .table_catalog_id(&of.account)
        .database_name(&of.database)
        .table_name(&of.table)
        .name(&of.name)
        .build();
    let resource = Resource::builder().data_cells_filter(filter).build();
    let call = aws.lake.list_permissions().resource(resource);
    let call = call.set_next_token(token.map(str::to_owned));
    let answer = aws.ask(call.send()).map_err(|error| faults::told(CALL, &error))?;
    let permissions = answer.principal_resource_permissions.into_iter().flatten();
    let holder = |permission: aws_sdk_lakeformation::types::PrincipalResourcePermissions| {
        permission.principal?.data_lake_principal_identifier
    };
    Ok(Page {
        items: permissions.filter_map(holder).collect(),
        next: answer.next_token,
    })
}

fn unbuilt(call: &'static str, error: &dyn std::error::Error) -> Error {
    Error::new(Kind::Refused, call, error.to_string())
}
