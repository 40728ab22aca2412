//! STS 2015-04-01: identity of the caller, and three ways to get temporary credentials. Source: docs/evidence/sts.md.

mod assume;
mod oidc;
mod saml;
mod values;

use crate::attributes::{apply, reply};
use crate::error::{Result, gateway};
use crate::operation::Key::{
    ExternalId, OidcAudience, OidcIssuer, OidcSubject, SamlRecipient, SourceIdentity,
};
use crate::operation::{Audience, Operation, read, write};
use crate::params::request;
use crate::text::Uid;
use crate::world::{Caller, View};

/// None is authorized before it runs: the three that give out a role ask its trust policy themselves. Accounts assume no roles; the
/// tokens of two actions stand for a signature. Source: docs/evidence/sts.md sections 1 and 3.
pub(super) fn operations() -> Vec<Operation> {
    vec![
        read("GetCallerIdentity", &[], identity),
        write("AssumeRole", &[], assume::assume_role)
            .open_to(Audience::SubUser)
            .with_keys(&[ExternalId, SourceIdentity]),
        write("AssumeRoleWithSAML", &[], saml::assume)
            .open_to(Audience::Anonymous)
            .with_keys(&[SamlRecipient]),
        write("AssumeRoleWithOIDC", &[], oidc::assume).open_to(Audience::Anonymous).with_keys(&[
            OidcIssuer,
            OidcAudience,
            OidcSubject,
        ]),
    ]
}

request! {
    /// `GetCallerIdentity` takes no parameters.
    struct GetCallerIdentity {}
}

#[apply(reply)]
struct Identity {
    identity_type: &'static str,
    account_id: Uid,
    principal_id: String,
    user_id: Option<String>,
    role_id: Option<String>,
    arn: String,
}

/// `GetCallerIdentity`: returns the identity of the caller. It works for each valid credential, whatever the policies are.
///
/// Source: docs/evidence/sts.md section 6.
fn identity(view: View<'_>, _: GetCallerIdentity) -> Result<Identity> {
    let caller = view.by.caller;
    let (account_id, user_id, role_id, session) = match caller {
        Caller::Nobody => return Err(gateway::MISSING_ACCESS_KEY_ID.error()),
        Caller::Root { uid } => (*uid, Some(uid.to_string()), None, None),
        Caller::User { uid, id, .. } => (*uid, Some(id.to_string()), None, None),
        Caller::Role(session) => {
            (session.uid, None, Some(session.role_id.to_string()), Some(session.name.as_str()))
        }
    };
    let principal_id = match (&user_id, &role_id, session) {
        (_, Some(role), Some(session)) => format!("{role}:{session}"),
        (user, ..) => user.clone().unwrap_or_default(),
    };
    Ok(Identity {
        identity_type: caller.identity_type(),
        account_id,
        principal_id,
        user_id,
        role_id,
        arn: caller.arn(),
    })
}
