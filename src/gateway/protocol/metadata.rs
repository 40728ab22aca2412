//! The metadata service of an ECS instance: paths, no signatures, tokens in a header. Source: docs/evidence/clients.md 3.4, ECS "Instance
//! metadata", canonical/cloud-init "AliYun".

use crate::error::{ApiError, Result, metadata};
use crate::gateway::authenticate::crypto::KeyStep;
use crate::gateway::authenticate::signing::Signing;
use crate::gateway::call::{Arrived, Asked, Call, Form, Protocol, Shown};
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
    // It takes no credential that could be wrong.
    words: api::WORDS,
    read,
    admit,
    refusal,
    common: with_common,
    success: None,
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
    let Arrived { request, host, .. } = arrived;
    let name = host_name(host);
    let uri = request.uri();
    let by_path = || {
        uri.path().starts_with("/latest/")
            && uri.query().is_none()
            && !request.headers().contains_key(AUTHORIZATION)
            && !is_alibaba(name)
    };
    if name != METADATA && !by_path() {
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

/// Returns the action of a path, and its method. The version is `latest` or `2016-01-01`.
fn action(path: &str, params: &mut Params) -> (&'static str, Method) {
    let all: Vec<String> = path.split('/').filter(|part| !part.is_empty()).map(decoded).collect();
    let parts: Vec<&str> = all.iter().map(String::as_str).collect();
    let ["latest" | "2016-01-01", ref rest @ ..] = parts[..] else {
        // Without a version, the only item is the list of versions.
        tell(params, "Path", &format!("/{}", parts.join("/")));
        return ("GetItem", Method::GET);
    };
    let action = match *rest {
        ["api", "token"] => return (CREATE_TOKEN, Method::PUT),
        ["meta-data", "ram", "security-credentials"] => "ListRoles",
        ["meta-data", "ram", "security-credentials", role] => {
            tell(params, "RoleName", role);
            "GetRoleCredentials"
        }
        ["dynamic", "instance-identity", "document"] => "GetIdentityDocument",
        ["user-data"] => "GetUserData",
        _ => {
            tell(params, "Item", &rest.join("/"));
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
        Some(_) => refused("the token is over, or none that this world made for its instance"),
        None if machine.settings().requires_token() => {
            refused("the instance requires tokens, and none was shown")
        }
        None => Ok(()),
    }
}

/// Writes an error: for credentials a document, otherwise a page of a small web server (UNCERTAIN).
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
        "<?xml version=\"1.0\" encoding=\"iso-8859-1\"?>\n<html xmlns=\"http://www.w3.org/1999/xhtml\">\n <head>\n  \
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
