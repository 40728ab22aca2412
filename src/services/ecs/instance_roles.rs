//! RAM roles of instances. The only instance that alimock knows is that of the metadata service.
//!
//! Source: AlibabaCloudDocs/ecs, "AttachInstanceRamRole", "DetachInstanceRamRole" and "DescribeInstanceRamRole".

use crate::attributes::{apply, reply};
use crate::error::{Result, ecs, gateway};
use crate::params::{InstanceIds, request};
use crate::services::ecs::instances::SERVICE;
use crate::services::shared::passed_role::PassedRole;
use crate::services::shared::reply::{Listed, elements};
use crate::text::{Bounded, Region, RoleName, Scalar, Uid};
use crate::world::account::{Account, SessionPolicy};
use crate::world::machine::Machine;
use crate::world::{Refusal, State, Tx, View};

request! {
    /// Parameters of `AttachInstanceRamRole`.
    pub(super) struct Attach {
        region_id: String = "RegionId",
        ram_role_name: String = "RamRoleName",
        instance_ids: InstanceIds = "InstanceIds",
        policy: Option<String> = "Policy",
    }

    /// Parameters of `DetachInstanceRamRole`.
    pub(super) struct Detach {
        region_id: String = "RegionId",
        instance_ids: InstanceIds = "InstanceIds",
        ram_role_name: Option<String> = "RamRoleName",
    }

    /// Parameters of `DescribeInstanceRamRole`.
    pub(super) struct Describe {
        region_id: String = "RegionId",
        instance_ids: Option<InstanceIds> = "InstanceIds",
        ram_role_name: Option<String> = "RamRoleName",
        page_number: Option<Bounded<1, { i64::MAX }>> = "PageNumber",
        page_size: Option<Bounded<1, 50>> = "PageSize",
    }
}

/// The role to attach.
const ROLE: PassedRole = PassedRole {
    service: SERVICE,
    unknown: &ecs::ATTACHED_ROLE_NOT_FOUND,
    untrusting: &ecs::ATTACHED_ROLE_NOT_ECS,
    forbidden: &ecs::PASS_ROLE_FORBIDDEN,
};

/// Response of `AttachInstanceRamRole` and `DetachInstanceRamRole`.
#[apply(reply)]
pub(super) struct Done {
    total_count: usize,
    fail_count: usize,
    ram_role_name: String,
    attach_instance_ram_role_results: Option<Listed<Attached>>,
    detach_instance_ram_role_results: Option<Listed<Detached>>,
}

/// Result for one instance.
#[apply(reply)]
struct Attached {
    instance_id: String,
    code: &'static str,
    message: &'static str,
    success: bool,
}

/// Result for one instance, with its role before.
#[apply(reply)]
struct Detached {
    #[serde(flatten)]
    result: Attached,
    instance_ram_role_sets: Listed<RoleOfInstance>,
}

/// An instance and its role, if it has one.
#[apply(reply)]
struct RoleOfInstance {
    instance_id: String,
    ram_role_name: Option<String>,
}

elements! {
    Attached: "AttachInstanceRamRoleResult" "AttachInstanceRamRoleResults";
    Detached: "DetachInstanceRamRoleResult" "DetachInstanceRamRoleResults";
    RoleOfInstance: "InstanceRamRoleSet" "InstanceRamRoleSets";
}

impl Attached {
    /// UNCERTAIN: code and text of a failure.
    fn of(instance_id: String, failure: Option<&'static str>) -> Self {
        let (code, message) = failure.map_or(("200", "success"), |why| ("403", why));
        Self { instance_id, code, message, success: failure.is_none() }
    }
}

/// Returns the ids, after a check that the account has these instances in the region.
fn check_instances(state: &State, uid: Uid, region: &str, ids: InstanceIds) -> Result<Vec<String>> {
    if !Region::is_listed(region) {
        return Err(ecs::REGION_NOT_FOUND.error());
    }
    let ids = ids.0.ok_or_else(|| ecs::INSTANCE_IDS_MALFORMED.error())?;
    let machine = machine(state, uid, region);
    let is_there = |id: &String| machine.is_some_and(|machine| machine.id == *id);
    if ids.iter().all(is_there) { Ok(ids) } else { Err(ecs::INSTANCE_NOT_FOUND.error()) }
}

/// Returns the instance, if it is of the account and in the region.
fn machine<'a>(state: &'a State, uid: Uid, region: &str) -> Option<&'a Machine> {
    let is_here =
        |machine: &&Machine| machine.uid == uid && machine.settings().region.as_deref() == Some(region);
    state.machine().filter(is_here)
}

/// `AttachInstanceRamRole`: attaches a role to instances that have none. The metadata service has its credentials at once.
///
/// Fails with `MissingParameter`, `InvalidRegionId.NotFound`, `InvalidInstanceIds.Malformed`, `InvalidInstanceId.NotFound`,
/// `InvalidRamRole.NotFound`, `InvalidRamRole.NotEcsRole`, `InvalidUser.PassRoleForbidden` and, for a policy of more than
/// 1024 characters or a malformed one, `InvalidParameter` (UNCERTAIN). An instance with another role is a failure of one
/// result (UNCERTAIN: its code; and the order of the checks).
pub(super) fn attach(tx: &mut Tx<'_>, req: Attach) -> Result<Done> {
    let uid = tx.account()?.uid;
    let ids = check_instances(tx.state(), uid, &req.region_id, req.instance_ids)?;
    ROLE.check_by(tx.by, tx.state(), tx.now, &req.ram_role_name)?;
    let policy = req.policy.as_deref();
    if policy.is_some_and(|text| text.chars().count() > 1024 || SessionPolicy::parse(text).is_err()) {
        return Err(gateway::INVALID_PARAMETER.about("Policy"));
    }
    let name = RoleName::parse(&req.ram_role_name).map_err(|_| ecs::ATTACHED_ROLE_NOT_FOUND.error())?;
    let mut results = Vec::new();
    for id in ids {
        let roles = attached(tx.state());
        let is_free = roles.iter().all(|role| role.folded() == name.folded());
        if is_free {
            tx.attach_only_role(&name, policy).map_err(|_| ecs::ATTACHED_ROLE_NOT_FOUND.error())?;
        }
        results.push(Attached::of(id, (!is_free).then_some("The instance already has another RAM role.")));
    }
    Ok(Done {
        total_count: results.len(),
        fail_count: results.iter().filter(|result| !result.success).count(),
        ram_role_name: name.to_string(),
        attach_instance_ram_role_results: Some(Listed(results)),
        detach_instance_ram_role_results: None,
    })
}

/// Returns the name of a role of the account.
fn role_named(account: &Account, name: &str) -> Result<RoleName> {
    let name = RoleName::parse(name).ok().filter(|name| account.role_slot(name).is_ok());
    name.ok_or_else(|| ecs::ATTACHED_ROLE_NOT_FOUND.error())
}

/// Returns the roles of the instance that exist.
fn attached(state: &State) -> Vec<RoleName> {
    let Some(machine) = state.machine() else { return Vec::new() };
    let Ok(account) = state.account(machine.uid) else { return Vec::new() };
    machine.roles.iter().filter(|role| account.role_slot(role).is_ok()).cloned().collect()
}

/// `DetachInstanceRamRole`: detaches the role of instances, or a named role. Issued credentials stay valid until they expire.
///
/// Fails with `MissingParameter`, `InvalidRegionId.NotFound`, `InvalidInstanceIds.Malformed`, `InvalidInstanceId.NotFound`
/// and `InvalidRamRole.NotFound`. An instance without the role is a failure of one result (UNCERTAIN).
pub(super) fn detach(tx: &mut Tx<'_>, req: Detach) -> Result<Done> {
    let account = tx.account()?;
    let uid = account.uid;
    let wanted = req.ram_role_name.as_deref().map(|name| role_named(account, name)).transpose()?;
    let ids = check_instances(tx.state(), uid, &req.region_id, req.instance_ids)?;
    let (mut results, mut shown) = (Vec::new(), wanted.as_ref().map(ToString::to_string).unwrap_or_default());
    for id in ids {
        let mut roles = attached(tx.state());
        roles.retain(|role| wanted.as_ref().is_none_or(|name| name.folded() == role.folded()));
        for role in &roles {
            tx.detach_only_role(role).map_err(|_| ecs::ATTACHED_ROLE_NOT_FOUND.error())?;
            shown = role.to_string();
        }
        let failure = roles.is_empty().then_some("The instance does not have the RAM role.");
        let of = |role: &RoleName| RoleOfInstance {
            instance_id: id.clone(),
            ram_role_name: Some(role.to_string()),
        };
        let instance_ram_role_sets = Listed(roles.iter().map(of).collect());
        results.push(Detached { instance_ram_role_sets, result: Attached::of(id, failure) });
    }
    Ok(Done {
        total_count: results.len(),
        fail_count: results.iter().filter(|one| !one.result.success).count(),
        ram_role_name: shown,
        attach_instance_ram_role_results: None,
        detach_instance_ram_role_results: Some(Listed(results)),
    })
}

/// Response of `DescribeInstanceRamRole`.
#[apply(reply)]
pub(super) struct Described {
    region_id: String,
    total_count: usize,
    instance_ram_role_sets: Listed<RoleOfInstance>,
}

/// `DescribeInstanceRamRole`: returns the roles of instances. An instance that was asked for and has none has a row without a
/// role (UNCERTAIN; Terraform takes a missing name for a role that is gone).
///
/// Fails with `MissingParameter`, `InvalidRegionId.NotFound`, `InvalidParameter.AllEmpty`, `InvalidInstanceIds.Malformed`,
/// `InvalidInstanceId.NotFound` and, as Terraform expects, `InvalidRamRole.NotFound`.
pub(super) fn describe(view: View<'_>, req: Describe) -> Result<Described> {
    let uid = view.by.caller.uid().ok_or(Refusal::NoSuchAccount)?;
    let is_about_instances = req.instance_ids.is_some();
    if let Some(ids) = req.instance_ids {
        check_instances(view.state, uid, &req.region_id, ids)?;
    } else if req.ram_role_name.is_none() {
        return Err(ecs::ALL_EMPTY.error());
    } else if !Region::is_listed(&req.region_id) {
        return Err(ecs::REGION_NOT_FOUND.error());
    }
    let wanted = req.ram_role_name.as_deref().map(|name| role_named(view.state.account(uid)?, name));
    let wanted = wanted.transpose()?;
    let mut rows = Vec::new();
    if let Some(machine) = machine(view.state, uid, &req.region_id) {
        let row = |ram_role_name| RoleOfInstance { instance_id: machine.id.to_string(), ram_role_name };
        let roles = attached(view.state);
        let roles =
            roles.iter().filter(|role| wanted.as_ref().is_none_or(|name| name.folded() == role.folded()));
        rows.extend(roles.map(|role| row(Some(role.to_string()))));
        if rows.is_empty() && wanted.is_none() && is_about_instances {
            rows.push(row(None));
        }
    }
    let total_count = rows.len();
    let number = usize::try_from(req.page_number.map_or(1, |number| number.0)).unwrap_or(usize::MAX);
    let size = usize::try_from(req.page_size.map_or(10, |size| size.0)).expect("between 1 and 50");
    let rows = rows.into_iter().skip((number - 1).saturating_mul(size)).take(size).collect();
    Ok(Described { region_id: req.region_id, total_count, instance_ram_role_sets: Listed(rows) })
}
