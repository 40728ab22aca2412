//! IMS 2019-08-15: the newer API for the users and keys that RAM manages too. Source: docs/evidence/ims.md.

mod account;
mod key_networks;
mod passkeys;
mod recycle_bin;
mod reports;
mod security;
mod service_credentials;
mod tags;
mod users;
mod verification;

use crate::operation::OwnMatter::{Device, Keys, Password};
use crate::operation::{On, Operation, Resource, read, write};
use crate::services::shared::identity::{self, Ims, groups, keys, login, mfa, policy, preference};

const ACCOUNT: On = &[Resource::All("*")];
const USERS: On = &[Resource::All("user/*")];
const USER: On = &[Resource::User("UserPrincipalName")];
/// A user by name, id or key.
const ONE_USER: On = &[Resource::OneUser];
const TAGGED: On = &[Resource::TaggedUsers];
const GROUPS: On = &[Resource::All("group/*")];
const GROUP: On = &[Resource::Group];
const USER_AND_GROUP: On = &[Resource::User("UserPrincipalName"), Resource::Group];
const DEVICES: On = &[Resource::All("mfa/*")];

pub(super) fn operations() -> Vec<Operation> {
    let mut all = identities();
    all.extend(key_networks::operations());
    all.extend(recycle_bin::operations());
    all.extend(reports::operations());
    all.extend(service_credentials::operations());
    all
}

/// Users, their credentials and groups, and the settings for all of them.
fn identities() -> Vec<Operation> {
    vec![
        write("CreateUser", USERS, identity::users::create::<Ims>),
        read("GetUser", ONE_USER, identity::users::get::<Ims>),
        write("UpdateUser", ONE_USER, identity::users::update::<Ims>),
        write("DeleteUser", ONE_USER, identity::users::delete::<Ims>),
        read("ListUsers", USERS, identity::users::list::<Ims>),
        read("ListUserBasicInfos", USERS, users::basic_infos),
        write("CreateLoginProfile", USER, login::create::<Ims>),
        read("GetLoginProfile", USER, login::get::<Ims>),
        write("UpdateLoginProfile", USER, login::update_and_show),
        write("DeleteLoginProfile", USER, login::delete::<Ims>),
        write("ChangePassword", &[Resource::Itself], login::change_password::<Ims>).about_own(Password),
        write("CreateAccessKey", USER, keys::create::<Ims>).about_own(Keys),
        read("ListAccessKeys", USER, keys::list::<Ims>).about_own(Keys),
        write("UpdateAccessKey", USER, keys::update::<Ims>).about_own(Keys),
        write("DeleteAccessKey", USER, keys::delete::<Ims>).about_own(Keys),
        read("GetAccessKeyLastUsed", USER, keys::last_used::<Ims>).about_own(Keys),
        write("CreateVirtualMFADevice", DEVICES, mfa::create),
        read("ListVirtualMFADevices", DEVICES, mfa::page_of_devices),
        write("DeleteVirtualMFADevice", &[Resource::Device], mfa::delete),
        write("BindMFADevice", USER, mfa::bind::<Ims>).about_own(Device),
        write("UnbindMFADevice", USER, mfa::unbind::<Ims>).about_own(Device),
        write("DisableVirtualMFA", USER, security::disable_mfa).about_own(Device),
        read("GetUserMFAInfo", USER, security::mfa_of_user).about_own(Device),
        read("GetAccountMFAInfo", ACCOUNT, security::mfa_of_account),
        read("ListPasskeys", USER, passkeys::list),
        write("UpdatePasskey", USER, passkeys::update),
        write("DeletePasskey", USER, passkeys::delete),
        read("GetVerificationInfo", USER, verification::get),
        write("SetVerificationInfo", USER, verification::set),
        write("UnbindVerification", USER, verification::unbind),
        write("CreateGroup", GROUPS, groups::create::<Ims>),
        read("GetGroup", GROUP, groups::get::<Ims>),
        write("UpdateGroup", GROUP, groups::update::<Ims>),
        write("DeleteGroup", GROUP, groups::delete),
        read("ListGroups", GROUPS, groups::list::<Ims>),
        write("AddUserToGroup", USER_AND_GROUP, groups::add_user::<Ims>),
        write("RemoveUserFromGroup", USER_AND_GROUP, groups::remove_user::<Ims>),
        read("ListGroupsForUser", USER, groups::of_user::<Ims>),
        read("ListUsersForGroup", GROUP, groups::members::<Ims>),
        write("TagResources", TAGGED, tags::tag),
        write("UntagResources", TAGGED, tags::untag),
        read("ListTagResources", TAGGED, tags::list),
        write("SetPasswordPolicy", ACCOUNT, policy::set::<Ims>),
        read("GetPasswordPolicy", ACCOUNT, policy::get::<Ims>),
        write("SetSecurityPreference", ACCOUNT, preference::set::<Ims>),
        read("GetSecurityPreference", ACCOUNT, preference::get::<Ims>),
        write("SetDefaultDomain", ACCOUNT, account::set_default_domain),
        read("GetDefaultDomain", ACCOUNT, account::default_domain),
        read("GetAccountSummary", ACCOUNT, account::summary),
    ]
}
