//! Operations of Glue: each is either answered by what is really there, or refused by its name.

mod catalog;
mod sessions;
mod shapes;

use serde_json::Value;

use crate::answer::{Answer, Refusal};
use crate::endpoint::Endpoint;

/// The account that everything belongs to.
pub(crate) const ACCOUNT: &str = "000000000000";

/// Answers one operation.
pub(crate) async fn answer(endpoint: &Endpoint, operation: &str, input: &Value) -> Answer {
    if let Some(answer) = sessions::answer(endpoint, operation, input).await {
        return answer;
    }
    if let Some(answer) = catalog::answer(endpoint, operation, input).await {
        return answer;
    }
    Err(Refusal::not_here(&format!("`{operation}` of Glue")))
}
