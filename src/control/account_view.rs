//! View of an account in the control API.

use crate::attributes::{apply, view};
use crate::control::keys::{KeyView, all_keys};
use crate::text::{
    AccountAlias, CountryCode, Email, LoginName, MobilePhone, Money, Site, Timestamp, Uid, UserName,
};
use crate::world::State as WorldState;
use crate::world::account::{
    AccessKey, Account, Arrears, Closure, Hold, IpMask, Protection, RealNameStatus, ShutdownPolicy, Status,
};

use serde::Serialize;
use std::collections::BTreeMap;

/// An account. Amounts are whole currency units.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AccountView {
    name: String,
    uid: Uid,
    site: Site,
    login_name: LoginName,
    default_domain: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    alias: Option<AccountAlias>,
    country: CountryCode,
    email: Option<Email>,
    mobile: Option<MobilePhone>,
    details: BTreeMap<String, String>,
    status: Status,
    holds: Vec<Hold>,
    balance: Money,
    credit_line: Money,
    available: Money,
    shutdown_policy: ShutdownPolicy,
    arrears: Option<ArrearsView>,
    closure: Option<ClosureView>,
    is_partner: bool,
    partner: Option<Uid>,
    created: Timestamp,
    real_name: RealNameView,
    security: SecurityView,
    users: Vec<String>,
    keys: Vec<KeyView>,
    instances: Vec<InstanceView>,
}

#[derive(Serialize)]
struct RealNameView {
    status: RealNameStatus,
    verified: bool,
}

#[apply(view)]
struct ArrearsView {
    since: Timestamp,
    /// Services are stopped.
    shut_down: bool,
}

/// Closing of an account.
#[apply(view)]
pub(super) struct ClosureView {
    task: u64,
    since: Timestamp,
    /// End of the silence period, in the future or the past.
    silence_ends_at: Timestamp,
    done: bool,
}

impl From<Closure> for ClosureView {
    fn from(closure: Closure) -> Self {
        let Closure { task, since, ends, is_done } = closure;
        Self { task, since, silence_ends_at: ends, done: is_done }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SecurityView {
    /// The account has a password.
    password: bool,
    /// The account has an MFA device.
    mfa: bool,
    last_login: Option<Timestamp>,
    ip_mask: IpMask,
    /// Lifetime of logins in seconds. If missing, the world's default applies.
    session_seconds: Option<i64>,
    mobile_login: bool,
    protection: Protection,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct InstanceView {
    id: String,
    product: String,
    region: String,
    months: Option<u32>,
    bought: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    released: Option<Timestamp>,
}

impl AccountView {
    /// Builds the view. Shows the secrets of the keys in `seed`, and no other secrets.
    pub(super) fn of(account: &Account, seed: &WorldState) -> Self {
        let shown = |(key, user): (&AccessKey, Option<&UserName>)| {
            let view = KeyView::of(key, user);
            if seed.credential(key.id.as_str()).is_some() { view.with_secret(key) } else { view }
        };
        let (profile, standing, security) = (&account.profile, account.standing(), &account.security);
        Self {
            name: account.label.to_string(),
            uid: account.uid,
            site: profile.site,
            login_name: profile.login_name.clone(),
            default_domain: account.default_domain(),
            alias: account.alias.clone(),
            country: profile.country.clone(),
            email: profile.email.clone(),
            mobile: profile.mobile.clone(),
            details: crate::scenario::details(account),
            status: account.status(),
            holds: standing.holds().iter().collect(),
            balance: Money(standing.balance_cents()),
            credit_line: Money(standing.credit_cents()),
            available: Money(standing.available_cents()),
            shutdown_policy: standing.shutdown_policy,
            arrears: standing.arrears().map(|Arrears { since, shut_down }| ArrearsView { since, shut_down }),
            closure: standing.closure().map(Into::into),
            is_partner: account.is_partner,
            partner: account.partner,
            created: account.created,
            real_name: RealNameView {
                status: account.real_name.status(),
                verified: account.real_name.is_verified(),
            },
            security: SecurityView {
                password: security.has_password(),
                mfa: security.mfa.is_some(),
                last_login: security.last_login,
                ip_mask: security.ip_mask.clone(),
                session_seconds: security.session_seconds,
                mobile_login: security.mobile_login,
                protection: security.protection.clone(),
            },
            users: account.users.iter().map(|(_, user)| user.name.to_string()).collect(),
            keys: all_keys(account).map(shown).collect(),
            instances: account
                .instances
                .iter()
                .map(|one| InstanceView {
                    id: one.id.to_string(),
                    product: one.order.product.to_string(),
                    region: one.order.region.to_string(),
                    months: one.order.months,
                    bought: one.created,
                    released: one.released,
                })
                .collect(),
        }
    }
}
