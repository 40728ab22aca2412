//! Operations on service credentials. Source: docs/evidence/ims.md 4.13.
//!
//! UNCERTAIN: the codes for unknown credentials, for too many and for wrong combinations of parameters.

use crate::attributes::{apply, reply};
use crate::error::{Failure, Flawed, Result};
use crate::operation::OwnMatter::ServiceCredentials;
use crate::operation::{Done, On, Operation, Resource, read, write};
use crate::params::request;
use crate::services::shared::identity::{keys::place, logon_name};
use crate::services::shared::reply::{Marker, One, elements};
use crate::text::{Bounded, Flaw, ServiceCredentialName, ServiceName, Timestamp, UserPrincipalName};
use crate::world::account::{Account, KeyStatus, Owner, Place, ServiceCredential};
use crate::world::{NewServiceCredential, Tx, View};

/// The rows of this file.
pub(super) fn operations() -> [Operation; 5] {
    let user: On = &[Resource::User("UserPrincipalName")];
    [
        write("CreateServiceCredential", user, create).about_own(ServiceCredentials),
        read("GetServiceCredential", user, get).about_own(ServiceCredentials),
        read("ListServiceCredentials", &[Resource::UserOrAll], list).about_own(ServiceCredentials),
        write("UpdateServiceCredential", user, update).about_own(ServiceCredentials),
        write("DeleteServiceCredential", user, delete).about_own(ServiceCredentials),
    ]
}

request! {
    /// Parameters of `CreateServiceCredential`.
    struct Create {
        user: Option<UserPrincipalName> = "UserPrincipalName",
        service: ServiceName = "ServiceName",
        name: ServiceCredentialName = "ServiceCredentialName",
        days: Option<Bounded<1, 36_600>> = "CredentialAgeDays",
    }

    /// Parameters of `GetServiceCredential` and `DeleteServiceCredential`.
    struct OneCredential {
        user: Option<UserPrincipalName> = "UserPrincipalName",
        id: String = "ServiceCredentialId",
    }

    /// Parameters of `ListServiceCredentials`.
    struct List {
        user: Option<UserPrincipalName> = "UserPrincipalName",
        all: Option<bool> = "AllUsers",
        service: Option<ServiceName> = "ServiceName",
        token: Option<Marker> = "NextToken",
        max: Option<Bounded<1, 100>> = "MaxResults",
    }

    /// Parameters of `UpdateServiceCredential`.
    struct Update {
        user: Option<UserPrincipalName> = "UserPrincipalName",
        id: String = "ServiceCredentialId",
        status: Option<KeyStatus> = "Status",
        name: Option<ServiceCredentialName> = "ServiceCredentialName",
    }
}

/// A credential. Only `CreateServiceCredential` returns the secret.
#[apply(reply)]
struct CredentialView {
    service_credential_id: String,
    service_credential_name: String,
    service_credential_secret: Option<String>,
    service_name: String,
    user_principal_name: String,
    status: &'static str,
    create_time: Timestamp,
    expiration_time: Option<Timestamp>,
}

elements! { CredentialView: "ServiceCredential" "ServiceCredentials"; }

impl CredentialView {
    /// UNCERTAIN: the name of the account itself; here its UID.
    fn of(account: &Account, owner: Owner, one: &ServiceCredential, now: Timestamp) -> Result<Self> {
        let user_principal_name = match owner {
            Owner::Root => account.uid.to_string(),
            Owner::User(slot) => logon_name(account, account.user(slot)?),
        };
        Ok(Self {
            service_credential_id: one.id.to_string(),
            service_credential_name: one.name.to_string(),
            service_credential_secret: None,
            service_name: one.service.to_string(),
            user_principal_name,
            status: one.status_at(now),
            create_time: one.created,
            expiration_time: one.expires,
        })
    }
}

/// `CreateServiceCredential`: creates a credential for a user or for the caller.
///
/// Fails with `EntityNotExist.User` and `LimitExceeded.User.ServiceCredential`.
fn create(tx: &mut Tx<'_>, req: Create) -> Result<One<CredentialView>> {
    let Place { uid, owner } = place(tx.by.caller, tx.account()?, req.user.as_ref())?;
    let expires = req.days.map(|days| tx.now.plus_millis(days.0 * 86_400_000));
    let made = tx.add_service_credential(
        Place { uid, owner },
        NewServiceCredential {
            name: req.name,
            service: req.service.as_str().into(),
            expires,
            status: KeyStatus::Active,
            created: tx.now,
            pinned: (None, None),
        },
    )?;
    let view = CredentialView::of(tx.account()?, owner, &made, tx.now)?;
    Ok(One(CredentialView { service_credential_secret: Some(made.secret.reveal().to_owned()), ..view }))
}

/// `GetServiceCredential`: returns a credential without its secret.
///
/// Fails with `EntityNotExist.User` and `EntityNotExist.User.ServiceCredential`.
fn get(view: View<'_>, req: OneCredential) -> Result<One<CredentialView>> {
    let account = view.account()?;
    let owner = place(view.by.caller, account, req.user.as_ref())?.owner;
    let one = account.service_credential(owner, &req.id)?;
    Ok(One(CredentialView::of(account, owner, one, view.now)?))
}

/// Response of `ListServiceCredentials`.
#[apply(reply)]
struct Listed {
    is_truncated: bool,
    max_results: i64,
    next_token: Option<Marker>,
    service_credentials: Vec<CredentialView>,
}

/// `ListServiceCredentials`: returns a page of the credentials of a user, of the caller or of all users, oldest first.
///
/// Fails with `EntityNotExist.User`; and with `InvalidParameter.AllUsers` if a user is named, too.
fn list(view: View<'_>, req: List) -> Result<Listed, Failure> {
    let account = view.account()?;
    let all = req.all == Some(true);
    if all && req.user.is_some() {
        return Err(Flawed::new("AllUsers", Flaw::Value).into());
    }
    let owners = if all {
        let users = account.users.iter().map(|(slot, _)| Owner::User(slot));
        [Owner::Root].into_iter().chain(users).collect()
    } else {
        vec![place(view.by.caller, account, req.user.as_ref())?.owner]
    };
    let of = |owner| account.service_credentials(owner).iter().map(move |one| (owner, one));
    let is_meant = |one: &ServiceCredential| {
        req.service.as_ref().is_none_or(|service| one.service.eq_ignore_ascii_case(service.as_str()))
    };
    let from = req.token.map_or(0, |token| token.0);
    let mut found: Vec<_> =
        owners.into_iter().flat_map(of).filter(|(_, one)| one.number >= from && is_meant(one)).collect();
    found.sort_by_key(|(_, one)| one.number);
    let max_results = req.max.map_or(10, |max| max.0);
    let shown = usize::try_from(max_results).expect("between 1 and 100");
    let next_token = found.get(shown).map(|(_, one)| Marker(one.number));
    let views =
        found.iter().take(shown).map(|(owner, one)| CredentialView::of(account, *owner, one, view.now));
    Ok(Listed {
        is_truncated: next_token.is_some(),
        max_results,
        next_token,
        service_credentials: views.collect::<Result<_>>()?,
    })
}

/// `UpdateServiceCredential`: enables, disables or renames a credential.
///
/// Fails with `EntityNotExist.User`, `EntityNotExist.User.ServiceCredential` and, without a change, `MissingStatus`.
fn update(tx: &mut Tx<'_>, req: Update) -> Result<Done, Failure> {
    if req.status.is_none() && req.name.is_none() {
        return Err(Flawed::missing("Status").into());
    }
    let owner = place(tx.by.caller, tx.account()?, req.user.as_ref())?.owner;
    let change = |one: ServiceCredential| {
        let status = req.status.unwrap_or(one.status);
        let name = req.name.clone().unwrap_or_else(|| one.name.clone());
        Some(ServiceCredential { name, status, ..one })
    };
    tx.account_mut()?.0.change_service_credential(owner, &req.id, change)?;
    Ok(Done {})
}

/// `DeleteServiceCredential`: deletes a credential.
///
/// Fails with `EntityNotExist.User` and `EntityNotExist.User.ServiceCredential`.
fn delete(tx: &mut Tx<'_>, req: OneCredential) -> Result<Done> {
    let owner = place(tx.by.caller, tx.account()?, req.user.as_ref())?.owner;
    tx.account_mut()?.0.change_service_credential(owner, &req.id, |_| None)?;
    Ok(Done {})
}
