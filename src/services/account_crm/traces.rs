//! Registrations and changes of the login e-mail that the owner of the mailbox must confirm: request, status, resend, cancel.
//! Source: docs/evidence/account.md 3.3, `Async*`.

use crate::attributes::{apply, reply};
use crate::error::Result;
use crate::operation::{Operation, read, write};
use crate::params::request;
use crate::services::account_crm::sheet::Texts;
use crate::services::account_crm::{ALL, Worded};
use crate::services::shared::envelope::{Enveloped, Nothing};
use crate::services::shared::partner::{Child, Context, Mpk};
use crate::services::shared::reply::Only;
use crate::services::shared::vocabulary::{self, Unread, Words};
use crate::text::Email;
use crate::world::account::{Asked, Trace};
use crate::world::refusal::Refusal;
use crate::world::{Tx, View};

pub(super) fn operations() -> Vec<Operation> {
    vec![
        write("AsyncCreateAgAccount", ALL, create),
        read("BatchQueryCreateAccountTrace", ALL, registrations),
        write("ResendAsyncCreateAgAccount", ALL, resend_registration),
        write("CancelAsyncCreateAgAccount", ALL, cancel_registration),
        write("AsyncModifyAgLoginEmail", ALL, modify),
        read("BatchQueryModifyLoginEmailTrace", ALL, changes),
        write("ResendAsyncModifyLoginEmail", ALL, resend_change),
        write("CancelAsyncModifyLoginEmail", ALL, cancel_change),
    ]
}

/// Number of a trace.
#[apply(reply)]
struct Number {
    trace_no: String,
}

request! {
    /// Parameters of `AsyncCreateAgAccount`.
    struct Create {
        email: Email = "LoginEmail",
        _master: Unread = "MaserAccountInfo",
        mpk: Mpk = "Mpk",
    }
}

/// `AsyncCreateAgAccount`: sends a request to a mailbox to confirm the registration of an account.
///
/// Fails with `Not Bid` and `Bid Mismatch`, and in the body with `EMAIL_EXISTS` and `OVER_MA_CREATE_ACCOUNT_QUOTA_LIMIT`.
/// Source: docs/evidence/account.md 3.3.
fn create(tx: &mut Tx<'_>, req: Create) -> Result<Enveloped<Number>> {
    let mpk = req.mpk.uid(tx)?;
    let trace_no = tx.ask_for_registration(mpk, req.email)?.into();
    Ok(Enveloped::new(Number { trace_no }))
}

request! {
    /// Parameters of `AsyncModifyAgLoginEmail`.
    struct Modify {
        email: Email = "NewLoginEmail",
        who: Child = "Pk",
    }
}

/// `AsyncModifyAgLoginEmail`: sends a request to a mailbox to confirm it as the login e-mail of an account.
///
/// Fails with `Not Bid`, `Bid Mismatch`, `Invalid PK`, and in the body with `EMAIL_EXISTS`. Source: docs/evidence/account.md 3.3.
fn modify(tx: &mut Tx<'_>, req: Modify) -> Result<Enveloped<Number>> {
    let uid = req.who.uid(tx)?;
    let mpk = tx.account()?.uid;
    let trace_no = tx.ask_for_login_email(mpk, uid, req.email)?.into();
    Ok(Enveloped::new(Number { trace_no }))
}

/// Filter for one of the two families of traces.
type Family = fn(&Asked) -> bool;

const REGISTRATION: Family = |asked| matches!(asked, Asked::Registration { .. });
const LOGIN_EMAIL: Family = |asked| matches!(asked, Asked::LoginEmail { .. });

request! {
    /// Parameters of actions about one trace.
    struct One {
        mpk: Mpk = "Mpk",
        number: String = "TraceNo",
    }
}

impl One {
    /// Checks that the trace belongs to the caller and to this family.
    fn check(&self, context: &impl Context, family: Family) -> Result<()> {
        let mpk = self.mpk.uid(context)?;
        let trace = context.all().registry.traces.get(self.number.as_str());
        let is_own = trace.is_some_and(|trace| trace.partner == mpk && family(&trace.asked));
        if is_own { Ok(()) } else { Err(Refusal::NoSuchTrace.into()) }
    }

    fn resend(self, tx: &mut Tx<'_>, family: Family) -> Result<Number> {
        self.check(tx, family)?;
        tx.resend_trace(&self.number)?;
        Ok(Number { trace_no: self.number })
    }

    fn cancel(self, tx: &mut Tx<'_>, family: Family) -> Result<Worded<Nothing>> {
        self.check(tx, family)?;
        tx.cancel_trace(&self.number)?;
        Ok(Worded::new(Nothing {}))
    }
}

/// `ResendAsyncCreateAgAccount`: sends the request again. The number stays the same (UNCERTAIN).
///
/// Fails with `Not Bid` and `Bid Mismatch`, and in the body with `TRACE_NOT_EXIST` and `TRACE_FINISHED`.
/// Source: docs/evidence/account.md 3.3.
fn resend_registration(tx: &mut Tx<'_>, req: One) -> Result<Worded<Number>> {
    req.resend(tx, REGISTRATION).map(Worded::new)
}

/// `ResendAsyncModifyLoginEmail`: sends the request for a login e-mail again.
fn resend_change(tx: &mut Tx<'_>, req: One) -> Result<Enveloped<Number>> {
    req.resend(tx, LOGIN_EMAIL).map(Enveloped::new)
}

/// `CancelAsyncCreateAgAccount`: cancels the request, so that it cannot be confirmed.
///
/// Fails as `ResendAsyncCreateAgAccount` does. Source: docs/evidence/account.md 3.3.
fn cancel_registration(tx: &mut Tx<'_>, req: One) -> Result<Worded<Nothing>> {
    req.cancel(tx, REGISTRATION)
}

/// `CancelAsyncModifyLoginEmail`: cancels the request for a login e-mail.
fn cancel_change(tx: &mut Tx<'_>, req: One) -> Result<Worded<Nothing>> {
    req.cancel(tx, LOGIN_EMAIL)
}

request! {
    /// Parameters of both actions that query traces.
    struct Batch {
        mpk: Mpk = "Mpk",
        numbers: Words = "TraceNoList",
    }
}

impl Batch {
    /// Traces of a family, in the form of the response. Omits numbers that do not belong to the caller (UNCERTAIN).
    fn traces(
        &self,
        view: &View<'_>,
        family: Family,
        shown: fn(&View<'_>, &Trace) -> Texts,
    ) -> Result<Only<Vec<Texts>>> {
        let mpk = self.mpk.uid(view)?;
        let all = &view.state.registry.traces;
        let own = |trace: &Trace| trace.partner == mpk && family(&trace.asked);
        let found = self.numbers.0.iter().filter_map(|number| all.get_key_value(number.as_str()));
        let found = found.filter(|(_, trace)| own(trace)).map(|(number, trace)| {
            let Texts(mut texts) = shown(view, trace);
            texts.push(("Pk", trace.uid().map(|uid| uid.to_string()).unwrap_or_default()));
            texts.push(("Status", vocabulary::trace_status(trace.status).to_owned()));
            texts.push(("TraceNo", number.to_string()));
            Texts(texts)
        });
        Ok(Only("Traces", found.collect()))
    }
}

/// `BatchQueryCreateAccountTrace`: returns the state of registrations. `Pk` is present after the confirmation.
///
/// Fails with `Not Bid` and `Bid Mismatch`. Source: docs/evidence/account.md 3.3.
fn registrations(view: View<'_>, req: Batch) -> Result<Enveloped<Only<Vec<Texts>>>> {
    let shown =
        |_: &View<'_>, trace: &Trace| Texts(vec![("NowLoginEmail", trace.mailbox().as_str().to_owned())]);
    req.traces(&view, REGISTRATION, shown).map(Enveloped::new)
}

/// `BatchQueryModifyLoginEmailTrace`: returns the state of login e-mail changes.
///
/// Fails with `Not Bid` and `Bid Mismatch`. Source: docs/evidence/account.md 3.3.
fn changes(view: View<'_>, req: Batch) -> Result<Worded<Only<Vec<Texts>>>> {
    let shown = |view: &View<'_>, trace: &Trace| {
        let text = |email: Option<&Email>| email.map(|email| email.as_str().to_owned()).unwrap_or_default();
        let account = trace.uid().and_then(|uid| view.state.account(uid).ok());
        let old = match &trace.asked {
            Asked::LoginEmail { old, .. } => old.as_ref(),
            Asked::Registration { .. } => None,
        };
        Texts(vec![
            ("NewLoginEmail", trace.mailbox().as_str().to_owned()),
            ("NowLoginEmail", text(account.and_then(|account| account.profile.email.as_ref()))),
            ("OldLoginEmail", text(old)),
        ])
    };
    req.traces(&view, LOGIN_EMAIL, shown).map(Worded::new)
}
