//! A request and its protocol, as values that the steps of the gateway pass on.

use crate::error::{ApiError, Result};
use crate::gateway::authenticate::crypto::Algorithm;
use crate::gateway::authenticate::signing::{Mistake, OtherWay, Signing};
use crate::gateway::frame::Frame;
use crate::gateway::host::{host_name, without_scheme};
use crate::gateway::protocol::words::Words;
use crate::gateway::request::{Answer, RawRequest};
use crate::gateway::rules::Rules;
use crate::operation::Body;
use crate::params::{Origin, Params};
use crate::services::{Format, Front};
use crate::text::{BucketName, Scalar, Timestamp, region_of_host};
use crate::world::account::{Account, Bucket};
use crate::world::{Now, Source, State, World};
use compact_str::CompactString;
use std::fmt;

/// A protocol: reads requests and writes responses. A protocol of one product is a file or folder below `protocol/` and
/// a line in [`crate::gateway::protocol::ALL`].
pub(crate) struct Protocol {
    /// Code of its product; `None` for the API gateway, which serves many.
    pub(crate) product: Option<&'static str>,
    /// Prefix of the headers that only this protocol has; empty without such headers.
    pub(crate) headers: &'static str,
    /// Returns `true` for a host that only this protocol answers, whatever a request looks like.
    pub(crate) owns: fn(&str) -> bool,
    /// Errors for invalid credentials.
    pub(crate) words: Words,
    /// Reads a request of this protocol, and every request at its own hosts. Reading never fails: [`Call::problem`]
    /// keeps the error.
    pub(crate) read: fn(Arrived<'_>) -> Option<Call>,
    /// Rejects a call before its credential is checked.
    pub(crate) admit: fn(Asked<'_>) -> Result<()>,
    /// Writes an error response.
    pub(crate) refusal: fn(&Frame<'_>, &ApiError) -> Answer,
    /// Adds the headers common to all responses.
    pub(crate) common: fn(&Frame<'_>, Answer) -> Answer,
    /// Form of the responses of stubs.
    pub(crate) stubs: StubForm,
}

/// Form of the responses of stubs in a protocol.
pub(crate) enum StubForm {
    /// That of the API gateway.
    Envelope,
    /// An XML document, or the content of an object.
    Document,
    /// One that the protocol writes.
    Own(fn(&Frame<'_>, &dyn Body) -> Answer),
    /// Stubs cannot respond.
    Nothing,
}

/// A request form of a protocol, with its way of signing. "v1" and "v3" are generations of signatures.
pub(crate) struct Form {
    /// Name in the journal.
    pub(crate) name: &'static str,
    pub(crate) protocol: &'static Protocol,
    /// True if the request names an action and does not use the path.
    pub(crate) is_rpc: bool,
    /// True if signatures name the headers that they cover, so that other headers are unsigned.
    pub(crate) names_headers: bool,
    /// Returns the algorithm of a signature; `None` if this form does not support it.
    pub(crate) algorithm: fn(&Signed) -> Option<Algorithm>,
    /// Returns the signed texts and the way to make the key.
    pub(crate) signing: for<'a> fn(Sent<'a>, Algorithm) -> Signing<'a>,
    /// Checks the signed time and scope, before the key lookup. Returns the time until which the request is valid.
    pub(crate) in_time: fn(Sent<'_>, Asked<'_>) -> Result<Timestamp>,
    /// Checks the body against its signed hash. In v3 the hash is part of the string to sign.
    pub(crate) body_fits: fn(&RawRequest) -> Result<()>,
    /// Rejects a request after its signature was verified: it also fits another reading, or it signs a policy that it does not meet.
    pub(crate) reads_one_way: fn(Sent<'_>, Asked<'_>) -> Result<()>,
    /// Returns the error for a wrong signature. Arguments: signature, signed text, string to sign.
    pub(crate) mismatch: fn(&Signed, &str, &str) -> ApiError,
    /// Returns typical mistakes of clients that use this form.
    pub(crate) mistakes: for<'a> fn(Sent<'a>, Algorithm) -> Vec<Mistake<'a>>,
    /// Returns other ways of signing that clients confuse with this one.
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

/// A request before parsing.
#[derive(Clone, Copy)]
pub(crate) struct Arrived<'a> {
    pub(crate) request: &'a RawRequest,
    /// `Host` in lower case.
    pub(crate) host: &'a str,
    /// True if only the protocol that reads the request answers at this host.
    pub(crate) at_own_host: bool,
    /// Source that counts if a v1 parameter is in both query and body.
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

/// A call to authenticate, with the data needed for it.
#[derive(Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub(crate) request: &'a RawRequest,
    pub(crate) call: &'a Call,
    pub(crate) world: &'a World,
    /// State as the call sees keys.
    pub(crate) state: &'a State,
    pub(crate) now: Now,
    pub(crate) rules: &'a Rules,
    /// Origin of the call.
    pub(crate) source: Source<'a>,
    /// Front of the product.
    pub(crate) front: &'static Front,
}

/// Credential of a request.
#[derive(Debug)]
pub(crate) enum Shown {
    /// No credential.
    Nothing,
    /// Bearer token.
    Bearer(CompactString),
    /// Key and signature.
    Signed(Signed),
}

/// A signature and its inputs.
#[derive(Debug, Default)]
pub(crate) struct Signed {
    /// AccessKey ID; may be empty.
    pub(crate) key: CompactString,
    /// Security token.
    pub(crate) token: Option<CompactString>,
    /// The signature.
    pub(crate) signature: Option<CompactString>,
    /// Signature method or algorithm.
    pub(crate) method: Option<CompactString>,
    /// v3: names of the signed headers; OSS V4: names of the additional signed headers.
    pub(crate) signed_headers: CompactString,
    /// The signed time, as sent.
    pub(crate) time: Option<CompactString>,
    /// The nonce.
    pub(crate) nonce: Option<CompactString>,
    /// Expiry of a signed URL, as sent.
    pub(crate) expires: Option<CompactString>,
    /// Scope of the derived key, `<date>/<region>/<product>/aliyun_v4_request`; empty if the key is not derived.
    pub(crate) scope: CompactString,
}

impl Signed {
    /// Returns `true` if v3 signs a header.
    pub(crate) fn signs(&self, name: &str) -> bool {
        self.signed_headers.split(';').any(|one| one.eq_ignore_ascii_case(name))
    }
}

/// Permissions that a request needs, in a protocol whose requests name no action.
#[derive(Debug)]
pub(crate) struct Asking {
    /// Region in the ARNs of the resources.
    pub(crate) region: CompactString,
    /// True if the resources are buckets and objects: `bucket` or `bucket/key`.
    pub(crate) is_about_buckets: bool,
    /// Actions in policies, without the product, and their resources, relative to region and account. The caller needs
    /// all of them.
    pub(crate) needs: Vec<(CompactString, String)>,
    /// Condition keys of the request.
    pub(crate) keys: Vec<(CompactString, String)>,
}

impl Asking {
    /// Asks for actions on buckets and objects.
    pub(crate) fn in_buckets(
        needs: Vec<(CompactString, String)>,
        keys: Vec<(CompactString, String)>,
    ) -> Self {
        Self { region: "*".into(), is_about_buckets: true, needs, keys }
    }

    /// Asks for an action on resources that are not in buckets.
    pub(crate) fn of(action: &str, region: &str, resources: Vec<String>) -> Self {
        let needs = resources.into_iter().map(|resource| (action.into(), resource)).collect();
        Self { region: region.into(), is_about_buckets: false, needs, keys: Vec::new() }
    }

    /// Returns the bucket of a resource.
    pub(crate) fn bucket<'a>(&self, resource: &str, state: &'a State) -> Option<(&'a Account, &'a Bucket)> {
        if !self.is_about_buckets {
            return None;
        }
        let name = resource.split('/').next().unwrap_or_default();
        state.bucket(&BucketName::parse(name).ok()?).ok()
    }

    /// Returns `true` if it is about objects in buckets.
    pub(crate) fn is_about_objects(&self) -> bool {
        self.needs.iter().any(|(_, resource)| resource.contains('/'))
    }

    /// Returns `true` if the ACLs of the buckets let everybody do it.
    pub(crate) fn is_open(&self, state: &State) -> bool {
        let opens = |(action, resource): &(CompactString, String)| {
            self.bucket(resource, state).is_some_and(|(_, bucket)| bucket.acl.opens(action))
        };
        !self.needs.is_empty() && self.needs.iter().all(opens)
    }
}

/// A parsed request.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) form: &'static Form,
    pub(crate) action: CompactString,
    /// Another name of the action, which scenarios may use; empty without one.
    pub(crate) also: CompactString,
    /// Permissions that the call needs, if the protocol reads them from the request; `None` if the operation says it.
    pub(crate) asking: Option<Box<Asking>>,
    pub(crate) version: CompactString,
    /// Format of the response; `None` for the default of the product.
    pub(crate) format: Option<Format>,
    pub(crate) params: Params,
    pub(crate) shown: Shown,
    /// `Host` as received.
    pub(crate) host: CompactString,
    /// True if a v1 parameter is in both query and body, so that the request has two readings.
    pub(crate) is_contested: bool,
    /// True if the body is empty or has a type that holds parameters.
    pub(crate) body_is_read: bool,
    /// True if the protocol answers CORS preflights itself.
    pub(crate) has_own_preflight: bool,
    /// Error found while reading.
    pub(crate) problem: Option<ApiError>,
}

impl Call {
    /// Creates a call of a protocol that has neither versions nor formats.
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
            also: CompactString::default(),
            asking: None,
            version: CompactString::default(),
            format: Some(Format::Json),
            params,
            shown,
            host: host.into(),
            is_contested: false,
            body_is_read: true,
            has_own_preflight: false,
            problem: None,
        }
    }

    /// Returns the host without scheme and port, in lower case. Python's tea clients put a whole URL into the header.
    ///
    /// Source: docs/evidence/gateway.md section 0.
    pub(crate) fn host_name(&self) -> &str {
        host_name(&self.host)
    }

    /// Returns the region in the host: `cn-hangzhou` of `sts.cn-hangzhou.aliyuncs.com`.
    pub(crate) fn region_of_host(&self) -> Option<&str> {
        region_of_host(self.host_name())
    }

    /// Returns `true` if the host may identify the product. v3 must sign it, which Java's core omits.
    pub(crate) fn host_is_signed(&self) -> bool {
        match &self.shown {
            Shown::Signed(signed) if self.form.names_headers => signed.signs("host"),
            _ => true,
        }
    }

    /// Returns the host without scheme, with the port if there was one.
    pub(crate) fn authority(&self) -> &str {
        without_scheme(&self.host)
    }

    /// Returns the security token, if it is not empty.
    pub(crate) fn token(&self) -> Option<&str> {
        match &self.shown {
            Shown::Signed(signed) => signed.token.as_deref().filter(|token| !token.is_empty()),
            _ => None,
        }
    }

    /// Returns the AccessKey ID.
    pub(crate) fn key(&self) -> Option<&str> {
        match &self.shown {
            Shown::Signed(signed) => Some(signed.key.as_str()).filter(|key| !key.is_empty()),
            _ => None,
        }
    }
}
