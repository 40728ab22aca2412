//! `RunInstances` without instances: all checks, and the response to a dry run.

use crate::error::{Result, ecs};
use crate::operation::Done;
use crate::params::request;
use crate::services::shared::passed_role::PassedRole;
use crate::text::Region;
use crate::world::View;

request! {
    /// Parameters of `RunInstances` that are checked.
    pub(super) struct RunInstances {
        region_id: String = "RegionId",
        image_id: Option<String> = "ImageId",
        image_family: Option<String> = "ImageFamily",
        instance_type: Option<String> = "InstanceType",
        security_group_id: Option<String> = "SecurityGroupId",
        security_group_ids: Vec<String> = "SecurityGroupIds",
        v_switch_id: Option<String> = "VSwitchId",
        interface_group: Option<String> = "NetworkInterface.1.SecurityGroupId",
        interface_v_switch: Option<String> = "NetworkInterface.1.VSwitchId",
        ram_role_name: Option<String> = "RamRoleName",
        launch_template_id: Option<String> = "LaunchTemplateId",
        launch_template_name: Option<String> = "LaunchTemplateName",
        dry_run: Option<bool> = "DryRun",
    }
}

/// ECS in trust policies.
pub(super) const SERVICE: &str = "ecs.aliyuncs.com";

/// Role of the instances. Source: docs/evidence/account.md 6.2.
const ROLE: PassedRole = PassedRole {
    service: SERVICE,
    unknown: &ecs::RAM_ROLE_NOT_FOUND,
    untrusting: &ecs::RAM_ROLE_NOT_ECS,
    forbidden: &ecs::PASS_ROLE_FORBIDDEN,
};

/// `RunInstances`: a valid request with `DryRun` gets `DryRunOperation`, as in the real service. Without `DryRun`, the error says that
/// instances are sold out, because alimock creates none.
///
/// Fails with `MissingParameter`, `InvalidParameter`, `InvalidRegionId.NotFound`, `InvalidVSwitchId.Necessary`,
/// `InvalidRamRole.NotFound`, `InvalidRamRole.NotEcsRole`, `InvalidUser.PassRoleForbidden`, `DryRunOperation` and
/// `OperationDenied.NoStock`. The content of launch templates is unknown, so with a template, no other parameter is
/// required. UNCERTAIN: the order of the checks, and if the switch is required when a default VPC exists. The existence of images, types,
/// groups, switches and templates is not checked. Source: AlibabaCloudDocs/ecs, "RunInstances".
pub(super) fn run(view: View<'_>, req: RunInstances) -> Result<Done> {
    if !Region::is_listed(&req.region_id) {
        return Err(ecs::REGION_NOT_FOUND.error());
    }
    if req.launch_template_id.is_none() && req.launch_template_name.is_none() {
        let group = req.security_group_id.is_some() || !req.security_group_ids.is_empty();
        let needed = [
            ("ImageId", req.image_id.is_some() || req.image_family.is_some()),
            ("InstanceType", req.instance_type.is_some()),
            ("SecurityGroupId", group || req.interface_group.is_some()),
        ];
        if let Some((name, _)) = needed.iter().find(|(_, is_given)| !is_given) {
            return Err(ecs::MISSING_PARAMETER.about(name));
        }
        if req.v_switch_id.is_none() && req.interface_v_switch.is_none() {
            return Err(ecs::VSWITCH_NECESSARY.error());
        }
    }
    if let Some(name) = &req.ram_role_name {
        ROLE.check(view, name)?;
    }
    if req.dry_run == Some(true) {
        return Err(ecs::DRY_RUN.error());
    }
    let note = "alimock makes no instances, and no stub may stand for this action; `DryRun=true` makes all its checks";
    Err(ecs::NO_STOCK.error().with_note(note))
}
