//! Attachments of policies to users, groups and roles, for an account or for a resource group. Source:
//! docs/evidence/resource-directory.md 8.3.

use crate::attributes::{apply, reply};
use crate::error::Result;
use crate::operation::Done;
use crate::params::request;
use crate::services::ram::policies::{PolicyType, PolicyView};
use crate::services::shared::numbered::{NumberedPage, PageNumber, PageSize};
use crate::services::shared::reply::elements;
use crate::text::{Flaw, GroupName, PolicyName, RoleName, Scalar, Timestamp, UserName};
use crate::world::account::{Account, Attached, Entity};
use crate::world::{Refusal, Tx, View};
use serde::Serialize;

request! {
    /// Parameters of `AttachPolicy` and `DetachPolicy`.
    pub(super) struct Attachment {
        scope: String = "ResourceGroupId",
        policy_type: PolicyType = "PolicyType",
        policy_name: PolicyName = "PolicyName",
        principal_type: PrincipalType = "PrincipalType",
        principal_name: String = "PrincipalName",
    }

    /// Parameters of `ListPolicyAttachments`.
    pub(super) struct ListAttachments {
        scope: Option<String> = "ResourceGroupId",
        policy_type: Option<PolicyType> = "PolicyType",
        policy_name: Option<PolicyName> = "PolicyName",
        principal_type: Option<PrincipalType> = "PrincipalType",
        principal_name: Option<String> = "PrincipalName",
        page_number: PageNumber = "PageNumber",
        page_size: PageSize = "PageSize",
    }
}

/// Kind of the holder of a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(super) enum PrincipalType {
    /// A RAM user.
    #[serde(rename = "IMSUser")]
    User,
    /// A group of RAM users.
    #[serde(rename = "IMSGroup")]
    Group,
    /// A role.
    #[serde(rename = "ServiceRole")]
    Role,
}

impl Scalar for PrincipalType {
    fn parse(text: &str) -> Result<Self, Flaw> {
        match text {
            "IMSUser" => Ok(Self::User),
            "IMSGroup" => Ok(Self::Group),
            "ServiceRole" => Ok(Self::Role),
            _ => Err(Flaw::Value),
        }
    }
}

impl PrincipalType {
    fn of(entity: Entity) -> Self {
        match entity {
            Entity::User(_) => Self::User,
            Entity::Group(_) => Self::Group,
            Entity::Role(_) => Self::Role,
        }
    }

    /// Domain of names of this kind: `<label>.onaliyun.com`, `group.<label>.onaliyun.com`, `role.<label>.onaliyunservice.com`.
    fn domain(self, label: &str) -> String {
        match self {
            Self::User => format!("{label}.onaliyun.com"),
            Self::Group => format!("group.{label}.onaliyun.com"),
            Self::Role => format!("role.{label}.onaliyunservice.com"),
        }
    }

    /// The principal with this name. Its domain may have the alias of the account or the UID.
    ///
    /// UNCERTAIN: the code of another domain; here that of an unknown name.
    fn find(self, name: &str, account: &Account) -> Result<Entity, Refusal> {
        let unknown = match self {
            Self::User => Refusal::NoSuchUser,
            Self::Group => Refusal::NoSuchGroup,
            Self::Role => Refusal::NoSuchRole,
        };
        let (name, domain) = name.split_once('@').ok_or(unknown)?;
        let labels = [account.domain_label(), account.uid.to_string()];
        if !labels.iter().any(|label| self.domain(label).eq_ignore_ascii_case(domain)) {
            return Err(unknown);
        }
        match self {
            Self::User => account.user_slot(&UserName::parse(name).map_err(|_| unknown)?).map(Entity::User),
            Self::Group => {
                account.group_slot(&GroupName::parse(name).map_err(|_| unknown)?).map(Entity::Group)
            }
            Self::Role => account.role_slot(&RoleName::parse(name).map_err(|_| unknown)?).map(Entity::Role),
        }
    }
}

/// Name of a principal, as attachments show it.
fn principal_name(entity: Entity, account: &Account) -> Result<String, Refusal> {
    let domain = PrincipalType::of(entity).domain(&account.domain_label());
    Ok(match entity {
        Entity::User(slot) => format!("{}@{domain}", account.user(slot)?.name),
        Entity::Group(slot) => format!("{}@{domain}", account.group(slot)?.name),
        Entity::Role(slot) => account.role_principal(&account.role(slot)?.name),
    })
}

/// `AttachPolicy`: attaches a policy for a resource group or, with the UID as `ResourceGroupId`, for the whole account.
///
/// Fails with `EntityNotExist.Policy`, `EntityNotExists.ResourceGroup`, `Invalid.ResourceGroup.Status` and, as RAM does (UNCERTAIN),
/// `EntityNotExist.User`, `EntityAlreadyExists.User.Policy` and `LimitExceeded.User.Policy`, or the same of groups and roles.
pub(super) fn attach(tx: &mut Tx<'_>, req: Attachment) -> Result<Done> {
    let now = tx.now;
    let (account, quotas) = tx.account_mut()?;
    let scope = account.scope(Some(&req.scope))?;
    let policy = account.policy_ref(&req.policy_name, req.policy_type == PolicyType::System)?;
    let entity = req.principal_type.find(&req.principal_name, account)?;
    account.attach(entity, policy, scope, now, &quotas)?;
    Ok(Done {})
}

/// `DetachPolicy`: detaches a policy.
///
/// Fails with `EntityNotExist.Policy`, `EntityNotExists.ResourceGroup`, `Invalid.ResourceGroup.Status` and, as RAM does (UNCERTAIN),
/// `EntityNotExist.User` and `EntityNotExist.User.Policy`, or the same of groups and roles.
pub(super) fn detach(tx: &mut Tx<'_>, req: Attachment) -> Result<Done> {
    let (account, _) = tx.account_mut()?;
    let scope = account.scope(Some(&req.scope))?;
    let policy = account.policy_ref(&req.policy_name, req.policy_type == PolicyType::System)?;
    let entity = req.principal_type.find(&req.principal_name, account)?;
    account.detach(entity, policy, scope)?;
    Ok(Done {})
}

/// An attached policy.
#[apply(reply)]
pub(super) struct AttachmentView {
    attach_date: Timestamp,
    description: String,
    policy_name: String,
    policy_type: PolicyType,
    principal_name: String,
    principal_type: PrincipalType,
    resource_group_id: String,
}

elements! { AttachmentView: "PolicyAttachment" "PolicyAttachments"; }

/// `ListPolicyAttachments`: returns a page of the attachments that all filters fit. Those for the whole account have the UID as
/// `ResourceGroupId`.
///
/// UNCERTAIN: the order: users, groups, roles, each oldest first. An unknown principal has none. Fails with `EntityNotExist.Policy` and
/// `EntityNotExists.ResourceGroup`.
pub(super) fn list(view: View<'_>, req: ListAttachments) -> Result<NumberedPage<AttachmentView>> {
    let account = view.account()?;
    let uid = account.uid.to_string();
    // A deleted group has no attachments, but it is known.
    let scope = match req.scope.as_deref() {
        Some(id) if id != uid => Some(Some(account.resource_group(id)?.number)),
        named => named.map(|_| None),
    };
    if let Some(name) = &req.policy_name {
        let is_known = |kind| account.policy_ref(name, kind == PolicyType::System).is_ok();
        let kinds = req.policy_type.map_or(vec![PolicyType::System, PolicyType::Custom], |kind| vec![kind]);
        if !kinds.into_iter().any(is_known) {
            return Err(Refusal::NoSuchPolicy.into());
        }
    }
    let principal = req.principal_name.as_deref().map(|name| {
        let kinds = [PrincipalType::User, PrincipalType::Group, PrincipalType::Role];
        let mut kinds =
            kinds.into_iter().filter(|kind| req.principal_type.is_none_or(|wanted| wanted == *kind));
        kinds.find_map(|kind| kind.find(name, account).ok())
    });
    let view = |(entity, Attached { policy, group }, attach_date)| {
        let fits = scope.is_none_or(|scope| scope == group)
            && principal.is_none_or(|principal| principal == Some(entity))
            && req.principal_type.is_none_or(|kind| kind == PrincipalType::of(entity));
        let policy = account.any_policy(policy).ok().filter(|policy| {
            fits && req.policy_type.is_none_or(|kind| kind == PolicyType::of(*policy))
                && req
                    .policy_name
                    .as_ref()
                    .is_none_or(|name| name.as_str().eq_ignore_ascii_case(policy.name()))
        })?;
        let PolicyView { policy_name, policy_type, description, .. } = policy.into();
        Some(AttachmentView {
            attach_date,
            description,
            policy_name,
            policy_type,
            principal_name: principal_name(entity, account).ok()?,
            principal_type: PrincipalType::of(entity),
            resource_group_id: group
                .map_or_else(|| uid.clone(), |group| account.numbered_group(group).id.to_string()),
        })
    };
    let all = account.attachments.all().filter_map(view);
    Ok(NumberedPage::of(all, req.page_number, req.page_size, |view| view))
}
