//! `DecodeDiagnosticMessage`: decodes the `EncodedDiagnosticMessage` of a permission denial. Source: docs/evidence/ram.md 5.11,
//! docs/evidence/policy.md section 5.

use crate::attributes::{apply, reply};
use crate::error::{Result, ram};
use crate::params::request;
use crate::services::shared::reply::{One, elements};
use crate::text::Diagnostic;
use crate::world::View;
use crate::world::permission::{Evaluated, Matched, principal};
use crate::world::{Caller, Refusal};

/// Time for which a message can be decoded.
///
/// UNCERTAIN: no page says it. One day is longer than any test.
const LIFETIME_MILLIS: i64 = 24 * 3_600_000;

request! {
    /// Parameters of `DecodeDiagnosticMessage`.
    pub(super) struct Decode {
        message: String = "EncodedDiagnosticMessage",
    }
}

#[apply(reply)]
pub(super) struct Decoded {
    explicit_deny: bool,
    no_permission_policy_type: &'static str,
    auth_action: String,
    auth_resource: String,
    auth_principal: AuthPrincipal,
    auth_conditions: Vec<AuthCondition>,
    matched_policies: Vec<MatchedPolicy>,
}

#[apply(reply)]
struct AuthPrincipal {
    auth_principal_type: &'static str,
    auth_principal_owner_id: String,
    auth_principal_display_name: String,
}

#[apply(reply)]
struct AuthCondition {
    condition_key: String,
    condition_values: Vec<String>,
}

#[apply(reply)]
struct MatchedPolicy {
    policy_identifier: String,
    policy_type: &'static str,
    policy_version: String,
    effect: &'static str,
    attached_entity_type: &'static str,
    attached_scope: &'static str,
}

elements! { Decoded: "DecodedDiagnosticMessage" "DecodedDiagnosticMessages"; }

/// `DecodeDiagnosticMessage`: explains a denial of a call in the caller's account, as long as the journal holds the call.
///
/// Fails with `EncodedMessageExpire` and `EntityNotExist`.
pub(super) fn decode(view: View<'_>, req: Decode) -> Result<One<Decoded>> {
    let uid = view.by.caller.uid().ok_or(Refusal::NoSuchAccount)?;
    let message = Diagnostic::parse_base64(&req.message).ok_or_else(|| ram::MESSAGE_NOT_EXIST.error())?;
    if message.at.plus_millis(LIFETIME_MILLIS) < view.now {
        return Err(ram::ENCODED_MESSAGE_EXPIRE.error());
    }
    let record = view.record(&message.request_id).filter(|record| record.caller.uid() == Some(uid));
    let record = record.ok_or_else(|| ram::MESSAGE_NOT_EXIST.error())?;
    let decision = record.decision.as_ref().and_then(|decision| decision.evaluated());
    let refused = decision.filter(|decision| !decision.allowed);
    Ok(One(Decoded::of(refused.ok_or_else(|| ram::MESSAGE_NOT_EXIST.error())?, &record.caller)))
}

impl Decoded {
    fn of(decision: &Evaluated, caller: &Caller) -> Self {
        let (display_name, kind) = principal(caller);
        let condition = |(key, values): (&str, &[String])| AuthCondition {
            condition_key: key.to_owned(),
            condition_values: values.to_vec(),
        };
        Self {
            explicit_deny: decision.verdict == crate::policy::Verdict::ExplicitDeny,
            no_permission_policy_type: decision.policy_type.name(),
            auth_action: decision.action.clone(),
            auth_resource: decision.resource.clone(),
            auth_principal: AuthPrincipal {
                auth_principal_type: kind,
                auth_principal_owner_id: caller.uid().map(|uid| uid.to_string()).unwrap_or_default(),
                auth_principal_display_name: display_name,
            },
            auth_conditions: decision.context.iter().map(condition).collect(),
            matched_policies: decision.matched.iter().map(MatchedPolicy::from).collect(),
        }
    }
}

impl From<&Matched> for MatchedPolicy {
    fn from(matched: &Matched) -> Self {
        Self {
            policy_identifier: matched.policy.clone(),
            policy_type: matched.policy_type,
            policy_version: matched.version.clone().unwrap_or_default(),
            effect: matched.effect,
            attached_entity_type: matched.attached_to,
            attached_scope: matched.scope,
        }
    }
}
