//! Accounts of an enterprise. Source: docs/evidence/account.md 3.4.

use crate::attributes::{apply, reply};
use crate::error::{Result, business};
use crate::params::{Filled, request};
use crate::services::account_center::{MANAGED, NeededPk, Pk, RequestId};
use crate::services::shared::envelope::{Data, Enveloped, Nothing};
use crate::services::shared::managed;
use crate::services::shared::reply::{Only, masked};
use crate::text::{Bounded, Email, MobilePhone, Password, Uid};
use crate::world::account::{Account, Hold, Identity, Subject};
use crate::world::{Tx, View};

/// Key of the account detail that holds its name in the enterprise.
const ALIAS: &str = "Alias";

request! {
    /// Parameters of `EnterpriseRegisterAccount`.
    pub(super) struct Register {
        request: RequestId = "RequestId",
        email: Option<Email> = "LoginEmail",
        password: Option<Password> = "EncryptPassword",
        alias: Option<String> = "Alias",
        nick: Option<String> = "SiteNick",
        organization: Option<String> = "OrganizationId",
    }
}

#[apply(reply)]
pub(super) struct RegisteredView {
    enterprise_license_no: String,
    enterprise_name: String,
    login_id: String,
    pk: Uid,
}

/// `EnterpriseRegisterAccount`: registers an account of the enterprise, on its site.
///
/// Fails in the body with `NOT_AUTHORIZED` if the caller is neither a partner nor a verified enterprise (UNCERTAIN), with the errors of
/// the e-mail, and with `PASSWORD_TOO_WEAK`. Source: docs/evidence/account.md 3.4.
pub(super) fn register(tx: &mut Tx<'_>, req: Register) -> Result<Enveloped<Only<RegisteredView>>> {
    let Register { request: RequestId, email, password, alias, nick, organization } = req;
    let own = tx.account()?;
    let is_enterprise = enterprise(own).is_some();
    if !own.is_partner && !is_enterprise {
        return Err(business::NOT_AUTHORIZED.business());
    }
    let parent = own.uid;
    let details = [(ALIAS, alias), ("NickName", nick), ("OrganizationId", organization)];
    let pk = managed::register(tx, parent, email, "ea", None, &details)?;
    if let Some(password) = password {
        tx.set_password(pk, &password)?;
    }
    let shown = |text: fn(&Identity) -> &str| {
        tx.state().account(parent).ok().and_then(enterprise).map(text).unwrap_or_default().to_owned()
    };
    let account_info = RegisteredView {
        enterprise_license_no: shown(|one| one.license_number.as_str()),
        enterprise_name: shown(|one| one.name.as_str()),
        login_id: tx.state().account(pk)?.profile.login_name.to_string(),
        pk,
    };
    Ok(Enveloped::new(Only("AccountInfo", account_info)))
}

/// Verified identity, if it is an enterprise.
fn enterprise(account: &Account) -> Option<&Identity> {
    account.real_name.identity().filter(|identity| identity.subject == Subject::Enterprise)
}

request! {
    /// Parameters of `EnterpriseAccountQueryAccountsInfo`.
    pub(super) struct Query {
        request: RequestId = "RequestId",
        pks: Filled<String> = "PksJson",
        max: Option<Bounded<1, 100>> = "MaxResults",
        next: Option<Bounded<0, 1_000_000>> = "NextToken",
        complete: Option<bool> = "ShowCompleteInfo",
    }
}

#[apply(reply)]
pub(super) struct Accounts {
    account_info_dto_list: Vec<AccountView>,
    max_results: usize,
    next_token: Option<String>,
}

#[apply(reply)]
struct AccountView {
    alias: String,
    belong_to_master_account: bool,
    email: String,
    enterprise_ec_id: Option<Uid>,
    enterprise_entity_id: Option<Uid>,
    enterprise_license_no: String,
    enterprise_name: String,
    freeze_login: bool,
    login_id: String,
    manage_invite_time_stamp: Option<String>,
    pk: Uid,
    security_mobile: String,
}

/// `EnterpriseAccountQueryAccountsInfo`: returns accounts of the enterprise, by UID. E-mail and mobile number are masked,
/// unless `ShowCompleteInfo` is true (UNCERTAIN).
///
/// Fails in the body with `ACCOUNT_NOT_EXIST` and `ACCOUNT_NOT_MANAGED`. UNCERTAIN: `EnterpriseEcId` and `EnterpriseEntityId`, here the UID of
/// the managing account; `ManageInviteTimeStamp`, here the start of the management in milliseconds. Source: docs/evidence/account.md 3.4.
pub(super) fn query(view: View<'_>, req: Query) -> Result<Enveloped<Accounts>> {
    let Query { request: RequestId, pks: Filled(pks), max, next, complete } = req;
    let own = view.account()?.uid;
    let max = usize::try_from(max.map_or(100, |max| max.0)).expect("between 1 and 100");
    let from = usize::try_from(next.map_or(0, |next| next.0)).expect("not negative");
    let accounts = pks.iter().map(|pk| MANAGED.own_or_child(view.state, own, pk));
    let accounts: Vec<_> = accounts.collect::<Result<_>>()?;
    let is_complete = complete == Some(true);
    let page = accounts.iter().skip(from).take(max);
    Ok(Enveloped::new(Accounts {
        account_info_dto_list: page.map(|account| show(account, own, is_complete)).collect(),
        max_results: max,
        next_token: (from + max < accounts.len()).then(|| (from + max).to_string()),
    }))
}

fn show(account: &Account, own: Uid, is_complete: bool) -> AccountView {
    let profile = &account.profile;
    let shown = |text: Option<&str>| match text {
        Some(text) if !is_complete => masked(text),
        text => text.unwrap_or_default().to_owned(),
    };
    let identity = enterprise(account);
    AccountView {
        alias: profile.details.get(ALIAS).map(ToString::to_string).unwrap_or_default(),
        belong_to_master_account: account.partner == Some(own),
        email: shown(profile.email.as_ref().map(Email::as_str)),
        enterprise_ec_id: account.partner,
        enterprise_entity_id: account.partner,
        enterprise_license_no: identity.map(|one| one.license_number.to_string()).unwrap_or_default(),
        enterprise_name: identity.map(|one| one.name.to_string()).unwrap_or_default(),
        freeze_login: account.standing().holds().has(Hold::Login),
        login_id: profile.login_name.to_string(),
        manage_invite_time_stamp: account.affairs.relation.map(|(_, since)| since.as_millis().to_string()),
        pk: account.uid,
        security_mobile: shown(profile.mobile.as_ref().map(MobilePhone::as_str)),
    }
}

request! {
    /// Parameters of `EnterpriseAccountUpdateAccountAlias`.
    pub(super) struct SetAlias {
        request: RequestId = "RequestId",
        pk: Pk = "Pk",
        alias: Option<String> = "Alias",
    }
}

/// `EnterpriseAccountUpdateAccountAlias`: changes the name of an account in the enterprise, or removes it.
///
/// Fails in the body with `ACCOUNT_NOT_EXIST` and `ACCOUNT_NOT_MANAGED`. Source: docs/evidence/account.md 3.4.
pub(super) fn set_alias(tx: &mut Tx<'_>, req: SetAlias) -> Result<Enveloped<Data<bool>>> {
    let SetAlias { request: RequestId, pk, alias } = req;
    let uid = pk.to_change(tx)?;
    tx.open_account(uid)?;
    let details = &mut std::sync::Arc::make_mut(&mut tx.account_of(uid)?.0.profile).details;
    match alias {
        Some(alias) => details.insert(ALIAS.into(), alias.into()),
        None => details.remove(ALIAS),
    };
    Ok(Enveloped::data(true))
}

request! {
    /// Parameters of `EnterpriseAccountSeparateEa`. `Pk` is required, although the package does not say so: an account cannot leave itself.
    pub(super) struct Separate {
        pk: NeededPk = "Pk",
    }
}

/// `EnterpriseAccountSeparateEa`: releases an account from the enterprise.
///
/// Fails in the body with `ACCOUNT_NOT_EXIST` and `ACCOUNT_NOT_MANAGED`. Source: docs/evidence/account.md 3.4.
pub(super) fn separate(tx: &mut Tx<'_>, req: Separate) -> Result<Enveloped<Nothing>> {
    let own = tx.account()?.uid;
    let pk = req.pk.0.0.unwrap_or_default();
    let uid = MANAGED.child(tx.state(), own, &pk)?.uid;
    tx.separate(uid)?;
    Ok(Enveloped::new(Nothing {}))
}

request! {
    /// Parameters of `EnterpriseUninvitedAdminInviteJoinEnterprise`.
    pub(super) struct Invite {
        invitee: String = "InviteePk",
        ec: Option<String> = "EcId",
        le: Option<String> = "LeId",
        nb: Option<String> = "NbId",
        remark: Option<String> = "Remark",
    }
}

#[apply(reply)]
pub(super) struct Todo {
    applicant_aliyun_id: String,
    applicant_pk: Uid,
    apply_remark: String,
    apply_time: i64,
    auditor_aliyun_id: String,
    auditor_pk: Uid,
    ec_id: String,
    le_id: String,
    le_license_no: String,
    le_name: String,
    message: &'static str,
    nb_id: String,
    operated_aliyun_id: String,
    operated_pk: Uid,
    success: &'static str,
    timeout_time: i64,
    todo_id: String,
    todo_type: &'static str,
}

/// `EnterpriseUninvitedAdminInviteJoinEnterprise`: invites an account to the enterprise. It belongs to the enterprise after its owner
/// accepts.
///
/// Fails in the body with `NOT_AUTHORIZED` as registration does, `ACCOUNT_NOT_EXIST`, `ALREADY_IN_ENTERPRISE` and `INVITE_EXISTS`. UNCERTAIN:
/// `TodoType`, `Success` and `Message` of the item. Source: docs/evidence/account.md 3.4.
pub(super) fn invite(tx: &mut Tx<'_>, req: Invite) -> Result<Enveloped<Data<Vec<Todo>>>> {
    use crate::text::Scalar;
    let own = tx.account()?;
    if !own.is_partner && enterprise(own).is_none() {
        return Err(business::NOT_AUTHORIZED.business());
    }
    let own = own.uid;
    let unknown = || business::ACCOUNT_NOT_EXIST.business();
    let invitee = Uid::parse(&req.invitee).map_err(|_| unknown())?;
    tx.state().account(invitee).map_err(|_| unknown())?;
    let remark = req.remark.unwrap_or_default();
    let (id, asked) = tx.ask_to_join(own, invitee, &remark)?;
    let (applicant, auditor) = (tx.state().account(own)?, tx.state().account(invitee)?);
    let (applicant_name, name) = (&applicant.profile.login_name, &auditor.profile.login_name);
    let identity = enterprise(applicant);
    let own_id = || own.to_string();
    Ok(Enveloped::data(vec![Todo {
        applicant_aliyun_id: applicant_name.to_string(),
        applicant_pk: own,
        apply_remark: remark,
        apply_time: asked.since.as_millis(),
        auditor_aliyun_id: name.to_string(),
        auditor_pk: invitee,
        ec_id: req.ec.unwrap_or_else(own_id),
        le_id: req.le.unwrap_or_else(own_id),
        le_license_no: identity.map(|one| one.license_number.to_string()).unwrap_or_default(),
        le_name: identity.map(|one| one.name.to_string()).unwrap_or_default(),
        message: "success",
        nb_id: req.nb.unwrap_or_default(),
        operated_aliyun_id: name.to_string(),
        operated_pk: invitee,
        success: "true",
        timeout_time: asked.expires.as_millis(),
        todo_id: id.to_string(),
        todo_type: "INVITE_JOIN_ENTERPRISE",
    }]))
}
