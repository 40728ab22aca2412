//! Step 4: authentication. The lines follow the order of checks in docs/evidence/gateway.md section 8.
//!
//! UNCERTAIN: that order is known only in part (an unknown key beats missing parameters, a wrong secret too). The nonce
//! comes last, so that a forged signature does not use up the nonce of a later valid request.

mod cause;
pub(crate) mod crypto;
pub(crate) mod signing;

use crate::error::{ApiError, Flawed, Result, gateway};
use crate::gateway::call::{Asked, Call, Sent, Shown, Signed};
use crate::gateway::protocol::words::Words;
use crate::gateway::request::RawRequest;
use crate::operation::Audience;
use crate::text::{AccessKeyId, Timestamp};
use crate::world::account::{Account, KeyMaterial, KeyStatus, Status};
use crate::world::{Caller, Credential, State, World};
use crypto::Algorithm;
use signing::Signing;

/// The caller and its key.
#[derive(Debug)]
pub(crate) struct Authenticated {
    pub(crate) caller: Caller,
    pub(crate) key: Option<AccessKeyId>,
}

/// Authenticates a call.
pub(crate) fn caller(asked: Asked<'_>, audience: Audience) -> Result<Authenticated> {
    let protocol = asked.call.form.protocol;
    (protocol.admit)(asked)?;
    if audience == Audience::Anonymous {
        // The signature of such a call is ignored. Source: docs/evidence/sts.md section 1.
        return Ok(Authenticated { caller: Caller::Nobody, key: None });
    }
    match &asked.call.shown {
        Shown::Nothing if asked.call.asking.as_ref().is_some_and(|asking| asking.is_open(asked.state)) => {
            Ok(Authenticated { caller: Caller::Nobody, key: None })
        }
        Shown::Nothing => Err(protocol.words.nothing.error()),
        Shown::Bearer(token) => bearer(token, asked),
        Shown::Signed(signed) => signer(asked, signed),
    }
}

/// A product that takes no bearer tokens rejects each. Scenarios issue tokens for the others (UNCERTAIN: for which products
/// the real service does). Source: docs/evidence/gateway.md section 4.
fn bearer(token: &str, asked: Asked<'_>) -> Result<Authenticated> {
    let words = &asked.call.form.protocol.words;
    let unknown = asked.front.bearer.unwrap_or(words.bearer);
    if !asked.front.takes_bearer {
        return Err(unknown.error());
    }
    if token.is_empty() {
        return Err(Flawed::missing("BearerToken").in_words_of_ram());
    }
    let (account, caller) = asked.state.bearer(token).ok_or_else(|| unknown.error())?;
    usable(account, "", words)?;
    Ok(Authenticated { caller, key: None })
}

fn signer(asked: Asked<'_>, signed: &Signed) -> Result<Authenticated> {
    let Asked { request, call, world, state, now, source, front, .. } = asked;
    let (form, words) = (call.form, &call.form.protocol.words);
    let sent = Sent { request, call, signed };
    // The last time at which this request is valid.
    let until = (form.in_time)(sent, asked)?;

    let unknown = || match signed.token.as_deref().filter(|token| front.token_first && !token.is_empty()) {
        Some(token) if world.made_token(token).is_none() && !state.knows_token(token) => {
            words.token_malformed.error()
        }
        _ => unknown_key(signed, world, now.resource, words),
    };
    let credential = state.credential(&signed.key).ok_or_else(unknown)?;
    let (key, material, caller) = match credential {
        Credential::Key { key, account, caller } => {
            usable(account, &signed.key, words)?;
            if key.status == KeyStatus::Inactive {
                let error = words.inactive.about(&signed.key);
                let idle = "the system disabled the key, because nobody had used it for as long as the account allows";
                return Err(if key.idle { error.with_note(idle) } else { error });
            }
            // UNCERTAIN: the code and the order; OSS documents that of a disabled key. Source: docs/evidence/ims.md 3.5.
            if let Some(why) = account.network_refusal(key, source.ip, source.vpc) {
                return Err(words.inactive.about(&signed.key).with_note(why));
            }
            if let Some(token) = &signed.token {
                return Err(foreign_token(token, world, state, words));
            }
            (&key.id, &key.material, caller)
        }
        Credential::Session { session, account, caller } => {
            usable(account, &signed.key, words)?;
            let token = signed.token.as_deref().filter(|token| !token.is_empty());
            let token = token.ok_or_else(|| words.no_token.about(&signed.key))?;
            if token != session.token.reveal() {
                return Err(foreign_token(token, world, state, words));
            }
            if session.enforced_expiry <= now.resource {
                return Err(words.token_expired.error());
            }
            (&session.id, &session.material, caller)
        }
    };
    let algorithm = (form.algorithm)(signed)
        .ok_or_else(|| words.method.about(signed.method.as_deref().unwrap_or_default()))?;
    (form.body_fits)(request)?;
    verify(sent, algorithm, material).map_err(|error| {
        let mismatch = cause::explain(sent, algorithm, material, state);
        ApiError { mismatch: Some(Box::new(mismatch.clone())), ..error.with_note(mismatch.cause.to_string()) }
    })?;
    (form.reads_one_way)(sent, asked)?;

    // ROA v1 and v3 may omit the nonce. Source: docs/evidence/gateway.md 3.1 and section 8.
    if let Some(nonce) = &signed.nonce
        && (nonce.is_empty() || !world.nonces.use_once(&signed.key, nonce, now.gateway, until))
    {
        return Err(gateway::NONCE_USED.error());
    }
    Ok(Authenticated { caller, key: Some(key.clone()) })
}

/// Returns the error for an unknown key. An impossible id gets the older code (docs/evidence/gateway.md 6.1). An
/// expired temporary credential is deleted, but its token shows that it was valid.
fn unknown_key(signed: &Signed, world: &World, now: Timestamp, words: &Words) -> ApiError {
    let id = &signed.key;
    let token = signed.token.as_deref().filter(|token| !token.is_empty());
    match token.and_then(|token| world.made_token(token)) {
        Some(made) if made.key.as_str() == id && made.expiry <= now => words.token_expired.error(),
        _ if !(words.can_be)(id) => words.impossible.about(id),
        _ if token.is_none() && words.temporary.is_some_and(|prefix| id.starts_with(prefix)) => {
            words.no_token.error()
        }
        _ => words.unknown.about(id),
    }
}

/// Returns the error for a token that does not belong to this key: another key's token, or an invalid one.
fn foreign_token(token: &str, world: &World, state: &State, words: &Words) -> ApiError {
    if world.made_token(token).is_some() || state.knows_token(token) {
        words.token_mismatch.error()
    } else {
        words.token_malformed.error()
    }
}

/// Disabling an account disables its keys, closing it makes them unknown: INFERRED in docs/evidence/account.md 1.6. The
/// codes are those of a key, because no other was observed (UNCERTAIN).
fn usable(account: &Account, key: &str, words: &Words) -> Result<()> {
    match account.status() {
        Status::Disabled => Err(words.inactive.about(key).with_note("the account is disabled")),
        Status::Closed => Err(words.unknown.about(key).with_note("the account is closed")),
        _ => Ok(()),
    }
}

/// Returns `true` if the signature of a call fits its key.
pub(crate) fn fits(request: &RawRequest, call: &Call, state: &State) -> bool {
    let Shown::Signed(signed) = &call.shown else { return false };
    let material = match state.credential(&signed.key) {
        Some(Credential::Key { key, .. }) => &key.material,
        Some(Credential::Session { session, .. }) => &session.material,
        None => return false,
    };
    let algorithm = (call.form.algorithm)(signed);
    algorithm.is_some_and(|algorithm| verify(Sent { request, call, signed }, algorithm, material).is_ok())
}

/// Checks the signature against all strings to sign that official clients may use.
pub(crate) fn verify(sent: Sent<'_>, algorithm: Algorithm, material: &KeyMaterial) -> Result<()> {
    let form = sent.call.form;
    let Signing { texts, head, step, payload_fits } = (form.signing)(sent, algorithm);
    let signature = sent.signed.signature.as_deref().unwrap_or_default();
    let fits = |text: &str| {
        let to_sign = signing::to_sign(head.as_deref(), algorithm, text);
        payload_fits && algorithm.verifies(material, step, &to_sign, signature)
    };
    first_fit(texts, fits).map_err(|text| {
        let to_sign = signing::to_sign(head.as_deref(), algorithm, &text);
        (form.mismatch)(sent.signed, &text, &to_sign)
    })
}

/// Succeeds if a text fits. Otherwise returns the first text, which is the documented one.
fn first_fit(texts: impl Iterator<Item = String>, fits: impl Fn(&str) -> bool) -> Result<(), String> {
    let mut first = None;
    for text in texts {
        if fits(&text) {
            return Ok(());
        }
        first.get_or_insert(text);
    }
    Err(first.unwrap_or_default())
}
