//! AccountCenter 2024-12-09: an enterprise manages its accounts. Source: docs/evidence/account.md 3.4.
//!
//! Each account manages itself, and the accounts that it registered or that joined it. UNCERTAIN: all codes besides `200`; none is published.
//! `EncryptPassword` and `EncryptTicket` are read as plain text, because the real encryption is not available offline.

mod contacts;
mod logins;
mod members;

use crate::error::{Failure, Result, business};
use crate::operation::{On, Operation, Resource, read, write};
use crate::params::{Field, Params};
use crate::services::shared::managed::Managed;
use crate::text::Uid;
use crate::world::{Tx, View};

pub(super) fn operations() -> Vec<Operation> {
    let all: On = &[Resource::All("*")];
    vec![
        write("EnterpriseRegisterAccount", all, members::register),
        read("EnterpriseAccountQueryAccountsInfo", all, members::query),
        write("EnterpriseAccountUpdateAccountAlias", all, members::set_alias),
        write("EnterpriseAccountSeparateEa", all, members::separate),
        write("EnterpriseUninvitedAdminInviteJoinEnterprise", all, members::invite),
        read("EnterpriseAccountQueryLoginSettings", all, logins::query),
        write("EnterpriseAccountChangeLoginPassword", all, logins::set_password),
        write("EnterpriseAccountChangeSecurityEmail", all, logins::set_email),
        write("EnterpriseAccountChangeSecurityMobile", all, logins::set_mobile),
        write("EnterpriseAccountRemoveMfa", all, logins::remove_mfa),
        write("EnterpriseAccountUpdateSecurityMobileLoginStatus", all, logins::set_mobile_login),
        write("EnterpriseAccountUpdateSessionExpireTime", all, logins::set_session_time),
        write("EnterpriseAccountUpdateIpMask", all, logins::set_ip_mask),
        write("EnterpriseAccountUpdateOperateRiskControl", all, logins::set_protection),
        write("SendAsyncMobileCaptcha", all, contacts::send_to_mobile),
        write("SendAsyncEmailCaptcha", all, contacts::send_to_email),
        write("AccountContactAdd", all, contacts::add),
    ]
}

const MANAGED: Managed =
    Managed { unknown: &business::ACCOUNT_NOT_EXIST, foreign: &business::ACCOUNT_NOT_MANAGED, in_body: true };

/// `Pk`: an account that the caller manages, or the caller's own. Default: the caller's own.
struct Pk(Option<String>);

impl Field for Pk {
    fn take(params: &Params, name: &'static str) -> Result<Self, Failure> {
        Field::take(params, name).map(Self)
    }
}

/// A required `Pk`.
struct NeededPk(Pk);

impl Field for NeededPk {
    fn take(params: &Params, name: &'static str) -> Result<Self, Failure> {
        String::take(params, name).map(|pk| Self(Pk(Some(pk))))
    }
}

impl Pk {
    fn to_change(&self, tx: &Tx<'_>) -> Result<Uid> {
        let own = tx.account()?.uid;
        let Some(pk) = &self.0 else { return Ok(own) };
        Ok(MANAGED.own_or_child(tx.state(), own, pk)?.uid)
    }

    fn to_show<'a>(&self, view: &View<'a>) -> Result<&'a crate::world::account::Account> {
        let own = view.account()?;
        self.0.as_ref().map_or(Ok(own), |pk| MANAGED.own_or_child(view.state, own.uid, pk))
    }
}

/// `RequestId`: most actions require it, but it has no effect.
struct RequestId;

impl Field for RequestId {
    fn take(params: &Params, name: &'static str) -> Result<Self, Failure> {
        String::take(params, name).map(|_| Self)
    }
}
