//! The account and the session that the adapter works with (`get_connection` in `dbt/adapters/glue/impl.py`).

use glueline_template::{Value, from_base, to_str};
use serde_json::json;

use crate::host::NodeHost;
use crate::renderer::Shared;

/// The version of STS's API that botocore speaks.
const STS_VERSION: &str = "2011-06-15";

/// A setting of the session that runs a node: what the node's `meta` says goes before the profile, where it is anything at all
/// (`GlueConnectionManager.open` in `dbt/adapters/glue/connections.py`).
pub(super) fn credential(host: &NodeHost, key: &str, default: impl Into<Value>) -> Value {
    if let Some(own) = of_meta(host, key) {
        return own;
    }
    let target = host.shared.project.target();
    match target.and_then(|target| target.get(key)) {
        Some(value) => from_base(value),
        None => default.into(),
    }
}

fn of_meta(host: &NodeHost, key: &str) -> Option<Value> {
    // What the adapter does by itself, it does with the connection of the node at hand.
    let node = host.node_id().or_else(|| host.run()?.node());
    let info = Shared::info(&host.shared, node?);
    let Some(Value::Dict(meta)) = info.config.get_str("meta") else {
        return None;
    };
    meta.get_str(key).filter(Value::truth)
}

/// Makes a client of Glue. Where the profile wants the role of the session for that, STS is asked for it, each time anew.
pub(super) fn connect(host: &NodeHost) {
    let Some(run) = host.run() else {
        return;
    };
    let role = credential(host, "role_arn", Value::None);
    let wanted = credential(host, "use_interactive_session_role_for_api_calls", false);
    if role.truth() && wanted.truth() {
        let request = json!({
            "Action": "AssumeRole",
            "Version": STS_VERSION,
            "RoleArn": *to_str(&role).plain(),
            "RoleSessionName": "dbt",
        });
        run.call("sts", "AssumeRole", request);
    }
}

/// Makes clients of Glue one after the other: methods of the adapter that ask others make one each.
pub(super) fn connect_times(host: &NodeHost, times: usize) {
    for _ in 0..times {
        connect(host);
    }
}

/// Asks who the caller is, for the number of the account.
pub(super) fn caller_account(host: &NodeHost) -> String {
    if let Some(run) = host.run() {
        let request = json!({"Action": "GetCallerIdentity", "Version": STS_VERSION});
        run.call("sts", "GetCallerIdentity", request);
    }
    account(host)
}

/// The account that a catalog file speaks of which names none, as the format has it.
const DEFAULT_ACCOUNT: &str = "123456789012";

/// The number of the account: the catalog file's, else that of the role.
fn account(host: &NodeHost) -> String {
    if let Some(state) = host.shared.project.state() {
        return state.account().unwrap_or_else(|| DEFAULT_ACCOUNT.to_owned());
    }
    let role = credential(host, "role_arn", Value::None);
    let role = to_str(&role);
    let of_role = role.plain().split(':').nth(4).map(ToOwned::to_owned);
    of_role
        .filter(|account| !account.is_empty() && account.bytes().all(|byte| byte.is_ascii_digit()))
        .unwrap_or_else(|| DEFAULT_ACCOUNT.to_owned())
}
