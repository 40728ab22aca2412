//! Operations on service-linked roles. Only the cloud service of such a role may assume it. Source: docs/evidence/ram.md 5.8 and
//! section 10.

use crate::attributes::{apply, reply};
use crate::error::Result;
use crate::params::request;
use crate::services::ram::roles::{OneRole, RoleView};
use crate::services::shared::reply::{Listed, One, elements};
use crate::text::{Description, RoleSuffix};
use crate::world::account::system::Service;
use crate::world::register::Slot;
use crate::world::{Refusal, Tx, View};

request! {
    /// Parameters of `CreateServiceLinkedRole`.
    pub(in crate::services) struct CreateLinkedRole {
        pub(in crate::services) service_name: String = "ServiceName",
        pub(in crate::services) custom_suffix: Option<RoleSuffix> = "CustomSuffix",
        pub(in crate::services) description: Option<Description> = "Description",
    }

    /// Parameters of `GetServiceLinkedRoleTemplate`.
    pub(in crate::services) struct OneService {
        service_name: String = "ServiceName",
    }
}

/// `CreateServiceLinkedRole`: creates the service-linked role of a cloud service, with its policy.
///
/// Fails with `EntityNotExist.Service`, `InvalidParameter.CustomSuffix.NotAllowed` and `EntityAlreadyExists.Role`.
pub(in crate::services) fn create(tx: &mut Tx<'_>, req: CreateLinkedRole) -> Result<One<RoleView>> {
    let slot = make(tx, req)?;
    let account = tx.account()?;
    Ok(One(RoleView::linked(account.role(slot)?, account.uid)))
}

/// Creates the role and returns its slot.
pub(in crate::services) fn make(tx: &mut Tx<'_>, req: CreateLinkedRole) -> Result<Slot, Refusal> {
    let service = Service::named(&req.service_name).ok_or(Refusal::NoSuchService)?;
    let uid = tx.account()?.uid;
    tx.add_linked_role(uid, service, req.custom_suffix, req.description)
}

/// Response of `DeleteServiceLinkedRole`.
#[apply(reply)]
pub(in crate::services) struct Deletion {
    deletion_task_id: String,
}

/// `DeleteServiceLinkedRole`: starts the deletion of a role and returns the id of the task.
///
/// Fails with `EntityNotExist.Role` and `EntityNotExist.ServiceLinkedRole`.
pub(in crate::services) fn delete(tx: &mut Tx<'_>, req: OneRole) -> Result<Deletion> {
    let account = tx.account()?;
    let (uid, slot) = (account.uid, account.role_slot(&req.role_name)?);
    Ok(Deletion { deletion_task_id: tx.delete_linked_role(uid, slot)?.to_string() })
}

/// Template of a service-linked role.
#[apply(reply)]
pub(in crate::services) struct Template {
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
pub(in crate::services) fn template(_: View<'_>, req: OneService) -> Result<One<Template>> {
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
