//! Operations on roles. Source: docs/evidence/ram.md 5.7.

use crate::attributes::{apply, reply};
use crate::error::{Result, ram};
use crate::operation::Done;
use crate::params::request;
use crate::policy::Kind;
use crate::services::ram::policies::{TagView, tag_list};
use crate::services::shared::reply::{Listed, Marker, MaxItems, One, Page, elements, page};
use crate::text::{Description, Flaw, NewRoleName, Patch, RoleName, Scalar, Tag, Timestamp, Uid};
use crate::world::account::{Account, Role, RoleChange, Tags, Trust};
use crate::world::register::Slot;
use crate::world::{NewRole, Refusal, Tx, View};

request! {
    /// Parameters of `CreateRole`.
    pub(in crate::services) struct CreateRole {
        pub(in crate::services) role_name: NewRoleName = "RoleName",
        pub(in crate::services) trust: TrustText = "AssumeRolePolicyDocument",
        pub(in crate::services) description: Option<Description> = "Description",
        pub(in crate::services) max_session: Option<SessionSeconds> = "MaxSessionDuration",
        pub(in crate::services) allow_console_login: Option<bool> = "AllowConsoleLogin",
        pub(in crate::services) tags: Vec<Tag> = "Tag",
    }

    /// Parameters of `GetRole` and `DeleteRole`.
    pub(in crate::services) struct OneRole {
        pub(in crate::services) role_name: RoleName = "RoleName",
    }

    /// Parameters of `ListRoles`.
    pub(in crate::services) struct ListRoles {
        marker: Option<Marker> = "Marker",
        max_items: MaxItems = "MaxItems",
        tags: Vec<Tag> = "Tag",
    }

    /// Parameters of `UpdateRole`.
    pub(in crate::services) struct UpdateRole {
        pub(in crate::services) role_name: RoleName = "RoleName",
        pub(in crate::services) new_description: Patch<Description> = "NewDescription",
        pub(in crate::services) new_trust: Option<TrustText> = "NewAssumeRolePolicyDocument",
        pub(in crate::services) new_max_session: Option<SessionSeconds> = "NewMaxSessionDuration",
        pub(in crate::services) new_allow_console_login: Option<bool> = "NewAllowConsoleLogin",
    }
}

/// Trust policy as sent.
pub(in crate::services) struct TrustText(String);

impl Scalar for TrustText {
    fn parse(text: &str) -> Result<Self, Flaw> {
        if Kind::Trust.admits_length(text) { Ok(Self(text.to_owned())) } else { Err(Flaw::Length) }
    }
}

impl TrustText {
    fn read(&self) -> Result<Trust> {
        Trust::parse(&self.0).map_err(|why| ram::MALFORMED_POLICY.about(why))
    }
}

/// Maximum session duration of a role in seconds. UNCERTAIN: the error code.
pub(in crate::services) struct SessionSeconds(i64);

impl Scalar for SessionSeconds {
    fn parse(text: &str) -> Result<Self, Flaw> {
        text.parse()
            .ok()
            .filter(|seconds| Role::SESSION_SECONDS.contains(seconds))
            .map(Self)
            .ok_or(Flaw::Value)
    }
}

/// A role. Fields that an action leaves out are `None`.
#[apply(reply)]
pub(in crate::services) struct RoleView {
    pub(in crate::services) role_id: String,
    pub(in crate::services) role_name: RoleName,
    pub(in crate::services) arn: String,
    pub(in crate::services) description: String,
    pub(in crate::services) assume_role_policy_document: Option<String>,
    pub(in crate::services) max_session_duration: Option<i64>,
    pub(in crate::services) allow_console_login: Option<bool>,
    pub(in crate::services) create_date: Timestamp,
    pub(in crate::services) update_date: Option<Timestamp>,
    pub(in crate::services) is_service_linked_role: Option<bool>,
    pub(in crate::services) role_principal_name: Option<String>,
    pub(in crate::services) latest_deletion_task: Option<DeletionTask>,
    pub(in crate::services) tags: Option<Listed<TagView>>,
}

#[apply(reply)]
pub(in crate::services) struct DeletionTask {
    deletion_task_id: String,
    create_date: Timestamp,
}

elements! { RoleView: "Role" "Roles"; }

impl RoleView {
    /// A role in the form of `UpdateRole`.
    pub(in crate::services) fn of(role: &Role, uid: Uid) -> Self {
        Self {
            role_id: role.id.to_string(),
            role_name: role.name.clone(),
            arn: role.arn(uid),
            description: role.description.as_ref().map_or("", Description::as_str).to_owned(),
            assume_role_policy_document: Some(role.trust.text.to_string()),
            max_session_duration: Some(role.max_session),
            allow_console_login: Some(role.allow_console_login),
            create_date: role.created,
            update_date: Some(role.updated),
            is_service_linked_role: None,
            role_principal_name: None,
            latest_deletion_task: None,
            tags: None,
        }
    }

    /// A role in the form of `GetRole`.
    pub(in crate::services) fn whole(role: &Role, account: &Account) -> Self {
        let task = role.deletion.as_ref();
        Self {
            is_service_linked_role: Some(role.service.is_some()),
            role_principal_name: Some(account.role_principal(&role.name)),
            latest_deletion_task: task
                .map(|(id, at)| DeletionTask { deletion_task_id: id.to_string(), create_date: *at }),
            ..Self::of(role, account.uid)
        }
    }

    /// A new service-linked role.
    pub(in crate::services) fn linked(role: &Role, uid: Uid) -> Self {
        Self {
            max_session_duration: None,
            allow_console_login: None,
            update_date: None,
            is_service_linked_role: Some(true),
            ..Self::of(role, uid)
        }
    }
}

/// `CreateRole`: creates a role with a trust policy, whose text is stored unchanged.
///
/// Fails with `MalformedPolicyDocument`, `EntityAlreadyExists.Role` and `LimitExceeded.Role`.
pub(in crate::services) fn create(tx: &mut Tx<'_>, req: CreateRole) -> Result<One<RoleView>> {
    let slot = make(tx, req)?;
    let account = tx.account()?;
    Ok(One(RoleView { update_date: None, ..RoleView::of(account.role(slot)?, account.uid) }))
}

/// Creates a role and returns its slot.
pub(in crate::services) fn make(tx: &mut Tx<'_>, req: CreateRole) -> Result<Slot> {
    let uid = tx.account()?.uid;
    let name = req.role_name.into();
    // The error for an existing name comes before the error for a malformed document. Source: docs/evidence/ram.md 5.7.
    if tx.account()?.role_slot(&name).is_ok() {
        return Err(Refusal::RoleExists.into());
    }
    let mut tags = Tags::default();
    tags.set(&req.tags, tx.state().quotas.tags_each)?;
    let new = NewRole {
        name,
        description: req.description,
        trust: req.trust.read()?,
        max_session: req.max_session.map(|seconds| seconds.0),
        allow_console_login: req.allow_console_login.unwrap_or(true),
        service: None,
        tags,
    };
    Ok(tx.add_role(uid, new)?)
}

/// `GetRole`: returns a role.
///
/// Fails with `EntityNotExist.Role`.
pub(in crate::services) fn get(view: View<'_>, req: OneRole) -> Result<One<RoleView>> {
    let account = view.account()?;
    Ok(One(RoleView::whole(account.role(account.role_slot(&req.role_name)?)?, account)))
}

/// `ListRoles`: returns a page of roles, oldest first, without trust policies.
pub(in crate::services) fn list(view: View<'_>, req: ListRoles) -> Result<Page<RoleView>> {
    let account = view.account()?;
    let from = req.marker.map_or(Slot(0), |marker| Slot(marker.0));
    let roles = account.roles.iter_from(from).filter(|(_, role)| role.tags.have(&req.tags));
    Ok(page(roles.map(|(slot, role)| (slot.0, role)), req.max_items.map(|max| max.0), |role| RoleView {
        assume_role_policy_document: None,
        tags: Some(tag_list(&role.tags)),
        ..RoleView::of(role, account.uid)
    }))
}

/// `UpdateRole`: changes trust policy, description or duration. Missing parameters keep their values.
///
/// Fails with `EntityNotExist.Role`, `MalformedPolicyDocument` and, for a service-linked role,
/// `NotSupport.Role.ServiceLinkedRole` (UNCERTAIN).
pub(in crate::services) fn update(tx: &mut Tx<'_>, req: UpdateRole) -> Result<One<RoleView>> {
    let slot = change(tx, req)?;
    let account = tx.account()?;
    Ok(One(RoleView::of(account.role(slot)?, account.uid)))
}

/// Changes a role and returns its slot.
pub(in crate::services) fn change(tx: &mut Tx<'_>, req: UpdateRole) -> Result<Slot> {
    let now = tx.now;
    let (account, _) = tx.account_mut()?;
    let slot = account.role_slot(&req.role_name)?;
    let change = RoleChange {
        description: req.new_description,
        trust: req.new_trust.map(|trust| trust.read()).transpose()?,
        max_session: req.new_max_session.map(|seconds| seconds.0),
        allow_console_login: req.new_allow_console_login,
    };
    account.update_role(slot, change, now)?;
    Ok(slot)
}

/// `DeleteRole`: deletes a role without policies. Its sessions stop working.
///
/// Fails with `EntityNotExist.Role`, `DeleteConflict.Role.Policy` and, for a service-linked role,
/// `NotSupport.Role.ServiceLinkedRole` (UNCERTAIN).
pub(in crate::services) fn delete(tx: &mut Tx<'_>, req: OneRole) -> Result<Done> {
    let (account, _) = tx.account_mut()?;
    let slot = account.role_slot(&req.role_name)?;
    account.remove_role(slot)?;
    Ok(Done {})
}
