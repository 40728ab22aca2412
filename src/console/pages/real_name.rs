//! Real-name registration: the record, the forms of all methods, withdrawal, the amount of a transfer; and the pages whose
//! addresses official actions hand out. Source: docs/evidence/account.md section 2.

use crate::console::visit::{Shown, Trouble, Visit};
use crate::console::words;
use crate::text::{CountryCode, LicenseNumber, Money, PersonName, Scalar, Site, Uid, cents};
use crate::world::account::{Account, Application, DocumentType, Method, RealNameStatus, Subject};
use crate::world::{Act, Submit, TellAmount, WhichApplication};
use askama::Template;
use axum::response::Response;
use http::StatusCode;
use std::sync::Arc;

/// All methods, in the order of the page.
const METHODS: [Method; 8] = [
    Method::Alipay,
    Method::Face,
    Method::BankCard,
    Method::LegalRepFace,
    Method::EnterpriseAlipay,
    Method::BankTransfer,
    Method::Document,
    Method::Kyc,
];

/// Document types of a person and of an enterprise. Source: docs/evidence/account.md 2.3.
const OF_PERSONS: [&str; 3] = ["0", "passport", "driving_licence"];
const OF_ENTERPRISES: [&str; 4] = ["9", "12", "13", "business_licence"];

/// A method that the form offers.
struct Offer {
    id: String,
    name: &'static str,
    days: u32,
    is_chosen: bool,
}

/// A document type that the form offers.
struct Document {
    id: &'static str,
    name: &'static str,
    is_chosen: bool,
}

/// The form for a person or an enterprise.
struct Form {
    id: &'static str,
    title: &'static str,
    advice: &'static str,
    offers: Vec<Offer>,
    documents: Vec<Document>,
    is_submitted: bool,
}

/// An application in the list.
struct Row {
    id: u64,
    method: &'static str,
    subject: &'static str,
    name: String,
    status: (&'static str, &'static str),
    submitted: String,
    decided: String,
    reason: String,
}

#[derive(Template)]
#[template(path = "real_name.html")]
struct Page<'a> {
    v: &'a Visit<'a>,
    to: String,
    status: (&'static str, &'static str),
    verified: Option<(String, &'static str)>,
    since: Option<String>,
    expired: Option<String>,
    rejected: Option<String>,
    pending: Option<Row>,
    /// The pending application waits for the amount of a transfer: `true` if the transfer has arrived.
    transfer: Option<bool>,
    forms: Vec<Form>,
    rows: Vec<Row>,
    errors: Vec<String>,
    is_link: bool,
    is_intl: bool,
}

/// The account whose record a page shows.
struct Of<'a> {
    v: Visit<'a>,
    uid: Uid,
    /// Token of the page, if its address was handed out.
    link: Option<String>,
}

impl<'a> Of<'a> {
    fn own(v: &Visit<'a>) -> Result<Self, Trouble> {
        Ok(Self { uid: v.own_account()?.uid, v: v.clone(), link: None })
    }

    /// Finds the account of a token, in all worlds: the address names no world.
    fn of_link(v: &Visit<'a>) -> Result<Self, Trouble> {
        let token = v.names.first().map(String::as_str).unwrap_or_default();
        let own = std::iter::once(Arc::clone(&v.world));
        let all = own.chain(v.control.worlds.all().into_iter().filter(|_| v.door.world.is_none()));
        for world in all {
            let has = |one: &&Arc<Account>| one.affairs.links.contains_key(token);
            let uid = world.state().accounts.values().find(has).map(|one| one.uid);
            if let Some(uid) = uid {
                return Ok(Self { v: v.in_world(world), uid, link: Some(token.to_owned()) });
            }
        }
        Err(Trouble::NotFound)
    }

    fn to(&self) -> String {
        match &self.link {
            None => "/console/real-name".to_owned(),
            Some(token) => format!("/console/certification/{token}"),
        }
    }
}

/// Shows the record of the logged-in owner.
pub(crate) fn show(v: &Visit<'_>) -> Shown {
    let own = Of::own(v)?;
    page(&own, StatusCode::OK, Vec::new())
}

/// Shows the page of a link. It needs no log-in: its address is enough.
pub(crate) fn show_link(v: &Visit<'_>) -> Shown {
    let of_link = Of::of_link(v)?;
    let v = &of_link.v;
    let token = of_link.link.as_deref().unwrap_or_default();
    let affairs = &v.state.account(of_link.uid).map_err(|_| Trouble::NotFound)?.affairs;
    let link = affairs.links.get(token).ok_or(Trouble::NotFound)?;
    if let Err(why) = affairs.check_link(token, link.subject.unwrap_or(Subject::Personal), v.now) {
        return page(&of_link, StatusCode::GONE, vec![v.why(&why.into())]);
    }
    page(&of_link, StatusCode::OK, Vec::new())
}

fn page(of: &Of<'_>, status: StatusCode, errors: Vec<String>) -> Shown {
    let v = &of.v;
    let account = v.state.account(of.uid).map_err(|_| Trouble::NotFound)?;
    let (record, t) = (&account.real_name, v.t);
    let pending = record.under_review();
    let is_gone = status == StatusCode::GONE;
    let allowed = of.link.as_ref().and_then(|token| account.affairs.links.get(token.as_str())?.subject);
    let subjects = [Subject::Personal, Subject::Enterprise].into_iter();
    let subjects =
        subjects.filter(|subject| !is_gone && pending.is_none() && allowed.is_none_or(|one| one == *subject));
    let rejected = record.history().last().filter(|last| last.status == RealNameStatus::Rejected);
    let page = Page {
        v,
        to: of.to(),
        status: words::of_status(record.status(), t),
        verified: record.identity().map(|one| (text(&one.name), subject_name(v, one.subject))),
        since: record.since().map(|at| at.to_string()),
        expired: record.expired().map(|at| at.to_string()),
        rejected: rejected.map(reason),
        pending: pending.map(|one| row(v, one)),
        transfer: pending.and_then(|one| one.transfer).map(|one| one.arrived),
        forms: subjects.map(|subject| form(v, account, subject)).collect(),
        rows: record.history().iter().rev().map(|one| row(v, one)).collect(),
        errors,
        is_link: of.link.is_some(),
        is_intl: account.profile.site == Site::International,
    };
    let path = format!("/accounts/{}/real-name", account.uid);
    let id = pending.map_or_else(|| "APPLICATION".to_owned(), |one| one.id.to_string());
    let body = r#"{"subject": "enterprise", "method": "document", "name": "Example Ltd"}"#;
    let recipes = [
        v.recipe("GET", &path, ""),
        v.recipe("POST", &path, body),
        v.recipe("POST", &format!("{path}/{id}/decision"), r#"{"decision": "approve"}"#),
    ];
    Ok(v.page_with(status, t.real_name, &page, &recipes))
}

fn text(value: &impl serde::Serialize) -> String {
    words::written(value)
}

fn reason(one: &Application) -> String {
    one.reason.as_ref().map(|(code, text)| format!("{code}: {text}")).unwrap_or_default()
}

fn row(v: &Visit<'_>, one: &Application) -> Row {
    Row {
        id: one.id,
        method: method_name(v, one.method),
        subject: subject_name(v, one.identity.subject),
        name: text(&one.identity.name),
        status: words::of_status(one.status, v.t),
        submitted: one.submitted.to_string(),
        decided: one.decided.map(|at| at.to_string()).unwrap_or_default(),
        reason: reason(one),
    }
}

fn subject_name(v: &Visit<'_>, subject: Subject) -> &'static str {
    if subject == Subject::Personal { v.t.individual } else { v.t.enterprise }
}

/// Returns the name of a method.
pub(crate) fn method_name(v: &Visit<'_>, method: Method) -> &'static str {
    match method {
        Method::Alipay => v.t.method_alipay,
        Method::Face => v.t.method_face,
        Method::BankCard => v.t.method_bank_card,
        Method::Document => v.t.method_document,
        Method::LegalRepFace => v.t.method_legal_rep,
        Method::EnterpriseAlipay => v.t.method_enterprise_alipay,
        Method::BankTransfer => v.t.method_transfer,
        Method::Kyc => v.t.method_kyc,
    }
}

fn document_name(v: &Visit<'_>, id: &str) -> &'static str {
    match id {
        "0" => v.t.document_id_card,
        "passport" => v.t.document_passport,
        "driving_licence" => v.t.document_driving,
        "12" => v.t.document_organisation,
        "13" => v.t.document_institution,
        _ => v.t.document_licence,
    }
}

fn form(v: &Visit<'_>, account: &Account, subject: Subject) -> Form {
    let is_personal = subject == Subject::Personal;
    let id = if is_personal { "personal" } else { "enterprise" };
    let is_submitted = v.form.get("subject") == id;
    let site = account.profile.site;
    let offered = |method: &Method| *method != Method::Kyc || account.affairs.kyc_due.is_some();
    let offers = METHODS.into_iter().filter(offered).filter_map(|method| {
        let days = method.days(site, subject)?;
        let id = words::written(&method);
        let is_chosen = is_submitted && v.form.get("method") == id;
        Some(Offer { name: method_name(v, method), days, is_chosen, id })
    });
    let documents: &[&'static str] = if is_personal { &OF_PERSONS } else { &OF_ENTERPRISES };
    let is_offered =
        |id: &&&'static str| (site == Site::International) != id.bytes().all(|c| c.is_ascii_digit());
    let documents = documents.iter().filter(is_offered).map(|id| Document {
        id,
        name: document_name(v, id),
        is_chosen: is_submitted && v.form.get("document_type") == *id,
    });
    Form {
        id,
        title: if is_personal { v.t.individual } else { v.t.enterprise },
        advice: if is_personal { v.t.advice_personal } else { v.t.advice_enterprise },
        offers: offers.collect(),
        documents: documents.collect(),
        is_submitted,
    }
}

/// Submits an application of the logged-in owner.
pub(crate) fn submit(v: &Visit<'_>) -> Shown {
    let own = Of::own(v)?;
    apply(&own)
}

/// Submits an application on the page of a link.
pub(crate) fn submit_link(v: &Visit<'_>) -> Shown {
    let of_link = Of::of_link(v)?;
    apply(&of_link)
}

fn apply(of: &Of<'_>) -> Shown {
    let v = &of.v;
    let mut errors = Vec::new();
    let subject = if v.form.get("subject") == "personal" { Subject::Personal } else { Subject::Enterprise };
    let method = METHODS.into_iter().find(|method| words::written(method) == v.form.get("method"));
    let name = PersonName::parse(v.form.get("name"));
    let number = LicenseNumber::parse(v.form.get("number"));
    let country = v.form.given("country").map(CountryCode::parse).transpose();
    for (is_wrong, text) in [
        (method.is_none(), v.t.method_missing),
        (name.is_err(), v.t.name_missing),
        (number.is_err(), v.t.number_missing),
        (country.is_err(), v.t.wrong_country),
    ] {
        errors.extend(is_wrong.then(|| text.to_owned()));
    }
    let (Some(method), Ok(name), Ok(number), Ok(country)) = (method, name, number, country) else {
        return page(of, StatusCode::UNPROCESSABLE_ENTITY, errors);
    };
    let words = Submit {
        method,
        link: of.link.clone(),
        subject,
        name: Some(name),
        document_type: v.form.given("document_type").map(DocumentType::of_code),
        document_number: Some(number),
        phone: v.form.given("phone").map(str::to_owned),
        country,
        expires: None,
    };
    done(of, v.act(|tx| words.act(of.uid, tx)).map(|application| application.decided.is_some()))
}

/// Goes back to the page, or shows what was wrong.
fn done(of: &Of<'_>, done: Result<bool, String>) -> Shown {
    let back = |name| -> Response { of.v.go(&of.to(), name) };
    match done {
        Ok(true) => Ok(back("done_decided")),
        Ok(false) => Ok(back("done_submitted")),
        Err(why) => page(of, StatusCode::UNPROCESSABLE_ENTITY, vec![why]),
    }
}

/// Withdraws the pending application.
pub(crate) fn cancel(v: &Visit<'_>) -> Shown {
    let own = Of::own(v)?;
    let cancelled = v.act(|tx| WhichApplication { application: None }.act(own.uid, tx));
    match cancelled {
        Ok(_) => Ok(v.go("/console/real-name", "done_cancelled")),
        Err(why) => page(&own, StatusCode::UNPROCESSABLE_ENTITY, vec![why]),
    }
}

/// Submits the amount of the transfer.
pub(crate) fn amount(v: &Visit<'_>) -> Shown {
    let own = Of::own(v)?;
    let Some(amount) = cents(v.form.get("amount")) else {
        return page(&own, StatusCode::UNPROCESSABLE_ENTITY, vec![v.t.wrong_amount.to_owned()]);
    };
    let told = v.act(|tx| TellAmount { application: None, amount: Money(amount) }.act(own.uid, tx));
    match told {
        Ok(one) if one.decided.is_none() => {
            let own = Of::own(&v.renewed())?;
            page(&own, StatusCode::UNPROCESSABLE_ENTITY, vec![v.t.other_amount.to_owned()])
        }
        Ok(_) => Ok(v.go("/console/real-name", "done_decided")),
        Err(why) => page(&own, StatusCode::UNPROCESSABLE_ENTITY, vec![why]),
    }
}
