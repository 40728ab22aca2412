//! Error codes of Message Service (MNS), which is not behind the API gateway.
//!
//! Source: the page "Error codes" (help.aliyun.com/document_detail/27501.htm, 2026), if an entry names no other.

use crate::error::entries;

entries! {
    /// Missing permission; the host of another account. Observed: aliyun/ali-mns tests, where the secret is wrong, too.
    DENIED = 403 "AccessDenied" "The OwnerId that your Access Key Id associated to is forbidden for this operation.";
    /// No `Authorization`.
    MISSING_AUTHORIZATION = 400 "MissingAuthorizationHeader" "Authorization header is required.";
    /// `Authorization` is malformed.
    INVALID_AUTHORIZATION = 400 "InvalidAuthorizationHeader" "The Authorization header format is invalid.";
    /// No `Date`.
    MISSING_DATE = 400 "MissingDateHeader" "Date header is required.";
    /// `Date` has another format.
    INVALID_DATE = 400 "InvalidDateHeader" "The Date header format is invalid.";
    /// The signed time differs by more than 15 minutes. Status: Go clients of MNS. The text is UNCERTAIN.
    TIME_EXPIRED = 408 "TimeExpired" "The http request you sent is expired.";
    /// Unknown key; the page has another text. Observed: aliyun/ali-mns tests.
    KEY_NOT_FOUND = 403 "InvalidAccessKeyId" "The access Id you provided is not exist.";
    /// Disabled key. UNCERTAIN: no source shows it.
    KEY_DISABLED = 403 "InvalidAccessKeyId" "The access Id you provided is disabled.";
    /// The token is malformed or belongs to another key. UNCERTAIN: salesforce/multicloudj knows that `InvalidSecurityToken` is
    /// no code of MNS.
    TOKEN_INVALID = 403 "AccessDenied" "The security token you provided is invalid.";
    /// The token has expired. UNCERTAIN: no source shows it.
    TOKEN_EXPIRED = 403 "AccessDenied" "The security token you provided has expired.";
    /// Wrong signature. Code and status: the page "403 SignatureDoesNotMatch"; the text is UNCERTAIN.
    SIGNATURE_MISMATCH = 403 "SignatureDoesNotMatch" "The request signature we calculated does not match the signature you provided. Check your key and signing method.";
    /// `Content-MD5` does not match the body. The misspelling is the service's.
    INVALID_DIGEST = 400 "InvalidDegist" "The Content-MD5 you specified is invalid.";
    /// A header that must be unique occurs twice. UNCERTAIN.
    DOUBLED_HEADER = 400 "InvalidArgument" "The header {} is invalid.";
    /// Our own: a valid request that alimock does not run.
    NOT_RUN = 405 "UnsupportedOperation" "alimock does not run this request: it checks keys, signatures and permissions only.";
}
