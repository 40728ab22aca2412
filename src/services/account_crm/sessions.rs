//! Credentials and logins of accounts. Source: docs/evidence/account.md 3.3, Credentials and sessions; meanings are INFERRED.

use crate::attributes::{apply, reply};
use crate::error::Result;
use crate::operation::{Operation, read, write};
use crate::params::request;
use crate::services::account_crm::sheet::Sheet;
use crate::services::account_crm::{ALL, Older, Worded};
use crate::services::shared::envelope::Enveloped;
use crate::services::shared::partner::{Child, open_to};
use crate::services::shared::reply::Only;
use crate::services::shared::vocabulary::{HavanaId, Unread};
use crate::text::{AccessKeyId, Uid};
use crate::world::account::KeyStatus;
use crate::world::refusal::Refusal;
use crate::world::{Tx, View};

pub(super) fn operations() -> Vec<Operation> {
    vec![
        read("GetAgAccountAk", ALL, key),
        write("AuthAndActiveWithHid", ALL, log_in),
        write("AuthAndRefreshLoginTicket", ALL, refresh),
        read("AuthLoginTicket", ALL, ticket),
    ]
}

request! {
    /// Parameters of `GetAgAccountAk`.
    struct KeyOf {
        _kind: Option<Unread> = "AgAccountType",
        who: Child = "Pk",
    }
}

#[apply(reply)]
struct Key {
    ak: AccessKeyId,
    secret: String,
}

/// `GetAgAccountAk`: returns the first enabled long-term key of an account, with its secret.
///
/// Fails with `Not Bid`, `Bid Mismatch`, `Invalid PK`, and in the body with `EntityNotExist.User.AccessKey`.
/// Source: docs/evidence/account.md 3.3.
fn key(view: View<'_>, req: KeyOf) -> Result<Worded<Only<Key>>> {
    let account = view.state.account(req.who.uid(&view)?)?;
    let mut keys = account.keys.iter().filter(|key| key.status == KeyStatus::Active);
    let key = keys.find(|key| key.short_term.is_none() && !key.material.secret().is_empty());
    let key = key.ok_or(Refusal::NoSuchKey)?;
    let dto = Key { ak: key.id.clone(), secret: key.material.secret().to_owned() };
    Ok(Worded::new(Only("AccountAkDto", dto)))
}

request! {
    /// Parameters of `AuthAndActiveWithHid` and `AuthAndRefreshLoginTicket`.
    struct ByHavana {
        _app: Unread = "AppName",
        id: HavanaId = "HavanaId",
        session: Option<String> = "SessionId",
    }
}

#[apply(reply)]
struct AccountModel {
    aliyun_id: String,
    create_time: i64,
    email: String,
    havana_id: u64,
    mobile: String,
    #[serde(rename = "PK")]
    pk: Uid,
}

#[apply(reply)]
struct SessionModel {
    #[serde(rename = "AliyunPK")]
    pk: Uid,
    login_ticket: String,
}

#[apply(reply)]
struct LoggedIn {
    account_model: AccountModel,
    session_model: SessionModel,
}

/// `AuthAndActiveWithHid`: logs in the account with a passport id. `CreateTime` is in milliseconds (UNCERTAIN).
///
/// Fails with `Not Bid`, `Bid Mismatch`, `Invalid PK`, and in the body with `LOGIN_FROZEN`. Source: docs/evidence/account.md 3.3.
fn log_in(tx: &mut Tx<'_>, req: ByHavana) -> Result<Older<LoggedIn>> {
    let pk = open_to(tx.state().account_of_havana(&req.id.0), tx)?;
    let login_ticket = tx.log_in_as(pk)?.into();
    let account = tx.state().account(pk)?;
    let text = |name: &str| Sheet(account).text(name);
    Ok(Older::new(LoggedIn {
        account_model: AccountModel {
            aliyun_id: text("AliyunID"),
            create_time: account.created.as_millis(),
            email: text("Email"),
            havana_id: req.id.number(),
            mobile: text("Mobile"),
            pk,
        },
        session_model: SessionModel { pk, login_ticket },
    }))
}

/// `AuthAndRefreshLoginTicket`: replaces the ticket of `SessionId`, or the latest ticket of the account.
///
/// Fails with `Not Bid`, `Bid Mismatch`, `Invalid PK`, and in the body with `LOGIN_NOT_EXIST` and `LOGIN_FROZEN`.
/// Source: docs/evidence/account.md 3.3.
fn refresh(tx: &mut Tx<'_>, req: ByHavana) -> Result<Older<Only<String>>> {
    let pk = open_to(tx.state().account_of_havana(&req.id.0), tx)?;
    let new_login_ticket = tx.refresh_ticket(pk, req.session.as_deref())?.into();
    Ok(Older::new(Only("NewLoginTicket", new_login_ticket)))
}

request! {
    /// Parameters of `AuthLoginTicket`.
    struct ByCode {
        _app: Unread = "AppName",
        code: String = "AuthCode",
        _minor: Unread = "MinorAuthCode",
        _scene: Unread = "Scene",
    }
}

/// `AuthLoginTicket`: returns the ticket of the login for a code. UNCERTAIN: the meaning of the code; here it is a login token or
/// a ticket, which are equal.
///
/// Fails in the body with `LOGIN_NOT_EXIST`, and with `Not Bid` and `Bid Mismatch` for a login of another partner's account.
/// Source: docs/evidence/account.md 3.3.
fn ticket(view: View<'_>, req: ByCode) -> Result<Enveloped<Only<Only<String>>>> {
    let login = view.state.registry.owner_login(req.code.as_str()).ok_or(Refusal::NoSuchLogin)?;
    open_to(view.state.account(login.uid).ok(), &view)?;
    Ok(Enveloped::new(Only("LoginTicketDto", Only("LoginTicket", req.code))))
}
