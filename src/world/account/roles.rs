//! Roles and their sessions.

use crate::policy::{Document, Kind, Malformed};
use crate::text::{AccessKeyId, Description, Patch, RoleName, Scalar, SecretText, Timestamp, Uid};
use crate::world::account::{Account, Entity, KeyMaterial, Tags};
use crate::world::refusal::Refusal;
use crate::world::register::{Named, Slot};
use crate::world::settings::Quotas;
use compact_str::CompactString;
use std::sync::Arc;

/// A role: an identity without keys of its own.
#[derive(Debug, Clone)]
pub struct Role {
    /// Its id.
    pub id: u64,
    /// Its name, which never changes.
    pub name: RoleName,
    /// Free remark.
    pub description: Option<Description>,
    /// Who may assume it.
    pub trust: Trust,
    /// The longest a session of it may last, in seconds.
    pub max_session: i64,
    /// Whether the console may switch to it.
    pub allow_console_login: bool,
    /// The cloud service it belongs to, when it is a service-linked one.
    pub service: Option<&'static str>,
    /// Its deletion, when that was asked for: a service-linked role goes later.
    pub deletion: Option<(CompactString, Timestamp)>,
    /// Its tags.
    pub tags: Tags,
    /// When it was made.
    pub created: Timestamp,
    /// When it last changed.
    pub updated: Timestamp,
}

/// A trust policy: the text as it was sent, and the same read.
#[derive(Debug, Clone)]
pub struct Trust {
    /// The text.
    pub text: Arc<str>,
    /// What it says.
    pub document: Arc<Document>,
}

impl Trust {
    /// Reads a trust policy.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        Ok(Self { text: text.into(), document: Arc::new(Document::parse(text, Kind::Trust)?) })
    }
}

/// A policy that was given to one session: the text as it was sent, and the same read.
#[derive(Debug, Clone)]
pub struct SessionPolicy {
    /// The text.
    pub text: Arc<str>,
    /// What it says.
    pub document: Arc<Document>,
}

impl SessionPolicy {
    /// Reads such a policy.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        Ok(Self { text: text.into(), document: Arc::new(Document::parse(text, Kind::Permission)?) })
    }
}

impl Named for Role {
    fn folded_name(&self) -> CompactString {
        self.name.folded()
    }
}

impl Role {
    /// The ARN that policies and replies name it by.
    pub fn arn(&self, uid: Uid) -> String {
        format!("acs:ram::{uid}:role/{}", self.name)
    }
}

/// A change to a role.
#[derive(Default)]
pub struct RoleChange {
    /// The new description.
    pub description: Patch<Description>,
    /// The new trust policy.
    pub trust: Option<Trust>,
    /// The new longest session.
    pub max_session: Option<i64>,
    /// Whether the console may switch to it.
    pub allow_console_login: Option<bool>,
}

impl Account {
    /// The place of the role `name`.
    pub fn role_slot(&self, name: &RoleName) -> Result<Slot, Refusal> {
        self.roles.find(&name.folded()).ok_or(Refusal::NoSuchRole)
    }

    /// The role in `slot`.
    pub fn role(&self, slot: Slot) -> Result<&Role, Refusal> {
        self.roles.get(slot).map(|role| &**role).ok_or(Refusal::NoSuchRole)
    }

    /// Adds a role. Service-linked ones count but are never refused. Source: docs/evidence/ram.md section 3.
    pub fn add_role(&mut self, role: Role, quotas: &Quotas) -> Result<Slot, Refusal> {
        let full = self.roles.len() >= quotas.roles && role.service.is_none();
        if full && self.roles.find(&role.folded_name()).is_none() {
            return Err(Refusal::TooManyRoles);
        }
        self.roles.add(role).map_err(|_| Refusal::RoleExists)
    }

    /// Changes a role. Trust and duration of a service-linked role are its service's.
    pub fn update_role(&mut self, slot: Slot, change: RoleChange, now: Timestamp) -> Result<&Role, Refusal> {
        let role = self.roles.get_mut(slot).ok_or(Refusal::NoSuchRole)?;
        if role.service.is_some() && (change.trust.is_some() || change.max_session.is_some()) {
            return Err(Refusal::RoleOfService);
        }
        change.description.apply(&mut role.description);
        role.trust = change.trust.unwrap_or_else(|| role.trust.clone());
        role.max_session = change.max_session.unwrap_or(role.max_session);
        role.allow_console_login = change.allow_console_login.unwrap_or(role.allow_console_login);
        role.updated = now;
        Ok(role)
    }

    /// Deletes a role that has no policy; its sessions end with it.
    pub fn remove_role(&mut self, slot: Slot) -> Result<(), Refusal> {
        if self.role(slot)?.service.is_some() {
            return Err(Refusal::RoleOfService);
        }
        if self.attachments.right_of(Entity::Role(slot)).next().is_some() {
            return Err(Refusal::RoleHasPolicies);
        }
        self.roles.remove(slot);
        Ok(())
    }

    /// A session that nobody holds: to ask what one of this role could do.
    pub fn session_of_nobody(&self, slot: Slot, now: Timestamp) -> Result<Session, Refusal> {
        let role = self.role(slot)?;
        Ok(Session {
            id: AccessKeyId::parse("STS.nobody").expect("it has the form of one"),
            material: KeyMaterial::Secret(SecretText::new("")),
            token: SecretText::new(""),
            uid: self.uid,
            role: slot,
            role_id: role.id,
            role_name: role.name.clone(),
            name: "nobody".into(),
            policy: None,
            source_identity: None,
            returned_expiry: now,
            enforced_expiry: now,
        })
    }

    /// Deletes a service-linked role with what its service attached to it.
    pub(crate) fn remove_linked_role(&mut self, slot: Slot) {
        let entity = Entity::Role(slot);
        let attached: Vec<_> = self.attachments.right_of(entity).map(|(attached, _)| attached).collect();
        for one in attached {
            self.attachments.remove(entity, one);
        }
        self.roles.remove(slot);
    }
}

/// A temporary credential. Source: docs/evidence/sts.md section 2.
#[derive(Debug, Clone)]
pub struct Session {
    /// Its key id, `STS.`...
    pub id: AccessKeyId,
    /// What its signatures are checked with.
    pub material: KeyMaterial,
    /// The token that must come with the key.
    pub token: SecretText,
    /// The account of the role.
    pub uid: Uid,
    /// The role.
    pub role: Slot,
    /// Its id.
    pub role_id: u64,
    /// Its name.
    pub role_name: RoleName,
    /// Name of the session.
    pub name: CompactString,
    /// What narrows the permissions of the role, when that was given.
    pub policy: Option<SessionPolicy>,
    /// Who is behind it, for its whole life and that of every session assumed from it.
    pub source_identity: Option<CompactString>,
    /// The expiry the client was told.
    pub returned_expiry: Timestamp,
    /// The expiry that counts; a scenario may set the two apart.
    pub enforced_expiry: Timestamp,
}

/// A session is one thing; no other has its id.
impl PartialEq for Session {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Session {}
