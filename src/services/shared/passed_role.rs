//! A role that an order passes to a cloud service: the account plane knows roles, so every order that names one is checked.

use crate::error::{Known, Result};
use crate::policy::Principal;
use crate::text::{RoleName, Scalar, Timestamp};
use crate::world::permission::{Ask, context, decide, decide_to_assume};
use crate::world::{By, Refusal, State, View};

/// Condition key of `ram:PassRole`. Source: docs/evidence/policy.md section 4.
const SERVICE_KEY: &str = "acs:Service";

/// Service that gets a role, and the errors of its product.
pub(crate) struct PassedRole {
    /// Name of the service in trust policies.
    pub(crate) service: &'static str,
    /// The account has no such role.
    pub(crate) unknown: &'static Known,
    /// The role does not trust the service.
    pub(crate) untrusting: &'static Known,
    /// The caller may not pass the role.
    pub(crate) forbidden: &'static Known,
}

impl PassedRole {
    /// Checks that the role exists and trusts the service, and that the caller may pass it. UNCERTAIN: the order.
    ///
    /// Source: docs/evidence/policy.md section 4.
    pub(crate) fn check(&self, view: View<'_>, name: &str) -> Result<()> {
        self.check_by(view.by, view.state, view.now, name)
    }

    /// Does the same for an operation that writes.
    pub(crate) fn check_by(&self, by: By<'_>, state: &State, now: Timestamp, name: &str) -> Result<()> {
        let (state, caller) = (by.seen.unwrap_or(state), by.caller);
        let account = state.account(caller.uid().ok_or(Refusal::NoSuchAccount)?)?;
        let slot = RoleName::parse(name).ok().and_then(|name| account.role_slot(&name).ok());
        let role = slot.and_then(|slot| account.role(slot).ok()).ok_or_else(|| self.unknown.error())?;
        let uid = account.uid;
        let mut keys = context(caller, by.source, now);
        let service = Some(Principal::Service(self.service));
        let trusted = decide_to_assume(state, caller, role, uid, service, keys.clone());
        if !trusted.allowed() {
            return Err(self.untrusting.error().with_note(trusted.reason().to_owned()));
        }
        keys.set_one(SERVICE_KEY, self.service);
        let passed = decide(
            state,
            caller,
            Ask {
                action: "ram:PassRole".to_owned(),
                resources: vec![format!("acs:ram:*:{uid}:role/{}", role.name)],
                context: keys,
                ..Ask::default()
            },
        );
        if !state.enforcement.lets_through(&passed) {
            return Err(self.forbidden.error().with_note(format!("ram:PassRole: {}", passed.reason())));
        }
        Ok(())
    }
}
