//! What can be done to a world from outside of its APIs: one vocabulary for timelines and rules of scenarios and for the
//! control API. Each command is carried out by the functions that services use, too.

use crate::text::{AccessKeyId, PolicyName, RoleName, Scalar, Timestamp, Uid, UserName};
use crate::world::Tx;
use crate::world::account::{
    Account, Decision, Entity, KeyStatus, Owner, Place, RoleChange, Session, Status, Trust,
};
use crate::world::machine::{MachineSettings, Unfit, WhichInstanceRole};
use crate::world::refusal::Refusal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A command.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Command {
    /// Disables an AccessKey.
    DisableKey(WhichKey),
    /// Enables an AccessKey.
    EnableKey(WhichKey),
    /// Deletes an AccessKey.
    DeleteKey(WhichKey),
    /// Moves an account to another state, or changes its balance.
    SetState(SetState),
    /// Decides the application for verification that is under review.
    Decide(Decide),
    /// Attaches a policy.
    AttachPolicy(WhichPolicy),
    /// Detaches a policy.
    DetachPolicy(WhichPolicy),
    /// Gives a role another trust policy.
    SetTrust(SetTrust),
    /// Ends temporary credentials: their tokens are expired from now on.
    ExpireSessions(WhichSessions),
    /// Takes temporary credentials away: their keys are unknown from now on.
    RevokeSessions(WhichSessions),
    /// Changes the instance whose metadata is served; makes one when there is none.
    SetInstance(Box<MachineSettings>),
    /// Attaches a RAM role to the instance.
    AttachInstanceRole(WhichInstanceRole),
    /// Detaches a RAM role from the instance: what was handed out lives to its end.
    DetachInstanceRole(WhichInstanceRole),
}

/// An AccessKey: by its id, or by its owner and its place among the owner's keys.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct WhichKey {
    /// UID or name of the account; the first that is no operator when not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// The RAM user that owns it; the account itself when not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// Its place, from 0 on.
    pub index: usize,
    /// Its id, instead of user and place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
}

/// State and balance.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct SetState {
    /// UID or name of the account; the first that is no operator when not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// The new state.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// The new balance, in hundredths.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub balance_cents: Option<i64>,
}

/// A decision about the application under review.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Decide {
    /// UID or name of the account; the first that is no operator when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// What is decided.
    pub decision: Verdict,
    /// Code of a rejection.
    #[serde(default)]
    pub code: String,
    /// Its reason in words.
    #[serde(default)]
    pub reason: String,
}

/// What is decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// The account is verified.
    Approve,
    /// It is not.
    Reject,
    /// It has to be verified again.
    Expire,
}

/// A policy and whom it is attached to.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct WhichPolicy {
    /// UID or name of the account; the first that is no operator when not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// Its name; the account's own wins over the system's.
    pub policy: String,
    /// A RAM user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// Or a group.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// Or a role.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
}

/// A role and its new trust policy.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SetTrust {
    /// UID or name of the account; the first that is no operator when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// Name of the role.
    pub role: String,
    /// The policy, a text of JSON.
    pub trust: String,
}

/// Temporary credentials: all that fit.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct WhichSessions {
    /// UID or name of the account of the role.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// Name of the role.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// Name of the session.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session: Option<String>,
    /// The key id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
}

/// Why a command could not be carried out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotDone {
    /// A rule of the world.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// What it names cannot be.
    #[error("{0}")]
    Wrong(String),
    /// A word of an instance.
    #[error(transparent)]
    Unfit(#[from] Unfit),
}

type Done<T = String> = Result<T, NotDone>;

impl Command {
    /// Carries it out; says in words what was done.
    pub fn run(&self, tx: &mut Tx<'_>) -> Result<String, NotDone> {
        match self {
            Self::DisableKey(key) => key.set(KeyStatus::Inactive, tx),
            Self::EnableKey(key) => key.set(KeyStatus::Active, tx),
            Self::DeleteKey(key) => {
                let (place, id) = key.find(tx)?;
                tx.remove_key(place, &id)?;
                Ok(format!("the key {id} was deleted"))
            }
            Self::SetState(change) => change.run(tx),
            Self::Decide(decide) => decide.run(tx),
            Self::AttachPolicy(policy) => policy.run(true, tx),
            Self::DetachPolicy(policy) => policy.run(false, tx),
            Self::SetTrust(change) => change.run(tx),
            Self::ExpireSessions(sessions) => sessions.run(true, tx),
            Self::RevokeSessions(sessions) => sessions.run(false, tx),
            Self::SetInstance(change) => tx.change_machine(change),
            Self::AttachInstanceRole(which) => tx.attach_role(which, true),
            Self::DetachInstanceRole(which) => tx.attach_role(which, false),
        }
    }
}

/// The account that a UID or our own name names, or the first that is no operator.
pub(in crate::world) fn account<'a>(named: Option<&str>, tx: &'a Tx<'_>) -> Done<&'a Account> {
    let fits = |account: &&std::sync::Arc<Account>| match named {
        Some(name) => account.label == name || account.uid.to_string() == name,
        None => !account.is_operator,
    };
    Ok(tx.state().accounts.values().find(fits).ok_or(Refusal::NoSuchAccount)?)
}

fn value<T: Scalar>(what: &str, text: &str) -> Done<T> {
    T::parse(text).map_err(|_| NotDone::Wrong(format!("`{text}` cannot be a {what}")))
}

impl WhichKey {
    fn find(&self, tx: &Tx<'_>) -> Done<(Place, AccessKeyId)> {
        if let Some(id) = &self.id {
            let id: AccessKeyId = value("key id", id)?;
            let uids: Vec<Uid> = match &self.account {
                Some(name) => vec![account(Some(name), tx)?.uid],
                None => tx.state().accounts.keys().copied().collect(),
            };
            let place = uids.into_iter().find_map(|uid| tx.place_of(uid, &id).ok());
            return Ok((place.ok_or(Refusal::NoSuchKey)?, id));
        }
        let account = account(self.account.as_deref(), tx)?;
        let owner = match &self.user {
            Some(name) => Owner::User(account.user_slot(&value::<UserName>("user name", name)?)?),
            None => Owner::Root,
        };
        let key = account.keys_of(owner)?.iter().nth(self.index).ok_or(Refusal::NoSuchKey)?;
        Ok((Place { uid: account.uid, owner }, key.id.clone()))
    }

    fn set(&self, status: KeyStatus, tx: &mut Tx<'_>) -> Done {
        let (place, id) = self.find(tx)?;
        tx.set_key_status(place, &id, status)?;
        Ok(format!("the key {id} was made {status}"))
    }
}

impl SetState {
    fn run(&self, tx: &mut Tx<'_>) -> Done {
        let uid = account(self.account.as_deref(), tx)?.uid;
        tx.set_standing(uid, self.status, self.balance_cents, None)?;
        let standing = tx.state().account(uid)?.standing();
        let (status, cents) = (standing.status(), standing.balance_cents());
        let (sign, cents) = (if cents < 0 { "-" } else { "" }, cents.unsigned_abs());
        Ok(format!("account {uid} is {status}, with a balance of {sign}{}.{:02}", cents / 100, cents % 100))
    }
}

impl Decide {
    fn run(&self, tx: &mut Tx<'_>) -> Done {
        let account = account(self.account.as_deref(), tx)?;
        let uid = account.uid;
        let decision = match self.decision {
            Verdict::Approve => Decision::Approve,
            Verdict::Reject => Decision::Reject { code: self.code.clone(), reason: self.reason.clone() },
            Verdict::Expire => {
                tx.expire_document(uid)?;
                return Ok(format!("the document expired that account {uid} is verified by"));
            }
        };
        let id = account.real_name.under_review().ok_or(Refusal::NoSuchApplication)?.id;
        tx.decide(uid, id, decision)?;
        Ok(format!("real-name application {id} of account {uid} was decided: {:?}", self.decision))
    }
}

impl WhichPolicy {
    fn run(&self, attach: bool, tx: &mut Tx<'_>) -> Done {
        let uid = account(self.account.as_deref(), tx)?.uid;
        let now = tx.now;
        let name: PolicyName = value("policy name", &self.policy)?;
        let (account, quotas) = tx.account_of(uid)?;
        let holder = match (&self.user, &self.group, &self.role) {
            (Some(name), None, None) => Entity::User(account.user_slot(&value("user name", name)?)?),
            (None, Some(name), None) => Entity::Group(account.group_slot(&value("group name", name)?)?),
            (None, None, Some(name)) => Entity::Role(account.role_slot(&value("role name", name)?)?),
            _ => return Err(NotDone::Wrong("a policy has one holder: a user, a group or a role".to_owned())),
        };
        let policy = account.policy_named(&name)?;
        if attach {
            account.attach(holder, policy, None, now, &quotas)?;
            return Ok(format!("the policy {name} was attached"));
        }
        account.detach(holder, policy, None)?;
        Ok(format!("the policy {name} was detached"))
    }
}

impl SetTrust {
    fn run(&self, tx: &mut Tx<'_>) -> Done {
        let uid = account(self.account.as_deref(), tx)?.uid;
        let now = tx.now;
        let name: RoleName = value("role name", &self.role)?;
        let trust = Trust::parse(&self.trust).map_err(|why| NotDone::Wrong(why.to_string()))?;
        let (account, _) = tx.account_of(uid)?;
        let slot = account.role_slot(&name)?;
        account.update_role(slot, RoleChange { trust: Some(trust), ..RoleChange::default() }, now)?;
        Ok(format!("the role {name} has another trust policy"))
    }
}

impl WhichSessions {
    fn run(&self, expire: bool, tx: &mut Tx<'_>) -> Done {
        let uid =
            self.account.as_deref().map(|name| Ok::<_, NotDone>(account(Some(name), tx)?.uid)).transpose()?;
        let same = |wanted: &Option<String>, is: &str| wanted.as_deref().is_none_or(|wanted| wanted == is);
        let fits = |session: &Session| {
            uid.is_none_or(|uid| uid == session.uid)
                && same(&self.role, session.role_name.as_str())
                && same(&self.session, &session.name)
                && same(&self.id, session.id.as_str())
        };
        let found: Vec<_> =
            tx.state().sessions().filter(|session| fits(session)).map(|session| session.id.clone()).collect();
        if found.is_empty() {
            return Err(Refusal::NoSuchSession.into());
        }
        for id in &found {
            if expire { tx.expire_session(id) } else { tx.revoke_session(id) }
        }
        Ok(format!(
            "{} temporary credentials were {}",
            found.len(),
            if expire { "expired" } else { "revoked" }
        ))
    }
}

/// A command of a timeline: when it is to be carried out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Due {
    /// A time of the resource clock, or a span from the start: `+5s`.
    #[schemars(with = "crate::world::faults::Moment")]
    pub at: String,
    /// What is done then.
    pub r#do: Command,
}

impl Due {
    /// When it is due, in a world that starts at `start`.
    pub fn at(&self, start: Timestamp) -> Option<Timestamp> {
        let span = crate::text::parse_duration(&self.at).ok().map(|span| start.plus(span));
        span.or_else(|| Timestamp::parse(&self.at).ok())
    }
}
