//! Shared parts of the products that sign method, `Content-MD5`, `Content-Type`, time, their own headers and a resource:
//! Log Service and its relatives. They name no action: [`crate::services::Paths`] knows which one a path is.

use crate::error::{ApiError, Known, Result};
use crate::gateway::authenticate::crypto::{self, content_md5};
use crate::gateway::call::{Asked, Asking, Call, Form, Shown};
use crate::gateway::frame::document;
use crate::gateway::protocol::path::{capitalized, decoded, tell};
use crate::gateway::request::{Answer, RawRequest, header};
use crate::operation::{Body, Document};
use crate::params::{Origin, Params};
use crate::services;
use crate::text::{DEFAULT_REGION, Timestamp};
use crate::world::Credential;
use http::Method;
use http::header::CONTENT_TYPE;
use md5::{Digest, Md5};
use std::collections::BTreeMap;

/// Maximum distance between a signed time and the gateway clock. Source: the error pages of these products.
const WINDOW_MILLIS: i64 = 15 * 60_000;

/// Returns the string to sign. `is_own` says which headers of the product it covers.
pub(crate) fn text(
    request: &RawRequest,
    time: &str,
    is_own: impl Fn(&str) -> bool,
    resource: &str,
) -> String {
    let value = |name: &str| header(request.headers(), name).unwrap_or_default().into_owned();
    let own = own_headers(request, is_own);
    let (md5, kind) = (value("content-md5"), value(CONTENT_TYPE.as_str()));
    format!("{}\n{md5}\n{kind}\n{time}\n{own}{resource}", request.method())
}

/// Returns headers as they are signed: a line each, sorted by name.
pub(crate) fn own_headers(request: &RawRequest, is_own: impl Fn(&str) -> bool) -> String {
    let names = request.headers().keys().map(http::HeaderName::as_str).filter(|name| is_own(name));
    let lines: BTreeMap<&str, _> = names.map(|name| (name, header(request.headers(), name))).collect();
    lines
        .iter()
        .map(|(name, value)| format!("{name}:{}\n", value.as_deref().unwrap_or_default().trim()))
        .collect()
}

/// Reads `<id>:<signature>` after the scheme of `Authorization`.
pub(crate) fn credential(text: &str) -> Option<(&str, &str)> {
    let (key, signature) = text.trim().rsplit_once(':')?;
    (!key.is_empty() && !signature.is_empty()).then_some((key, signature))
}

/// Returns `true` if a signed time is close to the gateway clock.
pub(crate) fn is_in_window(time: Timestamp, now: Timestamp) -> bool {
    (now.as_millis() - time.as_millis()).abs() <= WINDOW_MILLIS
}

/// Rejects a key of another account than the host names.
pub(crate) fn is_owner(asked: Asked<'_>, owner: Option<&str>, refused: &Known) -> Result<()> {
    let Some(credential) = asked.call.key().and_then(|key| asked.state.credential(key)) else {
        return Ok(());
    };
    let (Credential::Key { account, .. } | Credential::Session { account, .. }) = credential;
    let is_other = owner.is_some_and(|owner| owner != account.uid.to_string());
    if is_other { Err(refused.error().with_note("the host names another account")) } else { Ok(()) }
}

/// Returns the response of a stub in JSON.
pub(crate) fn json(body: &dyn Body, request_id: &str) -> Answer {
    let text = String::from_utf8_lossy(&body.json(request_id)).into_owned();
    let kind = Some("application/json");
    document(&Document { status: body.status(), kind, headers: Vec::new(), body: text })
}

/// Returns an error in JSON; `names` are those of code and message.
pub(crate) fn refused(error: &ApiError, names: [&str; 2]) -> Answer {
    let fields = BTreeMap::from([(names[0], &*error.code), (names[1], &*error.message)]);
    document(&Document { status: error.status, ..Document::json(&fields) })
}

/// Returns `true` if `Content-MD5` is absent or is that of the body: in Base64, in hex, or in Base64 of hex.
pub(crate) fn md5_fits(request: &RawRequest) -> bool {
    let Some(claimed) = header(request.headers(), "content-md5") else { return true };
    let hex = crypto::hex(&Md5::digest(request.body()));
    let forms = [content_md5(request.body()), crypto::base64(&hex)];
    claimed.eq_ignore_ascii_case(&hex) || forms.iter().any(|form| *form == claimed)
}

/// Returns `false` if a string to sign has a second reading: it holds path and query without escapes.
pub(crate) fn reads_one_way(params: &Params, path: &str) -> bool {
    let mut queries = params.iter().filter(|(_, _, origin)| *origin == Origin::Query);
    !decoded(path).contains('?')
        && queries.all(|(name, value, _)| !name.contains(['&', '=']) && !value.contains('&'))
}

/// Returns the query parameters, sorted by name.
pub(crate) fn queries(params: &Params) -> BTreeMap<&str, &str> {
    let queries = params.iter().filter(|(_, _, origin)| *origin == Origin::Query);
    queries.map(|(name, value, _)| (name, value)).collect()
}

/// Target of a request.
pub(crate) struct Target<'a> {
    /// Product code.
    pub(crate) product: &'static str,
    pub(crate) method: &'a Method,
    /// Path for the table of the product, decoded.
    pub(crate) path: &'a str,
    pub(crate) query: Option<&'a str>,
    /// Region that host or credential name.
    pub(crate) region: Option<&'a str>,
}

/// Creates the call of a request: its action, parameters, and what it needs permission for. An action that the table
/// lacks gets a name by the rule of MaxCompute's; its resource is all that the account has.
pub(crate) fn call(host: &str, form: &'static Form, shown: Shown, target: &Target<'_>) -> Call {
    let product = services::by_code(target.product).expect("the product of a protocol is in the table");
    let mut params = Params::default();
    params.push_encoded(target.query.unwrap_or_default().as_bytes(), Origin::Query);
    params.sort();
    params.keep_one_each(Origin::Query);
    let sent = params.clone();
    let method = target.method.as_str();
    let meaning = product.paths.and_then(|paths| paths.meaning(method, target.path, |name| sent.get(name)));
    let region = target.region.unwrap_or(DEFAULT_REGION);
    let (action, asking) = if let Some(meaning) = meaning {
        for (name, value) in &meaning.params {
            tell(&mut params, name, value);
        }
        (meaning.action.to_owned(), Asking::of(meaning.permission, region, meaning.resources))
    } else {
        let mut parts =
            target.path.rsplit('/').filter(|part| part.starts_with(|c: char| c.is_ascii_alphabetic()));
        let what = capitalized(parts.next().unwrap_or("service"));
        let action = capitalized(&method.to_ascii_lowercase()) + &what;
        let asking = Asking::of(&action, region, vec!["*".to_owned()]);
        (action, asking)
    };
    tell(&mut params, "RegionId", region);
    let version = product.versions.first().copied().unwrap_or_default().into();
    Call { version, asking: Some(Box::new(asking)), ..Call::of_protocol(host, form, shown, action, params) }
}
