//! Operations on service-linked roles. Only the cloud service of such a role may assume it. Source: docs/evidence/ram.md 5.8 and
//! section 10.

use crate::attributes::{apply, reply};
use crate::error::Result;
use crate::params::request;
use crate::services::ram::roles::{OneRole, RoleView};
use crate::services::shared::reply::{Listed, One, elements};
use crate::text::{Description, RoleSuffix};
use crate::world::account::system::Service;
use crate::world::{Refusal, Tx, View};

request! {
    /// Parameters of `CreateServiceLinkedRole`.
    pub(super) struct CreateLinkedRole {
        service_name: String = "ServiceName",
        custom_suffix: Option<RoleSuffix> = "CustomSuffix",
        description: Option<Description> = "Description",
    }

    /// Parameters of `GetServiceLinkedRoleTemplate`.
    pub(super) struct OneService {
        service_name: String = "ServiceName",
    }
}

/// `CreateServiceLinkedRole`: creates the service-linked role of a cloud service, with its policy.
///
/// Fails with `EntityNotExist.Service`, `InvalidParameter.CustomSuffix.NotAllowed` and `EntityAlreadyExists.Role`.
pub(super) fn create(tx: &mut Tx<'_>, req: CreateLinkedRole) -> Result<One<RoleView>> {
    let service = Service::named(&req.service_name).ok_or(Refusal::NoSuchService)?;
    let uid = tx.account()?.uid;
    let slot = tx.add_linked_role(uid, service, req.custom_suffix, req.description)?;
    Ok(One(RoleView::linked(tx.account()?.role(slot)?, uid)))
}

/// Response of `DeleteServiceLinkedRole`.
#[apply(reply)]
pub(super) struct Deletion {
    deletion_task_id: String,
}

/// `DeleteServiceLinkedRole`: starts the deletion of a role and returns the id of the task.
///
/// Fails with `EntityNotExist.Role` and `EntityNotExist.ServiceLinkedRole`.
pub(super) fn delete(tx: &mut Tx<'_>, req: OneRole) -> Result<Deletion> {
    let account = tx.account()?;
    let (uid, slot) = (account.uid, account.role_slot(&req.role_name)?);
    Ok(Deletion { deletion_task_id: tx.delete_linked_role(uid, slot)?.to_string() })
}

/// Template of a service-linked role.
#[apply(reply)]
pub(super) struct Template {
    service_name: &'static str,
    role_name_prefix: &'static str,
    system_policy_name: &'static str,
    multiple_roles_allowed: bool,
    role_descriptions: Listed<RoleDescription>,
}

#[apply(reply)]
struct RoleDescription {
    language: &'static str,
    description: String,
}

elements! {
    Template: "ServiceLinkedRoleTemplate" "ServiceLinkedRoleTemplates";
    RoleDescription: "RoleDescription" "RoleDescriptions";
}

/// `GetServiceLinkedRoleTemplate`: returns the role that `CreateServiceLinkedRole` would create.
///
/// Fails with `EntityNotExist.Service` (UNCERTAIN).
pub(super) fn template(_: View<'_>, req: OneService) -> Result<One<Template>> {
    let service = Service::named(&req.service_name).ok_or(Refusal::NoSuchService)?;
    let description = RoleDescription { language: "en", description: service.description() };
    Ok(One(Template {
        service_name: service.name,
        role_name_prefix: service.role,
        system_policy_name: service.policy,
        multiple_roles_allowed: service.allows_suffix,
        role_descriptions: Listed(vec![description]),
    }))
}
