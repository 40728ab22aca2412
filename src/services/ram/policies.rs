//! Operations on policies. Source: docs/evidence/ram.md 5.6.

use crate::attributes::{apply, reply};
use crate::error::{Failure, Flawed, Result, ram};
use crate::operation::Done;
use crate::params::{Field, Params, request};
use crate::policy::Kind;
use crate::services::ram::versions::VersionView;
use crate::services::shared::reply::{Listed, Marker, MaxItems, One, Page, elements, page};
use crate::text::{Description, Flaw, Patch, PolicyName, Scalar, Tag, Timestamp};
use crate::world::account::{Account, AnyPolicy, Policy, PolicyRef, Tags, Version};
use crate::world::register::Slot;
use crate::world::{Tx, View};
use serde::Serialize;

request! {
    /// Parameters of `CreatePolicy`.
    pub(in crate::services) struct CreatePolicy {
        pub(in crate::services) policy_name: PolicyName = "PolicyName",
        pub(in crate::services) policy_document: PolicyText = "PolicyDocument",
        pub(in crate::services) description: Option<Description> = "Description",
        pub(in crate::services) tags: Vec<Tag> = "Tag",
    }

    /// Parameters of `GetPolicy`, `ListPolicyVersions` and `ListEntitiesForPolicy`.
    pub(in crate::services) struct OnePolicy {
        policy_type: PolicyType = "PolicyType",
        policy_name: PolicyName = "PolicyName",
    }

    /// Parameters of `ListPolicies`.
    pub(in crate::services) struct ListPolicies {
        policy_type: Option<PolicyType> = "PolicyType",
        marker: Option<Marker> = "Marker",
        max_items: MaxItems = "MaxItems",
        tags: Vec<Tag> = "Tag",
    }

    /// Parameters of `UpdatePolicyDescription`.
    pub(in crate::services) struct UpdatePolicyDescription {
        policy_name: PolicyName = "PolicyName",
        new_description: NewDescription = "NewDescription",
    }

    /// Parameters of `DeletePolicy`.
    pub(in crate::services) struct DeletePolicy {
        pub(in crate::services) policy_name: PolicyName = "PolicyName",
        pub(in crate::services) cascading_delete: Option<bool> = "CascadingDelete",
    }
}

/// `System` or `Custom`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(in crate::services) enum PolicyType {
    System,
    Custom,
}

impl Scalar for PolicyType {
    fn parse(text: &str) -> Result<Self, Flaw> {
        match text {
            "System" => Ok(Self::System),
            "Custom" => Ok(Self::Custom),
            _ => Err(Flaw::Value),
        }
    }
}

impl PolicyType {
    pub(in crate::services) fn of(policy: AnyPolicy<'_>) -> Self {
        match policy {
            AnyPolicy::System(_) => Self::System,
            AnyPolicy::Custom(_) => Self::Custom,
        }
    }
}

/// Policy document as sent.
pub(in crate::services) struct PolicyText(String);

impl Scalar for PolicyText {
    fn parse(text: &str) -> Result<Self, Flaw> {
        if Kind::Permission.admits_length(text) { Ok(Self(text.to_owned())) } else { Err(Flaw::Length) }
    }
}

impl PolicyText {
    /// Version with this document, which must be valid.
    pub(in crate::services) fn first_version(&self, now: Timestamp) -> Result<Version> {
        Version::new(1, &self.0, now).map_err(|why| ram::MALFORMED_POLICY.about(why))
    }
}

/// A new description. Its error has the name of the old parameter. Source: docs/evidence/ram.md section 4 and 5.6.
pub(in crate::services) struct NewDescription(Patch<Description>);

impl Field for NewDescription {
    fn take(params: &Params, name: &'static str) -> Result<Self, Failure> {
        let flawed = |_| Flawed::new("Description", Flaw::Length);
        Ok(Self(Patch::take(params, name).map_err(flawed)?))
    }
}

impl OnePolicy {
    /// Policy with this type and name.
    pub(in crate::services) fn find(&self, account: &Account) -> Result<PolicyRef> {
        Ok(account.policy_ref(&self.policy_name, self.policy_type == PolicyType::System)?)
    }
}

/// A policy. Fields that an action leaves out are `None`.
#[apply(reply)]
pub(in crate::services) struct PolicyView {
    pub(in crate::services) policy_name: String,
    pub(in crate::services) policy_type: PolicyType,
    pub(in crate::services) description: String,
    pub(in crate::services) default_version: String,
    pub(in crate::services) policy_document: Option<String>,
    pub(in crate::services) attachment_count: Option<usize>,
    pub(in crate::services) create_date: Timestamp,
    pub(in crate::services) update_date: Option<Timestamp>,
    pub(in crate::services) tags: Option<Listed<TagView>>,
}

/// A tag in a list of roles or policies.
#[apply(reply)]
pub(in crate::services) struct TagView {
    tag_key: String,
    tag_value: String,
}

elements! {
    PolicyView: "Policy" "Policies";
    TagView: "Tag" "Tags";
}

pub(in crate::services) fn tag_list(tags: &Tags) -> Listed<TagView> {
    let view = |(key, value): &(crate::text::TagKey, crate::text::TagValue)| TagView {
        tag_key: key.to_string(),
        tag_value: value.to_string(),
    };
    Listed(tags.iter().map(view).collect())
}

impl From<AnyPolicy<'_>> for PolicyView {
    fn from(policy: AnyPolicy<'_>) -> Self {
        let (description, created, updated) = match policy {
            AnyPolicy::System(policy) => (&*policy.description, policy.created, policy.updated),
            AnyPolicy::Custom(policy) => {
                let description = policy.description.as_ref().map_or("", Description::as_str);
                (description, policy.created, policy.updated)
            }
        };
        Self {
            policy_name: policy.name().to_owned(),
            policy_type: PolicyType::of(policy),
            description: description.to_owned(),
            default_version: format!("v{}", policy.default_version().number),
            policy_document: None,
            attachment_count: None,
            create_date: created,
            update_date: Some(updated),
            tags: None,
        }
    }
}

impl PolicyView {
    pub(in crate::services) fn in_list(account: &Account, of: PolicyRef, policy: AnyPolicy<'_>) -> Self {
        let tags = match policy {
            AnyPolicy::System(_) => Listed(Vec::new()),
            AnyPolicy::Custom(policy) => tag_list(&policy.tags),
        };
        Self { attachment_count: Some(attachment_count(account, of)), tags: Some(tags), ..policy.into() }
    }
}

/// Attachments for the whole account. Source: docs/evidence/ram.md section 6.
pub(in crate::services) fn attachment_count(account: &Account, policy: PolicyRef) -> usize {
    account.attached_to(policy, None).count()
}

/// `CreatePolicy`: creates a custom policy with the default version v1.
///
/// Fails with `MalformedPolicyDocument`, `EntityAlreadyExists.Policy` and `LimitExceeded.Policy`.
pub(in crate::services) fn create(tx: &mut Tx<'_>, req: CreatePolicy) -> Result<One<PolicyView>> {
    let now = tx.now;
    let (account, quotas) = tx.account_mut()?;
    let first = req.policy_document.first_version(now)?;
    let mut policy = Policy::new(req.policy_name, req.description, first, now);
    policy.tags.set(&req.tags, quotas.tags_each)?;
    let slot = account.add_policy(policy, &quotas)?;
    let made = account.any_policy(PolicyRef::Custom(slot))?;
    Ok(One(PolicyView { update_date: None, ..made.into() }))
}

/// Response of `GetPolicy`.
#[apply(reply)]
pub(in crate::services) struct PolicyReply {
    policy: PolicyView,
    default_policy_version: VersionView,
}

/// `GetPolicy`: returns a policy with the document of its default version.
///
/// Fails with `EntityNotExist.Policy`.
pub(in crate::services) fn get(view: View<'_>, req: OnePolicy) -> Result<PolicyReply> {
    let account = view.account()?;
    let of = req.find(account)?;
    let policy = account.any_policy(of)?;
    let default_policy_version = VersionView::of(policy, policy.default_version());
    let shown = PolicyView {
        policy_document: Some(policy.default_version().text.to_string()),
        attachment_count: Some(attachment_count(account, of)),
        ..policy.into()
    };
    Ok(PolicyReply { policy: shown, default_policy_version })
}

/// `ListPolicies`: returns a page of policies: first system policies, then custom policies, oldest first.
pub(in crate::services) fn list(view: View<'_>, req: ListPolicies) -> Result<Page<PolicyView>> {
    let account = view.account()?;
    let from = req.marker.map_or(0, |marker| marker.0);
    let wanted = |policy: AnyPolicy<'_>| {
        let has_tags = match policy {
            AnyPolicy::System(_) => req.tags.is_empty(),
            AnyPolicy::Custom(policy) => policy.tags.have(&req.tags),
        };
        has_tags && req.policy_type.is_none_or(|wanted| wanted == PolicyType::of(policy))
    };
    let policies = account.all_policies().map(|(of, policy)| (place(of), (of, policy)));
    let policies = policies.filter(|(place, (_, policy))| *place >= from && wanted(*policy));
    Ok(page(policies, req.max_items.map(|max| max.0), |(of, policy)| {
        PolicyView::in_list(account, of, policy)
    }))
}

/// Position of a policy in a list of both types.
fn place(policy: PolicyRef) -> u32 {
    match policy {
        PolicyRef::System(number) => u32::from(number),
        PolicyRef::Custom(Slot(slot)) => slot.saturating_add(1 << 16),
    }
}

/// `UpdatePolicyDescription`: changes the description of a custom policy; an empty text deletes it.
///
/// Fails with `InvalidParameter.Description.Length` and `EntityNotExist.Policy`.
pub(in crate::services) fn describe(
    tx: &mut Tx<'_>,
    req: UpdatePolicyDescription,
) -> Result<One<PolicyView>> {
    let now = tx.now;
    let (account, _) = tx.account_mut()?;
    let slot = account.policy_slot(&req.policy_name)?;
    Ok(One(AnyPolicy::Custom(account.describe_policy(slot, req.new_description.0, now)?).into()))
}

/// `DeletePolicy`: deletes a custom policy that is not attached.
///
/// Fails with `EntityNotExist.Policy` and `DeleteConflict.Policy.*`.
pub(in crate::services) fn delete(tx: &mut Tx<'_>, req: DeletePolicy) -> Result<Done> {
    let (account, _) = tx.account_mut()?;
    let slot = account.policy_slot(&req.policy_name)?;
    account.remove_policy(slot, req.cascading_delete.unwrap_or(false))?;
    Ok(Done {})
}
