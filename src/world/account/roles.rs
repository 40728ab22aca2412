//! Roles and their sessions.

use crate::policy::{Document, Kind, Malformed};
use crate::text::{AccessKeyId, Description, Patch, RoleName, Scalar, SecretText, Timestamp, Uid};
use crate::world::account::{Account, Entity, KeyMaterial, Tags};
use crate::world::refusal::Refusal;
use crate::world::register::{Named, Slot};
use crate::world::settings::Quotas;
use compact_str::CompactString;
use std::ops::RangeInclusive;
use std::sync::Arc;

/// A role: an identity without AccessKeys.
#[derive(Debug, Clone)]
pub struct Role {
    /// Role id.
    pub id: u64,
    /// Role name; it never changes.
    pub name: RoleName,
    /// Optional remark.
    pub description: Option<Description>,
    /// Trust policy: the principals that may assume the role.
    pub trust: Trust,
    /// Maximum session duration in seconds.
    pub max_session: i64,
    /// Lets the console switch to the role.
    pub allow_console_login: bool,
    /// Cloud service of a service-linked role.
    pub service: Option<&'static str>,
    /// Pending deletion of a service-linked role: task id and time.
    pub deletion: Option<(CompactString, Timestamp)>,
    /// Tags.
    pub tags: Tags,
    /// Creation time.
    pub created: Timestamp,
    /// Time of the last change.
    pub updated: Timestamp,
}

/// A trust policy, as sent and parsed.
#[derive(Debug, Clone)]
pub struct Trust {
    /// The document as sent.
    pub text: Arc<str>,
    /// The parsed document.
    pub document: Arc<Document>,
}

impl Trust {
    /// Parses a trust policy.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        Ok(Self { text: text.into(), document: Arc::new(Document::parse(text, Kind::Trust)?) })
    }
}

/// A policy of one session, as sent and parsed.
#[derive(Debug, Clone)]
pub struct SessionPolicy {
    /// The document as sent.
    pub text: Arc<str>,
    /// The parsed document.
    pub document: Arc<Document>,
}

impl SessionPolicy {
    /// Parses a session policy.
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
    /// Values of the maximum session duration. Source: docs/evidence/ram.md 5.7.
    pub const SESSION_SECONDS: RangeInclusive<i64> = 3600..=43200;

    /// Returns the ARN. It has the name in lower case. Source: docs/evidence/sts.md section 6.
    pub fn arn(&self, uid: Uid) -> String {
        format!("acs:ram::{uid}:role/{}", self.name.folded())
    }
}

/// Changes to a role.
#[derive(Default)]
pub struct RoleChange {
    /// New description.
    pub description: Patch<Description>,
    /// New trust policy.
    pub trust: Option<Trust>,
    /// New maximum session duration.
    pub max_session: Option<i64>,
    /// Lets the console switch to the role.
    pub allow_console_login: Option<bool>,
}

impl Account {
    /// Returns the slot of the role `name`.
    pub fn role_slot(&self, name: &RoleName) -> Result<Slot, Refusal> {
        self.roles.find(&name.folded()).ok_or(Refusal::NoSuchRole)
    }

    /// Returns the role in `slot`.
    pub fn role(&self, slot: Slot) -> Result<&Role, Refusal> {
        self.roles.get(slot).map(|role| &**role).ok_or(Refusal::NoSuchRole)
    }

    /// Returns the name of a role with the domain of the account. UNCERTAIN: the domain has the alias, if the account has one. Source:
    /// docs/evidence/ram.md 5.7, page of `AttachPolicy` of Resource Manager.
    pub fn role_principal(&self, name: &RoleName) -> String {
        format!("{name}@role.{}.onaliyunservice.com", self.domain_label())
    }

    /// Returns the first label of the default domain: the alias or else the UID.
    pub fn domain_label(&self) -> String {
        self.alias.as_ref().map_or_else(|| self.uid.to_string(), |alias| alias.as_str().to_owned())
    }

    /// Adds a role. Service-linked roles count, but are never rejected. Source: docs/evidence/ram.md section 3.
    pub fn add_role(&mut self, role: Role, quotas: &Quotas) -> Result<Slot, Refusal> {
        let full = self.roles.len() >= quotas.roles && role.service.is_none();
        if full && self.roles.find(&role.folded_name()).is_none() {
            return Err(Refusal::TooManyRoles);
        }
        self.roles.add(role).map_err(|_| Refusal::RoleExists)
    }

    /// Changes a role. Only the service changes trust and duration of a service-linked role.
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

    /// Deletes a role without policies, and its sessions.
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

    /// Creates an unissued session of the role, for permission checks.
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
            issued: now,
            issued_to: CompactString::default(),
            returned_expiry: now,
            enforced_expiry: now,
        })
    }

    /// Deletes a service-linked role and the policies that its service attached.
    pub(crate) fn remove_linked_role(&mut self, slot: Slot) {
        let entity = Entity::Role(slot);
        let attached: Vec<_> = self.attachments.right_of(entity).map(|(attached, _)| attached).collect();
        for one in attached {
            self.attachments.remove(entity, one);
        }
        let role = self.roles.remove(slot);
        if let Some((task, _)) = role.and_then(|role| role.deletion.clone()) {
            self.affairs_mut().deleted_roles.insert(task);
        }
    }
}

/// A temporary credential. Source: docs/evidence/sts.md section 2.
#[derive(Debug, Clone)]
pub struct Session {
    /// AccessKey id, `STS.`...
    pub id: AccessKeyId,
    /// Material that its signatures are checked with.
    pub material: KeyMaterial,
    /// Token that requests send with the key.
    pub token: SecretText,
    /// Account of the role.
    pub uid: Uid,
    /// Slot of the role.
    pub role: Slot,
    /// Role id.
    pub role_id: u64,
    /// Role name.
    pub role_name: RoleName,
    /// Session name.
    pub name: CompactString,
    /// Session policy that restricts the role's permissions.
    pub policy: Option<SessionPolicy>,
    /// Source identity, inherited by all sessions that are assumed from this one.
    pub source_identity: Option<CompactString>,
    /// Time of issue.
    pub issued: Timestamp,
    /// ARN of the caller that it was issued to; empty without one.
    pub issued_to: CompactString,
    /// Expiry in the response.
    pub returned_expiry: Timestamp,
    /// Enforced expiry; a scenario may make the two differ.
    pub enforced_expiry: Timestamp,
}

/// Sessions are equal if their ids are equal.
impl PartialEq for Session {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Session {}
