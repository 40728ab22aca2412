//! Accounts of a partner, and their credit. Source: docs/evidence/account.md 1.6 and 3.6.

use crate::attributes::{apply, reply};
use crate::error::{Result, business};
use crate::params::request;
use crate::services::agency::{Page, PageInfo, Policy, partner, to_change, to_show};
use crate::services::shared::envelope::{Data, Enveloped, Nothing};
use crate::services::shared::managed::children;
use crate::services::shared::reply::Only;
use crate::services::shared::words::words;
use crate::text::{CountryCode, Email, ManagerName, MobilePhone, Timestamp, Uid, amount, cents};
use crate::world::account::{Account, Association, Hold, ShutdownPolicy, SubAccount, Subject};
use crate::world::{Tx, View};
use std::sync::Arc;

request! {
    /// Parameters of `GetAccountInfo`.
    pub(super) struct GetAccountInfo {
        // Source: alibabacloud-agency20221216, `GetAccountInfo`: at most 20.
        page: Page<20> = "CurrentPage",
        uid: Option<String> = "Uid",
        user_type: Option<String> = "UserType",
    }
}

#[apply(reply)]
pub(super) struct Accounts {
    account_info_list: Only<Vec<AccountInfo>>,
    page_info: PageInfo,
}

#[apply(reply)]
struct AccountInfo {
    account_nickname: String,
    aliyun_id: String,
    association_success_time: Option<Timestamp>,
    cid: Option<u64>,
    customer_account_type: u8,
    customer_bd: String,
    customer_enterprise_certified: u8,
    delay_amount: String,
    delay_status: ShutdownPolicy,
    email: Option<Email>,
    mobile: Option<MobilePhone>,
    new_buy_status: &'static str,
    register_country_code: CountryCode,
    remark: String,
    sub_account_type: u8,
    uid: u64,
}

/// `UserType`: 1 end user, 2 enterprise, 3 second-tier partner.
///
/// UNCERTAIN: the difference between end user and enterprise; here the verified identity. Source: alibabacloud-agency20221216, `GetAccountInfo`.
fn user_type(account: &Account) -> u8 {
    match account.affairs.association.as_ref().map(|association| association.kind) {
        Some(SubAccount::SecondTier) => 3,
        _ if is_enterprise(account) => 2,
        _ => 1,
    }
}

fn is_enterprise(account: &Account) -> bool {
    account.real_name.identity().is_some_and(|identity| identity.subject == Subject::Enterprise)
}

/// `NewBuyStatus`. Source: alibabacloud-agency20221216, `GetCreditInfo`.
fn new_buy_status(account: &Account) -> &'static str {
    if account.standing().holds().has(Hold::Purchases) { "ban" } else { "normal" }
}

/// `GetAccountInfo`: returns an account of the partner by UID, or all accounts of a type.
///
/// Fails in the body with `3062` without either, `3063` and `3029`. UNCERTAIN: `CustomerAccountType`, here as in `UserType`; `DelayAmount`.
/// Source: docs/evidence/account.md 3.6.
pub(super) fn query(view: View<'_>, req: GetAccountInfo) -> Result<Enveloped<Accounts>> {
    let own = partner(view.account()?)?;
    let GetAccountInfo { page, uid, user_type: wanted } = req;
    let wanted = match wanted.as_deref() {
        None => None,
        Some("1") => Some(1),
        Some("2") => Some(2),
        Some("3") => Some(3),
        Some(_) => return Err(business::AGENCY_USER_TYPE.business()),
    };
    let found: Vec<&Account> = match (uid, wanted) {
        (None, None) => return Err(business::AGENCY_NOBODY.business()),
        (Some(uid), _) => vec![to_show(&view, &uid)?],
        (None, Some(_)) => children(view.state, own.uid).collect(),
    };
    let found = found.into_iter().filter(|one| wanted.is_none_or(|wanted| wanted == user_type(one)));
    let (shown, page_info) = page.of(found.collect());
    let account_info = shown.into_iter().map(show).collect();
    Ok(Enveloped::new(Accounts { account_info_list: Only("AccountInfo", account_info), page_info }))
}

fn show(account: &Account) -> AccountInfo {
    let (profile, nobody) = (&account.profile, Arc::default());
    let association: &Association = account.affairs.association.as_ref().unwrap_or(&nobody);
    AccountInfo {
        account_nickname: association.nickname.to_string(),
        aliyun_id: profile.login_name.to_string(),
        association_success_time: account.affairs.relation.map(|(_, since)| since),
        cid: association.customer,
        customer_account_type: user_type(account),
        customer_bd: association.manager.as_deref().unwrap_or_default().to_owned(),
        customer_enterprise_certified: u8::from(is_enterprise(account) && account.real_name.is_verified()),
        delay_amount: amount(0),
        delay_status: account.standing().shutdown_policy,
        email: profile.email.clone(),
        mobile: profile.mobile.clone(),
        new_buy_status: new_buy_status(account),
        register_country_code: profile.country.clone(),
        remark: association.remark.clone().unwrap_or_default(),
        sub_account_type: association.kind as u8,
        uid: account.uid.0,
    }
}

request! {
    /// Parameters of `SetAccountInfo`.
    pub(super) struct SetAccountInfo {
        uid: String = "Uid",
        nickname: Option<String> = "AccountNickname",
        manager: Option<ManagerName> = "CustomerBd",
        remark: Option<String> = "Remark",
    }
}

/// `SetAccountInfo`: changes the partner's data about an account; missing parameters keep their values.
///
/// Fails in the body with `3029`, `3030`, `3031` and `3040`. Source: docs/evidence/account.md 3.6, alibabacloud-agency20221216.
pub(super) fn set(tx: &mut Tx<'_>, req: SetAccountInfo) -> Result<Enveloped<Nothing>> {
    let SetAccountInfo { uid, nickname, manager, remark } = req;
    let uid = to_change(tx, &uid)?;
    let too_long = |text: &Option<String>, most| text.as_ref().is_some_and(|text| text.len() > most);
    if too_long(&nickname, 150) {
        return Err(business::AGENCY_NICKNAME.business());
    }
    if too_long(&remark, 3000) {
        return Err(business::AGENCY_REMARK.business());
    }
    let affairs = tx.account_of(uid)?.0.affairs_mut();
    let association = Arc::make_mut(affairs.association.get_or_insert_default());
    if let Some(nickname) = nickname {
        association.nickname = nickname.into();
    }
    association.manager = manager.map(|manager| manager.as_str().into()).or(association.manager.take());
    association.remark = remark.or(association.remark.take());
    Ok(Enveloped::new(Nothing {}))
}

request! {
    /// Parameters of `GetCreditInfo`.
    pub(super) struct OneAccount {
        uid: String = "Uid",
    }
}

#[apply(reply)]
pub(super) struct CreditInfo {
    account_status: &'static str,
    available_credit: String,
    consumed_undeducted_value: String,
    credit_line: String,
    outstanding_balance: String,
    #[serde(rename = "PAYGFreezeStatus")]
    pay_as_you_go: &'static str,
    zero_credit_shutdown_policy: ShutdownPolicy,
    #[serde(rename = "newBuyStatus")]
    new_buy_status: &'static str,
}

/// `GetCreditInfo`: returns the credit and the restrictions of an account.
///
/// Fails in the body with `3029`. UNCERTAIN: the condition for `arrearsNotShutdown`; here the debt exceeds the credit line and the services
/// are not stopped. Source: docs/evidence/account.md 1.6 and 3.6.
pub(super) fn credit(view: View<'_>, req: OneAccount) -> Result<Enveloped<Data<CreditInfo>>> {
    let account = to_show(&view, &req.uid)?;
    let standing = account.standing();
    let is_frozen = standing.holds().has(Hold::PayAsYouGo);
    Ok(Enveloped::data(CreditInfo {
        account_status: match standing.arrears() {
            None => "normal",
            Some(arrears) if arrears.shut_down => "shutdown",
            Some(_) => "arrearsNotShutdown",
        },
        available_credit: amount(standing.available_cents()),
        consumed_undeducted_value: amount(0),
        credit_line: amount(standing.credit_cents()),
        outstanding_balance: amount((-standing.balance_cents()).max(0)),
        pay_as_you_go: if is_frozen { "freeze" } else { "normal" },
        zero_credit_shutdown_policy: standing.shutdown_policy,
        new_buy_status: new_buy_status(account),
    }))
}

request! {
    /// Parameters of `SetCreditLine`.
    pub(super) struct SetCreditLine {
        uid: String = "Uid",
        credit: String = "CreditLine",
    }
}

/// `SetCreditLine`: sets the maximum debt of an account. Arrears start and end accordingly.
///
/// Fails in the body with `3029`, `3040` and `3041`. Source: docs/evidence/account.md 3.6, alibabacloud-agency20221216.
pub(super) fn set_credit_line(tx: &mut Tx<'_>, req: SetCreditLine) -> Result<Enveloped<Nothing>> {
    let uid = to_change(tx, &req.uid)?;
    let no_number = || business::AGENCY_CREDIT.business();
    let credit = cents(&req.credit).ok_or_else(no_number)?;
    tx.set_standing(uid, None, None, Some(credit)).map_err(|_| no_number())?;
    Ok(Enveloped::new(Nothing {}))
}

/// Older envelope of the three `Edit` actions, without `Success`. Source: alibabacloud-agency20221216.
#[apply(reply)]
pub(super) struct Edited {
    code: &'static str,
    data: &'static str,
    message: &'static str,
    msg: &'static str,
}

const EDITED: Edited = Edited { code: "200", data: "true", message: "success", msg: "success" };

words! {
    /// `NewBuyStatus` to set: bans purchases, or allows them.
    Ban: bool { "ban" => true, "cancelBan" => false }
    /// `CreditStatus` to set: freezes pay-as-you-go, or unfreezes it.
    Freeze: bool { "postPayFreeze" => true, "postPayThaw" => false }
}

request! {
    /// Parameters of `EditNewBuyStatus`.
    pub(super) struct EditNewBuyStatus {
        uid: String = "Uid",
        status: Ban = "NewBuyStatus",
    }

    /// Parameters of `EditEndUserStatus`.
    pub(super) struct EditEndUserStatus {
        uid: String = "Uid",
        status: Freeze = "CreditStatus",
    }

    /// Parameters of `EditZeroCreditShutdown`.
    pub(super) struct EditZeroCreditShutdown {
        uid: String = "Uid",
        policy: Policy = "ShutdownPolicy",
    }
}

/// Changes an account of the caller. Fails with `3029` and `3040`.
fn edit(tx: &mut Tx<'_>, uid: &str, change: impl FnOnce(&mut Tx<'_>, Uid) -> Result<()>) -> Result<Edited> {
    let uid = to_change(tx, uid)?;
    change(tx, uid)?;
    Ok(EDITED)
}

/// `EditNewBuyStatus`: bans purchases of an account, or allows them again.
///
/// Fails in the body with `3029` and `3040`. Source: docs/evidence/account.md 1.6 and 3.6.
pub(super) fn edit_new_buy(tx: &mut Tx<'_>, req: EditNewBuyStatus) -> Result<Edited> {
    edit(tx, &req.uid, |tx, uid| Ok(tx.hold(uid, Hold::Purchases, req.status.0)?))
}

/// `EditEndUserStatus`: freezes the pay-as-you-go resources of an account, or unfreezes them.
///
/// Fails in the body with `3029` and `3040`. Source: docs/evidence/account.md 1.6 and 3.6.
pub(super) fn edit_pay_as_you_go(tx: &mut Tx<'_>, req: EditEndUserStatus) -> Result<Edited> {
    edit(tx, &req.uid, |tx, uid| Ok(tx.hold(uid, Hold::PayAsYouGo, req.status.0)?))
}

/// `EditZeroCreditShutdown`: sets the shutdown policy of an account for the case that its credit is used up.
///
/// Fails in the body with `3029` and `3040`. Source: docs/evidence/account.md 3.6.
pub(super) fn edit_shutdown(tx: &mut Tx<'_>, req: EditZeroCreditShutdown) -> Result<Edited> {
    edit(tx, &req.uid, |tx, uid| Ok(tx.set_shutdown_policy(uid, req.policy.0)?))
}
