//! The resource directory: ResourceDirectoryMaster 2022-04-19, and the same actions in ResourceManager 2020-03-31. One file a resource; this
//! file is the table of both products. Source: docs/evidence/resource-directory.md.

mod authorized;
mod contacts;
mod control;
mod delegation;
mod deletion;
mod folders;
mod handshakes;
mod members;
mod payers;
mod reply;
mod retired;
mod security;
pub(super) mod tags;
mod whole;

use crate::error::{ApiError, Dialect, Known, Result};
use crate::operation::{On, Operation, Resource, read, write};
use crate::services::Product;
use crate::services::shared::catalogue;
use crate::text::Uid;
use crate::world::directory::Directory;
use crate::world::{Tx, View};

const ANY: On = &[Resource::All("*")];
const ACCOUNTS: On = &[Resource::All("account/*")];
const ACCOUNT: On = &[Resource::InDirectory("account", "AccountId")];
const FOLDER: On = &[Resource::InDirectory("folder", "FolderId")];
const FOLDERS: On = &[Resource::All("folder/*")];
const HANDSHAKES: On = &[Resource::All("handshake/*")];
const HANDSHAKE: On = &[Resource::InDirectory("handshake", "HandshakeId")];
const CONTACTS: On = &[Resource::All("messagecontact/*")];
const CONTACT: On = &[Resource::InDirectory("messagecontact", "ContactId")];
const PARENT: On = &[Resource::InDirectory("folder", "ParentFolderId")];
const CHILD: On = &[Resource::InDirectory("folder", "ChildId")];
const POLICIES: On = &[Resource::All("policy/controlpolicy/*")];
const POLICY: On = &[Resource::InDirectory("policy/controlpolicy", "PolicyId")];
const TARGET: On = &[Resource::InDirectory("folder", "TargetId")];

/// One of the two products.
pub(super) trait Door: 'static {
    /// True for the newer product, whose responses have more fields.
    const NEWER: bool;
}

/// ResourceDirectoryMaster 2022-04-19.
enum Master {}

/// ResourceManager 2020-03-31.
pub(super) enum Manager {}

impl Door for Master {
    const NEWER: bool = true;
}

impl Door for Manager {
    const NEWER: bool = false;
}

/// ResourceDirectoryMaster 2022-04-19.
pub(super) fn product() -> Product {
    let hosts = &["resourcedirectory", "resourcedirectory-intl", "resourcedirectorymaster"];
    Product::new("ResourceDirectoryMaster", "resourcemanager", hosts, &["2022-04-19"])
        .knows(catalogue::RESOURCE_DIRECTORY_MASTER)
        .runs(operations::<Master>())
}

/// The operations on the directory of one product.
pub(super) fn operations<D: Door>() -> Vec<Operation> {
    let both = vec![
        write("EnableResourceDirectory", ANY, whole::enable),
        write("SendVerificationCodeForEnableRD", ANY, whole::send_code),
        read("GetResourceDirectory", ANY, whole::get::<D>),
        write("DestroyResourceDirectory", ANY, whole::destroy),
        write("SetMemberDeletionPermission", ANY, whole::set_deletion),
        write("CreateFolder", PARENT, folders::create),
        read("GetFolder", FOLDER, folders::get),
        write("UpdateFolder", FOLDER, folders::update),
        write("DeleteFolder", FOLDER, folders::delete),
        read("ListFoldersForParent", PARENT, folders::list::<D>),
        read("ListAncestors", CHILD, folders::ancestors),
        write("CreateResourceAccount", ACCOUNTS, members::create),
        read("GetAccount", ACCOUNT, members::get::<D>),
        read("ListAccounts", ACCOUNTS, members::list::<D>),
        read("ListAccountsForParent", PARENT, members::list_in::<D>),
        write("UpdateAccount", ACCOUNT, members::update),
        write("MoveAccount", ACCOUNT, members::relocate),
        write("RemoveCloudAccount", ACCOUNT, handshakes::remove),
        write("BindSecureMobilePhone", ACCOUNT, security::bind),
        write("SendVerificationCodeForBindSecureMobilePhone", ACCOUNT, security::send_code),
        write("ChangeAccountEmail", ACCOUNT, security::change_email),
        write("RetryChangeAccountEmail", ACCOUNT, security::retry_email),
        write("CancelChangeAccountEmail", ACCOUNT, security::cancel_email),
        write("CheckAccountDelete", ACCOUNT, deletion::check),
        read("GetAccountDeletionCheckResult", ACCOUNT, deletion::result),
        write("DeleteAccount", ACCOUNT, deletion::delete),
        read("GetAccountDeletionStatus", ACCOUNT, deletion::progress),
        write("InviteAccountToResourceDirectory", HANDSHAKES, handshakes::invite),
        write("AcceptHandshake", HANDSHAKE, handshakes::accept),
        write("DeclineHandshake", HANDSHAKE, handshakes::decline),
        write("CancelHandshake", HANDSHAKE, handshakes::cancel),
        read("GetHandshake", HANDSHAKE, handshakes::get),
        read("ListHandshakesForAccount", HANDSHAKES, handshakes::of_account),
        read("ListHandshakesForResourceDirectory", HANDSHAKES, handshakes::of_directory),
        read("GetPayerForAccount", ACCOUNT, payers::get),
        read("ListTrustedServiceStatus", ANY, delegation::trusted),
        write("RegisterDelegatedAdministrator", ACCOUNT, delegation::register),
        write("DeregisterDelegatedAdministrator", ACCOUNT, delegation::deregister),
        read("ListDelegatedAdministrators", ANY, delegation::list),
        read("ListDelegatedServicesForAccount", ACCOUNT, delegation::of_account::<D>),
        write("EnableControlPolicy", POLICIES, control::enable),
        write("DisableControlPolicy", POLICIES, control::disable),
        read("GetControlPolicyEnablementStatus", POLICIES, control::status),
        write("CreateControlPolicy", POLICIES, control::create),
        read("GetControlPolicy", POLICY, control::get),
        write("UpdateControlPolicy", POLICY, control::update),
        write("DeleteControlPolicy", POLICY, control::delete),
        read("ListControlPolicies", POLICIES, control::list::<D>),
        write("AttachControlPolicy", POLICY, control::attach),
        write("DetachControlPolicy", POLICY, control::detach),
        read("ListControlPolicyAttachmentsForTarget", TARGET, control::of_target),
        read("ListTargetAttachmentsForControlPolicy", POLICY, control::targets),
    ];
    let own = if D::NEWER {
        vec![
            write("TagResources", ACCOUNTS, tags::tag),
            write("UntagResources", ACCOUNTS, tags::untag),
            read("ListTagResources", ACCOUNTS, tags::list),
            read("ListTagKeys", ACCOUNTS, tags::keys),
            read("ListTagValues", ACCOUNTS, tags::values),
            write("SetMemberDisplayNameSyncStatus", ANY, whole::set_sync),
            write("UpdatePayerForAccount", ACCOUNT, payers::update),
            read("PrecheckForConsolidatedBillingAccount", ACCOUNTS, payers::precheck),
            read("ListAuthorizedAccounts", ACCOUNTS, authorized::accounts),
            read("ListAuthorizedFolders", FOLDERS, authorized::folders),
            write("AddMessageContact", CONTACTS, contacts::add),
            write("UpdateMessageContact", CONTACT, contacts::update),
            write("CancelMessageContactUpdate", CONTACT, contacts::cancel),
            write("DeleteMessageContact", CONTACT, contacts::delete),
            read("GetMessageContact", CONTACT, contacts::get),
            read("GetMessageContactDeletionStatus", CONTACT, contacts::deletion),
            read("ListMessageContacts", CONTACTS, contacts::list),
            read("ListMessageContactVerifications", CONTACT, contacts::verifications),
            write("SendEmailVerificationForMessageContact", CONTACT, contacts::send_email),
            write("SendPhoneVerificationForMessageContact", CONTACT, contacts::send_phone),
            write("AssociateMembers", CONTACT, contacts::associate),
            write("DisassociateMembers", CONTACT, contacts::disassociate),
        ]
    } else {
        vec![
            write("InitResourceDirectory", ANY, whole::init),
            write("CreateCloudAccount", ACCOUNTS, retired::create),
            write("CancelCreateCloudAccount", ACCOUNTS, retired::cancel_create),
            write("ResendCreateCloudAccountEmail", ACCOUNTS, retired::resend_create),
            write("PromoteResourceAccount", ACCOUNT, retired::promote),
            write("CancelPromoteResourceAccount", ACCOUNTS, retired::cancel_promote),
            write("ResendPromoteResourceAccountEmail", ACCOUNTS, retired::resend_promote),
        ]
    };
    both.into_iter().chain(own).map(|operation| operation.speaking(Dialect::Directory)).collect()
}

/// Returns the directory that the caller's account manages.
fn managed<'a>(view: &View<'a>) -> Result<&'a Directory> {
    Ok(view.state.directory(view.account()?.uid)?)
}

/// Returns the directory that the caller's account manages, or in which it is a delegated administrator.
fn administered<'a>(view: &View<'a>) -> Result<&'a Directory> {
    let uid = view.account()?.uid;
    let as_member = view.state.directories.of_member(uid).map(|(directory, _)| directory);
    let as_member = as_member.filter(|directory| directory.services_of(uid).next().is_some());
    as_member.map_or_else(|| managed(view), Ok)
}

/// Returns the caller's account, which must manage a directory.
fn manager(tx: &Tx<'_>) -> Result<Uid> {
    let uid = tx.account()?.uid;
    tx.state().directory(uid)?;
    Ok(uid)
}

/// Fails with `refusal` for the account itself: some actions need one of its users or roles.
fn must_be_user_or_role(tx: &Tx<'_>, refusal: &Known) -> Result<(), ApiError> {
    if tx.by.caller.is_root() { Err(refusal.error()) } else { Ok(()) }
}

/// Runs a change, on a copy if `DryRun` is true. UNCERTAIN: the response of a dry run is that of a real one.
fn tried<'a, T>(
    tx: &mut Tx<'a>,
    dry_run: Option<bool>,
    change: impl FnOnce(&mut Tx<'a>) -> Result<T>,
) -> Result<T> {
    if dry_run == Some(true) { change(&mut tx.fork()) } else { change(tx) }
}
