//! Roles of RAM by the API of Resource Manager: fewer parameters, other fields, pages by number. Source:
//! docs/evidence/resource-directory.md 8.3.

use crate::attributes::{apply, reply};
use crate::error::{Failure, Flawed, Result, resource_manager};
use crate::params::{Field, Params, request};
use crate::services::ram::linked_roles::{self, CreateLinkedRole};
use crate::services::ram::roles::{self, OneRole, RoleView, SessionSeconds, TrustText};
use crate::services::shared::numbered::{NumberedPage, PageNumber, PageSize};
use crate::services::shared::reply::One;
use crate::text::{Description, Flaw, NewRoleName, Patch, RoleName};
use crate::world::account::Role;
use crate::world::register::Slot;
use crate::world::{Tx, View};

request! {
    /// Parameters of `CreateRole`.
    pub(super) struct CreateRole {
        role_name: NewRoleName = "RoleName",
        trust: TrustText = "AssumeRolePolicyDocument",
        description: Option<Description> = "Description",
        max_session: Option<SessionSeconds> = "MaxSessionDuration",
    }

    /// Parameters of `UpdateRole`.
    pub(super) struct UpdateRole {
        role_name: RoleName = "RoleName",
        new_description: Patch<Description> = "NewDescription",
        new_trust: Option<TrustText> = "NewAssumeRolePolicyDocument",
        new_max_session: Option<SessionSeconds> = "NewMaxSessionDuration",
    }

    /// Parameters of `ListRoles`.
    pub(super) struct ListRoles {
        page_number: PageNumber = "PageNumber",
        page_size: PageSize = "PageSize",
    }

    /// Parameters of `GetServiceLinkedRoleDeletionStatus`.
    pub(super) struct OneTask {
        task: TaskId = "DeletionTaskId",
    }
}

/// Id of a task: 26 to 255 characters that begin with `task/`.
pub(super) struct TaskId(String);

impl Field for TaskId {
    fn take(params: &Params, name: &'static str) -> Result<Self, Failure> {
        let text = params.get(name).ok_or(Flawed::missing(name))?;
        match text.chars().count() {
            26..=255 if text.starts_with("task/") => Ok(Self(text.to_owned())),
            26..=255 => Err(Flawed::new(name, Flaw::Value).into()),
            _ => Err(Flawed::new(name, Flaw::Length).into()),
        }
    }
}

/// A role as `of` makes it of the role in `slot`.
fn shown(tx: &Tx<'_>, slot: Slot, of: fn(RoleView) -> RoleView) -> Result<One<RoleView>> {
    let account = tx.account()?;
    let role = account.role(slot)?;
    let view = RoleView {
        allow_console_login: None,
        is_service_linked_role: None,
        latest_deletion_task: None,
        ..RoleView::whole(role, account)
    };
    Ok(One(of(view)))
}

/// `CreateRole`: creates a role, as in RAM.
///
/// Fails with `MalformedPolicyDocument`, `EntityAlreadyExists.Role` and `LimitExceeded.Role`.
pub(super) fn create(tx: &mut Tx<'_>, req: CreateRole) -> Result<One<RoleView>> {
    let slot = roles::make(
        tx,
        roles::CreateRole {
            role_name: req.role_name,
            trust: req.trust,
            description: req.description,
            max_session: req.max_session,
            allow_console_login: None,
            tags: Vec::new(),
        },
    )?;
    shown(tx, slot, |view| RoleView { update_date: None, ..view })
}

/// `GetRole`: returns a role.
///
/// Fails with `EntityNotExist.Role`.
pub(super) fn get(view: View<'_>, req: OneRole) -> Result<One<RoleView>> {
    let account = view.account()?;
    let role = account.role(account.role_slot(&req.role_name)?)?;
    Ok(One(RoleView { allow_console_login: None, ..RoleView::whole(role, account) }))
}

/// `ListRoles`: returns a page of roles, oldest first, without trust policies.
pub(super) fn list(view: View<'_>, req: ListRoles) -> Result<NumberedPage<RoleView>> {
    let account = view.account()?;
    Ok(NumberedPage::of(account.roles.iter(), req.page_number, req.page_size, |(_, role)| RoleView {
        allow_console_login: None,
        assume_role_policy_document: None,
        ..RoleView::whole(role, account)
    }))
}

/// `UpdateRole`: changes a role, as in RAM.
///
/// Fails with `EntityNotExist.Role` and `MalformedPolicyDocument`.
pub(super) fn update(tx: &mut Tx<'_>, req: UpdateRole) -> Result<One<RoleView>> {
    let slot = roles::change(
        tx,
        roles::UpdateRole {
            role_name: req.role_name,
            new_description: req.new_description,
            new_trust: req.new_trust,
            new_max_session: req.new_max_session,
            new_allow_console_login: None,
        },
    )?;
    shown(tx, slot, |view| view)
}

/// `CreateServiceLinkedRole`: creates the service-linked role of a cloud service, as in RAM.
///
/// Fails with `EntityNotExist.Service`, `InvalidParameter.CustomSuffix.NotAllowed` and `EntityAlreadyExists.Role`.
pub(super) fn create_linked(tx: &mut Tx<'_>, req: CreateLinkedRole) -> Result<One<RoleView>> {
    let slot = linked_roles::make(tx, req)?;
    shown(tx, slot, |view| RoleView {
        is_service_linked_role: Some(true),
        max_session_duration: None,
        update_date: None,
        ..view
    })
}

/// Response of `GetServiceLinkedRoleDeletionStatus`. A deletion never fails here, so it has no reason.
#[apply(reply)]
pub(super) struct DeletionStatus {
    status: &'static str,
}

/// `GetServiceLinkedRoleDeletionStatus`: `IN_PROGRESS` while the role exists, then `SUCCEEDED`.
///
/// Fails with `InvalidParameter.DeletionTaskId` and `EntityNotExist.ServiceLinkedRole.DeletionTask`.
pub(super) fn deletion_status(view: View<'_>, req: OneTask) -> Result<DeletionStatus> {
    let account = view.account()?;
    let is_it = |role: &Role| role.deletion.as_ref().is_some_and(|(task, _)| *task == req.task.0);
    if account.roles.iter().any(|(_, role)| is_it(role)) {
        return Ok(DeletionStatus { status: "IN_PROGRESS" });
    }
    if account.affairs.deleted_roles.contains(req.task.0.as_str()) {
        return Ok(DeletionStatus { status: "SUCCEEDED" });
    }
    Err(resource_manager::NO_TASK.error())
}
