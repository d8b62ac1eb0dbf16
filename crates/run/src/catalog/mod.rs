//! What there is in the Data Catalog, read from AWS into the state that a plan starts from.
