//! What policies came to, for the answer, the journal and `DecodeDiagnosticMessage`. Source: docs/evidence/policy.md section 5.

use crate::error::{AccessDenied, ApiError};
use crate::policy::{Context, Layer, Verdict};
use crate::world::caller::Caller;
use serde::Serialize;
use std::borrow::Cow;
use std::sync::Arc;

/// An answer.
#[derive(Debug, Clone)]
pub enum Decision {
    /// No policy was asked.
    Fixed {
        /// Whether the call may go on.
        allowed: bool,
        /// Why.
        reason: &'static str,
    },
    /// Policies were asked.
    Evaluated(Arc<Evaluated>),
}

/// What policies came to.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Evaluated {
    /// Whether the call may go on.
    pub allowed: bool,
    /// Why, in words.
    pub reason: Cow<'static, str>,
    /// The verdict of the layer that decided.
    pub verdict: Verdict,
    /// That layer.
    pub policy_type: Layer,
    /// The action asked about.
    pub action: String,
    /// The resource that decided.
    pub resource: String,
    /// The policies that decided; none when nothing spoke of the call.
    pub matched: Vec<Matched>,
    /// Condition keys of the request.
    #[serde(skip)]
    pub context: Context,
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

/// A policy that decided, as `DecodeDiagnosticMessage` shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Matched {
    /// Its name.
    pub policy: String,
    /// `System` or `Custom`.
    pub policy_type: &'static str,
    /// Its version, of custom ones.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// `Allow` or `Deny`.
    pub effect: &'static str,
    /// `RamUser`, `RamGroup` or `RamRole`.
    pub attached_to: &'static str,
    /// `Account` or `ResourceGroup`.
    pub scope: &'static str,
}

impl Decision {
    /// The action needs no permission.
    pub const NOT_ASKED: Self =
        Self::Fixed { allowed: true, reason: "allowed: the action needs no permission" };
    /// An account may do everything within itself.
    pub const ROOT: Self = Self::Fixed { allowed: true, reason: "allowed: the account itself" };

    /// Whether the call may go on.
    pub fn allowed(&self) -> bool {
        match self {
            Self::Fixed { allowed, .. } => *allowed,
            Self::Evaluated(evaluated) => evaluated.allowed,
        }
    }

    /// Why, in words.
    pub fn reason(&self) -> &str {
        match self {
            Self::Fixed { reason, .. } => reason,
            Self::Evaluated(evaluated) => &evaluated.reason,
        }
    }

    /// Bytes held besides its own size.
    pub fn weight(&self) -> usize {
        match self {
            Self::Fixed { .. } => 0,
            Self::Evaluated(one) => {
                let context: usize =
                    one.context.iter().map(|(key, values)| key.len() + 64 * values.len()).sum();
                let texts = one.action.len() + one.resource.len() + one.reason.len();
                size_of::<Evaluated>() + one.matched.len() * (size_of::<Matched>() + 64) + texts + context
            }
        }
    }

    /// `error` with the detail of what was denied to `caller`. Source: docs/evidence/policy.md section 5.
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

    /// What policies came to, when they were asked.
    pub fn evaluated(&self) -> Option<&Evaluated> {
        match self {
            Self::Fixed { .. } => None,
            Self::Evaluated(evaluated) => Some(evaluated),
        }
    }
}

/// As the journal shows it.
impl Serialize for Decision {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Fixed<'a> {
            allowed: bool,
            reason: &'a str,
        }
        match self.evaluated() {
            None => Fixed { allowed: self.allowed(), reason: self.reason() }.serialize(s),
            Some(evaluated) => evaluated.serialize(s),
        }
    }
}

/// How a refusal names a caller, and of which type it is.
pub fn principal(caller: &Caller) -> (String, &'static str) {
    match caller {
        Caller::Role(session) => (format!("{}:{}", session.role_name, session.name), "AssumedRoleUser"),
        Caller::User { id, .. } => (id.to_string(), "SubUser"),
        Caller::Root { .. } | Caller::Nobody => (String::new(), "SubUser"),
    }
}
