//! The state of a world: one value of persistent maps. A copy costs a few pointers; a change is made on a copy, and the
//! copy becomes the state only when the change succeeded.
//!
//! What must survive a refusal (nonces, last use, the journal) is not here.

use crate::text::{AccessKeyId, BucketName, Timestamp, Uid};
use crate::world::account::{AccessKey, Account, Bucket, Decision, Owner, Place, Project, Session, Trace};
use crate::world::caller::Caller;
use crate::world::command::Command;
use crate::world::gates::Gates;
use crate::world::ids::Counters;
use crate::world::machine::{Machine, MachineSettings};
use crate::world::outbox::Outbox;
use crate::world::refusal::Refusal;
use crate::world::register::{Digest, Slot, digest};
use crate::world::settings::{AccountRules, Enforcement, Propagation, Quotas, SessionExpiry};
use crate::world::stubs::Stubs;
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
    /// What becomes of a call that no policy allows.
    pub enforcement: Enforcement,
    /// How fast changes spread.
    pub propagation: Arc<Propagation>,
    /// When sessions end that are given out.
    pub session_expiry: SessionExpiry,
    /// What is answered for actions that nobody runs.
    pub stubs: Arc<Stubs>,
    /// The instance whose metadata is served.
    pub(super) machine: Option<Arc<Machine>>,
    // Invariant: holds the digest of the id of every key of every account, and nothing else.
    pub(super) keys: OrdMap<Digest, Place>,
    pub(super) sessions: OrdMap<AccessKeyId, Arc<Session>>,
    /// Tokens that a scenario chose; generated ones tell by themselves whose they are.
    pub(super) tokens: OrdMap<CompactString, AccessKeyId>,
    pub(super) bearers: OrdMap<CompactString, Place>,
    /// What seldom changes and concerns all accounts.
    pub registry: Arc<Registry>,
    // Invariant: holds the alias of every account that has one.
    pub(super) aliases: OrdMap<CompactString, Uid>,
    // Invariant: holds the name of every bucket of every account, and nothing else.
    pub(super) buckets: OrdMap<CompactString, Uid>,
    pub(super) timeline: OrdMap<(Timestamp, u64), Event>,
    pub(super) counters: Counters,
}

/// What seldom changes and concerns all accounts: who has which name, what was sent, what the rules are.
#[derive(Debug, Clone, Default)]
pub struct Registry {
    /// Rules about accounts.
    pub rules: AccountRules,
    /// What must be in order before what is called.
    pub gates: Gates,
    /// What would have been sent.
    pub outbox: Outbox,
    /// Log-ins of accounts to the console, by their tickets.
    pub logins: OrdMap<CompactString, ConsoleLogin>,
    /// Invitations to register, by the tokens in their addresses: the partner and the number.
    pub invites: OrdMap<CompactString, (Uid, u64)>,
    /// What somebody must confirm, by its number.
    pub traces: OrdMap<CompactString, Arc<Trace>>,
    // Invariant: how many accounts that are not closed each partner has that has one.
    pub(super) partners: OrdMap<Uid, usize>,
    // Invariant of the four: they hold what the accounts have that are not closed, or were closed lately.
    pub(super) login_names: OrdMap<CompactString, Uid>,
    pub(super) emails: OrdMap<CompactString, Uid>,
    pub(super) mobiles: OrdMap<CompactString, usize>,
    pub(super) identities: OrdMap<CompactString, usize>,
}

/// A log-in to the console.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsoleLogin {
    /// Whose.
    pub uid: Uid,
    /// Since when.
    pub since: Timestamp,
    /// Until when.
    pub expires: Timestamp,
}

/// Something that happens later.
#[derive(Debug, Clone)]
pub enum Event {
    /// The review of an application has taken its time.
    ReviewEnds {
        /// The account.
        uid: Uid,
        /// The application.
        application: u64,
    },
    /// The document expires that an account is verified by.
    DocumentExpires {
        /// The account.
        uid: Uid,
        /// Since when it was verified by that document.
        since: Timestamp,
    },
    /// The grace of an expired document ends.
    GraceEnds {
        /// The account.
        uid: Uid,
        /// When the document expired.
        expired: Timestamp,
    },
    /// The KYC Center must have been answered.
    KycDue {
        /// The account.
        uid: Uid,
        /// When.
        due: Timestamp,
    },
    /// Services stop for debt.
    Shutdown {
        /// The account.
        uid: Uid,
        /// Since when it is in arrears.
        since: Timestamp,
    },
    /// A silence period ends.
    SilenceEnds {
        /// The account.
        uid: Uid,
        /// The task of closing it.
        task: u64,
    },
    /// The names of a closed account are free again.
    NamesFreed {
        /// The account.
        uid: Uid,
    },
    /// A log-in to the console ends.
    LoginEnds {
        /// Its ticket.
        ticket: CompactString,
    },
    /// A review is decided.
    Review {
        /// The account.
        uid: Uid,
        /// The application.
        application: u64,
        /// The decision.
        decision: Decision,
    },
    /// A command of a timeline.
    Command(Arc<Command>),
    /// A key for a short term is over.
    KeyEnd {
        /// Its account.
        uid: Uid,
        /// Its id.
        id: AccessKeyId,
    },
    /// A temporary credential is over.
    SessionEnd {
        /// Its key id.
        id: AccessKeyId,
    },
    /// A service-linked role is deleted.
    RoleEnd {
        /// The account.
        uid: Uid,
        /// The role.
        role: Slot,
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
        self.registry.login_names.get(name.to_lowercase().as_str()).and_then(|uid| self.account(*uid).ok())
    }

    /// How many accounts that are not closed a partner has.
    pub fn accounts_of(&self, partner: Uid) -> usize {
        self.registry.partners.get(&partner).copied().unwrap_or(0)
    }

    /// The account that an id of Taobao's passport is bound to, which is not closed.
    pub fn account_of_havana(&self, id: &str) -> Option<&Account> {
        let bound = |one: &&Arc<Account>| one.profile.havana_id.as_deref() == Some(id);
        self.accounts.values().filter(|one| !one.standing().is_closed()).find(bound).map(|account| &**account)
    }

    /// The credential with this id.
    pub fn credential(&self, id: &str) -> Option<Credential<'_>> {
        if let Some(session) = self.sessions.get(id) {
            let account = self.account(session.uid).ok()?;
            // Deleting a role voids its sessions. Source: docs/evidence/sts.md section 2.
            account.roles.get(session.role)?;
            return Some(Credential::Session { session, account, caller: Caller::Role(Arc::clone(session)) });
        }
        let place = self.keys.get(&digest(id))?;
        let account = self.account(place.uid).ok()?;
        let key = account.keys_of(place.owner).ok()?.get(id)?;
        Some(Credential::Key { key, account, caller: account.caller(place.owner)? })
    }

    /// Whether a scenario gave this token to a session.
    pub fn knows_token(&self, token: &str) -> bool {
        self.tokens.contains_key(token)
    }

    /// All temporary credentials that are not over.
    pub fn sessions(&self) -> impl Iterator<Item = &Arc<Session>> {
        self.sessions.values()
    }

    /// The account with this alias, or with this UID: what the first label of a logon domain says.
    pub fn account_of_domain(&self, label: &str) -> Option<Uid> {
        let by_uid = || label.parse().ok().map(Uid).filter(|uid| self.accounts.contains_key(uid));
        self.aliases.get(label).copied().or_else(by_uid)
    }

    /// Who a bearer token speaks for.
    pub fn bearer(&self, token: &str) -> Option<(&Account, Caller)> {
        let place = self.bearers.get(token)?;
        let account = self.account(place.uid).ok()?;
        Some((account, account.caller(place.owner)?))
    }

    /// The bucket `name` with the account that owns it.
    pub fn bucket(&self, name: &BucketName) -> Result<(&Account, &Bucket), Refusal> {
        let uid = self.buckets.get(name.as_str()).ok_or(Refusal::NoSuchBucket)?;
        let account = self.account(*uid)?;
        let bucket = account.buckets.get(name).ok_or(Refusal::NoSuchBucket)?;
        Ok((account, bucket))
    }

    /// The project `name` with the account that owns it, in whatever case it is written. Only scenarios make projects, so there
    /// are few: no index.
    pub fn project(&self, name: &str) -> Option<(&Account, &Project)> {
        let all =
            self.accounts.values().flat_map(|account| account.projects.iter().map(move |one| (account, one)));
        let (account, project) = { all }.find(|(_, project)| project.name.eq_ignore_ascii_case(name))?;
        Some((account, project))
    }

    /// The instance, when there is one.
    pub fn machine(&self) -> Option<&Machine> {
        self.machine.as_deref()
    }

    /// The settings that would make it again, with the roles that its account still has; `name` is what that is called there.
    pub fn machine_settings(&self, name: impl FnOnce(Uid) -> String) -> Option<MachineSettings> {
        let machine = self.machine()?;
        let account = self.account(machine.uid).ok()?;
        let roles = machine.roles.iter().filter(|role| account.role_slot(role).is_ok());
        let roles: Vec<_> = roles.map(ToString::to_string).collect();
        Some(MachineSettings {
            account: Some(name(machine.uid)),
            roles: (!roles.is_empty()).then_some(roles),
            ..machine.settings.clone()
        })
    }

    /// The bearer tokens that speak for `place`.
    pub fn bearers_of(&self, place: Place) -> impl Iterator<Item = &str> {
        self.bearers.iter().filter(move |(_, one)| **one == place).map(|(token, _)| token.as_str())
    }

    /// The commands that are still to come, with their times, in order.
    pub fn commands(&self) -> impl Iterator<Item = (Timestamp, &Command)> {
        self.timeline.iter().filter_map(|((at, _), event)| match event {
            Event::Command(command) => Some((*at, &**command)),
            _ => None,
        })
    }

    /// When the next event is due.
    pub fn next_due(&self) -> Option<Timestamp> {
        self.timeline.get_min().map(|((at, _), _)| *at)
    }

    /// Who holds a key of the account `uid`.
    pub fn place_of(&self, uid: Uid, id: &AccessKeyId) -> Result<Place, Refusal> {
        self.keys
            .get(&digest(id.as_str()))
            .copied()
            .filter(|place| place.uid == uid)
            .ok_or(Refusal::NoSuchKey)
    }

    /// All long-term keys.
    pub fn keys(&self) -> impl Iterator<Item = &AccessKey> {
        let users = self.accounts.values().flat_map(|account| account.users.iter());
        let own = self.accounts.values().flat_map(|account| account.keys.iter());
        own.chain(users.flat_map(|(_, user)| user.keys.iter()))
    }

    /// Ids of all keys, for whoever routes by them.
    pub fn key_ids(&self) -> impl Iterator<Item = &AccessKeyId> {
        self.keys().map(|key| &key.id).chain(self.sessions.keys())
    }
}

impl Account {
    pub(super) fn caller(&self, owner: Owner) -> Option<Caller> {
        Some(match owner {
            Owner::Root => Caller::Root { uid: self.uid },
            Owner::User(slot) => {
                let user = self.users.get(slot)?;
                Caller::User { uid: self.uid, slot, id: user.id, name: user.name.clone() }
            }
        })
    }
}
