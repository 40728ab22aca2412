//! Custom policies with their versions, and attachments of policies to users, groups and roles.

use crate::policy::{Document, Kind, Malformed};
use crate::text::{Description, Patch, PolicyName, Timestamp};
use crate::world::account::system::{self, SystemPolicy};
use crate::world::account::{Account, Tags};
use crate::world::refusal::Refusal;
use crate::world::register::{Named, Slot};
use crate::world::relation::Least;
use crate::world::settings::Quotas;
use compact_str::CompactString;
use std::sync::Arc;

/// A custom policy.
#[derive(Debug, Clone)]
pub struct Policy {
    /// Policy name.
    pub name: PolicyName,
    /// Optional remark.
    pub description: Option<Description>,
    /// Creation time.
    pub created: Timestamp,
    /// Time of the last change of the description or the default version.
    pub updated: Timestamp,
    /// Tags of the policy.
    pub tags: Tags,
    // Invariant: never empty, ascending by number, and `default` is one of the numbers.
    versions: Vec<Version>,
    default: u32,
    /// Last version number. Numbers are never reused (UNCERTAIN; docs/evidence/ram.md 5.6).
    last: u32,
}

/// A version of a policy.
#[derive(Debug, Clone)]
pub struct Version {
    /// Version number: `1` for `v1`.
    pub number: u32,
    /// Creation time.
    pub created: Timestamp,
    /// The document as sent.
    pub text: Arc<str>,
    /// The parsed document.
    pub document: Arc<Document>,
}

impl Version {
    /// Creates a version, if the document is valid.
    pub fn new(number: u32, text: &str, created: Timestamp) -> Result<Self, Malformed> {
        let document = Arc::new(Document::parse(text, Kind::Permission)?);
        Ok(Self { number, created, text: text.into(), document })
    }
}

impl Named for Policy {
    fn folded_name(&self) -> CompactString {
        self.name.folded()
    }
}

impl Policy {
    /// Creates a policy with its first version.
    pub fn new(name: PolicyName, description: Option<Description>, first: Version, now: Timestamp) -> Self {
        let (default, last) = (first.number, first.number);
        let versions = vec![first];
        Self { name, description, created: now, updated: now, tags: Tags::default(), versions, default, last }
    }

    /// Adds versions that are not the default.
    pub fn with_versions(mut self, others: Vec<Version>, quotas: &Quotas) -> Result<Self, Refusal> {
        self.versions.extend(others);
        self.versions.sort_by_key(|version| version.number);
        if self.versions.len() > quotas.versions_per_policy {
            return Err(Refusal::TooManyPolicyVersions);
        }
        self.last = self.versions.last().map_or(self.last, |version| version.number);
        Ok(self)
    }

    /// Returns all versions, oldest first.
    pub fn versions(&self) -> &[Version] {
        &self.versions
    }

    /// Returns the default version.
    pub fn default_version(&self) -> &Version {
        self.version(self.default).expect("the default version cannot be deleted")
    }

    fn version(&self, number: u32) -> Result<&Version, Refusal> {
        AnyPolicy::Custom(self).version(number)
    }

    /// Returns `true` if `number` is the default version.
    pub fn is_default(&self, number: u32) -> bool {
        self.default == number
    }

    /// Adds a version with the next number. At the limit, `rotate` deletes the oldest one that is not the default.
    ///
    /// Source: docs/evidence/ram.md 5.6, `CreatePolicyVersion`.
    pub fn add_version(
        &mut self,
        mut version: Version,
        as_default: bool,
        rotate: bool,
        now: Timestamp,
        quotas: &Quotas,
    ) -> Result<&Version, Refusal> {
        if self.versions.len() >= quotas.versions_per_policy {
            let oldest = self.versions.iter().position(|version| version.number != self.default);
            match oldest.filter(|_| rotate) {
                Some(oldest) => drop(self.versions.remove(oldest)),
                None => return Err(Refusal::TooManyPolicyVersions),
            }
        }
        self.last += 1;
        version.number = self.last;
        self.versions.push(version);
        if as_default {
            (self.default, self.updated) = (self.last, now);
        }
        Ok(self.versions.last().expect("one was pushed"))
    }

    /// Makes `number` the default version, with immediate effect on all attachments.
    pub fn set_default(&mut self, number: u32, now: Timestamp) -> Result<(), Refusal> {
        self.version(number)?;
        (self.default, self.updated) = (number, now);
        Ok(())
    }

    /// Deletes a version. The default version cannot be deleted.
    pub fn remove_version(&mut self, number: u32) -> Result<(), Refusal> {
        self.version(number)?;
        if self.is_default(number) {
            return Err(Refusal::VersionIsDefault);
        }
        self.versions.retain(|version| version.number != number);
        Ok(())
    }
}

/// Reference to a system policy or a custom policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PolicyRef {
    /// System policy: its number in the table, or `DECLARED` and its number among the declared ones.
    System(u16),
    /// Custom policy of the account.
    Custom(Slot),
}

/// Bit of the number of a system policy that a scenario declared.
const DECLARED: u16 = 1 << 15;

/// Holder of policies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Entity {
    /// A RAM user.
    User(Slot),
    /// A group.
    Group(Slot),
    /// A role.
    Role(Slot),
}

/// An attached policy: it applies to the whole account or to one resource group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Attached {
    /// The policy.
    pub policy: PolicyRef,
    /// Number of the resource group.
    pub group: Option<u32>,
}

impl Least for Slot {
    const LEAST: Self = Self(0);
}

impl Least for Entity {
    const LEAST: Self = Self::User(Slot::LEAST);
}

impl Least for Attached {
    const LEAST: Self = Self { policy: PolicyRef::System(0), group: None };
}

/// A system policy or a custom policy, for responses.
#[derive(Debug, Clone, Copy)]
pub enum AnyPolicy<'a> {
    /// System policy.
    System(&'a SystemPolicy),
    /// Custom policy of the account.
    Custom(&'a Policy),
}

impl<'a> AnyPolicy<'a> {
    /// Returns the version `number`.
    pub fn version(self, number: u32) -> Result<&'a Version, Refusal> {
        self.versions().iter().find(|version| version.number == number).ok_or(Refusal::NoSuchPolicyVersion)
    }

    /// Returns the name.
    pub fn name(self) -> &'a str {
        match self {
            Self::System(policy) => &policy.name,
            Self::Custom(policy) => policy.name.as_str(),
        }
    }

    /// Returns the versions; a system policy has one.
    pub fn versions(self) -> &'a [Version] {
        match self {
            Self::System(policy) => std::slice::from_ref(&policy.version),
            Self::Custom(policy) => policy.versions(),
        }
    }

    /// Returns the default version.
    pub fn default_version(self) -> &'a Version {
        match self {
            Self::System(policy) => &policy.version,
            Self::Custom(policy) => policy.default_version(),
        }
    }
}

impl Account {
    /// Returns the slot of the custom policy `name`.
    pub fn policy_slot(&self, name: &PolicyName) -> Result<Slot, Refusal> {
        self.policies.find(&name.folded()).ok_or(Refusal::NoSuchPolicy)
    }

    /// Returns the policy of the given type. System policies are found by their exact name.
    pub fn policy_ref(&self, name: &PolicyName, is_system: bool) -> Result<PolicyRef, Refusal> {
        if is_system {
            self.system_policy(name.as_str()).ok_or(Refusal::NoSuchPolicy)
        } else {
            self.policy_slot(name).map(PolicyRef::Custom)
        }
    }

    /// Returns the system policy `name`: a declared one, or one of the table.
    pub fn system_policy(&self, name: &str) -> Option<PolicyRef> {
        let declared = self.declared().find(|(_, policy)| &*policy.name == name);
        declared.map(|(of, _)| of).or_else(|| system::named(name).map(PolicyRef::System))
    }

    /// Returns the names of all system policies.
    pub fn system_names<'a>(&'a self) -> impl Iterator<Item = &'a str> {
        self.declared()
            .map(|(_, policy)| &*policy.name)
            .chain(system::names().map(|name| -> &'a str { name }))
    }

    fn declared(&self) -> impl Iterator<Item = (PolicyRef, &SystemPolicy)> {
        (DECLARED..).map(PolicyRef::System).zip(self.system_policies.iter().flat_map(|all| &**all))
    }

    /// Returns the policy that `name` means in a file: a custom policy, or else a system policy.
    pub fn policy_named(&self, name: &PolicyName) -> Result<PolicyRef, Refusal> {
        self.policy_ref(name, false).or_else(|_| self.policy_ref(name, true))
    }

    /// Returns the policy for a reference.
    pub fn any_policy(&self, policy: PolicyRef) -> Result<AnyPolicy<'_>, Refusal> {
        match policy {
            PolicyRef::System(number) if number < DECLARED => system::numbered(number).map(AnyPolicy::System),
            PolicyRef::System(_) => {
                { self.declared() }.find(|(of, _)| *of == policy).map(|(_, policy)| AnyPolicy::System(policy))
            }
            PolicyRef::Custom(slot) => self.policies.get(slot).map(|policy| AnyPolicy::Custom(policy)),
        }
        .ok_or(Refusal::NoSuchPolicy)
    }

    /// Returns a custom policy, to change. Its name must not change.
    pub fn policy_mut(&mut self, slot: Slot) -> Result<&mut Policy, Refusal> {
        self.policies.get_mut(slot).ok_or(Refusal::NoSuchPolicy)
    }

    /// Adds a custom policy.
    pub fn add_policy(&mut self, policy: Policy, quotas: &Quotas) -> Result<Slot, Refusal> {
        if self.policies.len() >= quotas.policies && self.policies.find(&policy.folded_name()).is_none() {
            return Err(Refusal::TooManyPolicies);
        }
        self.policies.add(policy).map_err(|_| Refusal::PolicyExists)
    }

    /// Changes the description of a custom policy.
    pub fn describe_policy(
        &mut self,
        slot: Slot,
        description: Patch<Description>,
        now: Timestamp,
    ) -> Result<&Policy, Refusal> {
        let policy = self.policy_mut(slot)?;
        description.apply(&mut policy.description);
        policy.updated = now;
        Ok(policy)
    }

    /// Deletes a custom policy, if unattached. Unless `cascading`, it must have only its default version.
    ///
    /// UNCERTAIN: the order of the conflict checks. Source: docs/evidence/ram.md section 6.
    pub fn remove_policy(&mut self, slot: Slot, cascading: bool) -> Result<(), Refusal> {
        if let Some(holder) = self.holder(PolicyRef::Custom(slot)) {
            return Err(match holder {
                Entity::User(_) => Refusal::PolicyOnUser,
                Entity::Group(_) => Refusal::PolicyOnGroup,
                Entity::Role(_) => Refusal::PolicyOnRole,
            });
        }
        if !cascading && self.policy_mut(slot)?.versions.len() > 1 {
            return Err(Refusal::PolicyHasVersions);
        }
        self.policies.remove(slot);
        Ok(())
    }

    /// Returns the holders of a policy, for the whole account or for one resource group.
    pub fn attached_to(
        &self,
        policy: PolicyRef,
        group: Option<u32>,
    ) -> impl Iterator<Item = (Entity, Timestamp)> {
        self.attachments.left_of(Attached { policy, group })
    }

    /// Returns one holder of a policy, in any scope.
    fn holder(&self, policy: PolicyRef) -> Option<Entity> {
        let scopes = std::iter::once(None).chain(self.resource_groups().map(|group| Some(group.number)));
        scopes.flat_map(|group| self.attached_to(policy, group)).map(|(entity, _)| entity).next()
    }

    /// Rejects policy changes of service-linked roles. UNCERTAIN: the code. Source: docs/evidence/ram.md section 10.
    fn check_takes_policies(&self, entity: Entity) -> Result<(), Refusal> {
        match entity {
            Entity::Role(slot) if self.role(slot)?.service.is_some() => Err(Refusal::RoleOfService),
            _ => Ok(()),
        }
    }

    /// Attaches a policy.
    pub fn attach(
        &mut self,
        entity: Entity,
        policy: PolicyRef,
        group: Option<u32>,
        now: Timestamp,
        quotas: &Quotas,
    ) -> Result<(), Refusal> {
        self.check_takes_policies(entity)?;
        self.attach_as_service(entity, policy, group, now, quotas)
    }

    /// Attaches a policy, also to a service-linked role.
    pub(in crate::world) fn attach_as_service(
        &mut self,
        entity: Entity,
        policy: PolicyRef,
        group: Option<u32>,
        now: Timestamp,
        quotas: &Quotas,
    ) -> Result<(), Refusal> {
        let attached = Attached { policy, group };
        if self.attachments.right_of(entity).any(|(one, _)| one == attached) {
            return Err(match entity {
                Entity::User(_) => Refusal::AttachedToUser,
                Entity::Group(_) => Refusal::AttachedToGroup,
                Entity::Role(_) => Refusal::AttachedToRole,
            });
        }
        let is_system = |one: PolicyRef| matches!(one, PolicyRef::System(_));
        let same_type = self.attachments.right_of(entity);
        let same_type = same_type.filter(|(one, _)| is_system(one.policy) == is_system(policy)).count();
        let quota = if is_system(policy) { quotas.system_policies_each } else { quotas.custom_policies_each };
        if same_type >= quota {
            return Err(match entity {
                Entity::User(_) => Refusal::TooManyPoliciesOfUser,
                Entity::Group(_) => Refusal::TooManyPoliciesOfGroup,
                Entity::Role(_) => Refusal::TooManyPoliciesOfRole,
            });
        }
        self.attachments.add(entity, attached, now);
        Ok(())
    }

    /// Detaches a policy.
    pub fn detach(&mut self, entity: Entity, policy: PolicyRef, group: Option<u32>) -> Result<(), Refusal> {
        self.check_takes_policies(entity)?;
        if self.attachments.remove(entity, Attached { policy, group }) {
            return Ok(());
        }
        Err(match entity {
            Entity::User(_) => Refusal::NotAttachedToUser,
            Entity::Group(_) => Refusal::NotAttachedToGroup,
            Entity::Role(_) => Refusal::NotAttachedToRole,
        })
    }

    /// Returns the policies attached to an entity for the whole account.
    pub fn policies_of(&self, entity: Entity) -> impl Iterator<Item = (PolicyRef, Timestamp)> {
        let attached = self.attachments.right_of(entity);
        attached.filter(|(one, _)| one.group.is_none()).map(|(one, at)| (one.policy, at))
    }

    /// Returns all policies, system policies first. A declared one replaces that of the same name in the table.
    pub fn all_policies(&self) -> impl Iterator<Item = (PolicyRef, AnyPolicy<'_>)> {
        let is_replaced = |name: &str| self.declared().any(|(_, policy)| &*policy.name == name);
        let table = system::all().filter(move |(_, policy)| !is_replaced(&policy.name));
        let table = table.map(|(number, policy)| (PolicyRef::System(number), policy));
        let system = table.chain(self.declared()).map(|(of, policy)| (of, AnyPolicy::System(policy)));
        let custom = self.policies.iter();
        system.chain(custom.map(|(slot, policy)| (PolicyRef::Custom(slot), AnyPolicy::Custom(policy))))
    }
}
