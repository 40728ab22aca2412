//! Control policies: upper bounds of the permissions of members. Source: docs/evidence/resource-directory.md 4.5.

use crate::policy::{Document, Kind, Malformed};
use crate::text::{Description, PolicyName, Scalar, Timestamp, Uid};
use crate::world::account::Tags;
use crate::world::directory::Directory;
use crate::world::refusal::Refusal;
use crate::world::register::{Named, Register, Slot};
use crate::world::relation::{Least, Relation};
use crate::world::settings::Quotas;
use compact_str::CompactString;
use serde::Serialize;
use std::sync::Arc;

/// Id of the system policy, which allows everything.
pub const FULL_ACCESS: &str = "cp-FullAliyunAccess";
/// Its document.
const FULL_DOCUMENT: &str = r#"{"Statement":[{"Action":"*","Effect":"Allow","Resource":"*"}],"Version":"1"}"#;

/// Status of the control policy feature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub enum ControlStatus {
    /// Control policies have no effect.
    #[default]
    Disabled,
    /// The feature is being enabled.
    PendingEnable,
    /// Control policies apply.
    Enabled,
    /// The feature is being disabled. UNCERTAIN: policies still apply.
    PendingDisable,
}

/// A folder or member that policies are attached to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// A folder.
    Folder(Slot),
    /// A member.
    Member(Uid),
}

impl Least for Target {
    const LEAST: Self = Self::Folder(Slot::LEAST);
}

/// A control policy.
#[derive(Debug, Clone)]
pub struct ControlPolicy {
    /// `cp-` and 16 characters.
    pub id: CompactString,
    /// Name. UNCERTAIN: unique in the directory.
    pub name: PolicyName,
    /// Optional remark.
    pub description: Option<Description>,
    /// Set for the system policy.
    pub is_system: bool,
    /// The document as sent.
    pub text: Arc<str>,
    /// The parsed document.
    pub document: Arc<Document>,
    /// Time of creation.
    pub created: Timestamp,
    /// Time of the last change.
    pub updated: Timestamp,
    /// Tags.
    pub tags: Tags,
}

impl Named for ControlPolicy {
    fn folded_name(&self) -> CompactString {
        self.id.clone()
    }
}

/// Control policies of a directory and their attachments.
#[derive(Debug, Clone)]
pub struct Control {
    /// Status of the feature.
    pub status: ControlStatus,
    /// Time of the last request to enable or disable it.
    pub switched: Option<Timestamp>,
    // Invariant: the system policy is the first.
    pub(in crate::world) policies: Register<ControlPolicy>,
    // Invariant: empty while the feature is disabled.
    pub(in crate::world) attachments: Relation<Target, Slot, Timestamp>,
}

impl Control {
    /// Position of the system policy.
    const FULL: Slot = Slot(0);

    /// Creates the policies of a new directory. UNCERTAIN: the times of the system policy.
    pub(in crate::world) fn new(now: Timestamp) -> Self {
        let mut policies = Register::default();
        let name = PolicyName::parse("FullAliyunAccess").expect("it is a name");
        let full = ControlPolicy::new(FULL_ACCESS.into(), name, FULL_DOCUMENT, now);
        let full = full.expect("the system policy is good");
        let added = policies.add(ControlPolicy { is_system: true, ..full });
        debug_assert!(added.is_ok(), "it is the first");
        Self { status: ControlStatus::Disabled, switched: None, policies, attachments: Relation::default() }
    }

    /// Returns `true` if policies apply.
    pub fn applies(&self) -> bool {
        matches!(self.status, ControlStatus::Enabled | ControlStatus::PendingDisable)
    }

    /// Returns `true` while the feature is being enabled or disabled.
    pub fn is_switching(&self) -> bool {
        matches!(self.status, ControlStatus::PendingEnable | ControlStatus::PendingDisable)
    }

    /// Attaches the system policy to a new folder or member.
    pub(in crate::world) fn cover(&mut self, target: Target, now: Timestamp) {
        if self.status != ControlStatus::Disabled {
            self.attachments.add(target, Self::FULL, now);
        }
    }

    /// Detaches all policies from a folder or member that goes.
    pub(in crate::world) fn uncover(&mut self, target: Target) {
        let attached: Vec<_> = self.attachments.right_of(target).map(|(policy, _)| policy).collect();
        for policy in attached {
            self.attachments.remove(target, policy);
        }
    }

    /// Returns the policy with an id.
    pub fn slot(&self, id: &str) -> Result<Slot, Refusal> {
        self.policies.find(id).ok_or(Refusal::NoSuchControlPolicy)
    }

    /// Returns the policy with a name.
    pub fn named(&self, name: &str) -> Result<Slot, Refusal> {
        let found = self.policies().find(|(_, policy)| policy.name.as_str().eq_ignore_ascii_case(name));
        found.map(|(slot, _)| slot).ok_or(Refusal::NoSuchControlPolicy)
    }

    /// Returns the policy in `slot`.
    pub fn policy(&self, slot: Slot) -> Result<&ControlPolicy, Refusal> {
        self.policies.get(slot).map(|policy| &**policy).ok_or(Refusal::NoSuchControlPolicy)
    }

    /// Iterates over all policies, the system policy first.
    pub fn policies(&self) -> impl Iterator<Item = (Slot, &ControlPolicy)> {
        self.policies.iter().map(|(slot, policy)| (slot, &**policy))
    }

    /// Iterates over the policies of a folder or member, with the times of attachment.
    pub fn attached_to(&self, target: Target) -> impl Iterator<Item = (&ControlPolicy, Timestamp)> {
        let attached = self.attachments.right_of(target);
        attached.filter_map(|(slot, at)| Some((self.policy(slot).ok()?, at)))
    }

    /// Iterates over the folders and members that a policy is attached to, with the times of attachment.
    pub fn targets_of(&self, policy: Slot) -> impl Iterator<Item = (Target, Timestamp)> {
        self.attachments.left_of(policy)
    }

    fn name_is_free(&self, name: &PolicyName, but: Option<Slot>) -> Result<(), Refusal> {
        let same = |one: &ControlPolicy| one.name.folded() == name.folded();
        let is_taken = self.policies().any(|(slot, one)| same(one) && Some(slot) != but);
        if is_taken { Err(Refusal::ControlPolicyExists) } else { Ok(()) }
    }

    /// Adds a custom policy.
    pub fn add(&mut self, policy: ControlPolicy, quotas: &Quotas) -> Result<Slot, Refusal> {
        self.name_is_free(&policy.name, None)?;
        // The system policy does not count.
        if self.policies.len() > quotas.control_policies {
            return Err(Refusal::TooManyControlPolicies);
        }
        self.policies.add(policy).map_err(|_| Refusal::ControlPolicyExists)
    }

    /// Returns a custom policy, to change.
    fn custom_mut(&mut self, slot: Slot) -> Result<&mut ControlPolicy, Refusal> {
        let policy = self.policies.get_mut(slot).ok_or(Refusal::NoSuchControlPolicy)?;
        if policy.is_system { Err(Refusal::ControlPolicyOfSystem) } else { Ok(policy) }
    }

    /// Changes a custom policy. `change` must not change its id.
    pub fn update(
        &mut self,
        slot: Slot,
        name: Option<PolicyName>,
        now: Timestamp,
        change: impl FnOnce(&mut ControlPolicy),
    ) -> Result<(), Refusal> {
        if let Some(name) = &name {
            self.name_is_free(name, Some(slot))?;
        }
        let policy = self.custom_mut(slot)?;
        policy.name = name.unwrap_or_else(|| policy.name.clone());
        policy.updated = now;
        change(policy);
        Ok(())
    }

    /// Deletes a custom policy that is not attached.
    pub fn remove(&mut self, slot: Slot) -> Result<(), Refusal> {
        self.custom_mut(slot)?;
        if self.targets_of(slot).next().is_some() {
            return Err(Refusal::ControlPolicyAttached);
        }
        self.policies.remove(slot);
        Ok(())
    }

    /// Attaches a policy to a folder or member. UNCERTAIN: the code while the feature is not enabled.
    pub fn attach(
        &mut self,
        target: Target,
        policy: Slot,
        now: Timestamp,
        quotas: &Quotas,
    ) -> Result<(), Refusal> {
        self.must_be_enabled()?;
        if self.attachments.right_of(target).any(|(one, _)| one == policy) {
            return Err(Refusal::ControlPolicyAttachedAlready);
        }
        if self.attachments.right_of(target).count() >= quotas.control_policies_each {
            return Err(Refusal::TooManyControlPoliciesOfTarget);
        }
        self.attachments.add(target, policy, now);
        Ok(())
    }

    /// Detaches a policy from a folder or member. The last one stays.
    pub fn detach(&mut self, target: Target, policy: Slot) -> Result<(), Refusal> {
        self.must_be_enabled()?;
        if !self.attachments.right_of(target).any(|(one, _)| one == policy) {
            return Err(Refusal::ControlPolicyNotAttached);
        }
        if self.attachments.right_of(target).count() == 1 {
            return Err(Refusal::LastControlPolicy);
        }
        self.attachments.remove(target, policy);
        Ok(())
    }

    fn must_be_enabled(&self) -> Result<(), Refusal> {
        if self.status == ControlStatus::Enabled { Ok(()) } else { Err(Refusal::ControlNotEnabled) }
    }
}

impl ControlPolicy {
    /// Creates a custom policy, if the document is valid.
    pub fn new(id: CompactString, name: PolicyName, text: &str, now: Timestamp) -> Result<Self, Malformed> {
        let (text, document) = Self::read(text)?;
        Ok(Self {
            id,
            name,
            description: None,
            is_system: false,
            text,
            document,
            created: now,
            updated: now,
            tags: Tags::default(),
        })
    }

    /// Reads a document.
    pub fn read(text: &str) -> Result<(Arc<str>, Arc<Document>), Malformed> {
        Ok((text.into(), Arc::new(Document::parse(text, Kind::Permission)?)))
    }
}

impl Directory {
    /// Enables control policies at once.
    pub fn enable_control(&mut self, on: bool) {
        if on && self.control.status == ControlStatus::Disabled {
            self.control.status = ControlStatus::Enabled;
            self.cover_all(self.created);
        }
    }

    /// Attaches the system policy to every folder and member.
    pub(in crate::world) fn cover_all(&mut self, now: Timestamp) {
        let folders = self.folders().map(|(slot, _)| Target::Folder(slot));
        let members = self.members().map(|member| Target::Member(member.uid));
        for target in folders.chain(members).collect::<Vec<_>>() {
            self.control.cover(target, now);
        }
    }

    /// Returns the folder or member with an id.
    pub fn target(&self, id: &str) -> Result<Target, Refusal> {
        if let Some(slot) = self.folders.find(id) {
            return Ok(Target::Folder(slot));
        }
        let uid = id.parse().map(Uid).map_err(|_| Refusal::NoSuchTarget)?;
        self.member(uid).map(|member| Target::Member(member.uid)).map_err(|_| Refusal::NoSuchTarget)
    }

    /// Returns the policies that bound a member: those of the member first, then those of each folder above it.
    pub fn bounds(&self, uid: Uid) -> Vec<(Target, Vec<&ControlPolicy>)> {
        let Ok(member) = self.member(uid) else { return Vec::new() };
        if !self.control.applies() {
            return Vec::new();
        }
        let above = self.upwards(member.folder).map(|(slot, _)| Target::Folder(slot));
        let levels = std::iter::once(Target::Member(uid)).chain(above);
        levels
            .map(|target| (target, self.control.attached_to(target).map(|(one, _)| one).collect()))
            .collect()
    }
}
