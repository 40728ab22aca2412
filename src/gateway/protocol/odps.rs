//! The REST protocol of MaxCompute. Source: docs/evidence/account.md 6.5, package pyodps 0.13.2 (`odps/accounts.py`, `odps/rest.py`).

use crate::error::{self, ApiError, Result, odps};
use crate::gateway::authenticate::crypto::{self, Algorithm, KeyStep};
use crate::gateway::authenticate::signing::{Signing, other_method};
use crate::gateway::call::{Arrived, Asked, Call, Form, Protocol, Sent, Shown, Signed, StubForm};
use crate::gateway::frame::{Frame, ascii, date, document, escape, in_cdata};
use crate::gateway::host::{host_name, is_maxcompute};
use crate::gateway::protocol::oss::signature::day;
use crate::gateway::protocol::path::{capitalized, decoded, tell};
use crate::gateway::protocol::words::{TWO_READINGS, Words};
use crate::gateway::request::{Answer, RawRequest, header, text};
use crate::operation::Document;
use crate::params::{Origin, Params};
use crate::text::Timestamp;
use compact_str::CompactString;
use http::Method;
use http::header::{AUTHORIZATION, DATE};
use md5::{Digest, Md5};
use std::collections::BTreeMap;

/// Maximum distance between `Date` and the gateway clock. Source: docs/evidence/account.md 6.5.
const WINDOW_MILLIS: i64 = 15 * 60_000;
/// Suffix of a V4 credential.
const V4: &str = "aliyun_v4_request";
/// Path prefix of the service on its real host.
const PREFIX: &str = "/api";
const TOKEN: &str = "authorization-sts-token";
const BEARER: &str = "x-odps-bearer-token";

pub(crate) static PROTOCOL: Protocol = Protocol {
    product: Some("Odps"),
    headers: "x-odps-",
    owns: is_maxcompute,
    words: WORDS,
    read,
    admit: |_| Ok(()),
    refusal,
    common: with_common,
    stubs: StubForm::Document,
};

const FORM: Form = Form {
    name: "odps-v2",
    protocol: &PROTOCOL,
    is_rpc: false,
    names_headers: false,
    algorithm: |_| Some(Algorithm::HmacSha1),
    signing: |sent, _| {
        let texts = texts(sent.request, &sent.call.params).into_iter();
        Signing::of(texts, KeyStep::of_scope(&sent.signed.scope))
    },
    in_time,
    body_fits,
    reads_one_way: |sent, _| reads_one_way(&sent.call.params, sent.path()),
    mismatch: |_, _, _| odps::SIGNATURE_MISMATCH.error(),
    mistakes: |_, _| vec![other_method()],
    other_ways: |_, _| Vec::new(),
};

/// `Authorization: ODPS <id>:...`.
static V2_FORM: Form = FORM;
/// `Authorization: ODPS <id>/<date>/<region>/odps/aliyun_v4_request:...`.
static V4_FORM: Form = Form { name: "odps-v4", ..FORM };

/// No separate code for a disabled key or for a token was observed. Source: docs/evidence/account.md 6.5.
const WORDS: Words = Words {
    nothing: &odps::MISSING_AUTHENTICATION,
    inactive: &odps::KEY_DISABLED,
    token_expired: &odps::TOKEN_EXPIRED,
    bearer: &odps::TOKEN_INVALID,
    method: &odps::UNSUPPORTED_METHOD,
    not_run: &odps::NOT_SUPPORTED,
    ..Words::of_few(&odps::KEY_NOT_FOUND, &odps::TOKEN_INVALID, &odps::INVALID_AUTHENTICATION)
};

/// Reads a request to MaxCompute: by its credential or, without one, by host or path.
fn read(arrived: Arrived<'_>) -> Option<Call> {
    let Arrived { request, host, at_own_host, .. } = arrived;
    let headers = request.headers();
    let path = request.uri().path();
    let authorization = header(headers, AUTHORIZATION);
    let credential = authorization.as_deref().and_then(|text| text.strip_prefix("ODPS"));
    let is_ours = at_own_host || credential.is_some() || headers.contains_key(BEARER);
    if !is_ours && (authorization.is_some() || !is_path(path)) {
        return None;
    }
    // A credential of another protocol, at a host of MaxCompute.
    let mut problem =
        (credential.is_none() && authorization.is_some()).then(|| odps::INVALID_AUTHENTICATION.error());
    let (form, shown) = match (credential, text(headers, BEARER)) {
        (Some(credential), _) => {
            let (form, signed) = signed(request, credential).unwrap_or_else(|error| {
                problem = Some(error);
                (&V2_FORM, Signed::default())
            });
            (form, Shown::Signed(signed))
        }
        (None, Some(bearer)) => (&V2_FORM, Shown::Bearer(bearer)),
        (None, None) => (&V2_FORM, Shown::Nothing),
    };
    let mut params = Params::default();
    if let Some(query) = request.uri().query() {
        params.push_encoded(query.as_bytes(), Origin::Query);
        params.sort();
        params.keep_one_each(Origin::Query);
    }
    let action = action(request.method(), path, &mut params);
    let of_scope = match &shown {
        Shown::Signed(signed) => signed.scope.split('/').nth(1).map(CompactString::from),
        _ => None,
    };
    let region = of_scope.or_else(|| region_of(host_name(host)).map(CompactString::from));
    tell(&mut params, "RegionId", &region.unwrap_or_default());
    Some(Call { problem, ..Call::of_protocol(host, form, shown, action, params) })
}

fn is_path(path: &str) -> bool {
    let first = path.strip_prefix("/api/").and_then(|rest| rest.split('/').next());
    first.is_some_and(|first| matches!(first, "projects" | "tenants"))
}

/// Returns the region that a host names.
fn region_of(host: &str) -> Option<&str> {
    let name = is_maxcompute(host).then(|| host.split('.').nth(1))??;
    let name = name.strip_suffix("-vpc").or_else(|| name.strip_suffix("-internal")).unwrap_or(name);
    name.contains('-').then_some(name)
}

/// Reads `<id>:<signature>`; in V4 the scope follows the id.
fn signed(request: &RawRequest, credential: &str) -> Result<(&'static Form, Signed)> {
    let malformed = || odps::INVALID_AUTHENTICATION.error();
    let headers = request.headers();
    let (credential, signature) = credential.trim().rsplit_once(':').ok_or_else(malformed)?;
    let (key, scope) = credential.split_once('/').unwrap_or((credential, ""));
    if key.is_empty() || signature.is_empty() {
        return Err(malformed());
    }
    let form = if scope.is_empty() { &V2_FORM } else { &V4_FORM };
    if !scope.is_empty() {
        match scope.split('/').collect::<Vec<_>>()[..] {
            [date, region, "odps", V4] if !date.is_empty() && !region.is_empty() => {}
            [_, _, "odps", _] => return Err(odps::UNSUPPORTED_METHOD.error()),
            _ => return Err(malformed()),
        }
    }
    let signed = Signed {
        key: key.into(),
        token: text(headers, TOKEN),
        signature: Some(signature.into()),
        time: text(headers, DATE),
        scope: scope.into(),
        ..Signed::default()
    };
    Ok((form, signed))
}

/// Returns the action of a method and a path. Actions that alimock does not implement get names by the same rule. The
/// path is decoded, because it is signed decoded.
fn action(method: &Method, path: &str, params: &mut Params) -> String {
    let path = decoded(path);
    let path = path.strip_prefix(PREFIX).filter(|rest| rest.starts_with('/')).unwrap_or(&path);
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let verb = capitalized(&method.as_str().to_ascii_lowercase());
    let named = |name: &str, verb: &str| format!("{verb}{}", capitalized(name));
    match parts[..] {
        ["projects"] if method == Method::GET => "ListProjects".to_owned(),
        ["projects", project] => {
            // `?policy`, `?extended` and similar queries address a part of the project.
            let part = sub_resource(params).map(|part| named(part, "")).unwrap_or_default();
            tell(params, "Project", project);
            format!("{verb}Project{part}")
        }
        ["tenants"] if method == Method::GET => "GetTenant".to_owned(),
        ["logview", "host"] if method == Method::GET => "GetLogviewHost".to_owned(),
        ["projects", project, ref rest @ ..] => {
            tell(params, "Project", project);
            named(rest.iter().step_by(2).next_back().copied().unwrap_or_default(), &verb)
        }
        _ => named(parts.first().copied().unwrap_or("service"), &verb),
    }
}

/// Returns the parameter without a value that names a part of the resource.
fn sub_resource(params: &Params) -> Option<&str> {
    let is_common = |name: &str| name.starts_with("curr_") || name.starts_with("x-odps-");
    params.iter().find(|(name, value, _)| value.is_empty() && !is_common(name)).map(|(name, _, _)| name)
}

/// Returns the strings to sign: method, signed headers sorted by name, resource. The first is for a client whose
/// endpoint has the path `/api`, which is not signed; the second for one whose endpoint has no path.
fn texts(request: &RawRequest, params: &Params) -> Vec<String> {
    let mut lines: BTreeMap<String, String> =
        ["content-md5", "content-type", "date"].map(|name| (name.to_owned(), String::new())).into();
    for name in request.headers().keys().map(http::HeaderName::as_str) {
        if name.starts_with("x-odps-") || lines.contains_key(name) {
            lines.insert(name.to_owned(), header(request.headers(), name).unwrap_or_default().into_owned());
        }
    }
    let queries = params.iter().filter(|(_, _, origin)| *origin == Origin::Query);
    let queries: BTreeMap<&str, &str> = queries.map(|(name, value, _)| (name, value)).collect();
    let of_query = queries.iter().filter(|(name, _)| name.starts_with("x-odps-"));
    lines.extend(of_query.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    let shown = |(name, value): (&String, &String)| {
        if name.starts_with("x-odps-") { format!("{name}:{value}\n") } else { format!("{value}\n") }
    };
    let head: String = lines.iter().map(shown).collect();
    let pair = |(name, value): (&&str, &&str)| {
        if value.is_empty() { (*name).to_owned() } else { format!("{name}={value}") }
    };
    let query: Vec<String> = queries.iter().map(pair).collect();
    let query = if query.is_empty() { String::new() } else { format!("?{}", query.join("&")) };
    let path = decoded(request.uri().path());
    let below = path.strip_prefix(PREFIX).filter(|rest| rest.starts_with('/'));
    let paths = below.into_iter().chain([path.as_str()]);
    paths.map(|path| format!("{}\n{head}{path}{query}", request.method())).collect()
}

/// Rejects a string to sign with a second reading: it holds path and query without escapes.
fn reads_one_way(params: &Params, path: &str) -> Result<()> {
    let mut queries = params.iter().filter(|(_, _, origin)| *origin == Origin::Query);
    let is_good = !decoded(path).contains('?')
        && queries.all(|(name, value, _)| !name.contains(['&', '=']) && !value.contains('&'));
    if is_good { Ok(()) } else { Err(odps::SIGNATURE_MISMATCH.error().with_note(TWO_READINGS)) }
}

/// Checks `Content-MD5`: base64, or hexadecimal as pyodps writes it. UNCERTAIN: the code.
fn body_fits(request: &RawRequest) -> Result<()> {
    let body = request.body();
    match header(request.headers(), "content-md5") {
        Some(claimed)
            if claimed != crypto::content_md5(body) && claimed != crypto::hex(&Md5::digest(body)) =>
        {
            Err(odps::SIGNATURE_MISMATCH.error().with_note("`Content-MD5` is not that of the body"))
        }
        _ => Ok(()),
    }
}

/// Checks that a V4 credential is for the region of the host and for the day of the signed time. Clients read the clock
/// twice, so around midnight either day is valid.
///
/// UNCERTAIN: the code. Source: package pyodps 0.13.2 (`odps/accounts.py`).
fn in_scope(Sent { call, signed, .. }: Sent<'_>) -> Result<()> {
    let [signed_day, region] = [0, 1].map(|part| signed.scope.split('/').nth(part).unwrap_or_default());
    let of_host = region_of(call.host_name());
    let at = Timestamp::parse_http(signed.time.as_deref().unwrap_or_default());
    let is_day = |at: Timestamp| {
        [-WINDOW_MILLIS, WINDOW_MILLIS].iter().any(|apart| day(at.plus_millis(*apart)) == signed_day)
    };
    let wrong = if signed.scope.is_empty() {
        return Ok(());
    } else if !at.is_some_and(is_day) {
        format!("the credential is of another day: `{signed_day}`")
    } else if of_host.is_some_and(|of_host| of_host != region) {
        format!("the credential is for another region than the host: `{region}`")
    } else {
        return Ok(());
    };
    Err(odps::INVALID_AUTHENTICATION.error().with_note(wrong))
}

/// Checks that the signed time is close to the gateway clock. Requests have no nonces.
fn in_time(sent: Sent<'_>, asked: Asked<'_>) -> Result<Timestamp> {
    let (signed, now) = (sent.signed, asked.now.gateway);
    let time = signed.time.as_deref().unwrap_or_default();
    let time = Timestamp::parse_http(time).ok_or_else(|| {
        odps::INVALID_AUTHENTICATION
            .error()
            .with_note(format!("`Date` is `{time}`, which is no RFC 1123 date"))
    })?;
    if (now.as_millis() - time.as_millis()).abs() <= WINDOW_MILLIS {
        return in_scope(sent).map(|()| now);
    }
    let [time, now] = [time, now].map(Timestamp::with_millis);
    let seen = format!("max_interval_date:{WINDOW_MILLIS},expire_date:{time},now_date:{now}");
    Err(odps::REQUEST_EXPIRED.about(seen))
}

/// Writes an error.
fn refusal(frame: &Frame<'_>, error: &ApiError) -> Answer {
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error>\n\t<Code>{}</Code>\n\t<Message><![CDATA[{}]]></Message>\n\t\
         <RequestId>{}</RequestId>\n\t<HostId>{}</HostId>\n</Error>",
        escape(error::odps::class(&error.code)),
        in_cdata(&error::odps::text(&error.code, &error.message)),
        frame.ids.request_id(),
        escape(frame.host),
    );
    let refused = Document { status: error.status, kind: Some("application/xml"), headers: Vec::new(), body };
    with_common(frame, document(&refused))
}

/// Adds the headers of all responses of MaxCompute.
fn with_common(frame: &Frame<'_>, mut answer: Answer) -> Answer {
    let headers = answer.headers_mut();
    headers.insert(DATE, date(frame.now));
    headers.insert("x-odps-request-id", ascii(&frame.ids.request_id()));
    answer
}
