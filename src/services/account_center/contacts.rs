//! Contacts of an account, and the codes that confirm them. Source: docs/evidence/account.md 1.4 and 3.4.

use crate::attributes::{apply, reply};
use crate::error::{ApiError, Flawed, Result};
use crate::params::request;
use crate::services::shared::envelope::{Data, Enveloped};
use crate::services::shared::words::words;
use crate::text::{Bounded, Email, Flaw, MobilePhone, Scalar};
use crate::world::account::Contact;
use crate::world::outbox::Channel;
use crate::world::{Refusal, Tx};

/// Purpose of the codes for contacts.
const SCENE: &str = "contact";

request! {
    /// Parameters of `SendAsyncMobileCaptcha` and `SendAsyncEmailCaptcha`.
    pub(super) struct Send<T: Scalar> {
        to: Option<T> = "ContactInfo",
        contact: Option<Bounded<0, { i64::MAX }>> = "ContactorId",
    }
}

/// `SendAsyncMobileCaptcha`: sends a code to a mobile number, given directly or as a contact's.
///
/// Fails in the body with `SEND_TOO_FREQUENTLY`, and with `CONTACT_NOT_EXIST` without a recipient. The real action sends a link.
/// Source: docs/evidence/account.md 1.4 and 3.4.
pub(super) fn send_to_mobile(tx: &mut Tx<'_>, req: Send<MobilePhone>) -> Result<Enveloped<Data<bool>>> {
    let to = req.to.map(|to| to.as_str().to_owned());
    let of_contact = |one: &Contact| one.mobile.as_ref().map(|(mobile, _)| mobile.as_str().to_owned());
    send(tx, Channel::Sms, to, req.contact, of_contact)
}

/// `SendAsyncEmailCaptcha`: sends a code to an e-mail address, given directly or as a contact's.
///
/// Fails in the body with `SEND_TOO_FREQUENTLY`, and with `CONTACT_NOT_EXIST` without a recipient. The real action sends a link.
/// Source: docs/evidence/account.md 1.4 and 3.4.
pub(super) fn send_to_email(tx: &mut Tx<'_>, req: Send<Email>) -> Result<Enveloped<Data<bool>>> {
    let to = req.to.map(|to| to.as_str().to_owned());
    let of_contact = |one: &Contact| one.email.as_ref().map(|(email, _)| email.as_str().to_owned());
    send(tx, Channel::Email, to, req.contact, of_contact)
}

fn send(
    tx: &mut Tx<'_>,
    channel: Channel,
    to: Option<String>,
    contact: Option<Bounded<0, { i64::MAX }>>,
    of_contact: fn(&Contact) -> Option<String>,
) -> Result<Enveloped<Data<bool>>> {
    let id = contact.and_then(|id| u64::try_from(id.0).ok());
    let kept = id.and_then(|id| tx.account().ok()?.affairs.contacts.get(&id).and_then(of_contact));
    let to = to.or(kept).ok_or(Refusal::NoSuchContact)?;
    tx.send_captcha(channel, &to, SCENE)?;
    Ok(Enveloped::data(true))
}

words! {
    /// `ContactPosition`. Source: tests/data/api/accountcenter20241209.json.
    Position: &'static str {
        "TECH_MANAGER" => "TECH_MANAGER",
        "MAINTAIN_MANAGER" => "MAINTAIN_MANAGER",
        "PROJECT_MANAGER" => "PROJECT_MANAGER",
        "FINANCE_MANAGER" => "FINANCE_MANAGER",
        "OTHER" => "OTHER",
    }
}

request! {
    /// Parameters of `AccountContactAdd`.
    pub(super) struct Add {
        name: Option<String> = "ContactName",
        position: Option<Position> = "ContactPosition",
        email: Option<String> = "ContactEmail",
        mobile: Option<String> = "ContactMobile",
        async_email: Option<bool> = "AsyncEmailVerify",
        async_mobile: Option<bool> = "AsyncMobileVerify",
        email_code: Option<String> = "EmailCode",
        mobile_code: Option<String> = "MobileCode",
        shared: Option<bool> = "SharedContact",
    }
}

#[apply(reply)]
pub(super) struct Added {
    contact_id: Option<u64>,
    error_list: Vec<Problem>,
    result: bool,
}

#[apply(reply)]
struct Problem {
    error_code: String,
    error_desc: String,
    item: &'static str,
}

/// Error about one item, in the format of the list.
fn problem(item: &'static str, error: &ApiError) -> Problem {
    Problem { error_code: error.code.to_string(), error_desc: error.message.to_string(), item }
}

/// A way to reach somebody as a call gives it, and how it is shown to be theirs.
struct Shown {
    /// The parameter.
    item: &'static str,
    text: Option<String>,
    /// The parameter of the code that was sent there.
    code_item: &'static str,
    code: Option<String>,
    /// True if the code is checked later.
    is_later: Option<bool>,
}

/// Parsed contact address. Its code is checked, unless the check comes later.
fn reached<T: Scalar>(tx: &mut Tx<'_>, shown: Shown, problems: &mut Vec<Problem>) -> Option<(T, bool)> {
    let Shown { item, text, code_item, code, is_later } = shown;
    let text = text?;
    let Ok(value) = T::parse(&text) else {
        let flawed = Flawed::new(item, Flaw::Format);
        problems.push(problem(item, &flawed.in_words_of_ram()));
        return None;
    };
    if is_later == Some(true) {
        return Some((value, false));
    }
    if let Err(refusal) = tx.use_captcha(&text, &code.unwrap_or_default()) {
        problems.push(problem(code_item, &refusal.into()));
    }
    Some((value, true))
}

/// `AccountContactAdd`: adds a contact to the caller's account. Codes confirm e-mail and mobile number at once, or later with
/// `AsyncEmailVerify` and `AsyncMobileVerify`.
///
/// Lists the error of each item in the response, with `Result` false; then no contact is added. UNCERTAIN: the codes in that list; here
/// they are the error codes. Source: docs/evidence/account.md 1.4 and 3.4.
pub(super) fn add(tx: &mut Tx<'_>, req: Add) -> Result<Enveloped<Data<Added>>> {
    let own = tx.account()?.uid;
    let mut problems = Vec::new();
    if req.name.is_none() {
        problems.push(problem("ContactName", &Flawed::missing("ContactName").in_words_of_ram()));
    }
    // Codes are used on a copy: a list with a mistake has no effect.
    let mut copy = tx.fork();
    let shown = Shown {
        item: "ContactEmail",
        text: req.email,
        code_item: "EmailCode",
        code: req.email_code,
        is_later: req.async_email,
    };
    let email: Option<(Email, bool)> = reached(&mut copy, shown, &mut problems);
    let shown = Shown {
        item: "ContactMobile",
        text: req.mobile,
        code_item: "MobileCode",
        code: req.mobile_code,
        is_later: req.async_mobile,
    };
    let mobile: Option<(MobilePhone, bool)> = reached(&mut copy, shown, &mut problems);
    if !problems.is_empty() {
        let added = Added { contact_id: None, error_list: problems, result: false };
        return Ok(Enveloped::data(added));
    }
    let contact = Contact {
        name: req.name.unwrap_or_default().into(),
        position: req.position.map_or("OTHER", |position| position.0).into(),
        email,
        mobile,
        is_shared: req.shared == Some(true),
    };
    let id = copy.add_contact(own, contact)?;
    *tx = copy;
    Ok(Enveloped::data(Added { contact_id: Some(id), error_list: problems, result: true }))
}
