//! MaxCompute (ODPS), limited to the REST calls for login and projects, with their errors. Tables, instances and the rest are not
//! implemented. Source: docs/evidence/account.md 6.5, package pyodps 0.13.2.

mod projects;

use crate::attributes::{apply, reply};
use crate::error::{Result, odps};
use crate::operation::{Document, Operation, read};
use crate::params::request;
use crate::services::Unmet;
use crate::world::View;
use crate::world::gates::Requirement;
use serde::Serialize;

/// Refusals of unmet requirements. Source: docs/evidence/account.md 6.
pub(super) const UNMET: &[Unmet] = &[Unmet::new(Requirement::NotShutDown, &odps::ALL_DENIED)];

pub(super) fn operations() -> Vec<Operation> {
    vec![
        read("ListProjects", &[], projects::list),
        read("GetProject", &[], projects::get),
        read("GetTenant", &[], tenant),
    ]
}

request! {
    /// Parameters of `GetTenant`.
    struct GetTenant {}
}

#[apply(reply)]
struct TenantReply {
    tenant: Tenant,
}

#[apply(reply)]
struct Tenant {
    name: String,
    owner_id: String,
    tenant_id: String,
    tenant_state: &'static str,
    create_time: i64,
    update_time: i64,
    tenant_meta: Empty,
    parameters: Empty,
}

#[derive(Debug, Serialize)]
struct Empty {}

/// `GET /tenants`: returns the account's tenant in MaxCompute.
///
/// UNCERTAIN: an account has one tenant, with its UID as the id. Source: pyodps `odps/models/tenant.py`.
fn tenant(view: View<'_>, _: GetTenant) -> Result<Document> {
    let account = view.account()?;
    let seconds = account.created.as_millis().div_euclid(1000);
    let tenant = Tenant {
        name: account.profile.login_name.to_string(),
        owner_id: account.uid.to_string(),
        tenant_id: account.uid.to_string(),
        tenant_state: "NORMAL",
        create_time: seconds,
        update_time: seconds,
        tenant_meta: Empty {},
        parameters: Empty {},
    };
    Ok(Document::json(&TenantReply { tenant }))
}
