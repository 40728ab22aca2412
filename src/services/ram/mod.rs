//! RAM 2015-05-01. One file a resource; this file is the table. Source: docs/evidence/ram.md.

mod attachments;
mod diagnostics;
pub(super) mod linked_roles;
pub(super) mod policies;
pub(super) mod roles;
mod settings;
mod tags;
pub(super) mod versions;

use crate::operation::OwnMatter::{Device, Keys, Password};
use crate::operation::{Key, On, Operation, Resource, read, write};
use crate::services::shared::identity::{Ram, groups, keys, login, mfa, policy, preference, users};
use attachments::{ToGroup, ToRole, ToUser};

const USERS: On = &[Resource::All("user/*")];
const USER: On = &[Resource::User("UserName")];
const GROUPS: On = &[Resource::All("group/*")];
const GROUP: On = &[Resource::Group];
const USER_AND_GROUP: On = &[Resource::User("UserName"), Resource::Group];
const ROLES: On = &[Resource::All("role/*")];
const ROLE: On = &[Resource::Role];
const POLICIES: On = &[Resource::All("policy/*")];
const POLICY: On = &[Resource::Policy];
const CUSTOM_POLICY: On = &[Resource::CustomPolicy];
const USER_AND_POLICY: On = &[Resource::User("UserName"), Resource::Policy];
const GROUP_AND_POLICY: On = &[Resource::Group, Resource::Policy];
const ROLE_AND_POLICY: On = &[Resource::Role, Resource::Policy];
const DEVICES: On = &[Resource::All("mfa/*")];
const ACCOUNT: On = &[Resource::All("*")];
const ANYTHING: On = &[Resource::Anything];
const TAGGED: On = &[Resource::Tagged];

/// Keys of a trust policy. The page of `CreateRole` has them. UNCERTAIN for the others: a policy in use has the first for
/// `AttachPolicyToRole`. Source: docs/evidence/policy.md section 2.
const TRUST_KEYS: &[Key] = &[Key::TrustedPrincipalTypes, Key::ServiceNames];
const SERVICE_KEY: &[Key] = &[Key::ServiceName];

pub(super) fn operations() -> Vec<Operation> {
    vec![
        write("CreateUser", USERS, users::create::<Ram>),
        read("GetUser", USER, users::get::<Ram>),
        write("UpdateUser", USER, users::update::<Ram>),
        write("DeleteUser", USER, users::delete::<Ram>),
        read("ListUsers", USERS, users::list::<Ram>),
        write("CreateLoginProfile", USER, login::create::<Ram>),
        read("GetLoginProfile", USER, login::get::<Ram>),
        write("UpdateLoginProfile", USER, login::update),
        write("DeleteLoginProfile", USER, login::delete::<Ram>),
        write("ChangePassword", &[Resource::Itself], login::change_password::<Ram>).about_own(Password),
        write("CreateAccessKey", USER, keys::create::<Ram>).about_own(Keys),
        read("ListAccessKeys", USER, keys::list::<Ram>).about_own(Keys),
        write("UpdateAccessKey", USER, keys::update::<Ram>).about_own(Keys),
        write("DeleteAccessKey", USER, keys::delete::<Ram>).about_own(Keys),
        read("GetAccessKeyLastUsed", USER, keys::last_used::<Ram>).about_own(Keys),
        write("CreateVirtualMFADevice", DEVICES, mfa::create),
        read("ListVirtualMFADevices", DEVICES, mfa::list::<Ram>),
        write("DeleteVirtualMFADevice", &[Resource::Device], mfa::delete),
        write("BindMFADevice", USER, mfa::bind::<Ram>).about_own(Device),
        write("UnbindMFADevice", USER, mfa::unbind::<Ram>).about_own(Device),
        read("GetUserMFAInfo", USER, mfa::of_user::<Ram>).about_own(Device),
        write("CreateGroup", GROUPS, groups::create::<Ram>),
        read("GetGroup", GROUP, groups::get::<Ram>),
        write("UpdateGroup", GROUP, groups::update::<Ram>),
        write("DeleteGroup", GROUP, groups::delete),
        read("ListGroups", GROUPS, groups::list::<Ram>),
        write("AddUserToGroup", USER_AND_GROUP, groups::add_user::<Ram>),
        write("RemoveUserFromGroup", USER_AND_GROUP, groups::remove_user::<Ram>),
        read("ListGroupsForUser", USER, groups::of_user::<Ram>),
        read("ListUsersForGroup", GROUP, groups::members::<Ram>),
        write("CreatePolicy", POLICIES, policies::create),
        read("GetPolicy", POLICY, policies::get),
        read("ListPolicies", POLICIES, policies::list),
        write("UpdatePolicyDescription", CUSTOM_POLICY, policies::describe),
        write("DeletePolicy", CUSTOM_POLICY, policies::delete),
        write("CreatePolicyVersion", CUSTOM_POLICY, versions::create),
        read("GetPolicyVersion", POLICY, versions::get),
        read("ListPolicyVersions", POLICY, versions::list),
        write("SetDefaultPolicyVersion", CUSTOM_POLICY, versions::set_default),
        write("DeletePolicyVersion", CUSTOM_POLICY, versions::delete),
        read("ListEntitiesForPolicy", POLICY, attachments::entities),
        write("AttachPolicyToUser", USER_AND_POLICY, attachments::attach::<ToUser>),
        write("DetachPolicyFromUser", USER_AND_POLICY, attachments::detach::<ToUser>),
        read("ListPoliciesForUser", USER, attachments::list::<ToUser>),
        write("AttachPolicyToGroup", GROUP_AND_POLICY, attachments::attach::<ToGroup>),
        write("DetachPolicyFromGroup", GROUP_AND_POLICY, attachments::detach::<ToGroup>),
        read("ListPoliciesForGroup", GROUP, attachments::list::<ToGroup>),
        write("AttachPolicyToRole", ROLE_AND_POLICY, attachments::attach::<ToRole>).with_keys(TRUST_KEYS),
        write("DetachPolicyFromRole", ROLE_AND_POLICY, attachments::detach::<ToRole>),
        read("ListPoliciesForRole", ROLE, attachments::list::<ToRole>),
        write("CreateRole", ROLES, roles::create).with_keys(TRUST_KEYS),
        read("GetRole", ROLE, roles::get),
        read("ListRoles", ROLES, roles::list),
        write("UpdateRole", ROLE, roles::update).with_keys(TRUST_KEYS),
        write("DeleteRole", ROLE, roles::delete),
        write("CreateServiceLinkedRole", ANYTHING, linked_roles::create).with_keys(SERVICE_KEY),
        write("DeleteServiceLinkedRole", ANYTHING, linked_roles::delete).with_keys(SERVICE_KEY),
        read("GetServiceLinkedRoleTemplate", ANYTHING, linked_roles::template),
        write("TagResources", TAGGED, tags::tag),
        write("UntagResources", TAGGED, tags::untag),
        read("ListTagResources", TAGGED, tags::list),
        write("SetAccountAlias", ACCOUNT, settings::set_alias),
        read("GetAccountAlias", ACCOUNT, settings::alias),
        write("ClearAccountAlias", ACCOUNT, settings::clear_alias),
        write("SetPasswordPolicy", ACCOUNT, policy::set::<Ram>),
        read("GetPasswordPolicy", ACCOUNT, policy::get::<Ram>),
        write("SetSecurityPreference", ACCOUNT, preference::set::<Ram>),
        read("GetSecurityPreference", ACCOUNT, preference::get::<Ram>),
        read("DecodeDiagnosticMessage", ANYTHING, diagnostics::decode),
    ]
}
