//! Operations on a directory as a whole. Source: docs/evidence/resource-directory.md 4.1.

use crate::attributes::{apply, reply};
use crate::error::{Result, directory};
use crate::operation::Done;
use crate::params::request;
use crate::services::directory::{Door, manager, tried};
use crate::services::shared::reply::{One, elements};
use crate::services::shared::words::words;
use crate::text::{LoginName, ManagementPrefix, MobilePhone, Scalar, Site, Uid};
use crate::world::account::{Account, Identity};
use crate::world::directory::{ControlStatus, Directory};
use crate::world::{Tx, View};

request! {
    /// Parameters of `EnableResourceDirectory`.
    pub(super) struct Enable {
        mode: EnableMode = "EnableMode",
        name: Option<String> = "MAName",
        mobile: Option<String> = "MASecureMobilePhone",
        code: Option<String> = "VerificationCode",
        dry_run: Option<bool> = "DryRun",
    }

    /// Parameters of actions that take none.
    pub(super) struct Nothing {}

    /// Parameters of `SendVerificationCodeForEnableRD`.
    pub(super) struct SendCode {
        mobile: Option<String> = "SecureMobilePhone",
    }

    /// Parameters of `SetMemberDeletionPermission` and `SetMemberDisplayNameSyncStatus`.
    pub(super) struct Switch {
        status: IsEnabled = "Status",
    }
}

words! {
    /// `CurrentAccount` or `NewManagementAccount`: true for a new account.
    EnableMode: bool { "CurrentAccount" => false, "NewManagementAccount" => true }
    /// `Enabled` or `Disabled`.
    IsEnabled: bool { "Enabled" => true, "Disabled" => false }
}

/// A directory. Fields that an action leaves out are `None`.
#[apply(reply)]
pub(super) struct DirectoryView {
    resource_directory_id: String,
    root_folder_id: String,
    master_account_id: Uid,
    master_account_name: String,
    create_time: String,
    control_policy_status: Option<ControlStatus>,
    identity_information: Option<String>,
    member_deletion_status: Option<&'static str>,
    member_account_display_name_sync_status: Option<&'static str>,
}

elements! { DirectoryView: "ResourceDirectory" "ResourceDirectories"; }

impl DirectoryView {
    fn new(directory: &Directory, manager: &Account) -> Self {
        Self {
            resource_directory_id: directory.id.to_string(),
            root_folder_id: directory.root_id().to_owned(),
            master_account_id: directory.manager,
            master_account_name: manager.profile.login_name.to_string(),
            create_time: directory.created.with_millis(),
            control_policy_status: None,
            identity_information: None,
            member_deletion_status: None,
            member_account_display_name_sync_status: None,
        }
    }
}

fn word(on: bool) -> &'static str {
    if on { "Enabled" } else { "Disabled" }
}

/// Name of the verified subject of an account. UNCERTAIN: samples mask it.
pub(super) fn identity_of(account: &Account) -> String {
    account.real_name.identity().map(|identity: &Identity| identity.name.to_string()).unwrap_or_default()
}

/// `EnableResourceDirectory`: makes the caller's account, or a new one, the management account of a new directory.
///
/// Fails with `EntityAlreadyExists.ResourceDirectory`, `NotSupport.AccountInAnotherResourceDirectory`, `Invalid.AccountType`,
/// `EnterpriseRealNameVerificationError` and `Invalid.EnterpriseName`, and in the second case with the errors of name, mobile and code. UNCERTAIN: a new management
/// account has the legal entity of the caller, and the caller does not become a member; an international account may use both products,
/// and gets `NotSupport.Account.Site` only in a world whose rules say so. Source: docs/evidence/resource-directory.md 4.1.
pub(super) fn enable(tx: &mut Tx<'_>, req: Enable) -> Result<One<DirectoryView>> {
    tried(tx, req.dry_run, |tx| {
        let own = tx.account()?.uid;
        tx.state().may_enable_directory(own)?;
        let uid = if req.mode.0 { new_manager(tx, own, &req)? } else { own };
        tx.enable_directory(uid)?;
        enabled(tx, uid)
    })
}

fn enabled(tx: &Tx<'_>, uid: Uid) -> Result<One<DirectoryView>> {
    Ok(One(DirectoryView::new(tx.state().directory(uid)?, tx.state().account(uid)?)))
}

/// Registers the management account that the caller asks for.
fn new_manager(tx: &mut Tx<'_>, own: Uid, req: &Enable) -> Result<Uid> {
    const DOMAIN: &str = "@rdadmin.aliyunid.com";
    let wanted = req.name.as_deref().unwrap_or_default();
    let prefix = ManagementPrefix::parse(wanted.strip_suffix(DOMAIN).unwrap_or(wanted))
        .map_err(|_| directory::INVALID_PARAMETER_MANAGEMENT_ACCOUNT_NAME.error())?;
    let name = LoginName::parse(&format!("{}{DOMAIN}", prefix.as_str()))
        .map_err(|_| directory::INVALID_PARAMETER_MANAGEMENT_ACCOUNT_NAME.error())?;
    if tx.state().account_named(name.as_str()).is_some() {
        return Err(directory::INVALID_PARAMETER_MANAGEMENT_ACCOUNT_NAME_ALREADY_USED.error());
    }
    let mobile = match &req.mobile {
        Some(mobile) => MobilePhone::parse(mobile)
            .map_err(|_| directory::INVALID_PARAMETER_MANAGEMENT_ACCOUNT_SECURITY_INFO.error())?,
        None => own_mobile(tx, own)?,
    };
    let code = req.code.as_deref().ok_or_else(|| directory::MISSING_SECURITY_INFO.error())?;
    tx.use_captcha(mobile.as_str(), code).map_err(|_| directory::INVALID_VERIFICATION_CODE.error())?;
    Ok(tx.register_manager(own, name, mobile)?)
}

/// Returns the secure mobile of the caller's account.
fn own_mobile(tx: &Tx<'_>, own: Uid) -> Result<MobilePhone> {
    let mobile = tx.state().account(own)?.profile.mobile.clone();
    mobile.ok_or_else(|| directory::MISSING_SECURE_MOBILE_PHONE.error())
}

/// `InitResourceDirectory`: makes the caller's account the management account of a new directory.
///
/// Fails as `EnableResourceDirectory`. Source: docs/evidence/resource-directory.md 4.1.
pub(super) fn init(tx: &mut Tx<'_>, _: Nothing) -> Result<One<DirectoryView>> {
    let uid = tx.account()?.uid;
    tx.enable_directory(uid)?;
    enabled(tx, uid)
}

/// `SendVerificationCodeForEnableRD`: sends a code to the mobile of the new management account; by default to that of the caller.
///
/// Fails with `EntityAlreadyExists.ResourceDirectory`, `NotSupport.AccountInAnotherResourceDirectory`,
/// `InvalidParameter.MobileCountryCode` and `SendValidateCodeExceedsLimitForAccount`. Source: docs/evidence/resource-directory.md 4.1.
pub(super) fn send_code(tx: &mut Tx<'_>, req: SendCode) -> Result<Done> {
    let account = tx.account()?;
    let (uid, site) = (account.uid, account.profile.site);
    tx.state().may_join_directory(uid)?;
    let mobile = match &req.mobile {
        Some(mobile) => mobile_for(mobile, site)?,
        None => own_mobile(tx, uid)?,
    };
    tx.send_directory_code(uid, &mobile, "EnableRD")?;
    Ok(Done {})
}

/// Reads a mobile that a code may be sent to: on the China site one of mainland China, on the International site any other.
pub(super) fn mobile_for(text: &str, site: Site) -> Result<MobilePhone> {
    let is_of_site = text.starts_with("86-") == (site == Site::China);
    let mobile = MobilePhone::parse(text).ok().filter(|_| is_of_site);
    mobile.ok_or_else(|| directory::INVALID_PARAMETER_MOBILE_COUNTRY_CODE_409.error())
}

/// `GetResourceDirectory`: returns the directory that the caller's account manages or is a member of.
///
/// Fails with `ResourceDirectoryNotInUse`. Source: docs/evidence/resource-directory.md 4.1.
pub(super) fn get<D: Door>(view: View<'_>, _: Nothing) -> Result<One<DirectoryView>> {
    let found = view.state.directory_around(view.account()?.uid);
    let directory = found.ok_or_else(|| directory::RESOURCE_DIRECTORY_NOT_IN_USE.error())?;
    let account = view.state.account(directory.manager)?;
    Ok(One(DirectoryView {
        control_policy_status: Some(directory.control.status),
        identity_information: Some(identity_of(account)),
        member_deletion_status: Some(word(directory.deletes_members)),
        member_account_display_name_sync_status: D::NEWER.then_some(word(directory.syncs_names)),
        ..DirectoryView::new(directory, account)
    }))
}

/// `DestroyResourceDirectory`: closes a directory without members and folders.
///
/// Fails with `EntityNotExists.ResourceDirectory`, `DeleteConflict.ResourceDirectory.Account` and `DeleteConflict.Folder.SubFolder`
/// (UNCERTAIN). Source: docs/evidence/resource-directory.md 4.1.
pub(super) fn destroy(tx: &mut Tx<'_>, _: Nothing) -> Result<Done> {
    let uid = manager(tx)?;
    tx.destroy_directory(uid)?;
    Ok(Done {})
}

/// Response of `SetMemberDeletionPermission`.
#[apply(reply)]
pub(super) struct Deletion {
    management_account_id: Uid,
    resource_directory_id: String,
    member_deletion_status: &'static str,
}

/// `SetMemberDeletionPermission`: lets members be deleted, or not. UNCERTAIN: the default is `Disabled`.
///
/// Fails with `MemberAccountAccessDenied` and `EntityNotExists.ResourceDirectory`. Source: docs/evidence/resource-directory.md 4.1.
pub(super) fn set_deletion(tx: &mut Tx<'_>, req: Switch) -> Result<Deletion> {
    let uid = tx.account()?.uid;
    if tx.state().directories.of_member(uid).is_some() {
        return Err(directory::MEMBER_ACCOUNT_ACCESS_DENIED.error());
    }
    let own = tx.directory_mut(uid)?;
    own.deletes_members = req.status.0;
    Ok(Deletion {
        management_account_id: uid,
        resource_directory_id: own.id.to_string(),
        member_deletion_status: word(own.deletes_members),
    })
}

/// Response of `SetMemberDisplayNameSyncStatus`.
#[apply(reply)]
pub(super) struct Sync {
    member_account_display_name_sync_status: &'static str,
}

/// `SetMemberDisplayNameSyncStatus`: writes display names into the members' accounts from now on, or not. UNCERTAIN: names that were given
/// before stay as they are.
///
/// Fails with `EntityNotExists.ResourceDirectory` (UNCERTAIN). Source: docs/evidence/resource-directory.md 4.1.
pub(super) fn set_sync(tx: &mut Tx<'_>, req: Switch) -> Result<Sync> {
    let uid = manager(tx)?;
    tx.directory_mut(uid)?.syncs_names = req.status.0;
    Ok(Sync { member_account_display_name_sync_status: word(req.status.0) })
}
