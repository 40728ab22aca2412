//! What a signature is over and how its key is made, in every form that a request can have.

use crate::gateway::RawRequest;
use crate::gateway::authenticate::canonical;
use crate::gateway::authenticate::crypto::{Algorithm, KeyStep};
use crate::gateway::parse::{Call, Form, Signed};
use crate::gateway::protocol::{odps, oss::signature};
use std::borrow::Cow;

/// Parameters of signed calls besides those of the action. The journal leaves them out of a call that succeeded: they would take
/// more room than all the rest.
pub(crate) const PARAMETERS: [&str; 17] = [
    "AccessKeyId",
    "Action",
    "Format",
    "Signature",
    "SignatureMethod",
    "SignatureNonce",
    "SignatureType",
    "SignatureVersion",
    "Timestamp",
    "Version",
    // Of signed URLs of OSS.
    "Expires",
    "OSSAccessKeyId",
    "x-oss-credential",
    "x-oss-date",
    "x-oss-expires",
    "x-oss-signature",
    "x-oss-signature-version",
];

/// What a signature is over, and how its key is made.
pub(crate) struct Signing<'a> {
    /// What clients may have meant, the one of the documents first: strings to sign, or canonical requests when it is their hash
    /// that is signed.
    pub(crate) texts: Box<dyn Iterator<Item = String> + 'a>,
    /// What stands before the hash.
    pub(crate) head: Option<String>,
    /// What the key is besides the secret.
    pub(crate) step: KeyStep<'a>,
}

impl<'a> Signing<'a> {
    /// Of a call.
    pub(crate) fn of(
        request: &'a RawRequest,
        call: &'a Call,
        signed: &'a Signed,
        algorithm: Algorithm,
    ) -> Self {
        let params = &call.params;
        match call.form {
            Form::RpcV1 => Self {
                texts: Box::new(std::iter::once_with(|| {
                    canonical::rpc_v1(request.method().as_str(), params)
                })),
                head: None,
                step: KeyStep::Suffix("&"),
            },
            Form::RoaV1 => Self {
                texts: Box::new(canonical::roa_v1(request, params)),
                head: None,
                step: KeyStep::Suffix(""),
            },
            Form::RpcV3 | Form::RoaV3 => {
                let payload = algorithm.hash(request.body());
                let heads = canonical::acs3(request, params, &signed.signed_headers);
                Self {
                    texts: Box::new(heads.map(move |head| head + &payload)),
                    head: signed.method.as_ref().map(ToString::to_string),
                    step: KeyStep::Suffix(""),
                }
            }
            Form::OdpsV2 | Form::OdpsV4 => Self {
                texts: Box::new(odps::texts(request, params).into_iter()),
                head: None,
                step: KeyStep::of_scope(&signed.scope),
            },
            // Nobody signs it: no text fits.
            Form::Metadata => {
                Self { texts: Box::new(std::iter::empty()), head: None, step: KeyStep::Suffix("") }
            }
            Form::OssV1 => Self {
                texts: Box::new(std::iter::once_with(move || signature::v1(request, call, signed))),
                head: None,
                step: KeyStep::Suffix(""),
            },
            Form::OssV4 => Self {
                texts: Box::new(std::iter::once_with(move || signature::v4(request, call, signed))),
                head: Some(signature::v4_head(signed)),
                step: KeyStep::of_scope(&signed.scope),
            },
        }
    }
}

/// The string to sign of a text.
pub(crate) fn to_sign<'t>(head: Option<&str>, algorithm: Algorithm, text: &'t str) -> Cow<'t, str> {
    match head {
        Some(head) => Cow::Owned(format!("{head}\n{}", algorithm.hash(text.as_bytes()))),
        None => Cow::Borrowed(text),
    }
}
