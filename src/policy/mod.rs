//! Permission: a [`Decision`] and its reason.
//!
//! Policies cannot be written yet, so a user or role has none and is denied by default, as the real service denies it. It
//! must never know about requests or HTTP.

use crate::world::account::Account;

/// A question.
pub struct Ask<'a> {
    /// The account that owns the resource.
    pub account: &'a Account,
    /// Whether a user asks about its own AccessKeys.
    pub own_keys: bool,
    /// `ram:CreateUser`.
    pub action: String,
    /// ARN.
    pub resource: String,
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Whether the call may go on.
    pub allowed: bool,
    /// Why, in words; it stands in the journal.
    pub reason: &'static str,
    /// The action asked about.
    pub action: String,
    /// The resource asked about.
    pub resource: String,
}

impl Decision {
    const fn fixed(allowed: bool, reason: &'static str) -> Self {
        Self { allowed, reason, action: String::new(), resource: String::new() }
    }

    /// The action needs no permission.
    pub const NOT_ASKED: Self = Self::fixed(true, "allowed: the action needs no permission");
    /// An account may do everything within itself. Source: facts/policy.md section 3.
    pub const ROOT: Self = Self::fixed(true, "allowed: the account itself");
    /// Nothing allows it.
    pub const IMPLICIT_DENY: Self = Self::fixed(false, "implicit deny: no policy allows it");
}

/// Decides.
///
/// A user may manage its own keys without any policy when the account's security preference says so. Source: facts/ram.md
/// section 7.
pub fn decide(ask: &Ask<'_>) -> Decision {
    let by_preference = ask.own_keys && ask.account.preference.allow_user_to_manage_access_keys;
    let fixed = if by_preference {
        Decision::fixed(true, "allowed: the account lets users manage their own AccessKeys")
    } else {
        Decision::IMPLICIT_DENY
    };
    Decision { action: ask.action.clone(), resource: ask.resource.clone(), ..fixed }
}
