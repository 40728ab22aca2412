//! AccountCenter 2024-12-09: an enterprise manages the accounts of its own. Source: docs/evidence/account.md 3.4.
//!
//! Every account manages itself and those it made or that joined it. UNCERTAIN: every code besides `200`; none is published.
//! `EncryptPassword` and `EncryptTicket` are taken as plain text: nobody offline can make the real ones.

mod contacts;
mod logins;
mod members;

use crate::error::{Result, business};
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

/// `Pk`: an account that the caller manages, itself too; without it the caller's own.
struct Pk(Option<String>);

impl Field for Pk {
    fn take(params: &Params, name: &str) -> Result<Self> {
        Field::take(params, name).map(Self)
    }
}

/// `Pk` where it must be there.
struct NeededPk(Pk);

impl Field for NeededPk {
    fn take(params: &Params, name: &str) -> Result<Self> {
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

/// `RequestId`, which most of the actions demand and nothing depends on.
struct RequestId;

impl Field for RequestId {
    fn take(params: &Params, name: &str) -> Result<Self> {
        String::take(params, name).map(|_| Self)
    }
}
