//! Roles of the instance and their credentials. Source: ECS "Obtain a temporary authorization token".

use crate::attributes::{apply, reply};
use crate::error::{ApiError, Result, metadata};
use crate::operation::Document;
use crate::params::request;
use crate::services::metadata::items::text;
use crate::text::{RoleName, Scalar, SecretText, Timestamp};
use crate::world::NotHanded;
use crate::world::{Tx, View};

request! {
    /// `/latest/meta-data/ram/security-credentials/`.
    pub(super) struct ListRoles {}

    /// `/latest/meta-data/ram/security-credentials/<role>`.
    pub(super) struct GetRoleCredentials {
        role_name: Option<String> = "RoleName",
    }
}

/// Credentials in a response, in the order of the published example.
#[apply(reply)]
struct Credentials {
    access_key_id: String,
    access_key_secret: String,
    expiration: Timestamp,
    security_token: String,
    last_updated: Timestamp,
    code: &'static str,
}

/// Names of the attached roles, one a line; 404 without roles.
pub(super) fn list(view: View<'_>, _: ListRoles) -> Result<Document> {
    let roles = view.state.machine().map(|machine| &machine.roles[..]).unwrap_or_default();
    let names: Vec<_> = roles.iter().map(ToString::to_string).collect();
    if names.is_empty() { Err(metadata::ITEM_NOT_FOUND.error()) } else { Ok(text(names.join("\n"))) }
}

/// Returns the credentials of an attached role. They stay the same until they are renewed.
///
/// Fails with 404. If ECS cannot assume the role (deleted, or no trust in ECS), the document has the `Code` `Failed`.
/// UNCERTAIN: the response of the real service to these two.
pub(super) fn credentials(tx: &mut Tx<'_>, req: GetRoleCredentials) -> Result<Document> {
    let not_found = || metadata::ITEM_NOT_FOUND.error();
    let asked = req.role_name.unwrap_or_default();
    let name = RoleName::parse(&asked).map_err(|_| not_found())?;
    let failed = |why: String| {
        ApiError { is_business: true, ..metadata::ROLE_NOT_ASSUMED.about(&name) }.with_note(why)
    };
    let handed = tx.credentials_of_machine(&name).map_err(|why| match why {
        NotHanded::NotAttached => not_found(),
        NotHanded::NoRole => failed("the account has no such role".to_owned()),
        NotHanded::NotTrusted(decision) => failed(decision.reason().to_string()),
        NotHanded::Refused(refusal) => failed(refusal.to_string()),
    })?;
    let session = &handed.session;
    Ok(Document::json(&Credentials {
        access_key_id: session.id.to_string(),
        access_key_secret: session.material.secret().to_owned(),
        expiration: session.returned_expiry,
        security_token: SecretText::reveal(&session.token).to_owned(),
        last_updated: handed.since,
        code: "Success",
    }))
}
