//! Delays of changes: the gateway may use an old key, policy or verification for a time or for some calls.
//! Operations that read the account itself see the present values.
//!
//! Pending changes are outside the state, because a rejected call counts too. UNCERTAIN: no source gives a
//! number for the real service, so changes take effect at once by default. Source: docs/evidence/account.md
//! section 7, rows 2, 23 and 41. Read [`Propagation`] first, then `Spreading::seen`.

use crate::text::{AccessKeyId, Timestamp, Uid};
use crate::world::account::{AccessKey, Account, Attached, Entity, KeyStatus, Owner, Place, RealName};
use crate::world::caller::Caller;
use crate::world::register::digest;
use crate::world::settings::{Propagation, Spread};
use crate::world::state::State;
use parking_lot::Mutex;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

impl Propagation {
    fn of(&self, kind: ChangeKind) -> Spread {
        match kind {
            ChangeKind::KeyActive => self.key_active,
            ChangeKind::KeyDisabled => self.key_disabled,
            ChangeKind::PolicyAttached => self.policy_attached,
            ChangeKind::PolicyDetached => self.policy_detached,
            ChangeKind::AccountVerified => self.account_verified,
        }
    }
}

/// Kind of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ChangeKind {
    KeyActive,
    KeyDisabled,
    PolicyAttached,
    PolicyDetached,
    AccountVerified,
}

impl ChangeKind {
    fn name(self) -> &'static str {
        match self {
            Self::KeyActive => "key.active",
            Self::KeyDisabled => "key.disabled",
            Self::PolicyAttached => "policy.attached",
            Self::PolicyDetached => "policy.detached",
            Self::AccountVerified => "account.verified",
        }
    }
}

/// Values before a change.
#[derive(Debug, Clone)]
enum Before {
    Key { place: Place, id: AccessKeyId, key: Option<AccessKey> },
    Attachment { uid: Uid, entity: Entity, attached: Attached, since: Option<Timestamp> },
    Verification { uid: Uid, record: Arc<RealName> },
}

/// A change that some calls do not see yet.
#[derive(Debug, Clone)]
pub(super) struct Change {
    kind: ChangeKind,
    at: Timestamp,
    before: Before,
    /// Number of calls that it concerned.
    looked: u64,
}

/// Identity of a call, to find the changes that concern it.
#[derive(Debug, Clone, Copy)]
pub enum Looker<'a> {
    /// AccessKeyId in the request.
    Key(&'a str),
    /// Caller, once authenticated.
    Caller(&'a Caller),
}

/// Pending changes of a world.
#[derive(Debug, Default)]
pub(super) struct Spreading {
    changes: Mutex<Vec<Change>>,
    /// `true` without pending changes: every call checks this, and nearly all are done then.
    quiet: AtomicBool,
}

impl Spreading {
    /// Records the changes of some accounts from `before` to `after`.
    pub(super) fn note(&self, before: &State, after: &State, touched: &[Uid], now: Timestamp) {
        let mut changes = Vec::new();
        for uid in touched {
            let Some(new) = after.accounts.get(uid) else { continue };
            // A new account has no old values to see.
            let Some(old) = before.accounts.get(uid) else { continue };
            compare(old, new, |kind, before| changes.push(Change { kind, at: now, before, looked: 0 }));
        }
        changes.retain(|change| after.propagation.of(change.kind) != Spread::Now);
        if !changes.is_empty() {
            self.changes.lock().extend(changes);
            self.quiet.store(false, Relaxed);
        }
    }

    /// Returns the state that a call sees, if it differs: without pending changes that concern the
    /// call. Adds those to `unseen`.
    pub(super) fn seen(
        &self,
        state: &Arc<State>,
        looker: Looker<'_>,
        now: Timestamp,
        unseen: &mut Vec<String>,
    ) -> Option<Arc<State>> {
        if self.quiet.load(Relaxed) {
            return None;
        }
        let mut changes = self.changes.lock();
        let settled = |change: &Change| match state.propagation.of(change.kind) {
            Spread::Now => true,
            Spread::Flapping => false,
            Spread::After(span) => change.at.plus(span.0) <= now,
            Spread::AfterCalls(calls) => change.looked >= calls,
        };
        changes.retain(|change| !settled(change));
        self.quiet.store(changes.is_empty(), Relaxed);
        let mut seen = None;
        // Latest first, so the values before the earliest change remain.
        for change in changes.iter_mut().rev().filter(|change| change.concerns(looker, state)) {
            change.looked += 1;
            if state.propagation.of(change.kind) == Spread::Flapping && change.looked.is_multiple_of(2) {
                continue;
            }
            change.undo(Arc::make_mut(seen.get_or_insert_with(|| Arc::clone(state))));
            unseen.push(change.title(state));
        }
        seen
    }

    /// Returns a copy for a snapshot.
    pub(super) fn copy(&self) -> Vec<Change> {
        self.changes.lock().clone()
    }

    /// Restores a copy.
    pub(super) fn restore(&self, changes: Vec<Change>) {
        let mut under_way = self.changes.lock();
        self.quiet.store(changes.is_empty(), Relaxed);
        *under_way = changes;
    }
}

/// Reports every change with a delay between two versions of an account.
fn compare(old: &Account, new: &Account, mut tell: impl FnMut(ChangeKind, Before)) {
    let uid = new.uid;
    let mut keys = |owner: Owner| {
        let (old, new) = (old.keys_of(owner).ok(), new.keys_of(owner).ok());
        if let (Some(old), Some(new)) = (old, new)
            && old.is_same(new)
        {
            return;
        }
        let (old, new) = (old.cloned().unwrap_or_default(), new.cloned().unwrap_or_default());
        let ids = old.iter().chain(new.iter().filter(|key| old.get(key.id.as_str()).is_none()));
        for id in ids.map(|key| &key.id) {
            let active = |key: Option<&AccessKey>| key.is_some_and(|key| key.status == KeyStatus::Active);
            let (was, is) = (old.get(id.as_str()), new.get(id.as_str()));
            let kind = match (active(was), active(is)) {
                (false, true) => ChangeKind::KeyActive,
                (true, false) => ChangeKind::KeyDisabled,
                _ => continue,
            };
            let place = Place { uid, owner };
            tell(kind, Before::Key { place, id: id.clone(), key: was.cloned() });
        }
    };
    keys(Owner::Root);
    new.users.iter().for_each(|(slot, _)| keys(Owner::User(slot)));
    for (entity, attached, since) in old.attachments.changed(&new.attachments) {
        let kind = if since.is_none() { ChangeKind::PolicyAttached } else { ChangeKind::PolicyDetached };
        tell(kind, Before::Attachment { uid, entity, attached, since });
    }
    if new.real_name.is_verified() && !old.real_name.is_verified() {
        tell(ChangeKind::AccountVerified, Before::Verification { uid, record: Arc::clone(&old.real_name) });
    }
}

impl Change {
    fn concerns(&self, looker: Looker<'_>, state: &State) -> bool {
        match (&self.before, looker) {
            (Before::Key { id, .. }, Looker::Key(shown)) => id.as_str() == shown,
            (Before::Attachment { uid, entity, .. }, Looker::Caller(caller)) => {
                caller.uid() == Some(*uid) && holds(caller, *entity, state)
            }
            (Before::Verification { uid, .. }, Looker::Caller(caller)) => caller.uid() == Some(*uid),
            _ => false,
        }
    }

    /// Restores the old values.
    fn undo(&self, state: &mut State) {
        match &self.before {
            Before::Key { place, id, key } => {
                match key {
                    Some(_) => state.keys.insert(digest(id.as_str()), *place),
                    None => state.keys.remove(&digest(id.as_str())),
                };
                if let Some(account) = state.accounts.get_mut(&place.uid)
                    && let Ok(keys) = Arc::make_mut(account).keys_of_mut(place.owner)
                {
                    keys.put(id, key.as_ref());
                }
            }
            Before::Attachment { uid, entity, attached, since } => {
                if let Some(account) = state.accounts.get_mut(uid) {
                    let attachments = &mut Arc::make_mut(account).attachments;
                    match since {
                        Some(since) => attachments.add(*entity, *attached, *since),
                        None => attachments.remove(*entity, *attached),
                    };
                }
            }
            Before::Verification { uid, record } => {
                if let Some(account) = state.accounts.get_mut(uid) {
                    Arc::make_mut(account).real_name = Arc::clone(record);
                }
            }
        }
    }

    /// Returns a description for the journal.
    fn title(&self, state: &State) -> String {
        let name = self.kind.name();
        match &self.before {
            Before::Key { id, .. } => format!("{name} {id}"),
            Before::Attachment { uid, attached, .. } => {
                let account = state.accounts.get(uid);
                let policy = account.and_then(|account| account.any_policy(attached.policy).ok());
                format!("{name} {}", policy.map_or("", |policy| policy.name()))
            }
            Before::Verification { uid, .. } => format!("{name} {uid}"),
        }
    }
}

/// Returns `true` if policies attached to `entity` apply to `caller`.
fn holds(caller: &Caller, entity: Entity, state: &State) -> bool {
    match (caller, entity) {
        (Caller::User { slot, .. }, Entity::User(one)) => *slot == one,
        (Caller::User { uid, slot, .. }, Entity::Group(group)) => state
            .accounts
            .get(uid)
            .is_some_and(|account| account.members.right_of(*slot).any(|(one, _)| one == group)),
        (Caller::Role(session), Entity::Role(role)) => session.role == role,
        _ => false,
    }
}
