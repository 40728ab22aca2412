//! Exports the life of an account. Times are spans from the time of the export, as in all files.

use crate::scenario::life::{HAVANA_ID, InstanceFile, LabelFile, RealNameFile};
use crate::text::{DEFAULT_REGION, Moment, Money, Span, Timestamp};
use crate::world::account::{
    Account, Application, DocumentType, Hold, Instance, IpMask, Method, Payment, Protection, RealName,
    RealNameStatus, Security, ShutdownPolicy, Status,
};
use crate::world::{SetSecurity, SetState};
use jiff::SignedDuration;
use std::collections::BTreeMap;

fn moment(at: Timestamp, now: Timestamp) -> Moment {
    Moment::After(Span(at.since(now)))
}

/// Exports the real-name verification. The verified identity has priority over a different application.
pub(in crate::scenario) fn real_name(record: &RealName, now: Timestamp) -> Option<RealNameFile> {
    let last = record.history().last();
    let verified_by = |one: &&Application| {
        matches!(one.status, RealNameStatus::Verified | RealNameStatus::NeedsUpdate)
            && record.identity() == Some(&one.identity)
    };
    let (status, identity, method) = if let Some(identity) = record.identity() {
        let application = record.history().iter().rfind(verified_by);
        let status =
            if record.expired().is_some() { RealNameStatus::NeedsUpdate } else { RealNameStatus::Verified };
        (status, identity, application.map(|one| one.method))
    } else {
        let last = last.filter(|last| {
            use RealNameStatus::{Cancelled, Rejected, UnderReview};
            matches!(last.status, UnderReview | Rejected | Cancelled)
        })?;
        (last.status, &last.identity, Some(last.method))
    };
    let reason = last.filter(|_| status == RealNameStatus::Rejected).and_then(|last| last.reason.clone());
    let (code, reason) = reason.unzip();
    Some(RealNameFile {
        status,
        subject: identity.subject,
        method: method.filter(|method| *method != Method::Document),
        name: Some(identity.name.clone()),
        document_type: Some(DocumentType::of_code(&identity.license_type)),
        document_number: Some(identity.license_number.clone()),
        phone: Some(identity.phone.clone()).filter(|phone| !phone.is_empty()),
        country: identity.country.clone(),
        expires: identity.expires.map(|expires| moment(expires, now)),
        code,
        reason,
    })
}

/// Exports the parts of the account's state. Always includes status and balance.
pub(in crate::scenario) fn state(account: &Account) -> SetState {
    let standing = account.standing();
    let status = standing.status();
    let said = match status {
        Status::LoginFrozen => Some(Hold::Login),
        Status::Disabled => Some(Hold::Account),
        Status::RiskControlled => Some(Hold::Risk),
        _ => None,
    };
    let is_shut_down = standing.arrears().is_some_and(|arrears| arrears.shut_down);
    let holds: Vec<_> = standing.holds().iter().filter(|hold| Some(*hold) != said).collect();
    SetState {
        status: Some(status),
        balance: Some(Money(standing.balance_cents())),
        credit_line: Some(Money(standing.credit_cents())).filter(|line| line.0 != 0),
        shutdown_policy: Some(standing.shutdown_policy).filter(|policy| *policy != ShutdownPolicy::default()),
        holds: Some(holds).filter(|holds| !holds.is_empty()),
        shut_down: is_shut_down && status != Status::ArrearsShutdown,
    }
}

/// Exports the login settings of the owner. Of a password, only its hash is known.
pub(in crate::scenario) fn security(security: &Security) -> Option<SetSecurity> {
    let file = SetSecurity {
        password: None,
        mfa: security.mfa,
        ip_mask: Some(security.ip_mask.clone()).filter(|mask| *mask != IpMask::default()),
        session_expires: security.session_seconds.map(|seconds| Span(SignedDuration::from_secs(seconds))),
        mobile_login: security.mobile_login.then_some(true),
        protection: Some(security.protection.clone()).filter(|one| *one != Protection::default()),
    };
    (file != SetSecurity::default()).then_some(file)
}

/// Exports other data of the owner, with the names of files and the control API.
pub(crate) fn details(account: &Account) -> BTreeMap<String, String> {
    let profile = &account.profile;
    let havana_id = profile.havana_id.as_ref().map(|id| (HAVANA_ID.to_owned(), id.to_string()));
    let details = profile.details.iter().map(|(name, text)| (name.to_string(), text.to_string()));
    details.chain(havana_id).collect()
}

/// Exports statuses of services.
pub(in crate::scenario) fn services(account: &Account) -> BTreeMap<String, BTreeMap<String, String>> {
    let mut services: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    for ((service, key), value) in &account.affairs.business {
        services.entry(service.to_string()).or_default().insert(key.to_string(), value.to_string());
    }
    services
}

/// Exports labels.
pub(in crate::scenario) fn labels(account: &Account, now: Timestamp) -> Vec<LabelFile> {
    let one = |((series, name), until): (&crate::world::account::Label, &Option<Timestamp>)| LabelFile {
        series: series.to_string(),
        name: name.to_string(),
        until: until.map(|until| moment(until, now)),
    };
    account.affairs.labels.iter().map(one).collect()
}

/// Exports all purchased instances, also released ones.
pub(in crate::scenario) fn instances(account: &Account, now: Timestamp) -> Vec<InstanceFile> {
    let one = |instance: &std::sync::Arc<Instance>| {
        let Instance { order, .. } = &**instance;
        InstanceFile {
            product: order.product.to_string(),
            r#type: (order.product_type != order.product).then(|| order.product_type.to_string()),
            months: order.months.filter(|_| order.payment() == Payment::Subscription),
            region: (order.region != DEFAULT_REGION).then(|| order.region.to_string()),
            id: Some(instance.id.to_string()),
            order: Some(instance.order_id),
            client_token: instance.token.as_ref().map(ToString::to_string),
            parameters: (!order.parameters.is_empty()).then(|| order.parameters.to_string()),
            price: Some(Money(instance.price_cents)).filter(|price| price.0 != 0),
            bought: Some(moment(instance.created, now)),
            released: instance.released.map(|released| moment(released, now)),
        }
    };
    account.instances.iter().map(one).collect()
}
