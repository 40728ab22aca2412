//! Error codes of FunctionCompute 2.0 (FC, version 2016-08-15), which signs in its own way.
//!
//! Source: the page "Error codes" (document_detail/154973, 2026), if an entry names no other.

use crate::error::entries;

entries! {
    /// Missing permission; action and resource. Observed: lithops-cloud/lithops 781, Serverless-Devs/Serverless-Devs 350 (2021).
    DENIED = 403 "AccessDenied" "the caller is not authorized to perform '{}' on resource '{}'";
    /// The host of another account. Observed: alibaba/funcraft 86 (2018).
    NOT_YOURS = 403 "AccessDenied" "The service or function doesn't belong to you.";
    /// The account has not activated FC. Observed: Serverless-Devs/Serverless-Devs 282 (2021).
    NOT_ENABLED = 403 "AccessDenied" "FC service is not enabled for current user.";
    /// A header is missing. Observed: aliyun/fc-nodejs-sdk 43 (2019), for `Date`.
    MISSING_HEADER = 400 "MissingRequiredHeader" "required HTTP header {} was not specified";
    /// No `Authorization`.
    MISSING_AUTHORIZATION = 400 "MissingRequiredHeader" "required HTTP header Authorization was not specified";
    /// `Authorization` or `Date` is malformed, a header occurs twice. UNCERTAIN: the text.
    INVALID_ARGUMENT = 400 "InvalidArgument" "HTTP header {} is invalid";
    /// Unknown key. Observed: tests of aliyun/fc-nodejs-sdk.
    KEY_NOT_FOUND = 403 "InvalidAccessKeyID" "invalid access key ID '{}'";
    /// Disabled key. UNCERTAIN: no source shows it.
    KEY_DISABLED = 403 "InvalidAccessKeyID" "access key ID '{}' is disabled";
    /// The token is malformed or belongs to another key. UNCERTAIN: no source shows it.
    TOKEN_INVALID = 403 "AccessDenied" "the security token is invalid";
    /// The token has expired. UNCERTAIN: no source shows it.
    TOKEN_EXPIRED = 403 "AccessDenied" "the security token has expired";
    /// Wrong signature. Observed in part: tests of aliyun/fc-nodejs-sdk.
    SIGNATURE_MISMATCH = 403 "SignatureNotMatch" "The request signature we calculated does not match the signature you provided. Check your access key and signing method";
    /// The signed time differs by more than 15 minutes. UNCERTAIN: no source shows it.
    TIME_EXPIRED = 403 "AccessDenied" "the request time {} differs too much from the server time {}";
    /// Our own: a valid request that alimock does not run. The page has the code for an unsupported path.
    NOT_RUN = 400 "PathNotSupported" "alimock does not run this request; a stub of the world can answer it, see docs/products.md";
}
