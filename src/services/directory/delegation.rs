//! Operations on trusted services and delegated administrators. Source: docs/evidence/resource-directory.md 4.6.

use crate::attributes::{apply, reply};
use crate::error::Result;
use crate::operation::Done;
use crate::params::request;
use crate::services::directory::reply::{Numbered, Paging};
use crate::services::directory::{Door, managed, manager};
use crate::services::shared::reply::{Listed, elements};
use crate::text::{Bounded, Flaw, Scalar, ServicePrincipal, Timestamp, Uid};
use crate::world::directory::JoinMethod;
use crate::world::{Tx, View};

request! {
    /// Parameters of `RegisterDelegatedAdministrator` and `DeregisterDelegatedAdministrator`.
    pub(super) struct Register {
        uid: Uid = "AccountId",
        service: Service = "ServicePrincipal",
    }

    /// Parameters of `ListDelegatedAdministrators`.
    pub(super) struct List {
        service: Option<ServicePrincipal> = "ServicePrincipal",
        paging: Paging = "PageNumber",
    }

    /// Parameters of `ListDelegatedServicesForAccount`.
    pub(super) struct OfAccount {
        uid: Uid = "AccountId",
        max: Option<Bounded<1, 100>> = "MaxResults",
        next: Option<Bounded<0, 1_000_000>> = "NextToken",
    }

    /// Parameters of `ListTrustedServiceStatus`.
    pub(super) struct Trusted {
        admin: Option<Uid> = "AdminAccountId",
        paging: Paging = "PageNumber",
    }
}

/// Name of a cloud service. UNCERTAIN: which services have administrators; alimock accepts every name of a service.
pub(super) struct Service(ServicePrincipal);

impl Scalar for Service {
    fn parse(text: &str) -> Result<Self, Flaw> {
        let name = ServicePrincipal::parse(text)?;
        if text.ends_with(".aliyuncs.com") { Ok(Self(name)) } else { Err(Flaw::Value) }
    }
}

/// A delegated administrator of one service.
#[apply(reply)]
pub(super) struct AdministratorView {
    account_id: Uid,
    display_name: String,
    join_method: JoinMethod,
    service_principal: String,
    delegation_enabled_time: String,
}

/// A service that a member administers.
#[apply(reply)]
pub(super) struct ServiceView {
    service_principal: String,
    delegation_enabled_time: String,
    status: &'static str,
}

/// A trusted service.
#[apply(reply)]
pub(super) struct TrustedView {
    service_principal: String,
    enable_time: Timestamp,
}

elements! {
    AdministratorView: "Account" "Accounts";
    ServiceView: "DelegatedService" "DelegatedServices";
    TrustedView: "EnabledServicePrincipal" "EnabledServicePrincipals";
}

/// `RegisterDelegatedAdministrator`: makes a member the administrator of a trusted service.
///
/// Fails with `InvalidParameter.ServicePrincipal`, `CannotRegisterMasterAsDelegatedAdministrator`, `AccountAlreadyRegistered`,
/// `DelegatedAccountNumberExceeded`, and with `EntityNotExists.ResourceDirectory` and `EntityNotExists.Account` (UNCERTAIN). Source: docs/evidence/resource-directory.md 4.6.
pub(super) fn register(tx: &mut Tx<'_>, req: Register) -> Result<Done> {
    let (own, now, quotas) = (manager(tx)?, tx.now, tx.state().quotas);
    tx.directory_mut(own)?.delegate(req.uid, &req.service.0, (now, &quotas))?;
    Ok(Done {})
}

/// `DeregisterDelegatedAdministrator`: ends the administration of a service by a member.
///
/// Fails with `InvalidParameter.ServicePrincipal` and `AccountNotRegistered`. Source: docs/evidence/resource-directory.md 4.6.
pub(super) fn deregister(tx: &mut Tx<'_>, req: Register) -> Result<Done> {
    let own = manager(tx)?;
    tx.directory_mut(own)?.undelegate(req.uid, &req.service.0)?;
    Ok(Done {})
}

/// `ListDelegatedAdministrators`: returns a page of the delegated administrators, by service. Times are milliseconds since 1970.
///
/// Fails with `EntityNotExists.ResourceDirectory` (UNCERTAIN). Source: docs/evidence/resource-directory.md 4.6.
pub(super) fn list(view: View<'_>, req: List) -> Result<Numbered<AdministratorView>> {
    let directory = managed(&view)?;
    let wanted = req.service.as_ref().map(ServicePrincipal::as_str);
    let all = directory.delegations().filter(|(service, ..)| wanted.is_none_or(|wanted| wanted == *service));
    Ok(Numbered::of(req.paging, all, |(service, member, since)| AdministratorView {
        account_id: member.uid,
        display_name: member.display_name.to_string(),
        join_method: member.join,
        service_principal: service.to_owned(),
        delegation_enabled_time: since.as_millis().to_string(),
    }))
}

/// Services of a member, and the start of the next page in the product that has it.
#[apply(reply)]
pub(super) struct Services {
    delegated_services: Listed<ServiceView>,
    max_results: Option<i64>,
    next_token: Option<String>,
}

/// `ListDelegatedServicesForAccount`: returns the services that a member administers.
///
/// Fails with `EntityNotExists.ResourceDirectory` and `EntityNotExists.Account` (UNCERTAIN). Source: docs/evidence/resource-directory.md
/// 4.6.
pub(super) fn of_account<D: Door>(view: View<'_>, req: OfAccount) -> Result<Services> {
    services_of(view, req, D::NEWER)
}

fn services_of(view: View<'_>, req: OfAccount, is_newer: bool) -> Result<Services> {
    let directory = managed(&view)?;
    directory.member(req.uid)?;
    let max = req.max.map_or(10, |max| max.0);
    let from = usize::try_from(req.next.map_or(0, |next| next.0)).unwrap_or(usize::MAX);
    let size = if is_newer { usize::try_from(max).unwrap_or(10) } else { usize::MAX };
    let mut all = directory.services_of(req.uid).skip(if is_newer { from } else { 0 });
    let view = |(service, since): (&str, Timestamp)| ServiceView {
        service_principal: service.to_owned(),
        delegation_enabled_time: since.as_millis().to_string(),
        status: "ENABLED",
    };
    let shown = all.by_ref().take(size).map(view).collect();
    let next = all.next().map(|_| (from + size).to_string()).unwrap_or_default();
    Ok(Services {
        delegated_services: Listed(shown),
        max_results: is_newer.then_some(max),
        next_token: is_newer.then_some(next),
    })
}

/// `ListTrustedServiceStatus`: returns a page of the trusted services, by name. A delegated administrator sees those that it administers.
///
/// Fails with `EntityNotExists.ResourceDirectory`, also for a member that administers no service (UNCERTAIN). Source:
/// docs/evidence/resource-directory.md 4.6.
pub(super) fn trusted(view: View<'_>, req: Trusted) -> Result<Numbered<TrustedView>> {
    let uid = view.account()?.uid;
    let directory = super::administered(&view)?;
    let admin =
        req.admin.or((uid != directory.manager).then_some(uid)).filter(|one| *one != directory.manager);
    let is_of = |service: &str, admin: Uid| directory.services_of(admin).any(|(one, _)| one == service);
    let all = directory.trusted_services();
    let all = all.filter(|(service, _)| admin.is_none_or(|admin| is_of(service, admin)));
    Ok(Numbered::of(req.paging, all, |(service, since)| TrustedView {
        service_principal: service.to_owned(),
        enable_time: since,
    }))
}
