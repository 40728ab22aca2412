//! Balance of an account, and the accounts of a reseller. Source: docs/evidence/account.md 3.5.

use crate::attributes::{apply, reply};
use crate::error::{Result, business};
use crate::params::request;
use crate::services::bss::{OWNER, partner};
use crate::services::shared::envelope::{Data, Enveloped};
use crate::services::shared::managed::{self, children};
use crate::services::shared::reply::Only;
use crate::services::shared::words::words;
use crate::text::{Bounded, CountryCode, Email, RoleName, Scalar, Site, Timestamp, Uid, amount};
use crate::world::account::{Account, Entity, Hold, Subject, Tags, Trust};
use crate::world::{NewRole, Refusal, Tx, View};

request! {
    /// Parameters of `QueryAccountBalance` and `GetCustomerList`.
    pub(super) struct Nothing {}
}

#[apply(reply)]
pub(super) struct Balance {
    available_amount: String,
    available_cash_amount: String,
    credit_amount: String,
    currency: &'static str,
    mybank_credit_amount: String,
    quota_limit: String,
}

/// `QueryAccountBalance`: returns the available amount of the caller's account.
///
/// UNCERTAIN: thousands separators in amounts; the samples have none. Source: docs/evidence/account.md 3.5.
pub(super) fn balance(view: View<'_>, _: Nothing) -> Result<Enveloped<Data<Balance>>> {
    let account = view.account()?;
    let standing = account.standing();
    Ok(Enveloped::data(Balance {
        available_amount: amount(standing.available_cents()),
        available_cash_amount: amount(standing.balance_cents()),
        credit_amount: amount(standing.credit_cents()),
        currency: match account.profile.site {
            Site::China => "CNY",
            Site::International => "USD",
        },
        mybank_credit_amount: amount(0),
        quota_limit: amount(0),
    }))
}

request! {
    /// Parameters of `GetAccountRelation`.
    pub(super) struct GetAccountRelation {
        relation: Option<Bounded<0, { i64::MAX }>> = "RelationId",
    }
}

#[apply(reply)]
pub(super) struct RelationView {
    id: u64,
    parent_user_id: u64,
    child_user_id: u64,
    start_time: i64,
    gmt_modified: i64,
    status: &'static str,
    r#type: &'static str,
}

/// `GetAccountRelation`: returns the relation of the caller's account to its partner, or of one of its accounts to it. Times are
/// in milliseconds.
///
/// Fails with `VnoNoDataError` (UNCERTAIN: documented for `GetCustomerAccountInfo`). UNCERTAIN: `Type`, for which only
/// `enterprise_group` was observed; the unit of the times. Source: docs/evidence/account.md 3.5.
pub(super) fn relation(view: View<'_>, req: GetAccountRelation) -> Result<Enveloped<Data<RelationView>>> {
    let own = view.account()?;
    let of = |account: &Account| {
        let (id, since) = account.affairs.relation?;
        let is_asked = req.relation.is_none_or(|wanted| u64::try_from(wanted.0) == Ok(id));
        is_asked.then_some(RelationView {
            id,
            parent_user_id: account.partner?.0,
            child_user_id: account.uid.0,
            start_time: since.as_millis(),
            gmt_modified: since.as_millis(),
            status: "RELATED",
            r#type: "enterprise_group",
        })
    };
    let of_child = || req.relation.and_then(|_| children(view.state, own.uid).find_map(of));
    let found = of(own).or_else(of_child).ok_or_else(|| business::NO_DATA.business())?;
    Ok(Enveloped::data(found))
}

request! {
    /// Parameters of `GetCustomerAccountInfo`.
    pub(super) struct OneCustomer {
        owner: String = "OwnerId",
    }
}

#[apply(reply)]
pub(super) struct CustomerView {
    account_type: &'static str,
    credit_limit_status: &'static str,
    hosting_status: &'static str,
    is_certified: bool,
    login_email: String,
    mpk: u64,
}

/// `GetCustomerAccountInfo`: returns state and verification of an account of the partner.
///
/// Fails with `NotAuthorized` and `InvalidOwner`. UNCERTAIN: `HostingStatus` of an account that is neither frozen nor under trusteeship; here empty.
/// Source: docs/evidence/account.md 3.5.
pub(super) fn customer(view: View<'_>, req: OneCustomer) -> Result<Enveloped<Data<CustomerView>>> {
    let own = partner(view.account()?)?;
    let account = OWNER.child(view.state, own.uid, &req.owner)?;
    let (holds, profile) = (account.standing().holds(), &account.profile);
    let subject = account.real_name.identity().map(|identity| identity.subject);
    let is_enterprise = subject
        .map_or(profile.details.get("AccountAttr").is_some_and(|attr| attr == "1"), |subject| {
            subject == Subject::Enterprise
        });
    let (credit_limit_status, hosting_status) = if holds.has(Hold::Business) {
        ("Freeze", "FREEZE")
    } else if holds.has(Hold::Trusteeship) {
        ("Trusteeship", "TRUSTEESHIP")
    } else {
        ("Thaw", "")
    };
    let email = profile.email.as_ref().map(Email::as_str);
    Ok(Enveloped::bss(Data {
        data: CustomerView {
            account_type: if is_enterprise { "1" } else { "0" },
            credit_limit_status,
            hosting_status,
            is_certified: account.real_name.is_verified(),
            login_email: email.unwrap_or(profile.login_name.as_str()).to_owned(),
            mpk: own.uid.0,
        },
    }))
}

/// `GetCustomerList`: returns the UIDs of the partner's accounts.
///
/// Fails with `NotAuthorized`. Source: docs/evidence/account.md 3.5.
pub(super) fn customers(view: View<'_>, _: Nothing) -> Result<Enveloped<Data<Only<Vec<Uid>>>>> {
    let own = partner(view.account()?)?;
    Ok(Enveloped::data(Only("UidList", children(view.state, own.uid).map(|one| one.uid).collect())))
}

words! {
    /// `AccountAttr`: individual or enterprise. Source: docs/evidence/account.md 1.2.
    AccountAttr: &'static str { "0" => "0", "1" => "1" }
    /// `BusinessType`. Source: docs/evidence/account.md 1.6.
    BusinessType: Hold { "FREEZE" => Hold::Business, "TRUSTEESHIP" => Hold::Trusteeship }
    /// `Status`. Source: docs/evidence/account.md 1.6.
    ResellerStatus: (Hold, bool) {
        "Freeze" => (Hold::Business, true),
        "Thaw" => (Hold::Business, false),
        "Trusteeship" => (Hold::Trusteeship, true),
        "TrusteeshipCancel" => (Hold::Trusteeship, false),
    }
    /// `StopMode`: normal or immediate. UNCERTAIN: alimock has no running resources, so both have the same effect.
    StopMode: () { "0" => (), "1" => () }
}

request! {
    /// Parameters of `CreateAgAccount`.
    pub(super) struct CreateAgAccount {
        email: Email = "LoginEmail",
        attr: Option<AccountAttr> = "AccountAttr",
        enterprise: Option<String> = "EnterpriseName",
        first_name: Option<String> = "FirstName",
        last_name: Option<String> = "LastName",
        nation: Option<CountryCode> = "NationCode",
        province: Option<String> = "ProvinceName",
        city: Option<String> = "CityName",
        post_code: Option<String> = "Postcode",
    }
}

#[apply(reply)]
pub(super) struct AgRelation {
    mpk: Uid,
    pk: Uid,
    ram_admin_role_name: &'static str,
    r#type: &'static str,
}

/// Role in the new account that the partner may assume. Source: the sample of alibabacloud-bssopenapi20171214.
const ADMIN_ROLE: &str = "admin-role";

/// `CreateAgAccount`: registers an account of the partner, with a role that the partner may assume.
///
/// Fails in the body with `NOT_AUTHORIZED`, `EMAIL_DOMAIN_NOT_AUTHORIZED`, `OVER_MA_CREATE_ACCOUNT_QUOTA_LIMIT` and
/// `LOGIN_EMAIL_HAS_BEEN_USED`; with `MissingParameter` if an International account lacks a required parameter.
/// Source: docs/evidence/account.md 3.5.
pub(super) fn create(tx: &mut Tx<'_>, req: CreateAgAccount) -> Result<Enveloped<Only<AgRelation>>> {
    let own = tx.account()?;
    if !own.is_partner {
        return Err(business::NOT_AUTHORIZED.business());
    }
    let (mpk, site) = (own.uid, own.profile.site);
    must_be_there(site, &req)?;
    let email = req.email.as_str().to_lowercase();
    let domains = &tx.rules().partner_email_domains;
    let is_registered = |domain: &String| email.ends_with(&format!("@{}", domain.to_lowercase()));
    if !domains.is_empty() && !domains.iter().any(is_registered) {
        return Err(business::EMAIL_DOMAIN_NOT_AUTHORIZED.business());
    }
    let details = [
        ("AccountAttr", req.attr.map(|attr| attr.0.to_owned())),
        ("EnterpriseName", req.enterprise),
        ("FirstName", req.first_name),
        ("LastName", req.last_name),
        ("Province", req.province),
        ("City", req.city),
        ("PostCode", req.post_code),
    ];
    let made = managed::register(tx, mpk, Some(req.email.clone()), "ag", req.nation, &details);
    let pk = made.map_err(|refusal| match refusal {
        Refusal::LoginNameTaken | Refusal::EmailTaken => {
            let mut error = business::LOGIN_EMAIL_USED.about(req.email.as_str());
            error.is_business = true;
            error
        }
        other => other.into(),
    })?;
    add_admin_role(tx, mpk, pk)?;
    let ag_relation_dto = AgRelation { mpk, pk, ram_admin_role_name: ADMIN_ROLE, r#type: "BID" };
    Ok(Enveloped::bss(Only("AgRelationDto", ag_relation_dto)))
}

/// Checks the required parameters of International accounts and of enterprises. Source: docs/evidence/account.md 1.2 and 1.4.
fn must_be_there(site: Site, req: &CreateAgAccount) -> Result<()> {
    let is_enterprise = req.attr.as_ref().is_some_and(|attr| attr.0 == "1");
    let always = [("EnterpriseName", req.enterprise.is_some() || !is_enterprise)];
    let international = [
        ("AccountAttr", req.attr.is_some()),
        ("FirstName", req.first_name.is_some()),
        ("LastName", req.last_name.is_some()),
        ("NationCode", req.nation.is_some()),
        ("ProvinceName", req.province.is_some()),
        ("CityName", req.city.is_some()),
        ("Postcode", req.post_code.is_some()),
    ];
    let international: &[_] = if site == Site::International { &international } else { &[] };
    match always.iter().chain(international).find(|(_, is_there)| !is_there) {
        Some((name, _)) => Err(crate::error::gateway::MISSING_PARAMETER.about(name)),
        None => Ok(()),
    }
}

fn add_admin_role(tx: &mut Tx<'_>, mpk: Uid, pk: Uid) -> Result<()> {
    let trust = format!(
        r#"{{"Statement":[{{"Action":"sts:AssumeRole","Effect":"Allow","Principal":{{"RAM":["acs:ram::{mpk}:root"]}}}}],"Version":"1"}}"#
    );
    let role = NewRole {
        name: RoleName::parse(ADMIN_ROLE).expect("the name is good"),
        description: None,
        trust: Trust::parse(&trust).expect("the trust policy is good"),
        max_session: None,
        allow_console_login: false,
        service: None,
        tags: Tags::default(),
    };
    let slot = tx.add_role(pk, role)?;
    let now: Timestamp = tx.now;
    let (account, quotas) = tx.account_of(pk)?;
    let policy = account.system_policy("AdministratorAccess").expect("the system policy is in the table");
    account.attach(Entity::Role(slot), policy, None, now, &quotas)?;
    Ok(())
}

request! {
    /// Parameters of `SetResellerUserStatus`.
    pub(super) struct SetResellerUserStatus {
        business: BusinessType = "BusinessType",
        owner: String = "OwnerId",
        status: ResellerStatus = "Status",
        stop_mode: Option<StopMode> = "StopMode",
    }
}

/// `SetResellerUserStatus`: freezes an account of the partner or takes it under trusteeship, or ends either.
///
/// Fails with `NotAuthorized`, `InvalidOwner`, and `InvalidParameter` if status and type do not fit.
/// Source: docs/evidence/account.md 1.6 and 3.5.
pub(super) fn set_status(tx: &mut Tx<'_>, req: SetResellerUserStatus) -> Result<Enveloped<Data<bool>>> {
    let SetResellerUserStatus {
        business,
        owner,
        status: ResellerStatus((hold, is_on)),
        stop_mode: Some(StopMode(())) | None,
    } = req;
    let own = partner(tx.account()?)?.uid;
    let uid = OWNER.child(tx.state(), own, &owner)?.uid;
    if business.0 != hold {
        return Err(crate::error::gateway::INVALID_PARAMETER.about("Status"));
    }
    tx.hold(uid, hold, is_on)?;
    Ok(Enveloped::bss(Data { data: true }))
}
