//! State of a world: one value of persistent maps. A copy costs a few pointers. A change is made on
//! a copy, which becomes the state only if the change succeeds.
//!
//! Data that must survive a rejected request (nonces, last use, the journal) is not here.

use crate::federation::issuer;
use crate::text::{AccessKeyId, BucketName, Timestamp, Uid};
use crate::world::account::{
    AccessKey, Account, Bucket, Decision, Declared, IssuerSite, OAuthApp, Owner, Place, Project, Session,
    Trace,
};
use crate::world::caller::Caller;
use crate::world::command::Command;
use crate::world::directory::Directories;
use crate::world::gates::Gates;
use crate::world::hosts::Hosts;
use crate::world::ids::Counters;
use crate::world::machine::{Machine, MachineSettings};
use crate::world::needs::Needs;
use crate::world::outbox::Outbox;
use crate::world::refusal::Refusal;
use crate::world::register::{Digest, Slot, digest};
use crate::world::settings::{AccountRules, Enforcement, Propagation, Quotas, SessionExpiry};
use crate::world::stubs::Stubs;
use crate::world::vpcs::Vpcs;
use compact_str::CompactString;
use imbl::OrdMap;
use serde::Serialize;
use std::sync::Arc;

/// The state of a world.
#[derive(Debug, Clone, Default)]
pub struct State {
    /// Version; every commit adds one.
    pub version: u64,
    /// All accounts.
    pub accounts: OrdMap<Uid, Arc<Account>>,
    /// Quotas of accounts.
    pub quotas: Quotas,
    /// Treatment of calls that no policy allows.
    pub enforcement: Enforcement,
    /// Recorder of the permissions that calls need.
    pub needs: Option<&'static Needs>,
    /// Delays of changes.
    pub propagation: Arc<Propagation>,
    /// Expiry of issued sessions.
    pub session_expiry: SessionExpiry,
    /// Responses for actions that alimock does not implement.
    pub stubs: Arc<Stubs>,
    /// System policies that the scenario declares.
    pub system_policies: Declared,
    /// Hosts that products have besides their own.
    pub hosts: Arc<Hosts>,
    /// VPCs of clients.
    pub vpcs: Arc<Vpcs>,
    /// Resource directories.
    pub directories: Arc<Directories>,
    /// ECS instance whose metadata is served.
    pub(super) machine: Option<Arc<Machine>>,
    // Invariant: holds the digest of the id of every key of every account, and nothing else.
    pub(super) keys: OrdMap<Digest, Place>,
    pub(super) sessions: OrdMap<AccessKeyId, Arc<Session>>,
    /// Tokens that a scenario chose. A generated token contains its key id.
    pub(super) tokens: OrdMap<CompactString, AccessKeyId>,
    pub(super) bearers: OrdMap<CompactString, Place>,
    /// Rarely changed data that concerns all accounts.
    pub registry: Arc<Registry>,
    // Invariant: holds the alias of every account that has one.
    pub(super) aliases: OrdMap<CompactString, Uid>,
    // Invariant: holds the name of every bucket of every account, and nothing else.
    pub(super) buckets: OrdMap<CompactString, Uid>,
    pub(super) timeline: OrdMap<(Timestamp, u64), Event>,
    pub(super) counters: Counters,
}

/// Rarely changed data that concerns all accounts: unique names, sent messages and rules.
#[derive(Debug, Clone, Default)]
pub struct Registry {
    /// Rules about accounts.
    pub rules: AccountRules,
    /// Requirements on accounts before a call.
    pub gates: Gates,
    /// Messages that would have been sent.
    pub outbox: Outbox,
    /// Console log-ins of accounts and RAM users, by ticket.
    pub logins: OrdMap<CompactString, ConsoleLogin>,
    /// Invitations to register, by the token in the link: partner and number.
    pub invites: OrdMap<CompactString, (Uid, u64)>,
    /// Requests that need confirmation, by number.
    pub traces: OrdMap<CompactString, Arc<Trace>>,
    // Invariant: number of accounts of each partner, without closed ones. Partners without accounts are absent.
    pub(super) partners: OrdMap<Uid, usize>,
    // Invariant of the four: they hold names and contacts of all accounts that are open or were closed recently.
    pub(super) login_names: OrdMap<CompactString, Uid>,
    pub(super) emails: OrdMap<CompactString, Uid>,
    pub(super) mobiles: OrdMap<CompactString, usize>,
    pub(super) identities: OrdMap<CompactString, usize>,
}

impl Registry {
    /// Returns the log-in of an account itself, by ticket.
    pub fn owner_login(&self, ticket: &str) -> Option<&ConsoleLogin> {
        self.logins.get(ticket).filter(|login| login.user.is_none())
    }
}

/// A console log-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsoleLogin {
    /// Account that logged in.
    pub uid: Uid,
    /// RAM user of it that logged in; `None` for the account itself.
    pub user: Option<Slot>,
    /// Time of the log-in.
    pub since: Timestamp,
    /// Expiry.
    pub expires: Timestamp,
}

/// A future event.
#[derive(Debug, Clone)]
pub enum Event {
    /// The review of an application ends.
    ReviewEnds {
        /// The account.
        uid: Uid,
        /// The application.
        application: u64,
    },
    /// The document of a verified account expires.
    DocumentExpires {
        /// The account.
        uid: Uid,
        /// Time of the verification by that document.
        since: Timestamp,
    },
    /// The grace period of an expired document ends.
    GraceEnds {
        /// The account.
        uid: Uid,
        /// Expiry of the document.
        expired: Timestamp,
    },
    /// The deadline for the KYC Center passes.
    KycDue {
        /// The account.
        uid: Uid,
        /// Deadline.
        due: Timestamp,
    },
    /// Services are stopped for debt.
    Shutdown {
        /// The account.
        uid: Uid,
        /// Start of the arrears.
        since: Timestamp,
    },
    /// A silence period ends.
    SilenceEnds {
        /// The account.
        uid: Uid,
        /// Task of the closing.
        task: u64,
    },
    /// The names of a closed account become available.
    NamesFreed {
        /// The account.
        uid: Uid,
    },
    /// A console log-in expires.
    LoginEnds {
        /// Ticket of the log-in.
        ticket: CompactString,
    },
    /// A reviewer decides.
    Review {
        /// The account.
        uid: Uid,
        /// The application.
        application: u64,
        /// The decision.
        decision: Decision,
    },
    /// A command of a timeline runs.
    Command(Arc<Command>),
    /// A short-term key expires.
    KeyEnd {
        /// Account of the key.
        uid: Uid,
        /// AccessKeyId.
        id: AccessKeyId,
    },
    /// A temporary credential expires.
    SessionEnd {
        /// AccessKeyId of the credential.
        id: AccessKeyId,
    },
    /// A message contact is deleted.
    ContactDeleted {
        /// Management account.
        manager: Uid,
        /// The contact.
        id: CompactString,
    },
    /// An invitation to a resource directory expires.
    HandshakeExpires {
        /// The invitation.
        id: CompactString,
    },
    /// Control policies are enabled or disabled.
    ControlSwitched {
        /// Management account.
        manager: Uid,
        /// Time of the request.
        asked: Timestamp,
    },
    /// A deleted resource group disappears.
    ResourceGroupEnd {
        /// The account.
        uid: Uid,
        /// Number of the group.
        group: u32,
    },
    /// A service-linked role is deleted.
    RoleEnd {
        /// The account.
        uid: Uid,
        /// The role.
        role: Slot,
    },
}

impl Event {
    /// Describes the event. It may have no effect when it is due.
    pub fn describe(&self) -> String {
        match self {
            Self::ReviewEnds { uid, application } => {
                format!("the review of real-name application {application} of account {uid} ends")
            }
            Self::DocumentExpires { uid, .. } => format!("the document of account {uid} expires"),
            Self::GraceEnds { uid, .. } => format!("the grace period of the document of account {uid} ends"),
            Self::KycDue { uid, .. } => format!("account {uid} must have answered the KYC Center"),
            Self::Shutdown { uid, .. } => format!("the services of account {uid} stop for debt"),
            Self::SilenceEnds { uid, .. } => format!("the silence period of account {uid} ends"),
            Self::NamesFreed { uid } => format!("the names of account {uid} become available"),
            Self::LoginEnds { .. } => "a console log-in expires".to_owned(),
            Self::Review { uid, application, .. } => {
                format!("a reviewer decides real-name application {application} of account {uid}")
            }
            Self::Command(_) => "a command of the scenario runs".to_owned(),
            Self::KeyEnd { uid, id } => format!("the short-term key {id} of account {uid} expires"),
            Self::SessionEnd { id } => format!("the temporary credential {id} expires"),
            Self::ContactDeleted { manager, id } => {
                format!("the message contact {id} of account {manager} is deleted")
            }
            Self::HandshakeExpires { id } => format!("the invitation {id} expires"),
            Self::ControlSwitched { manager, .. } => {
                format!("the control policies of account {manager} are enabled or disabled")
            }
            Self::ResourceGroupEnd { uid, .. } => {
                format!("a deleted resource group of account {uid} disappears")
            }
            Self::RoleEnd { uid, .. } => format!("a service-linked role of account {uid} is deleted"),
        }
    }
}

/// A past event, as reported to the caller that moved the clock.
#[derive(Debug, Clone, Serialize)]
pub struct FellDue {
    /// Due time.
    pub at: Timestamp,
    /// Description.
    pub what: String,
    /// The event; `None` for a key or a log-in that was disabled because nobody used it.
    #[serde(skip)]
    pub event: Option<Event>,
}

/// A credential found by its id.
#[derive(Debug)]
pub enum Credential<'a> {
    /// A long-term key.
    Key {
        /// The AccessKey.
        key: &'a AccessKey,
        /// Account of the key.
        account: &'a Account,
        /// Owner of the key.
        caller: Caller,
    },
    /// A temporary credential.
    Session {
        /// The session.
        session: &'a Session,
        /// Account of the role.
        account: &'a Account,
        /// Caller of the session.
        caller: Caller,
    },
}

impl State {
    /// Returns the account `uid`.
    pub fn account(&self, uid: Uid) -> Result<&Account, Refusal> {
        self.accounts.get(&uid).map(|account| &**account).ok_or(Refusal::NoSuchAccount)
    }

    /// Returns the application `id` of any account.
    pub fn oauth_app(&self, id: u64) -> Result<&OAuthApp, Refusal> {
        let mut all = self.accounts.values().flat_map(|account| &account.sign_on.applications);
        all.find(|app| app.id == id).map(|app| &**app).ok_or(Refusal::NoSuchOAuthApp)
    }

    /// Returns the site of an issuer that is only known by its address: the built-in one, one that a provider of the world
    /// describes, or else an unreachable one.
    pub fn issuer_site(&self, issuer: &str) -> IssuerSite {
        if issuer == issuer::ISSUER {
            return IssuerSite::built_in();
        }
        let mut all = self.accounts.values().flat_map(|account| account.oidc_providers.iter());
        let described = all.find(|(_, one)| one.issuer == issuer && one.site.keys.is_some());
        described.map_or_else(IssuerSite::unreachable, |(_, provider)| provider.site.clone())
    }

    /// Returns the account with this login name.
    pub fn account_named(&self, name: &str) -> Option<&Account> {
        self.registry.login_names.get(name.to_lowercase().as_str()).and_then(|uid| self.account(*uid).ok())
    }

    /// Returns the account with this login name or security e-mail, in any case.
    pub fn account_with_login(&self, login: &str) -> Option<&Account> {
        let folded = login.to_lowercase();
        let uid = self
            .registry
            .login_names
            .get(folded.as_str())
            .or_else(|| self.registry.emails.get(folded.as_str()));
        uid.and_then(|uid| self.account(*uid).ok())
    }

    /// Returns all accounts in order of registration: those of a scenario in the order of its file.
    pub fn accounts_in_order(&self) -> Vec<&Account> {
        let mut all: Vec<_> = self.accounts.values().map(|account| &**account).collect();
        all.sort_by_key(|account| account.number);
        all
    }

    /// Returns the number of accounts of a partner, without closed ones.
    pub fn accounts_of(&self, partner: Uid) -> usize {
        self.registry.partners.get(&partner).copied().unwrap_or(0)
    }

    /// Returns the account, if open, that this Taobao passport id is bound to.
    pub fn account_of_havana(&self, id: &str) -> Option<&Account> {
        let bound = |one: &&Arc<Account>| one.profile.havana_id.as_deref() == Some(id);
        self.accounts.values().filter(|one| !one.standing().is_closed()).find(bound).map(|account| &**account)
    }

    /// Returns the credential with this id.
    pub fn credential(&self, id: &str) -> Option<Credential<'_>> {
        if let Some(session) = self.sessions.get(id) {
            let account = self.account(session.uid).ok()?;
            // Deleting a role invalidates its sessions. Source: docs/evidence/sts.md section 2.
            account.roles.get(session.role)?;
            return Some(Credential::Session { session, account, caller: Caller::Role(Arc::clone(session)) });
        }
        let place = self.keys.get(&digest(id))?;
        let account = self.account(place.uid).ok()?;
        let key = account.keys_of(place.owner).ok()?.get(id)?;
        Some(Credential::Key { key, account, caller: account.caller(place.owner)? })
    }

    /// Returns `true` if a scenario assigned this token to a session.
    pub fn knows_token(&self, token: &str) -> bool {
        self.tokens.contains_key(token)
    }

    /// Returns all temporary credentials that have not expired.
    pub fn sessions(&self) -> impl Iterator<Item = &Arc<Session>> {
        self.sessions.values()
    }

    /// Returns the account for the first label of a logon domain: an alias or a UID.
    pub fn account_of_domain(&self, label: &str) -> Option<Uid> {
        let by_uid = || label.parse().ok().map(Uid).filter(|uid| self.accounts.contains_key(uid));
        self.aliases.get(label).copied().or_else(by_uid)
    }

    /// Returns account and caller of a bearer token.
    pub fn bearer(&self, token: &str) -> Option<(&Account, Caller)> {
        let place = self.bearers.get(token)?;
        let account = self.account(place.uid).ok()?;
        Some((account, account.caller(place.owner)?))
    }

    /// Returns the bucket `name` and its account.
    pub fn bucket(&self, name: &BucketName) -> Result<(&Account, &Bucket), Refusal> {
        let uid = self.buckets.get(name.as_str()).ok_or(Refusal::NoSuchBucket)?;
        let account = self.account(*uid)?;
        let bucket = account.buckets.get(name).ok_or(Refusal::NoSuchBucket)?;
        Ok((account, bucket))
    }

    /// Returns the project `name`, in any case, and its account. Only scenarios create projects, so
    /// they are few and need no index.
    pub fn project(&self, name: &str) -> Option<(&Account, &Project)> {
        let all =
            self.accounts.values().flat_map(|account| account.projects.iter().map(move |one| (account, one)));
        let (account, project) = { all }.find(|(_, project)| project.name.eq_ignore_ascii_case(name))?;
        Some((account, project))
    }

    /// Returns the ECS instance, if any.
    pub fn machine(&self) -> Option<&Machine> {
        self.machine.as_deref()
    }

    /// Returns settings that recreate it, with the roles that still exist. `name` gives the name of its account.
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

    /// Returns the bearer tokens of `place`.
    pub fn bearers_of(&self, place: Place) -> impl Iterator<Item = &str> {
        self.bearers.iter().filter(move |(_, one)| **one == place).map(|(token, _)| token.as_str())
    }

    /// Returns the future commands with their times, in order.
    pub fn commands(&self) -> impl Iterator<Item = (Timestamp, &Command)> {
        self.timeline.iter().filter_map(|((at, _), event)| match event {
            Event::Command(command) => Some((*at, &**command)),
            _ => None,
        })
    }

    /// Returns the future events with their times, in order, each described.
    pub fn upcoming(&self) -> impl Iterator<Item = (Timestamp, &Event)> {
        self.timeline.iter().map(|((at, _), event)| (*at, event))
    }

    /// Returns the due time of the next event.
    pub fn next_due(&self) -> Option<Timestamp> {
        self.timeline.get_min().map(|((at, _), _)| *at)
    }

    /// Returns the owner of a key in the account `uid`.
    pub fn place_of(&self, uid: Uid, id: &AccessKeyId) -> Result<Place, Refusal> {
        self.keys
            .get(&digest(id.as_str()))
            .copied()
            .filter(|place| place.uid == uid)
            .ok_or(Refusal::NoSuchKey)
    }

    /// Returns all long-term keys.
    pub fn keys(&self) -> impl Iterator<Item = &AccessKey> {
        let users = self.accounts.values().flat_map(|account| account.users.iter());
        let own = self.accounts.values().flat_map(|account| account.keys.iter());
        own.chain(users.flat_map(|(_, user)| user.keys.iter()))
    }

    /// Returns the ids of all keys, for routing.
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
