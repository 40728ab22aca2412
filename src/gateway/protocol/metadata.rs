//! The metadata service of an ECS instance: paths, no signatures, tokens in a header. Source: docs/evidence/clients.md 3.4, ECS "Instance
//! metadata", canonical/cloud-init "AliYun".

use crate::error::{ApiError, Result, metadata};
use crate::gateway::authenticate::crypto::KeyStep;
use crate::gateway::authenticate::signing::Signing;
use crate::gateway::call::{Arrived, Asked, Call, Form, Protocol, Shown, StubForm};
use crate::gateway::frame::{Frame, date, document};
use crate::gateway::host::{METADATA, host_name, is_alibaba};
use crate::gateway::protocol::api;
use crate::gateway::protocol::path::{decoded, tell};
use crate::gateway::request::{Answer, header};
use crate::operation::Document;
use crate::params::Params;
use crate::text::Timestamp;
use http::header::{AUTHORIZATION, DATE};
use http::{Method, StatusCode};
use serde::Serialize;

pub(crate) static PROTOCOL: Protocol = Protocol {
    product: Some("Metadata"),
    headers: "",
    owns: |host| host == METADATA,
    // It takes no credential that could be wrong.
    words: api::WORDS,
    read,
    admit,
    refusal,
    common: with_common,
    stubs: StubForm::Nothing,
};

/// Requests are not signed: no signature fits.
static FORM: Form = Form {
    name: "metadata",
    protocol: &PROTOCOL,
    is_rpc: false,
    names_headers: false,
    algorithm: |_| None,
    signing: |_, _| Signing::of(std::iter::empty(), KeyStep::Suffix("")),
    in_time: |_, asked| Ok(asked.now.gateway),
    body_fits: |_| Ok(()),
    reads_one_way: |_, _| Ok(()),
    mismatch: |_, _, _| metadata::TOKEN_REFUSED.error(),
    mistakes: |_, _| Vec::new(),
    other_ways: |_, _| Vec::new(),
};

const TOKEN: &str = "x-aliyun-ecs-metadata-token";
const TTL: &str = "x-aliyun-ecs-metadata-token-ttl-seconds";
/// Action that creates a token.
const CREATE_TOKEN: &str = "CreateToken";

/// Reads a metadata request: by the address, or by an unsigned path below `/latest/` on any other host.
fn read(arrived: Arrived<'_>) -> Option<Call> {
    let Arrived { request, host, at_own_host, .. } = arrived;
    let name = host_name(host);
    let uri = request.uri();
    let by_path = || {
        uri.path().starts_with("/latest/")
            && uri.query().is_none()
            && !request.headers().contains_key(AUTHORIZATION)
            && !is_alibaba(name)
    };
    if !at_own_host && !by_path() {
        return None;
    }
    let mut params = Params::default();
    let (action, method) = action(uri.path(), &mut params);
    if action == CREATE_TOKEN {
        tell(&mut params, "TtlSeconds", &header(request.headers(), TTL).unwrap_or_default());
    }
    let problem = (request.method() != method).then(|| metadata::METHOD_REFUSED.error());
    Some(Call { problem, ..Call::of_protocol(host, &FORM, Shown::Nothing, action, params) })
}

/// Returns the action of a path, and its method. The version is `latest` or `2016-01-01`. Capitals make no difference: older pages
/// and clients have `Ram/security-credentials`. UNCERTAIN: that this holds for every item.
fn action(path: &str, params: &mut Params) -> (&'static str, Method) {
    let all: Vec<String> = path.split('/').filter(|part| !part.is_empty()).map(decoded).collect();
    let parts: Vec<&str> = all.iter().map(String::as_str).collect();
    let lower: Vec<String> = all.iter().map(|part| part.to_ascii_lowercase()).collect();
    let lower: Vec<&str> = lower.iter().map(String::as_str).collect();
    let ["latest" | "2016-01-01", ref rest @ ..] = lower[..] else {
        // Without a version, the only item is the list of versions.
        tell(params, "Path", &format!("/{}", parts.join("/")));
        return ("GetItem", Method::GET);
    };
    let action = match *rest {
        ["api", "token"] => return (CREATE_TOKEN, Method::PUT),
        ["meta-data", "ram", "security-credentials"] => "ListRoles",
        ["meta-data", "ram", "security-credentials", _] => {
            tell(params, "RoleName", parts[parts.len() - 1]);
            "GetRoleCredentials"
        }
        ["dynamic", "instance-identity", "document"] => "GetIdentityDocument",
        ["user-data"] => "GetUserData",
        _ => {
            tell(params, "Item", &parts[1..].join("/"));
            "GetItem"
        }
    };
    (action, Method::GET)
}

/// Checks that the world has an instance, and that the call has a token if one is required. A token must be valid even
/// if it is optional (UNCERTAIN).
fn admit(asked: Asked<'_>) -> Result<()> {
    let Asked { request, call, world, state, now, .. } = asked;
    let machine = state
        .machine()
        .ok_or_else(|| metadata::ITEM_NOT_FOUND.error().with_note("this world has no instance"))?;
    if call.action == CREATE_TOKEN {
        return Ok(());
    }
    let refused = |why: &str| Err(metadata::TOKEN_REFUSED.error().with_note(why));
    match header(request.headers(), TOKEN) {
        Some(token) if world.opens(machine, &token, now.resource) => Ok(()),
        Some(_) => refused("the token has expired, or this world did not issue it"),
        None if machine.settings().requires_token() => {
            refused("the instance requires a token, and the request has none")
        }
        None => Ok(()),
    }
}

/// Writes an error: for credentials a document, otherwise the page of a small web server, as observed for a 404: aliyun/aliyun-cli
/// issue 525 (2022). UNCERTAIN: the pages of other statuses.
fn refusal(frame: &Frame<'_>, error: &ApiError) -> Answer {
    #[derive(Serialize)]
    #[serde(rename_all = "PascalCase")]
    struct Failed<'a> {
        code: &'a str,
        message: &'a str,
        last_updated: Timestamp,
    }
    if error.is_business {
        let failed = Failed { code: &error.code, message: &error.message, last_updated: frame.at };
        return with_common(frame, document(&Document::json(&failed)));
    }
    let reason = StatusCode::from_u16(error.status).ok().and_then(|status| status.canonical_reason());
    let title = format!("{} - {}", error.status, reason.unwrap_or("Refused"));
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"iso-8859-1\"?>\n<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Transitional//EN\"\n         \
         \"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd\">\n\
         <html xmlns=\"http://www.w3.org/1999/xhtml\" xml:lang=\"en\" lang=\"en\">\n <head>\n  \
         <title>{title}</title>\n </head>\n <body>\n  <h1>{title}</h1>\n </body>\n</html>\n"
    );
    let refused = Document { status: error.status, kind: Some("text/html"), headers: Vec::new(), body };
    with_common(frame, document(&refused))
}

/// Adds the header of all responses.
fn with_common(frame: &Frame<'_>, mut answer: Answer) -> Answer {
    answer.headers_mut().insert(DATE, date(frame.now));
    answer
}
