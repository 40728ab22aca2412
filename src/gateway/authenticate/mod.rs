//! Step 4: who calls. The checks come in the order of docs/evidence/gateway.md section 8, which stands here as the order of lines.
//!
//! UNCERTAIN: that order is known only in part (an unknown key beats missing parameters, a wrong secret too). A forged
//! signature must not burn the nonce of a later good request: the nonce comes last.

pub(crate) mod canonical;
mod cause;
pub(crate) mod crypto;
pub(crate) mod signing;

use crate::error::{self, ApiError, Dialect, Result, gateway};
use crate::gateway::parse::{CONTENT_SHA256, CONTENT_SM3, Call, Form, Shown, Signed, header, unsigned_in_v3};
use crate::gateway::protocol::{Protocol, Words, metadata, odps, oss};
use crate::gateway::{RawRequest, Rules};
use crate::operation::Audience;
use crate::text::{AccessKeyId, Timestamp};
use crate::world::account::{Account, KeyMaterial, KeyStatus, Status};
use crate::world::{Caller, Credential, Now, State, World};
use crypto::Algorithm;
use signing::Signing;

/// Who calls, and with which key.
#[derive(Debug)]
pub(crate) struct Authenticated {
    pub(crate) caller: Caller,
    pub(crate) key: Option<AccessKeyId>,
}

/// Authenticates a call.
pub(crate) fn caller(
    request: &RawRequest,
    call: &Call,
    audience: Audience,
    world: &World,
    state: &State,
    now: Now,
    rules: &Rules,
) -> Result<Authenticated> {
    if call.form.protocol() == Protocol::Metadata {
        metadata::admit(request, call, world, (state, now.resource))?;
    }
    if audience == Audience::Anonymous {
        // A signature that comes with such a call is ignored. Source: docs/evidence/sts.md section 1.
        return Ok(Authenticated { caller: Caller::Nobody, key: None });
    }
    let words = call.form.protocol().words();
    match &call.shown {
        Shown::Nothing => Err(words.nothing.error()),
        Shown::Bearer(token) => bearer(token, state, words),
        Shown::Signed(signed) => signer(request, call, signed, world, state, now, rules),
    }
}

/// UNCERTAIN: no source shows the refusal of a bearer token. Source: docs/evidence/gateway.md section 4.
fn bearer(token: &str, state: &State, words: &Words) -> Result<Authenticated> {
    if token.is_empty() {
        return Err(error::missing(Dialect::Ram, "BearerToken"));
    }
    let (account, caller) = state.bearer(token).ok_or_else(|| words.bearer.about("BearerToken"))?;
    usable(account, words)?;
    Ok(Authenticated { caller, key: None })
}

fn signer(
    request: &RawRequest,
    call: &Call,
    signed: &Signed,
    world: &World,
    state: &State,
    now: Now,
    rules: &Rules,
) -> Result<Authenticated> {
    let protocol = call.form.protocol();
    let words = protocol.words();
    // The last moment at which this very request can be accepted; other protocols have no nonces.
    let mut until = now.gateway;
    match protocol {
        Protocol::Gateway => {
            common_parameters(call, signed)?;
            let time = signed_time(call.form, signed.time.as_deref().unwrap_or_default())?;
            let window = rules.window(call.form);
            in_window(time, now.gateway, window)?;
            until = time.plus_millis(window);
        }
        Protocol::Odps => {
            odps::in_time(signed, now.gateway)?;
            odps::in_scope(call, signed)?;
        }
        Protocol::Oss => {
            oss::signature::in_time(call.form, signed, now.gateway)?;
            oss::signature::in_region(call, signed, request.uri().path(), state)?;
        }
        Protocol::Metadata => {}
    }

    let unknown = || unknown_key(signed, world, now.resource, words);
    let credential = state.credential(&signed.key).ok_or_else(unknown)?;
    let (key, material, caller) = match credential {
        Credential::Key { key, account, caller } => {
            usable(account, words)?;
            if key.status == KeyStatus::Inactive {
                return Err(words.inactive.error());
            }
            if let Some(token) = &signed.token {
                return Err(foreign_token(token, world, state, words));
            }
            (&key.id, &key.material, caller)
        }
        Credential::Session { session, account, caller } => {
            usable(account, words)?;
            let token = signed.token.as_deref().filter(|token| !token.is_empty());
            let token = token.ok_or_else(|| words.no_token.error())?;
            if token != session.token.reveal() {
                return Err(foreign_token(token, world, state, words));
            }
            if session.enforced_expiry <= now.resource {
                return Err(words.token_expired.error());
            }
            (&session.id, &session.material, caller)
        }
    };
    let algorithm = algorithm_of(call.form, signed).ok_or_else(|| words.method.error())?;
    body_fits(request, call.form)?;
    verify(request, call, signed, algorithm, material).map_err(|error| {
        let mismatch = cause::explain(request, (call, signed), algorithm, material, state);
        ApiError { mismatch: Some(Box::new(mismatch.clone())), ..error.with_note(mismatch.cause) }
    })?;
    reads_one_way(request, call)?;
    if !rules.unsigned_headers {
        headers_are_signed(request, call.form, signed)?;
    }

    // ROA v1 and v3 may come without a nonce. Source: docs/evidence/gateway.md 3.1, docs/evidence/corrections.md section 8.
    if let Some(nonce) = &signed.nonce
        && (nonce.is_empty() || !world.nonces.use_once(&signed.key, nonce, now.gateway, until))
    {
        return Err(gateway::NONCE_USED.error());
    }
    Ok(Authenticated { caller, key: Some(key.clone()) })
}

/// How a signature is made; nothing when the form does not have the way that it says.
fn algorithm_of(form: Form, signed: &Signed) -> Option<Algorithm> {
    match form {
        Form::OdpsV2 | Form::OdpsV4 | Form::OssV1 => Some(Algorithm::HmacSha1),
        Form::OssV4 => Some(Algorithm::Oss4Sha256),
        Form::Metadata => None,
        Form::RpcV1 | Form::RoaV1 | Form::RpcV3 | Form::RoaV3 => {
            let algorithm = Algorithm::named(signed.method.as_deref().unwrap_or_default())?;
            (algorithm.is_acs3() == matches!(form, Form::RpcV3 | Form::RoaV3)).then_some(algorithm)
        }
    }
}

/// What every signed call must have, by the gateway's rule `Missing<Name>`. Source: docs/evidence/gateway.md 6.1.
fn common_parameters(call: &Call, signed: &Signed) -> Result<()> {
    if signed.key.is_empty() {
        return Err(gateway::MISSING_ACCESS_KEY_ID.error());
    }
    let rpc_v1 = call.form == Form::RpcV1;
    let time_name = if call.form == Form::RoaV1 { "Date" } else { "Timestamp" };
    let checks = [
        ("Signature", signed.signature.as_deref().is_none_or(str::is_empty)),
        ("SignatureMethod", rpc_v1 && signed.method.as_deref().is_none_or(str::is_empty)),
        ("SignatureVersion", rpc_v1 && call.params.get("SignatureVersion").is_none()),
        ("SignatureNonce", rpc_v1 && signed.nonce.is_none()),
        (time_name, signed.time.as_deref().is_none_or(str::is_empty)),
    ];
    match checks.into_iter().find(|(_, missing)| *missing) {
        Some((name, _)) => Err(error::missing(Dialect::Ram, name)),
        None => Ok(()),
    }
}

/// The signed time. Fractions of a second are refused in v3 and taken in v1: two official Node clients send them there.
///
/// Source: docs/evidence/gateway.md section 8, docs/evidence/clients.md 2.10 and captures/node-sts-sdk.json, captures/ali-oss.json.
fn signed_time(form: Form, text: &str) -> Result<Timestamp> {
    let bad = || gateway::TIMESTAMP_FORMAT.error();
    match form {
        Form::RoaV1 => Timestamp::parse_http(text).ok_or_else(bad),
        Form::RpcV1 => Timestamp::parse_signed(text).map(|(at, _)| at).ok_or_else(bad),
        _ => {
            Timestamp::parse_signed(text).filter(|(_, fraction)| !fraction).map(|(at, _)| at).ok_or_else(bad)
        }
    }
}

fn in_window(signed: Timestamp, now: Timestamp, window_millis: i64) -> Result<()> {
    let apart = (now.as_millis() - signed.as_millis()).abs();
    if apart <= window_millis {
        return Ok(());
    }
    let side = if signed > now { "ahead of" } else { "behind" };
    let note = format!("the signed time is {} s {side} the gateway clock, which shows {now}", apart / 1000);
    Err(gateway::TIMESTAMP_EXPIRED.error().with_note(note))
}

/// An id that cannot be one gets the older code (docs/evidence/gateway.md 6.1). A temporary credential is forgotten when it is over,
/// but its token still tells that it once was good.
fn unknown_key(signed: &Signed, world: &World, now: Timestamp, words: &Words) -> ApiError {
    let id = &signed.key;
    let token = signed.token.as_deref().filter(|token| !token.is_empty());
    match token.and_then(|token| world.made_token(token)) {
        Some(made) if made.key.as_str() == id && made.expiry <= now => words.token_expired.error(),
        _ if !(words.can_be)(id) => words.impossible.error(),
        _ => words.unknown.error(),
    }
}

/// A token that is not this key's: somebody else's, or none at all.
fn foreign_token(token: &str, world: &World, state: &State, words: &Words) -> ApiError {
    if world.made_token(token).is_some() || state.knows_token(token) {
        words.token_mismatch.error()
    } else {
        words.token_malformed.error()
    }
}

/// Disabling an account stops its keys, closing it makes them unknown: INFERRED in docs/evidence/account.md 1.6. The codes are those
/// of a key, because no other was seen (UNCERTAIN).
fn usable(account: &Account, words: &Words) -> Result<()> {
    match account.status() {
        Status::Disabled => Err(words.inactive.error().with_note("the account is disabled")),
        Status::Closed => Err(words.unknown.error().with_note("the account is closed")),
        _ => Ok(()),
    }
}

/// Whether the signature of a call fits the key that it names.
pub(crate) fn fits(request: &RawRequest, call: &Call, state: &State) -> bool {
    let Shown::Signed(signed) = &call.shown else { return false };
    let material = match state.credential(&signed.key) {
        Some(Credential::Key { key, .. }) => &key.material,
        Some(Credential::Session { session, .. }) => &session.material,
        None => return false,
    };
    let algorithm = algorithm_of(call.form, signed);
    algorithm.is_some_and(|algorithm| verify(request, call, signed, algorithm, material).is_ok())
}

/// Whether the body is the one whose hash is signed. Version 3 has its hash in the string to sign.
pub(crate) fn body_fits(request: &RawRequest, form: Form) -> Result<()> {
    if form == Form::OssV4 {
        oss::signature::payload_fits(request)?;
    }
    let Some(claimed) = header(request.headers(), "content-md5") else { return Ok(()) };
    let fits = || claimed == crypto::content_md5(request.body());
    match form {
        Form::RoaV1 if !fits() => Err(gateway::CONTENT_MD5_MISMATCH.error()),
        Form::OssV1 | Form::OssV4 if !fits() => Err(oss::signature::body_differs(&claimed)),
        // UNCERTAIN: no source shows what MaxCompute says of it.
        Form::OdpsV2 | Form::OdpsV4 if !odps::is_md5_of(&claimed, request.body()) => {
            let note = "`Content-MD5` is not that of the body";
            Err(error::odps::SIGNATURE_MISMATCH.error().with_note(note))
        }
        _ => Ok(()),
    }
}

/// Refuses a request whose string to sign has a second reading.
fn reads_one_way(request: &RawRequest, call: &Call) -> Result<()> {
    let path = request.uri().path();
    let (is_good, known) = match call.form {
        Form::OssV1 => (oss::signature::reads_one_way(call, path), &error::oss::SIGNATURE_MISMATCH),
        Form::OdpsV2 | Form::OdpsV4 => {
            (odps::reads_one_way(&call.params, path), &error::odps::SIGNATURE_MISMATCH)
        }
        _ => return Ok(()),
    };
    let note = "the string to sign has no escapes: path or query would read as another request";
    if is_good { Ok(()) } else { Err(known.error().with_note(note)) }
}

/// Refuses a v3 request that leaves a header unsigned on which it depends. `host` may be left out, as Java's core does: it is not
/// read then (see [`Call::host_is_signed`]).
///
/// UNCERTAIN: the code; no source shows what the gateway says of it. Source: docs/evidence/gateway.md 2.3.
fn headers_are_signed(request: &RawRequest, form: Form, signed: &Signed) -> Result<()> {
    if !matches!(form, Form::RpcV3 | Form::RoaV3) {
        return Ok(());
    }
    match unsigned_in_v3(request, signed) {
        Some(name) => Err(gateway::UNSIGNED_HEADER.about(name).with_note(format!(
            "the request depends on the header `{name}` and does not sign it: name it in `SignedHeaders`"
        ))),
        None => Ok(()),
    }
}

/// Checks the signature against every string to sign that an official client may have meant.
pub(crate) fn verify(
    request: &RawRequest,
    call: &Call,
    signed: &Signed,
    algorithm: Algorithm,
    material: &KeyMaterial,
) -> Result<()> {
    let payload_fits = match call.form {
        Form::RpcV3 | Form::RoaV3 => {
            let claimed =
                header(request.headers(), CONTENT_SHA256).or_else(|| header(request.headers(), CONTENT_SM3));
            claimed.is_none_or(|claimed| claimed == algorithm.hash(request.body()).as_str())
        }
        _ => true,
    };
    let Signing { texts, head, step } = Signing::of(request, call, signed, algorithm);
    let signature = signed.signature.as_deref().unwrap_or_default();
    let fits = |text: &str| {
        let to_sign = signing::to_sign(head.as_deref(), algorithm, text);
        payload_fits && algorithm.verifies(material, step, &to_sign, signature)
    };
    first_fit(texts, fits).map_err(|text| match call.form {
        Form::RpcV1 | Form::RoaV1 | Form::Metadata => gateway::SIGNATURE_MISMATCH.about(text),
        Form::RpcV3 | Form::RoaV3 => gateway::SIGNATURE_MISMATCH_V3.about(format_args!(
            "StringToSign is [{}] server CanonicalRequest is [{text}]",
            signing::to_sign(head.as_deref(), algorithm, &text)
        )),
        Form::OdpsV2 | Form::OdpsV4 => error::odps::SIGNATURE_MISMATCH.error(),
        Form::OssV1 => oss::signature::mismatch(signed, &text, None),
        Form::OssV4 => {
            let to_sign = signing::to_sign(head.as_deref(), algorithm, &text);
            oss::signature::mismatch(signed, &to_sign, Some(&text))
        }
    })
}

/// Succeeds when one of the texts fits; else gives back the first, which is the documented one.
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
