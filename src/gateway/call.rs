//! A call, and the protocol that it came by: both are values, which the steps above pass on.

use crate::error::{ApiError, Result};
use crate::gateway::authenticate::crypto::Algorithm;
use crate::gateway::authenticate::signing::{Mistake, OtherWay, Signing};
use crate::gateway::frame::Frame;
use crate::gateway::host::{host_name, without_scheme};
use crate::gateway::protocol::words::Words;
use crate::gateway::request::{Answer, RawRequest};
use crate::gateway::rules::Rules;
use crate::params::{Origin, Params};
use crate::services::Format;
use crate::text::Timestamp;
use crate::world::{Now, State, World};
use compact_str::CompactString;
use std::fmt;

/// A protocol: how its requests are read and how its answers look. One that belongs to a product of its own is a folder or file
/// below `protocol/` and a line in [`crate::gateway::protocol::ALL`].
pub(crate) struct Protocol {
    /// Code of its product; `None` for the API gateway, which serves many.
    pub(crate) product: Option<&'static str>,
    /// Start of the names of its own headers; empty when it has none.
    pub(crate) headers: &'static str,
    /// The answers to credentials that are not good.
    pub(crate) words: Words,
    /// Reads a request, if it is one of this protocol. Reading never fails: [`Call::problem`] keeps what is wrong.
    pub(crate) read: fn(Arrived<'_>) -> Option<Call>,
    /// Refuses a call before its credential is checked.
    pub(crate) admit: fn(Asked<'_>) -> Result<()>,
    /// Writes a refusal.
    pub(crate) refusal: fn(&Frame<'_>, &ApiError) -> Answer,
    /// Adds the headers that every answer has.
    pub(crate) common: fn(&Frame<'_>, Answer) -> Answer,
}

/// A form of requests of a protocol: how it signs. "v1" and "v3" are generations of signatures.
pub(crate) struct Form {
    /// Its name in the journal.
    pub(crate) name: &'static str,
    pub(crate) protocol: &'static Protocol,
    /// Whether the request names an action, and its path does not.
    pub(crate) is_rpc: bool,
    /// Whether signatures name the headers that they cover, so that others are unsigned.
    pub(crate) names_headers: bool,
    /// The algorithm of a signature; `None` when the form does not have the one that it names.
    pub(crate) algorithm: fn(&Signed) -> Option<Algorithm>,
    /// What a signature is over, and how its key is made.
    pub(crate) signing: for<'a> fn(Sent<'a>, Algorithm) -> Signing<'a>,
    /// Checks the signed time and scope, before the key is looked up. Returns the last moment at which this very request can be accepted.
    pub(crate) in_time: fn(Sent<'_>, Asked<'_>) -> Result<Timestamp>,
    /// Checks the body against its signed hash. Version 3 has the hash in the string to sign.
    pub(crate) body_fits: fn(&RawRequest) -> Result<()>,
    /// Refuses a request that could be read otherwise than it was signed.
    pub(crate) reads_one_way: fn(Sent<'_>, &Rules) -> Result<()>,
    /// The refusal of a signature that is not over a text; the last argument is the string to sign of that text.
    pub(crate) mismatch: fn(&Signed, &str, &str) -> ApiError,
    /// Mistakes that clients of this form make.
    pub(crate) mistakes: for<'a> fn(Sent<'a>, Algorithm) -> Vec<Mistake<'a>>,
    /// Other ways of signing that clients confuse with this one.
    pub(crate) other_ways: fn(Sent<'_>, Algorithm) -> Vec<OtherWay>,
}

impl PartialEq for Form {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl fmt::Debug for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// A request before it is read.
#[derive(Clone, Copy)]
pub(crate) struct Arrived<'a> {
    pub(crate) request: &'a RawRequest,
    /// `Host` in lower case.
    pub(crate) host: &'a str,
    /// The place whose value counts when a parameter of v1 is in the query and in the body.
    pub(crate) preferred: Origin,
}

/// A signed call.
#[derive(Clone, Copy)]
pub(crate) struct Sent<'a> {
    pub(crate) request: &'a RawRequest,
    pub(crate) call: &'a Call,
    pub(crate) signed: &'a Signed,
}

impl Sent<'_> {
    pub(crate) fn path(&self) -> &str {
        self.request.uri().path()
    }
}

/// A call whose caller is to be found out, and what it is judged by.
#[derive(Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub(crate) request: &'a RawRequest,
    pub(crate) call: &'a Call,
    pub(crate) world: &'a World,
    /// The state as the call sees keys.
    pub(crate) state: &'a State,
    pub(crate) now: Now,
    pub(crate) rules: &'a Rules,
}

/// The credential a request shows.
#[derive(Debug)]
pub(crate) enum Shown {
    /// None.
    Nothing,
    /// A bearer token.
    Bearer(CompactString),
    /// A key and a signature.
    Signed(Signed),
}

/// A signature and what it was made with.
#[derive(Debug, Default)]
pub(crate) struct Signed {
    /// The key id; may be empty.
    pub(crate) key: CompactString,
    /// The security token.
    pub(crate) token: Option<CompactString>,
    /// The signature.
    pub(crate) signature: Option<CompactString>,
    /// The signature method or algorithm.
    pub(crate) method: Option<CompactString>,
    /// v3: the names of the signed headers; OSS V4: of those that need not be.
    pub(crate) signed_headers: CompactString,
    /// The signed time, as sent.
    pub(crate) time: Option<CompactString>,
    /// The nonce.
    pub(crate) nonce: Option<CompactString>,
    /// Of a signed URL: how long it is good, as sent.
    pub(crate) expires: Option<CompactString>,
    /// What the key was derived for, `<date>/<region>/<product>/aliyun_v4_request`; empty when it was not.
    pub(crate) scope: CompactString,
}

impl Signed {
    /// Whether v3 signs a header.
    pub(crate) fn signs(&self, name: &str) -> bool {
        self.signed_headers.split(';').any(|one| one.eq_ignore_ascii_case(name))
    }
}

/// A parsed request.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) form: &'static Form,
    pub(crate) action: CompactString,
    pub(crate) version: CompactString,
    /// The format of the answer; `None` leaves it to the product.
    pub(crate) format: Option<Format>,
    pub(crate) params: Params,
    pub(crate) shown: Shown,
    /// `Host` as received.
    pub(crate) host: CompactString,
    /// Whether a parameter of v1 is in the query and in the body, so that there are two readings of the request.
    pub(crate) is_contested: bool,
    /// Whether the body, if there is one, is of a kind that holds parameters.
    pub(crate) body_is_read: bool,
    /// What is wrong with it.
    pub(crate) problem: Option<ApiError>,
}

impl Call {
    /// A call of a protocol that has neither versions nor formats.
    pub(crate) fn of_protocol(
        host: &str,
        form: &'static Form,
        shown: Shown,
        action: impl Into<CompactString>,
        mut params: Params,
    ) -> Self {
        params.sort();
        Self {
            form,
            action: action.into(),
            version: CompactString::default(),
            format: Some(Format::Json),
            params,
            shown,
            host: host.into(),
            is_contested: false,
            body_is_read: true,
            problem: None,
        }
    }

    /// The host without scheme and port, in lower case. Python's tea clients put a whole URL into the header.
    ///
    /// Source: docs/evidence/gateway.md section 0.
    pub(crate) fn host_name(&self) -> &str {
        host_name(&self.host)
    }

    /// The region that the host names: `cn-hangzhou` of `sts.cn-hangzhou.aliyuncs.com`.
    pub(crate) fn region_of_host(&self) -> Option<&str> {
        let region = self.host_name().strip_suffix(".aliyuncs.com")?.split('.').nth(1);
        region.filter(|region| *region != "vpc-proxy")
    }

    /// Whether the host may tell the product. Versions before v3 never sign it; v3 does, but for Java's core.
    pub(crate) fn host_is_signed(&self) -> bool {
        match &self.shown {
            Shown::Signed(signed) if self.form.names_headers => signed.signs("host"),
            _ => true,
        }
    }

    /// The host without scheme, with a port if the client named one.
    pub(crate) fn authority(&self) -> &str {
        without_scheme(&self.host)
    }

    /// The key id it shows.
    pub(crate) fn key(&self) -> Option<&str> {
        match &self.shown {
            Shown::Signed(signed) => Some(signed.key.as_str()).filter(|key| !key.is_empty()),
            _ => None,
        }
    }
}
