//! Resource Manager 2020-03-31 without the directory: resource groups, and a second API for the roles and policies of RAM.
//!
//! Policies name most of these actions `ram:...`. Source: docs/evidence/resource-directory.md section 8.

mod attachments;
mod events;
mod groups;
mod policies;
mod resources;
mod roles;
mod rules;
mod settings;
mod tags;

use crate::error::resource_manager as errors;
use crate::operation::{Key, On, Operation, Resource, read, write};
use crate::services::ram::{linked_roles, versions};

const ANYTHING: On = &[Resource::Anything];
const ACCOUNT: On = &[Resource::All("*")];
const GROUPS: On = &[Resource::All("resourcegroup/*")];
const GROUP: On = &[Resource::ResourceGroup];
const TAGGED: On = &[Resource::TaggedGroups];
const POLICIES: On = &[Resource::All("policy/*")];
const POLICY: On = &[Resource::Policy];
const CUSTOM_POLICY: On = &[Resource::CustomPolicy];
const ATTACHED: On = &[Resource::Policy, Resource::Principal];
const ROLES: On = &[Resource::All("role/*")];
const ROLE: On = &[Resource::Role];
const TRUST_KEYS: &[Key] = &[Key::TrustedPrincipalTypes, Key::ServiceNames];
const SERVICE_KEY: &[Key] = &[Key::ServiceName];

/// Every operation but those of the directory.
pub(super) fn operations() -> impl Iterator<Item = Operation> {
    let named_ram = [identities(), groups()].into_iter().flatten();
    let named_ram = named_ram.map(|operation| operation.asked_as("ram"));
    named_ram.chain(others()).map(|operation| operation.in_words(errors::ALL))
}

/// Roles, policies and attachments, which are those of RAM.
fn identities() -> Vec<Operation> {
    vec![
        write("CreateRole", ROLES, roles::create).with_keys(TRUST_KEYS),
        read("GetRole", ROLE, roles::get),
        read("ListRoles", ROLES, roles::list),
        write("UpdateRole", ROLE, roles::update).with_keys(TRUST_KEYS),
        write("DeleteRole", ROLE, crate::services::ram::roles::delete),
        write("CreateServiceLinkedRole", ANYTHING, roles::create_linked).with_keys(SERVICE_KEY),
        write("DeleteServiceLinkedRole", ANYTHING, linked_roles::delete).with_keys(SERVICE_KEY),
        read("GetServiceLinkedRoleDeletionStatus", ANYTHING, roles::deletion_status),
        write("CreatePolicy", POLICIES, policies::create),
        read("GetPolicy", POLICY, policies::get),
        read("ListPolicies", POLICIES, policies::list),
        write("DeletePolicy", CUSTOM_POLICY, policies::delete),
        write("CreatePolicyVersion", CUSTOM_POLICY, policies::create_version),
        read("GetPolicyVersion", POLICY, versions::get),
        read("ListPolicyVersions", POLICY, policies::list_versions),
        write("SetDefaultPolicyVersion", CUSTOM_POLICY, versions::set_default),
        write("DeletePolicyVersion", CUSTOM_POLICY, versions::delete),
        write("AttachPolicy", ATTACHED, attachments::attach),
        write("DetachPolicy", ATTACHED, attachments::detach),
        read("ListPolicyAttachments", ACCOUNT, attachments::list),
    ]
}

/// Resource groups.
fn groups() -> Vec<Operation> {
    vec![
        write("CreateResourceGroup", GROUPS, groups::create),
        read("GetResourceGroup", GROUP, groups::get),
        read("ListResourceGroups", GROUPS, groups::list),
        write("UpdateResourceGroup", GROUP, groups::update),
        write("DeleteResourceGroup", GROUP, groups::delete),
        write("TagResources", TAGGED, tags::tag),
        write("UntagResources", TAGGED, tags::untag),
        read("ListTagResources", TAGGED, tags::list),
        read("ListTagKeys", GROUPS, tags::keys),
        read("ListTagValues", GROUPS, tags::values),
        read("LookupResourceGroupEvents", ANYTHING, events::lookup),
        write("EnableAssociatedTransfer", ANYTHING, settings::enable_transfer),
        write("DisableAssociatedTransfer", ANYTHING, settings::disable_transfer),
        write("UpdateAssociatedTransferSetting", ANYTHING, settings::update_transfer),
        read("ListAssociatedTransferSetting", ANYTHING, settings::transfer),
    ]
}

/// Actions that policies name `resourcemanager:...`, and those that need no permission, because they show only what the caller may see.
fn others() -> Vec<Operation> {
    vec![
        read("ListResourceGroupsWithAuthDetails", &[], groups::list_with_permissions),
        read("ListResources", &[], resources::list),
        read("GetResourceGroupResourceCounts", &[], resources::counts),
        read("ListResourceGroupCapability", &[], resources::capabilities),
        write("MoveResources", ANYTHING, resources::move_to_group),
        write("EnableResourceGroupNotification", ANYTHING, settings::enable_notification),
        write("DisableResourceGroupNotification", ANYTHING, settings::disable_notification),
        read("GetResourceGroupNotificationSetting", ANYTHING, settings::notification),
        read("GetResourceGroupAdminSetting", ANYTHING, settings::admin),
        write("UpdateResourceGroupAdminSetting", ANYTHING, settings::update_admin),
        write("EnableAutoGrouping", ANYTHING, rules::enable),
        write("DisableAutoGrouping", ANYTHING, rules::disable),
        read("GetAutoGroupingStatus", ANYTHING, rules::status),
        write("UpdateAutoGroupingConfig", ANYTHING, rules::configure),
        write("CreateAutoGroupingRule", ANYTHING, rules::create),
        read("GetAutoGroupingRule", ANYTHING, rules::get),
        read("ListAutoGroupingRules", ANYTHING, rules::list),
        write("UpdateAutoGroupingRule", ANYTHING, rules::update),
        write("DeleteAutoGroupingRule", ANYTHING, rules::delete),
        read("ListAutoGroupingRemediations", ANYTHING, events::remediations),
    ]
}
