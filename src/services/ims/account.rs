//! The logon domain of the account, and its summary. Source: docs/evidence/ims.md 4.1, 4.8 and section 5.

use crate::attributes::{apply, reply};
use crate::error::Result;
use crate::params::request;
use crate::policy::{MOST_ADDRESSES, MOST_STATEMENTS};
use crate::services::shared::identity::Nothing;
use crate::text::LogonDomain;
use crate::world::account::Account;
use crate::world::settings::Quotas;
use crate::world::{Refusal, Tx, View};

request! {
    /// Parameters of `SetDefaultDomain`.
    pub(super) struct SetDefaultDomain {
        domain: LogonDomain = "DefaultDomainName",
    }
}

/// Response of `SetDefaultDomain` and `GetDefaultDomain`.
#[apply(reply)]
pub(super) struct Domain {
    default_domain_name: String,
}

impl Domain {
    fn of(account: &Account) -> Self {
        Self { default_domain_name: account.default_domain() }
    }
}

/// `SetDefaultDomain`: sets the logon domain. It is `<alias>.onaliyun.com`, so it sets the alias of RAM, too.
///
/// UNCERTAIN: the domain of the own UID clears the alias. Domains outside `onaliyun.com` have the wrong form.
///
/// Fails with `InvalidParameter.DefaultDomainName.*` (UNCERTAIN) and `EntityAlreadyExists.AccountAlias`.
pub(super) fn set_default_domain(tx: &mut Tx<'_>, req: SetDefaultDomain) -> Result<Domain> {
    let uid = tx.account()?.uid;
    tx.set_alias(uid, req.domain.alias_in(uid))?;
    Ok(Domain::of(tx.account()?))
}

/// `GetDefaultDomain`: returns the logon domain.
pub(super) fn default_domain(view: View<'_>, _: Nothing) -> Result<Domain> {
    Ok(Domain::of(view.account()?))
}

/// Response of `GetAccountSummary`.
#[apply(reply)]
pub(super) struct Summary {
    summary_map: SummaryMap,
}

/// Counts and quotas. UNCERTAIN: no source has a value of `AuthorizedClientPerUserQuota`.
#[apply(reply)]
struct SummaryMap {
    users: usize,
    users_quota: usize,
    groups: usize,
    groups_quota: usize,
    roles: usize,
    roles_quota: usize,
    policies: usize,
    policies_quota: usize,
    #[serde(rename = "MFADevices")]
    mfa_devices: usize,
    #[serde(rename = "MFADevicesInUse")]
    mfa_devices_in_use: usize,
    #[serde(rename = "VirtualMFADevicesQuota")]
    virtual_mfa_devices_quota: usize,
    groups_per_user_quota: usize,
    access_keys_per_user_quota: usize,
    account_access_keys_per_account_quota: usize,
    attached_policies_per_user_quota: usize,
    attached_policies_per_group_quota: usize,
    attached_policies_per_role_quota: usize,
    attached_system_policies_per_user_quota: usize,
    attached_system_policies_per_group_quota: usize,
    attached_system_policies_per_role_quota: usize,
    policy_size_quota: usize,
    versions_per_policy_quota: usize,
    #[serde(rename = "ConditionsPerAKPolicyQuota")]
    conditions_per_ak_policy_quota: usize,
    #[serde(rename = "IPItemsPerAKPolicyQuota")]
    ip_items_per_ak_policy_quota: usize,
    service_credentials_per_user_per_service_quota: usize,
    authorized_client_per_user_quota: usize,
}

impl SummaryMap {
    fn of(account: &Account, quotas: &Quotas) -> Self {
        Self {
            users: account.users.len(),
            users_quota: quotas.users,
            groups: account.groups.len(),
            groups_quota: quotas.groups,
            roles: account.roles.len(),
            roles_quota: quotas.roles,
            policies: account.policies.len(),
            policies_quota: quotas.policies,
            mfa_devices: account.devices.len(),
            mfa_devices_in_use: account.bound_devices().count(),
            virtual_mfa_devices_quota: quotas.mfa_devices,
            groups_per_user_quota: quotas.groups_per_user,
            access_keys_per_user_quota: quotas.keys_per_user,
            account_access_keys_per_account_quota: quotas.keys_per_account,
            attached_policies_per_user_quota: quotas.custom_policies_each,
            attached_policies_per_group_quota: quotas.custom_policies_each,
            attached_policies_per_role_quota: quotas.custom_policies_each,
            attached_system_policies_per_user_quota: quotas.system_policies_each,
            attached_system_policies_per_group_quota: quotas.system_policies_each,
            attached_system_policies_per_role_quota: quotas.system_policies_each,
            // Of `CreatePolicy`: docs/evidence/policy.md section 1.
            policy_size_quota: 6144,
            versions_per_policy_quota: quotas.versions_per_policy,
            conditions_per_ak_policy_quota: MOST_STATEMENTS,
            ip_items_per_ak_policy_quota: MOST_ADDRESSES,
            service_credentials_per_user_per_service_quota: quotas.service_credentials_each,
            authorized_client_per_user_quota: quotas.authorized_clients_per_user,
        }
    }
}

/// `GetAccountSummary`: returns counts of identities and the quotas.
pub(super) fn summary(view: View<'_>, _: Nothing) -> Result<Summary, Refusal> {
    Ok(Summary { summary_map: SummaryMap::of(view.account()?, &view.state.quotas) })
}
