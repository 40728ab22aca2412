//! Decisions, for responses, journal and `DecodeDiagnosticMessage`. Source: docs/evidence/policy.md section 5.

use crate::error::{AccessDenied, ApiError};
use crate::policy::{Context, Layer, Verdict};
use crate::world::caller::Caller;
use crate::world::permission::Preference;
use serde::Serialize;
use std::borrow::Cow;
use std::sync::Arc;

/// A decision.
#[derive(Debug, Clone)]
pub enum Decision {
    /// No policy was evaluated.
    Fixed(Fixed),
    /// Policies were evaluated.
    Evaluated(Arc<Evaluated>),
}

/// Reason of a decision without policies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fixed {
    /// The request is not signed.
    NotSigned,
    /// The action needs no permission.
    NotAsked,
    /// The ACL of the bucket lets everybody do it.
    OpenAcl,
    /// The account itself may do everything in the account.
    Root,
}

impl Fixed {
    /// Returns `true` if the call may run.
    pub fn allowed(self) -> bool {
        self != Self::NotSigned
    }

    /// Returns the reason as text.
    pub fn text(self) -> &'static str {
        match self {
            Self::NotSigned => "implicit deny: the request is not signed",
            Self::NotAsked => "allowed: the action needs no permission",
            Self::OpenAcl => "allowed: by the ACL of the bucket",
            Self::Root => "allowed: the account itself",
        }
    }
}

/// Result of a policy evaluation.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Evaluated {
    /// `true` if the call may run.
    pub allowed: bool,
    /// Reason as text.
    pub reason: Cow<'static, str>,
    /// Verdict of the deciding layer.
    pub verdict: Verdict,
    /// Deciding layer.
    pub policy_type: Layer,
    /// Requested action.
    pub action: String,
    /// Deciding resource.
    pub resource: String,
    /// Deciding policies; empty if no policy matched.
    pub matched: Vec<Matched>,
    /// Condition keys of the request.
    #[serde(skip)]
    pub context: Context,
    /// Another name of the product in the actions of policies.
    #[serde(skip)]
    pub alias: Option<&'static str>,
    /// Effect of the account's security preference, if it decided.
    #[serde(skip)]
    pub preference: Preference,
}

impl Serialize for Layer {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(self.name())
    }
}

impl Serialize for Verdict {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(self.name())
    }
}

/// A deciding policy, as `DecodeDiagnosticMessage` shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Matched {
    /// Policy name; id of a control policy.
    pub policy: String,
    /// Name of a control policy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// `System` or `Custom`.
    pub policy_type: &'static str,
    /// Version of a custom policy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// `Allow` or `Deny`.
    pub effect: &'static str,
    /// `RamUser`, `RamGroup`, `RamRole` or `ResourceDirectoryTarget`.
    pub attached_to: &'static str,
    /// `Account`, `ResourceGroup` or `Folder`.
    pub scope: &'static str,
}

impl Decision {
    /// The action needs no permission.
    pub const NOT_ASKED: Self = Self::Fixed(Fixed::NotAsked);
    /// The ACL of the bucket lets everybody do it.
    pub const OPEN: Self = Self::Fixed(Fixed::OpenAcl);
    /// The account itself may do everything in the account.
    pub const ROOT: Self = Self::Fixed(Fixed::Root);

    /// Returns `true` if the call may run.
    pub fn allowed(&self) -> bool {
        match self {
            Self::Fixed(fixed) => fixed.allowed(),
            Self::Evaluated(evaluated) => evaluated.allowed,
        }
    }

    /// Returns the reason as text.
    pub fn reason(&self) -> &str {
        match self {
            Self::Fixed(fixed) => fixed.text(),
            Self::Evaluated(evaluated) => &evaluated.reason,
        }
    }

    /// Returns the reason of a denial in few words.
    pub fn brief(&self) -> Cow<'_, str> {
        let Some(one) = self.evaluated() else { return Cow::Borrowed(self.reason()) };
        match one.matched.iter().find(|matched| matched.effect == "Deny") {
            Some(deny) => {
                let name = deny.name.as_ref().unwrap_or(&deny.policy);
                Cow::Owned(format!("the policy {name} denies {}", one.action))
            }
            None if one.policy_type == Layer::ControlPolicy => {
                Cow::Owned(format!("no control policy allows {}", one.action))
            }
            None => Cow::Owned(format!("no statement allows {}", one.action)),
        }
    }

    /// Returns the heap size in bytes, about.
    pub fn weight(&self) -> usize {
        match self {
            Self::Fixed(_) => 0,
            Self::Evaluated(one) => {
                let context: usize =
                    one.context.iter().map(|(key, values)| key.len() + 64 * values.len()).sum();
                let texts = one.action.len() + one.resource.len() + one.reason.len();
                size_of::<Evaluated>() + one.matched.len() * (size_of::<Matched>() + 64) + texts + context
            }
        }
    }

    /// Adds the details of the denial to `error`. Source: docs/evidence/policy.md section 5.
    #[must_use]
    pub fn detail(&self, mut error: ApiError, caller: &Caller) -> ApiError {
        let Some(one) = self.evaluated() else { return error };
        let (name, kind) = principal(caller);
        error.denied = Some(Box::new(AccessDenied {
            auth_action: one.action.clone(),
            auth_principal_display_name: name,
            auth_principal_owner_id: caller.uid().map(|uid| uid.to_string()).unwrap_or_default(),
            auth_principal_type: kind,
            no_permission_type: one.verdict.name(),
            policy_type: one.policy_type.name(),
        }));
        error
    }

    /// Returns the result of the evaluation, if policies were evaluated.
    pub fn evaluated(&self) -> Option<&Evaluated> {
        match self {
            Self::Fixed(_) => None,
            Self::Evaluated(evaluated) => Some(evaluated),
        }
    }
}

/// Form in the journal.
impl Serialize for Decision {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Shown<'a> {
            allowed: bool,
            reason: &'a str,
        }
        match self.evaluated() {
            None => Shown { allowed: self.allowed(), reason: self.reason() }.serialize(s),
            Some(evaluated) => evaluated.serialize(s),
        }
    }
}

/// Returns name and type of a caller for error responses.
pub fn principal(caller: &Caller) -> (String, &'static str) {
    match caller {
        Caller::Role(session) => (format!("{}:{}", session.role_name, session.name), "AssumedRoleUser"),
        Caller::User { id, .. } => (id.to_string(), "SubUser"),
        Caller::Root { uid, .. } => (uid.to_string(), "RootUser"),
        Caller::Nobody => (String::new(), "SubUser"),
    }
}
