//! Security of the owner's log-in: password, contacts, MFA device, duration of a log-in. Source: docs/evidence/account.md 1.5.

use crate::console::pages::mail_pane::{MailPane, pane};
use crate::console::visit::{Shown, Visit};
use crate::text::{Contact, Email, MobilePhone, Scalar, Span, Uid, parse_duration};
use crate::world::account::{Account, Seed};
use crate::world::{
    Act, BindMfa, By, ChangeAccount, Command, NotDone, Refusal, SendCaptcha, SetPassword, SetSecurity,
    WhichAccount,
};
use askama::Template;
use http::StatusCode;

/// A device that is not bound yet.
struct Fresh {
    seed: String,
    side: usize,
    path: String,
    /// The codes are not those of the device.
    is_wrong: bool,
}

impl Fresh {
    fn of(seed: Seed, uid: Uid, is_wrong: bool) -> Self {
        let seed = seed.base32();
        let (side, path) = crate::qr::svg(&format!("otpauth://totp/{uid}?secret={seed}&issuer=Aliyun"));
        Self { seed, side, path, is_wrong }
    }
}

/// Purpose of a code for a new contact.
const SCENE: &str = "bind_contact";

#[derive(Template)]
#[template(path = "security.html")]
struct Page<'a> {
    v: &'a Visit<'a>,
    account: &'a Account,
    email: &'a str,
    mobile: &'a str,
    pane: Option<MailPane<'a>>,
    hours: String,
    fresh: Option<Fresh>,
    error: Option<String>,
}

/// Shows the page.
pub(crate) fn show(v: &Visit<'_>) -> Shown {
    page(v, StatusCode::OK, None, None)
}

fn page(v: &Visit<'_>, status: StatusCode, fresh: Option<Fresh>, error: Option<String>) -> Shown {
    let account = v.own_account()?;
    let (profile, uid) = (&account.profile, account.uid);
    let email = profile.email.as_ref().map(Email::as_str).unwrap_or_default();
    let mobile = profile.mobile.as_ref().map(MobilePhone::as_str).unwrap_or_default();
    let (new_email, new_mobile) =
        (v.form.given("email").unwrap_or(email), v.form.given("mobile").unwrap_or(mobile));
    let changed = if new_email == email { new_mobile } else { new_email };
    let page = Page {
        v,
        account,
        email: new_email,
        mobile: new_mobile,
        pane: v.form.given("step").map(|_| pane(v, changed)),
        hours: account
            .security
            .session_seconds
            .map(|seconds| format!("{}m", seconds / 60))
            .unwrap_or_default(),
        fresh,
        error,
    };
    let account = format!("/accounts/{uid}");
    let recipes = [
        v.recipe("PUT", &format!("{account}/password"), r#"{"password": "Passw0rd!2"}"#),
        v.recipe("POST", &format!("{account}/mfa"), "{}"),
        v.recipe("DELETE", &format!("{account}/mfa"), ""),
        v.recipe("PATCH", &account, r#"{"security": {"sessionExpires": "30m"}}"#),
    ];
    Ok(v.page_with(status, v.t.security, &page, &recipes))
}

fn wrong(v: &Visit<'_>, why: String) -> Shown {
    page(v, StatusCode::UNPROCESSABLE_ENTITY, None, Some(why))
}

/// Changes the password, which ends the log-ins of the account.
pub(crate) fn password(v: &Visit<'_>) -> Shown {
    let uid = v.own_account()?.uid;
    let words =
        SetPassword { password: v.form.raw("password").to_owned(), old: Some(v.form.raw("old").to_owned()) };
    match v.act(|tx| words.act(uid, tx)) {
        Ok(()) => Ok(v.go("/console/login", "done_password")),
        Err(why) => wrong(v, why),
    }
}

/// Changes a contact, by the code that was sent to it; or sends the code.
pub(crate) fn contacts(v: &Visit<'_>) -> Shown {
    let account = v.own_account()?;
    let (uid, before) = (account.uid, &account.profile);
    let Ok(email) = v.form.given("email").map(Email::parse).transpose() else {
        return wrong(v, v.t.wrong_email.to_owned());
    };
    let Ok(mobile) = v.form.given("mobile").map(MobilePhone::parse).transpose() else {
        return wrong(v, v.t.wrong_mobile.to_owned());
    };
    let email = email.filter(|email| before.email.as_ref() != Some(email));
    let mobile = mobile.filter(|mobile| before.mobile.as_ref() != Some(mobile));
    let to = match (email.clone(), mobile.clone()) {
        (None, None) => return Ok(v.go("/console/security", "")),
        (Some(_), Some(_)) => return wrong(v, v.t.one_contact_only.to_owned()),
        (Some(email), None) => Contact::Email(email),
        (None, Some(mobile)) => Contact::Mobile(mobile),
    };
    if v.form.get("step") == "send" {
        let captcha = SendCaptcha { to, scene: SCENE.to_owned() };
        return match v.act(|tx| captcha.act(tx)) {
            Ok(_) => page(&v.renewed(), StatusCode::OK, None, None),
            Err(why) => wrong(v, why),
        };
    }
    let words = ChangeAccount { email, mobile, ..ChangeAccount::default() };
    let changed = v.act(|tx| {
        tx.use_captcha(to.as_str(), v.form.get("code"))?;
        words.act(uid, tx)
    });
    saved(v, changed)
}

fn saved(v: &Visit<'_>, done: Result<(), String>) -> Shown {
    match done {
        Ok(()) => Ok(v.go("/console/security", "done_saved")),
        Err(why) => wrong(v, why),
    }
}

/// Sets the duration of a log-in.
pub(crate) fn session(v: &Visit<'_>) -> Shown {
    let uid = v.own_account()?.uid;
    let Ok(span) = parse_duration(v.form.get("session")) else {
        return wrong(v, v.t.wrong_span.to_owned());
    };
    let words = SetSecurity { session_expires: Some(Span(span)), ..SetSecurity::default() };
    saved(v, v.act(|tx| words.act(uid, tx)))
}

/// Shows the key of a new device; binds it once two consecutive codes of it are given.
pub(crate) fn bind(v: &Visit<'_>) -> Shown {
    let uid = v.own_account()?.uid;
    let offered = match offered(v, uid) {
        Ok(seed) => seed,
        Err(why) => return wrong(v, v.why(&why)),
    };
    let Some(seed) = v.form.given("seed").and_then(|text| Seed::parse(text).ok()) else {
        return page(v, StatusCode::OK, Some(Fresh::of(offered, uid, false)), None);
    };
    let code = |name| v.form.get(name).parse().ok();
    let is_right =
        code("code_1").zip(code("code_2")).is_some_and(|(first, second)| seed.admits(first, second, v.now));
    if !is_right {
        return page(v, StatusCode::UNPROCESSABLE_ENTITY, Some(Fresh::of(seed, uid, true)), None);
    }
    // The seed that the world offers counts as issued, so that the next device gets another one.
    let words = BindMfa { seed: (seed != offered).then_some(seed) };
    match v.act(|tx| words.act(uid, tx)) {
        Ok(_) => Ok(v.go("/console/security", "done_bound")),
        Err(why) => wrong(v, why),
    }
}

/// Returns the seed that the world would give to a new device, without binding it.
fn offered(v: &Visit<'_>, uid: Uid) -> Result<Seed, NotDone> {
    let tried: Result<((), u64), _> =
        v.world.commit(v.now, By::OURSELVES, |tx| Err(BindMfa::default().act(uid, tx)));
    match tried {
        Err(offered) => offered,
        Ok(_) => Err(Refusal::MfaBound.into()),
    }
}

/// Unbinds the device.
pub(crate) fn unbind(v: &Visit<'_>) -> Shown {
    let uid = v.own_account()?.uid;
    let command = Command::UnbindMfa(WhichAccount::named(&uid.to_string()));
    saved(v, v.act(|tx| command.run(tx)).map(drop))
}
