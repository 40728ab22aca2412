//! Operations that attach policies. Each is written once, generic over the [`Target`]: user, group or role. Source: docs/evidence/ram.md
//! 5.6.

use crate::attributes::{apply, reply};
use crate::error::Result;
use crate::operation::Done;
use crate::params::request;
use crate::services::ram::policies::{OnePolicy, PolicyType};
use crate::services::shared::reply::{All, Listed, elements};
use crate::text::{Comments, Description, GroupName, PolicyName, RoleName, Scalar, Timestamp, UserName};
use crate::world::account::{Account, AnyPolicy, Entity};
use crate::world::{Refusal, Tx, View};

/// Entity that a policy is attached to.
pub(super) trait Target: 'static {
    /// Parameter with the name of the entity.
    const NAME: &'static str;
    /// Type of the name.
    type Name: Scalar;
    /// Entity with this name.
    fn find(name: &Self::Name, account: &Account) -> Result<Entity, Refusal>;
}

/// `UserName`.
pub(super) enum ToUser {}

/// `GroupName`.
pub(super) enum ToGroup {}

/// `RoleName`.
pub(super) enum ToRole {}

impl Target for ToUser {
    const NAME: &'static str = "UserName";
    type Name = UserName;
    fn find(name: &UserName, account: &Account) -> Result<Entity, Refusal> {
        account.user_slot(name).map(Entity::User)
    }
}

impl Target for ToGroup {
    const NAME: &'static str = "GroupName";
    type Name = GroupName;
    fn find(name: &GroupName, account: &Account) -> Result<Entity, Refusal> {
        account.group_slot(name).map(Entity::Group)
    }
}

impl Target for ToRole {
    const NAME: &'static str = "RoleName";
    type Name = RoleName;
    fn find(name: &RoleName, account: &Account) -> Result<Entity, Refusal> {
        let slot = account.role_slot(name)?;
        Ok(Entity::Role(slot))
    }
}

request! {
    /// Parameters of `AttachPolicyTo...` and `DetachPolicyFrom...`.
    pub(super) struct Attachment<T: Target> {
        policy_type: PolicyType = "PolicyType",
        target: T::Name = T::NAME,
        policy_name: PolicyName = "PolicyName",
        resource_group: Option<String> = "ResourceGroupId",
    }

    /// Parameters of `ListPoliciesFor...`.
    pub(super) struct OneTarget<T: Target> {
        target: T::Name = T::NAME,
    }
}

/// `AttachPolicyTo...`: attaches a policy, for the whole account or for one resource group. A second attachment is rejected.
///
/// Fails with `EntityNotExist.<Target>`, `EntityNotExist.Policy`, `EntityNotExists.ResourceGroup`, `EntityAlreadyExists.<Target>.Policy`
/// and `LimitExceeded.<Target>.Policy`.
pub(super) fn attach<T: Target>(tx: &mut Tx<'_>, req: Attachment<T>) -> Result<Done> {
    let now = tx.now;
    let (account, quotas) = tx.account_mut()?;
    let target = T::find(&req.target, account)?;
    let policy = account.policy_ref(&req.policy_name, req.policy_type == PolicyType::System)?;
    let group = account.scope(req.resource_group.as_deref())?;
    account.attach(target, policy, group, now, &quotas)?;
    Ok(Done {})
}

/// `DetachPolicyFrom...`: detaches a policy.
///
/// Fails with `EntityNotExist.<Target>`, `EntityNotExist.Policy` and `EntityNotExist.<Target>.Policy`.
pub(super) fn detach<T: Target>(tx: &mut Tx<'_>, req: Attachment<T>) -> Result<Done> {
    let (account, _) = tx.account_mut()?;
    let target = T::find(&req.target, account)?;
    let policy = account.policy_ref(&req.policy_name, req.policy_type == PolicyType::System)?;
    account.detach(target, policy, account.scope(req.resource_group.as_deref())?)?;
    Ok(Done {})
}

/// A policy that is attached to an entity.
#[apply(reply)]
pub(super) struct AttachedPolicy {
    policy_name: String,
    policy_type: PolicyType,
    description: String,
    default_version: String,
    attach_date: Timestamp,
}

#[apply(reply)]
struct AttachedUser {
    user_id: String,
    user_name: UserName,
    display_name: String,
    attach_date: Timestamp,
}

#[apply(reply)]
struct AttachedGroup {
    group_name: GroupName,
    comments: String,
    attach_date: Timestamp,
}

#[apply(reply)]
struct AttachedRole {
    role_id: String,
    role_name: RoleName,
    arn: String,
    description: String,
    attach_date: Timestamp,
}

elements! {
    AttachedPolicy: "Policy" "Policies";
    AttachedUser: "User" "Users";
    AttachedGroup: "Group" "Groups";
    AttachedRole: "Role" "Roles";
}

/// `ListPoliciesFor...`: returns the policies attached to the entity itself for the whole account. No pages.
///
/// Fails with `EntityNotExist.<Target>`.
pub(super) fn list<T: Target>(view: View<'_>, req: OneTarget<T>) -> Result<All<AttachedPolicy>> {
    let account = view.account()?;
    let policies = account.policies_of(T::find(&req.target, account)?).map(|(policy, attached)| {
        let policy = account.any_policy(policy)?;
        let description = match policy {
            AnyPolicy::System(policy) => &*policy.description,
            AnyPolicy::Custom(policy) => policy.description.as_ref().map_or("", Description::as_str),
        };
        Ok(AttachedPolicy {
            policy_name: policy.name().to_owned(),
            policy_type: PolicyType::of(policy),
            description: description.to_owned(),
            default_version: format!("v{}", policy.default_version().number),
            attach_date: attached,
        })
    });
    policies.collect::<Result<All<_>>>()
}

/// Response of `ListEntitiesForPolicy`: all three wrappers are present, even if empty.
#[apply(reply)]
pub(super) struct Entities {
    users: Listed<AttachedUser>,
    groups: Listed<AttachedGroup>,
    roles: Listed<AttachedRole>,
}

/// `ListEntitiesForPolicy`: returns the entities that a policy is attached to for the whole account. No pages.
///
/// Fails with `EntityNotExist.Policy`.
pub(super) fn entities(view: View<'_>, req: OnePolicy) -> Result<Entities> {
    let account = view.account()?;
    let policy = req.find(account)?;
    let mut found = Entities { users: Listed(vec![]), groups: Listed(vec![]), roles: Listed(vec![]) };
    for (entity, attach_date) in account.attached_to(policy, None) {
        match entity {
            Entity::User(slot) => {
                let user = account.user(slot)?;
                found.users.0.push(AttachedUser {
                    user_id: user.id.to_string(),
                    user_name: user.name.clone(),
                    display_name: user.display_name(),
                    attach_date,
                });
            }
            Entity::Group(slot) => {
                let group = account.group(slot)?;
                let comments = group.comments.as_ref().map_or("", Comments::as_str).to_owned();
                found.groups.0.push(AttachedGroup { group_name: group.name.clone(), comments, attach_date });
            }
            Entity::Role(slot) => {
                let role = account.role(slot)?;
                found.roles.0.push(AttachedRole {
                    role_id: role.id.to_string(),
                    role_name: role.name.clone(),
                    arn: role.arn(account.uid),
                    description: role.description.as_ref().map_or("", Description::as_str).to_owned(),
                    attach_date,
                });
            }
        }
    }
    Ok(found)
}
