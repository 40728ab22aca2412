//! Settings of resource groups: notification, administrators, transfer of associated resources. Source:
//! docs/evidence/resource-directory.md 8.1.

use crate::attributes::{apply, reply};
use crate::error::{Known, Result, resource_manager};
use crate::operation::Done;
use crate::params::{Items, request};
use crate::services::shared::words::words;
use crate::world::account::{AssociatedTransfer, PAIRS};
use crate::world::{Tx, View};

words! {
    /// `Status` of a pair of resources.
    OnOff: bool { "Enable" => true, "Disable" => false }
}

request! {
    /// No parameters.
    pub(super) struct Nothing {}

    /// Parameters of `UpdateResourceGroupAdminSetting`.
    pub(super) struct AdminSetting {
        creator: bool = "CreatorAsAdmin",
    }

    /// Parameters of `UpdateAssociatedTransferSetting`.
    pub(super) struct UpdateTransfer {
        rules: Items<PairSetting> = "RuleSettings",
        existing: Option<bool> = "EnableExistingResourcesTransfer",
    }

    /// A pair of resources, and if they are transferred together.
    struct PairSetting {
        status: OnOff = "Status",
        master_service: Option<String> = "MasterService",
        master_kind: Option<String> = "MasterResourceType",
        service: Option<String> = "AssociatedService",
        kind: Option<String> = "AssociatedResourceType",
    }
}

/// Switches the notification, which must be the other way now.
fn notify(tx: &mut Tx<'_>, on: bool, already: &Known) -> Result<Done> {
    let grouping = tx.account_mut()?.0.grouping_mut();
    if grouping.notifies == on {
        return Err(already.error());
    }
    grouping.notifies = on;
    Ok(Done {})
}

/// `EnableResourceGroupNotification`: keeps events of resources that enter or leave groups from now on.
///
/// Fails with `UnsupportedOperation.RepeatEnableResourceGroupNotification`.
pub(super) fn enable_notification(tx: &mut Tx<'_>, _: Nothing) -> Result<Done> {
    notify(tx, true, &resource_manager::NOTIFICATION_ON)
}

/// `DisableResourceGroupNotification`: keeps no further events.
///
/// Fails with `UnsupportedOperation.RepeatDisableResourceGroupNotification`.
pub(super) fn disable_notification(tx: &mut Tx<'_>, _: Nothing) -> Result<Done> {
    notify(tx, false, &resource_manager::NOTIFICATION_OFF)
}

/// Response of `GetResourceGroupNotificationSetting`.
#[apply(reply)]
pub(super) struct Notification {
    resource_group_notification_enable_status: bool,
}

/// `GetResourceGroupNotificationSetting`: returns if events are kept.
pub(super) fn notification(view: View<'_>, _: Nothing) -> Result<Notification> {
    Ok(Notification { resource_group_notification_enable_status: view.account()?.grouping.notifies })
}

/// Response of `GetResourceGroupAdminSetting`.
#[apply(reply)]
pub(super) struct Admin {
    creator_as_admin: bool,
}

/// `GetResourceGroupAdminSetting`: returns if the RAM user that creates a group becomes its administrator. UNCERTAIN: at first, yes.
pub(super) fn admin(view: View<'_>, _: Nothing) -> Result<Admin> {
    Ok(Admin { creator_as_admin: view.account()?.grouping.creator_is_admin })
}

/// `UpdateResourceGroupAdminSetting`: decides about the groups that are created from now on.
pub(super) fn update_admin(tx: &mut Tx<'_>, req: AdminSetting) -> Result<Done> {
    tx.account_mut()?.0.grouping_mut().creator_is_admin = req.creator;
    Ok(Done {})
}

/// `EnableAssociatedTransfer`: enables the transfer of associated resources, of which alimock has none.
///
/// Fails with `UnsupportedOperation.RepeatEnableAssociatedTransferSetting`.
pub(super) fn enable_transfer(tx: &mut Tx<'_>, _: Nothing) -> Result<Done> {
    let transfer = &mut tx.account_mut()?.0.grouping_mut().transfer;
    let transfer = transfer.get_or_insert(AssociatedTransfer::new(false, false, Vec::new()));
    if transfer.is_on {
        return Err(resource_manager::TRANSFER_ON.error());
    }
    transfer.is_on = true;
    Ok(Done {})
}

/// `DisableAssociatedTransfer`: disables it and keeps its settings.
///
/// Fails with `UnsupportedOperation.RepeatDisableAssociatedTransferSetting`, with `EntityExists.AssociatedTransferTasks` while a task runs
/// and, if it was never enabled, `UnsupportedOperation.DisableAssociatedTransferSetting` (UNCERTAIN).
pub(super) fn disable_transfer(tx: &mut Tx<'_>, _: Nothing) -> Result<Done> {
    let now = tx.now;
    let transfer = tx.account_mut()?.0.grouping_mut().transfer.as_mut();
    let transfer = transfer.ok_or_else(|| resource_manager::TRANSFER_NEVER_ON.error())?;
    if !transfer.is_on {
        return Err(resource_manager::TRANSFER_OFF.error());
    }
    if transfer.is_busy(now) {
        return Err(resource_manager::TRANSFER_TASKS.error());
    }
    transfer.is_on = false;
    Ok(Done {})
}

/// `UpdateAssociatedTransferSetting`: switches pairs of resources. Including resources that exist starts a task.
///
/// Fails with `UnsupportedOperation.UpdateAssociatedTransferRuleSetting` and `EntityNotExists.AssociatedTransferRule`.
pub(super) fn update_transfer(tx: &mut Tx<'_>, req: UpdateTransfer) -> Result<Done> {
    let now = tx.now;
    let transfer = tx.account_mut()?.0.grouping_mut().transfer.as_mut().filter(|transfer| transfer.is_on);
    let transfer = transfer.ok_or_else(|| resource_manager::TRANSFER_NOT_OPEN.error())?;
    for one in req.rules.0 {
        let wanted =
            [one.master_service, one.master_kind, one.service, one.kind].map(Option::unwrap_or_default);
        let at = PAIRS.iter().position(|pair| *pair == wanted);
        let at = at.ok_or_else(|| resource_manager::NO_TRANSFER_RULE.error())?;
        transfer.off.retain(|off| *off != at);
        if !one.status.0 {
            transfer.off.push(at);
        }
    }
    let before = transfer.existing;
    transfer.existing = req.existing.unwrap_or(before);
    if transfer.existing && !before {
        transfer.start_task(now);
    }
    Ok(Done {})
}

/// Response of `ListAssociatedTransferSetting`.
#[apply(reply)]
pub(super) struct TransferReply {
    associated_transfer_setting: TransferView,
}

#[apply(reply)]
struct TransferView {
    account_id: String,
    enable_existing_resources_transfer: String,
    rule_settings: Vec<PairView>,
    status: &'static str,
}

#[apply(reply)]
struct PairView {
    associated_resource_type: &'static str,
    associated_service: &'static str,
    master_resource_type: &'static str,
    master_service: &'static str,
    status: &'static str,
}

fn word(is_on: bool) -> &'static str {
    if is_on { "Enable" } else { "Disable" }
}

/// `ListAssociatedTransferSetting`: returns the pairs of resources that are transferred together.
///
/// Fails with `EntityNotExists.AssociatedTransferSetting` if it was never enabled.
pub(super) fn transfer(view: View<'_>, _: Nothing) -> Result<TransferReply> {
    let account = view.account()?;
    let transfer = account.grouping.transfer.as_ref();
    let transfer = transfer.ok_or_else(|| resource_manager::NO_TRANSFER_SETTING.error())?;
    let pair = |(
        at,
        [master_service, master_resource_type, associated_service, associated_resource_type],
    ): (usize, &[&'static str; 4])| PairView {
        associated_resource_type,
        associated_service,
        master_resource_type,
        master_service,
        status: word(!transfer.off.contains(&at)),
    };
    Ok(TransferReply {
        associated_transfer_setting: TransferView {
            account_id: account.uid.to_string(),
            enable_existing_resources_transfer: transfer.existing.to_string(),
            rule_settings: PAIRS.iter().enumerate().map(pair).collect(),
            status: word(transfer.is_on),
        },
    })
}
