//! Customers, and invitations to register an account. Source: docs/evidence/account.md 3.6.

use crate::attributes::{apply, reply};
use crate::error::{ApiError, Failure, Flawed, Result, business};
use crate::params::{Items, request};
use crate::services::agency::{Page, PageInfo, Policy, partner};
use crate::services::shared::envelope::{Enveloped, Nothing};
use crate::services::shared::reply::Only;
use crate::services::shared::words::words;
use crate::text::{CountryCode, Email, Flaw, Scalar, Timestamp, Uid, cents};
use crate::world::account::{Association, Customer, Invite, Offer, SubAccount};
use crate::world::{Tx, View};
use std::sync::Arc;

request! {
    /// Parameters of `CreateCustomer`.
    pub(super) struct CreateCustomer {
        name: String = "CustomerName",
        source: String = "CustomerSource",
        trade: String = "CustomerTrade",
        sub_trade: Option<String> = "CustomerSubTrade",
        nation: CountryCode = "Nation",
    }
}

/// Envelope whose message is the id of the new customer.
#[apply(reply)]
pub(super) struct CreatedCustomer {
    code: &'static str,
    data: bool,
    message: String,
    success: bool,
}

/// `CreateCustomer`: adds a customer; `Message` is its id.
///
/// UNCERTAIN: the possible sources and trades; any value is accepted. Source: docs/evidence/account.md 3.6, alibabacloud-agency20221216.
pub(super) fn create_customer(tx: &mut Tx<'_>, req: CreateCustomer) -> Result<CreatedCustomer> {
    let own = partner(tx.account()?)?.uid;
    let customer = Customer {
        name: req.name.into(),
        source: req.source.into(),
        trade: req.trade.into(),
        sub_trade: req.sub_trade.map(Into::into),
        nation: req.nation.as_str().into(),
    };
    let id = tx.add_customer(own, customer)?;
    Ok(CreatedCustomer { code: "200", data: true, message: id.to_string(), success: true })
}

words! {
    /// `SubAccountType`. Source: alibabacloud-agency20221216, `InviteSubAccount`.
    SubAccountType: SubAccount {
        "1" => SubAccount::AgencyEndUser,
        "2" => SubAccount::ResellerEndUser,
        "5" => SubAccount::SecondTier,
    }
    /// `NewBuyStatus` of an invitation: bans purchases at first, or allows them.
    IsBanned: bool { "ban" => true, "normal" => false }
}

/// Number of a customer or an invitation.
struct Number(u64);

impl Scalar for Number {
    fn parse(text: &str) -> Result<Self, Flaw> {
        text.parse().map(Self).map_err(|_| Flaw::Format)
    }
}

/// `CreditLine`, in hundredths.
struct Credit(i64);

impl Scalar for Credit {
    fn parse(text: &str) -> Result<Self, Flaw> {
        cents(text).map(Self).ok_or(Flaw::Format)
    }
}

request! {
    /// A customer that `InviteSubAccount` invites.
    struct Invitee {
        nickname: String = "AccountNickname",
        credit: Credit = "CreditLine",
        manager: Option<String> = "CustomerBd",
        customer: Number = "CustomerId",
        email: Email = "EmailAddress",
        is_banned: IsBanned = "NewBuyStatus",
        remark: Option<String> = "Remark",
        kind: SubAccountType = "SubAccountType",
        policy: Policy = "ZeroCreditShutdownPolicy",
    }

    /// Parameters of `InviteSubAccount`.
    pub(super) struct InviteSubAccount {
        invitees: Items<Invitee> = "AccountInfoList",
    }
}

/// Maximum number of items in one call. Source: alibabacloud-agency20221216.
const MOST: usize = 5;

fn must_be_few(count: usize, name: &'static str) -> Result<(), Flawed> {
    match count {
        0 => Err(Flawed::missing(name)),
        1..=MOST => Ok(()),
        _ => Err(Flawed::new(name, Flaw::Size { min: 1, max: MOST })),
    }
}

#[apply(reply)]
pub(super) struct OneResult {
    code: String,
    message: String,
    result: Option<InvitedView>,
    success: bool,
}

#[apply(reply)]
struct InvitedView {
    days: u32,
    invite_id: u64,
    reg_url: String,
}

/// `InviteSubAccount`: invites up to five customers to register. Each gets a mail with a URL that is valid for some days.
///
/// The result of each item contains its error: `CUSTOMER_NOT_EXIST`, `EMAIL_EXISTS`, `3041` (UNCERTAIN: the codes there). A caller that is
/// not a partner gets `NOT_AUTHORIZED`. Source: docs/evidence/account.md 3.6.
pub(super) fn invite(
    tx: &mut Tx<'_>,
    req: InviteSubAccount,
) -> Result<Enveloped<Only<Only<Vec<OneResult>>>>, Failure> {
    let own = partner(tx.account()?)?.uid;
    let invitees = req.invitees.0;
    must_be_few(invitees.len(), "AccountInfoList")?;
    let days = tx.rules().invite_days;
    let mut results = Vec::new();
    for invitee in invitees {
        let association = Association {
            nickname: invitee.nickname.into(),
            manager: invitee.manager.map(Into::into),
            remark: invitee.remark,
            kind: invitee.kind.0,
            customer: Some(invitee.customer.0),
        };
        let offer = Offer {
            email: invitee.email,
            association,
            credit_cents: invitee.credit.0,
            is_banned: invitee.is_banned.0,
            shutdown_policy: invitee.policy.0,
        };
        // A failed invitation has no effect, and does not affect the others.
        let mut copy = tx.fork();
        results.push(match copy.invite(own, offer) {
            Ok(invite) => {
                *tx = copy;
                let result = InvitedView { days, invite_id: invite.id, reg_url: invite.url() };
                OneResult::good(Some(result))
            }
            Err(refusal) => OneResult::bad(&refusal.into()),
        });
    }
    Ok(Enveloped::new(Only("Results", Only("Result", results))))
}

impl OneResult {
    fn good(result: Option<InvitedView>) -> Self {
        Self { code: "200".to_owned(), message: "success".to_owned(), result, success: true }
    }

    fn bad(error: &ApiError) -> Self {
        let (code, message) = (error.code.to_string(), error.message.to_string());
        Self { code, message, result: None, success: false }
    }
}

request! {
    /// An item of `GetInviteStatus`.
    struct Asked {
        id: Option<Number> = "InviteId",
    }

    /// Parameters of `GetInviteStatus`.
    pub(super) struct GetInviteStatus {
        asked: Items<Asked> = "InviteStatusList",
    }
}

#[apply(reply)]
pub(super) struct OneStatus {
    code: &'static str,
    message: &'static str,
    success: bool,
    invite_status_list: Option<StatusView>,
}

#[apply(reply)]
struct StatusView {
    association_success_time: Option<Timestamp>,
    cid: Option<u64>,
    gmt_create: Timestamp,
    parent_id: Uid,
    status: u8,
    sub_account_type: String,
    uid: Option<u64>,
}

/// `Status` of an invitation. UNCERTAIN: the numbers; here 0 for open, 1 for accepted, 2 for expired.
fn status_of(invite: &Invite, now: Timestamp) -> u8 {
    match invite.accepted {
        Some(_) => 1,
        None if invite.expires <= now => 2,
        None => 0,
    }
}

/// `GetInviteStatus`: returns the state of up to five invitations.
///
/// Fails in the body with `3057` without an item. An unknown invitation has `3060` in its item (UNCERTAIN: documented for `ResendEmail`).
/// Source: docs/evidence/account.md 3.6.
pub(super) fn status(
    view: View<'_>,
    req: GetInviteStatus,
) -> Result<Enveloped<Only<Only<Vec<OneStatus>>>>, Failure> {
    let own = partner(view.account()?)?;
    let asked: Vec<_> = req.asked.0.into_iter().filter_map(|one| one.id).collect();
    if asked.is_empty() {
        return Err(business::AGENCY_NO_INVITE_ID.business().into());
    }
    must_be_few(asked.len(), "InviteStatusList")?;
    let show = |Number(id): Number| {
        let Some(invite) = own.affairs.customers.invites.get(&id) else {
            let known = &business::AGENCY_NO_INVITE;
            return OneStatus {
                code: known.code,
                message: known.message,
                success: false,
                invite_status_list: None,
            };
        };
        let association = &invite.offer.association;
        let invite_status_list = Some(StatusView {
            association_success_time: invite.accepted.map(|(_, at)| at),
            cid: association.customer,
            gmt_create: invite.created,
            parent_id: own.uid,
            status: status_of(invite, view.now),
            sub_account_type: (association.kind as u8).to_string(),
            uid: invite.accepted.map(|(uid, _)| uid.0),
        });
        OneStatus { code: "200", message: "success", success: true, invite_status_list }
    };
    let invite_status = asked.into_iter().map(show).collect();
    Ok(Enveloped::new(Only("Data", Only("InviteStatus", invite_status))))
}

request! {
    /// Parameters of `ResendEmail`.
    pub(super) struct ResendEmail {
        id: Option<Number> = "InviteId",
    }
}

/// `ResendEmail`: sends the mail of an invitation again.
///
/// Fails in the body with `3057`, `3058`, `3060` and `3061`. UNCERTAIN: the mails that count for `3058`; here all invitations of the partner.
/// Source: docs/evidence/account.md 3.6.
pub(super) fn resend(tx: &mut Tx<'_>, req: ResendEmail) -> Result<Enveloped<Nothing>> {
    let own = partner(tx.account()?)?.uid;
    let id = req.id.ok_or_else(|| business::AGENCY_NO_INVITE_ID.business())?;
    tx.resend_invite(own, id.0)?;
    Ok(Enveloped::new(Nothing {}))
}

request! {
    /// Parameters of `GetUnassociatedCustomer`.
    pub(super) struct GetUnassociatedCustomer {
        page: Page<100> = "CurrentPage",
    }
}

#[apply(reply)]
pub(super) struct Unassociated {
    invite_info_list: Only<Vec<InviteInfo>>,
    page_info: PageInfo,
}

#[apply(reply)]
struct InviteInfo {
    account_nickname: String,
    email: Email,
    gmt_create: Timestamp,
    invite_id: u64,
    status: u8,
}

/// `GetUnassociatedCustomer`: returns the invitations that were not accepted, oldest first.
///
/// Source: docs/evidence/account.md 3.6.
pub(super) fn unassociated(view: View<'_>, req: GetUnassociatedCustomer) -> Result<Enveloped<Unassociated>> {
    let own = partner(view.account()?)?;
    let is_open = |one: &&Arc<Invite>| one.accepted.is_none();
    let open: Vec<_> = own.affairs.customers.invites.values().filter(is_open).collect();
    let (shown, page_info) = req.page.of(open);
    let show = |one: &Arc<Invite>| InviteInfo {
        account_nickname: one.offer.association.nickname.to_string(),
        email: one.offer.email.clone(),
        gmt_create: one.created,
        invite_id: one.id,
        status: status_of(one, view.now),
    };
    let invite_info = shown.into_iter().map(show).collect();
    Ok(Enveloped::new(Unassociated { invite_info_list: Only("InviteInfo", invite_info), page_info }))
}
