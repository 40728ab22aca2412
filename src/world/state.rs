//! The state of a world: one value of persistent maps. A copy costs a few pointers; a change is made on a copy, and the
//! copy becomes the state only when the change succeeded.
//!
//! [`View`] is what an operation that reads is given, [`Tx`] what one that writes is given. What must survive a refusal
//! (nonces, last use, the journal) is not here.

use crate::text::{AccessKeyId, LoginName, SecretText, Timestamp, Uid};
use crate::world::account::{
    AccessKey, Account, Decision, KeyMaterial, KeyRing, KeyStatus, Owner, Place, Profile, Quotas, Role,
    Session, User, UserDetails,
};
use crate::world::caller::Caller;
use crate::world::ids::{Counters, Ids, Kind};
use crate::world::refusal::Refusal;
use crate::world::register::{Digest, Slot, digest};
use crate::world::usage::{LastUse, Usage};
use compact_str::CompactString;
use imbl::OrdMap;
use serde::Serialize;
use std::sync::Arc;

/// Everything a world remembers.
#[derive(Debug, Clone, Default)]
pub struct State {
    /// Grows by one with every commit.
    pub version: u64,
    /// All accounts.
    pub accounts: OrdMap<Uid, Arc<Account>>,
    /// What accounts may hold.
    pub quotas: Quotas,
    // Invariant: holds the digest of the id of every key of every account, and nothing else.
    keys: OrdMap<Digest, Place>,
    sessions: OrdMap<AccessKeyId, Arc<Session>>,
    tokens: OrdMap<CompactString, AccessKeyId>,
    bearers: OrdMap<CompactString, Place>,
    login_names: OrdMap<CompactString, Uid>,
    timeline: OrdMap<(Timestamp, u64), Event>,
    counters: Counters,
}

/// Something that happens later.
#[derive(Debug, Clone)]
pub enum Event {
    /// A review is decided.
    Review {
        /// The account.
        uid: Uid,
        /// The application.
        application: u64,
        /// The decision.
        decision: Decision,
    },
}

/// An event that fell due, told to whoever moved the clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FellDue {
    /// When it was due.
    pub at: Timestamp,
    /// What happened.
    pub what: String,
}

/// A credential as the gateway finds it by its id.
#[derive(Debug)]
pub enum Credential<'a> {
    /// A long-term key.
    Key {
        /// The key.
        key: &'a AccessKey,
        /// Its account.
        account: &'a Account,
        /// Its owner.
        caller: Caller,
    },
    /// A temporary credential.
    Session {
        /// The session.
        session: &'a Session,
        /// The account of its role.
        account: &'a Account,
        /// Who it speaks for.
        caller: Caller,
    },
}

impl State {
    /// The account `uid`.
    pub fn account(&self, uid: Uid) -> Result<&Account, Refusal> {
        self.accounts.get(&uid).map(|account| &**account).ok_or(Refusal::NoSuchAccount)
    }

    /// The account with this login name.
    pub fn account_named(&self, name: &str) -> Option<&Account> {
        self.login_names.get(name.to_lowercase().as_str()).and_then(|uid| self.account(*uid).ok())
    }

    /// The credential with this id.
    pub fn credential(&self, id: &str) -> Option<Credential<'_>> {
        if let Some(session) = self.sessions.get(id) {
            let account = self.account(session.uid).ok()?;
            let role = account.roles.get(session.role)?;
            let caller = Caller::Role {
                uid: account.uid,
                id: role.id,
                name: role.name.clone(),
                session: session.name.clone(),
            };
            return Some(Credential::Session { session, account, caller });
        }
        let place = self.keys.get(&digest(id))?;
        let account = self.account(place.uid).ok()?;
        let key = account.keys_of(place.owner).ok()?.get(id)?;
        Some(Credential::Key { key, account, caller: account.caller(place.owner)? })
    }

    /// The session that was given this token.
    pub fn session_of_token(&self, token: &str) -> Option<&Session> {
        self.sessions.get(self.tokens.get(token)?).map(|session| &**session)
    }

    /// Who a bearer token speaks for.
    pub fn bearer(&self, token: &str) -> Option<(&Account, Caller)> {
        let place = self.bearers.get(token)?;
        let account = self.account(place.uid).ok()?;
        Some((account, account.caller(place.owner)?))
    }

    /// When the next event is due.
    pub fn next_due(&self) -> Option<Timestamp> {
        self.timeline.get_min().map(|((at, _), _)| *at)
    }

    /// Ids of all keys, for whoever routes by them.
    pub fn key_ids(&self) -> impl Iterator<Item = &AccessKeyId> {
        let of_users = self
            .accounts
            .values()
            .flat_map(|account| account.users.iter())
            .flat_map(|(_, user)| user.keys.iter());
        let own = self.accounts.values().flat_map(|account| account.keys.iter());
        own.chain(of_users).map(|key| &key.id).chain(self.sessions.keys())
    }
}

impl Account {
    fn caller(&self, owner: Owner) -> Option<Caller> {
        Some(match owner {
            Owner::Root => Caller::Root { uid: self.uid },
            Owner::User(slot) => {
                let user = self.users.get(slot)?;
                Caller::User { uid: self.uid, slot, id: user.id, name: user.name.clone() }
            }
        })
    }
}

/// What an operation that reads is given.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    /// The state as it was when the call came.
    pub state: &'a State,
    /// Who calls.
    pub caller: &'a Caller,
    /// The resource clock.
    pub now: Timestamp,
    pub(super) usage: &'a Usage,
}

impl<'a> View<'a> {
    /// The caller's account.
    pub fn account(&self) -> Result<&'a Account, Refusal> {
        self.state.account(self.caller.uid().ok_or(Refusal::NoSuchAccount)?)
    }

    /// When a key was last used.
    pub fn last_use(&self, key: &AccessKeyId) -> Option<LastUse> {
        self.usage.of(key)
    }
}

/// What an operation that writes is given: a copy that becomes the state when it succeeds.
#[derive(Debug)]
pub struct Tx<'a> {
    pub(super) state: State,
    /// Who calls.
    pub caller: &'a Caller,
    /// The resource clock.
    pub now: Timestamp,
    pub(super) ids: &'a Ids,
}

impl Tx<'_> {
    /// The state with the changes made so far.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// The caller's account.
    pub fn account(&self) -> Result<&Account, Refusal> {
        self.state.account(self.caller_uid()?)
    }

    /// The caller's account, to change, with the quotas that bind it.
    pub fn account_mut(&mut self) -> Result<(&mut Account, Quotas), Refusal> {
        self.account_of(self.caller_uid()?)
    }

    /// Another account, to change.
    pub fn account_of(&mut self, uid: Uid) -> Result<(&mut Account, Quotas), Refusal> {
        let account = self.state.accounts.get_mut(&uid).ok_or(Refusal::NoSuchAccount)?;
        Ok((Arc::make_mut(account), self.state.quotas))
    }

    fn caller_uid(&self) -> Result<Uid, Refusal> {
        self.caller.uid().ok_or(Refusal::NoSuchAccount)
    }

    /// Sets what accounts may hold.
    pub fn set_quotas(&mut self, quotas: Quotas) {
        self.state.quotas = quotas;
    }

    /// Registers an account, under a UID of the caller's choice or a generated one.
    pub fn register(&mut self, pinned: Option<Uid>, profile: Profile) -> Result<&mut Account, Refusal> {
        let folded = profile.login_name.as_str().to_lowercase();
        if self.state.login_names.contains_key(folded.as_str()) {
            return Err(Refusal::LoginNameTaken);
        }
        let uid = match pinned {
            Some(uid) if self.state.accounts.contains_key(&uid) => return Err(Refusal::UidTaken),
            Some(uid) => uid,
            None => loop {
                let uid = self.ids.account(profile.site, self.state.counters.next(Kind::Account));
                if !self.state.accounts.contains_key(&uid) {
                    break uid;
                }
            },
        };
        self.state.login_names.insert(folded.into(), uid);
        let account = Arc::new(Account::new(uid, profile, self.now));
        Ok(Arc::make_mut(self.state.accounts.entry(uid).or_insert(account)))
    }

    /// A login name nobody has, for an account that is registered without one.
    pub fn free_login_name(&self, stem: &str) -> LoginName {
        use crate::text::Scalar;
        let taken = |name: &String| self.state.login_names.contains_key(name.as_str());
        let name = (1..u32::MAX).map(|n| format!("{stem}{n:05}")).find(|name| !taken(name));
        LoginName::parse(&name.expect("there are more numbers than accounts"))
            .expect("a stem and a number make a login name")
    }

    /// Adds a RAM user to an account.
    pub fn add_user(
        &mut self,
        uid: Uid,
        name: crate::text::UserName,
        details: UserDetails,
    ) -> Result<Slot, Refusal> {
        let (ids, now) = (self.ids, self.now);
        let (account, quotas) = self.account_of(uid)?;
        let id = ids.user(uid, account.counters.next(Kind::User));
        let user = User {
            id,
            name,
            details,
            created: now,
            updated: now,
            last_login: None,
            keys: KeyRing::default(),
        };
        account.add_user(user, &quotas)
    }

    /// Adds a role to an account.
    pub fn add_role(&mut self, uid: Uid, name: &str) -> Result<Slot, Refusal> {
        let (ids, now) = (self.ids, self.now);
        let (account, _) = self.account_of(uid)?;
        let id = ids.role(uid, account.counters.next(Kind::Role));
        account.roles.add(Role { id, name: name.into(), created: now }).map_err(|_| Refusal::UserExists)
    }

    /// Makes a key for `owner`, with id and material of the caller's choice or generated ones.
    pub fn add_key(
        &mut self,
        place: Place,
        pinned: (Option<AccessKeyId>, Option<KeyMaterial>),
    ) -> Result<AccessKey, Refusal> {
        let (ids, now) = (self.ids, self.now);
        let (account, quotas) = self.account_of(place.uid)?;
        let (id, secret) = ids.key(place.uid, account.counters.next(Kind::Key));
        let (id, material) = (pinned.0.unwrap_or(id), pinned.1.unwrap_or(KeyMaterial::Secret(secret)));
        let key = AccessKey { id, material, status: KeyStatus::Active, created: now, updated: now };
        account.keys_of_mut(place.owner)?.add(key.clone(), quotas.keys(place.owner))?;
        if self.state.sessions.contains_key(&key.id)
            || self.state.keys.insert(digest(key.id.as_str()), place).is_some()
        {
            return Err(Refusal::KeyTaken);
        }
        Ok(key)
    }

    /// Enables or disables a key.
    pub fn set_key_status(
        &mut self,
        place: Place,
        id: &AccessKeyId,
        status: KeyStatus,
    ) -> Result<(), Refusal> {
        let now = self.now;
        self.account_of(place.uid)?.0.keys_of_mut(place.owner)?.set_status(id, status, now)
    }

    /// Deletes a key.
    pub fn remove_key(&mut self, place: Place, id: &AccessKeyId) -> Result<(), Refusal> {
        self.account_of(place.uid)?.0.keys_of_mut(place.owner)?.remove(id)?;
        self.state.keys.remove(&digest(id.as_str()));
        Ok(())
    }

    /// Who holds a key of the account `uid`.
    pub fn place_of(&self, uid: Uid, id: &AccessKeyId) -> Result<Place, Refusal> {
        self.state.place_of(uid, id)
    }

    /// Adds a temporary credential. `make` fills in what was generated: id, secret and 32 bytes for a token.
    pub fn add_session(
        &mut self,
        uid: Uid,
        make: impl FnOnce((AccessKeyId, SecretText, [u8; 32])) -> Session,
    ) -> Result<Arc<Session>, Refusal> {
        let ids = self.ids;
        let (account, _) = self.account_of(uid)?;
        let session = Arc::new(make(ids.session(uid, account.counters.next(Kind::Session))));
        let taken = self.state.keys.contains_key(&digest(session.id.as_str()));
        self.state.tokens.insert(session.token.reveal().into(), session.id.clone());
        if taken || self.state.sessions.insert(session.id.clone(), Arc::clone(&session)).is_some() {
            return Err(Refusal::KeyTaken);
        }
        Ok(session)
    }

    /// Lets a bearer token speak for `place`.
    pub fn add_bearer(&mut self, token: &str, place: Place) {
        self.state.bearers.insert(token.into(), place);
    }

    /// The next number for an application of `uid`.
    pub fn application_id(&mut self, uid: Uid) -> Result<u64, Refusal> {
        let ids = self.ids;
        let (account, _) = self.account_of(uid)?;
        Ok(ids.application(uid, account.counters.next(Kind::Application)))
    }

    /// Puts an event on the timeline.
    pub fn later(&mut self, at: Timestamp, event: Event) {
        let number = self.state.timeline.get_max().map_or(0, |((_, number), _)| number + 1);
        self.state.timeline.insert((at, number), event);
    }

    /// Applies every event that is due.
    pub(super) fn settle(&mut self) -> Vec<FellDue> {
        let mut fell_due = Vec::new();
        while let Some((key, event)) =
            self.state.timeline.get_min().filter(|((at, _), _)| *at <= self.now).cloned()
        {
            self.state.timeline.remove(&key);
            fell_due.push(FellDue { at: key.0, what: self.happen(key.0, event) });
        }
        fell_due
    }

    fn happen(&mut self, at: Timestamp, event: Event) -> String {
        match event {
            Event::Review { uid, application, decision } => {
                let word = match decision {
                    Decision::Approve => "approved",
                    Decision::Reject { .. } => "rejected",
                    Decision::Expire => "expired",
                };
                let done = self
                    .account_of(uid)
                    .and_then(|(account, _)| account.real_name_mut().decide(application, decision, at));
                match done {
                    Ok(()) => format!("real-name application {application} of account {uid} was {word}"),
                    Err(refusal) => format!(
                        "real-name application {application} of account {uid} was not {word}: {refusal}"
                    ),
                }
            }
        }
    }
}

impl State {
    /// Who holds a key of the account `uid`.
    pub fn place_of(&self, uid: Uid, id: &AccessKeyId) -> Result<Place, Refusal> {
        self.keys
            .get(&digest(id.as_str()))
            .copied()
            .filter(|place| place.uid == uid)
            .ok_or(Refusal::NoSuchKey)
    }
}
