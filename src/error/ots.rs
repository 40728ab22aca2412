//! Error codes of Table Store (Tablestore, OTS), which is not behind the API gateway.
//!
//! Source: the page "Error codes" (www.alibabacloud.com/help/en/tablestore/developer-reference/error-codes, 2026).

use crate::error::entries;

entries! {
    /// Missing permission.
    DENIED = 403 "OTSNoPermissionAccess" "You have no permission to access the requested resource, please contact the resource owner";
    /// Unknown key. Also tests of aliyun/aliyun-tablestore-python-sdk and ali-sdk/ots.
    KEY_NOT_FOUND = 403 "OTSAuthFailed" "The AccessKeyID does not exist.";
    /// Disabled key. Also tests of ali-sdk/ots.
    KEY_DISABLED = 403 "OTSAuthFailed" "The AccessKeyID is disabled.";
    /// Wrong signature. Also tests of aliyun/aliyun-tablestore-csharp-sdk.
    SIGNATURE_MISMATCH = 403 "OTSAuthFailed" "Signature mismatch.";
    /// The signed time differs by more than 15 minutes.
    TIME_EXPIRED = 403 "OTSAuthFailed" "Mismatch between system time and x-ots-date: {}.";
    /// `x-ots-contentmd5` does not match the body.
    MD5_MISMATCH = 403 "OTSAuthFailed" "Mismatch between MD5 value of request body and x-ots-contentmd5 in header.";
    /// Services of the account are stopped. Observed: two unidentified public files of 2026.
    USER_DISABLED = 403 "OTSAuthFailed" "The user is disabled.";
    /// The token is malformed or belongs to another key. UNCERTAIN: no source shows it.
    TOKEN_INVALID = 403 "OTSAuthFailed" "The security token is invalid.";
    /// The token has expired. UNCERTAIN: no source shows it.
    TOKEN_EXPIRED = 403 "OTSAuthFailed" "The security token is expired.";
    /// A header is missing.
    MISSING_HEADER = 400 "OTSParameterInvalid" "Missing header: '{}'.";
    /// No AccessKey ID.
    MISSING_KEY = 400 "OTSParameterInvalid" "Missing header: 'x-ots-accesskeyid'.";
    /// `x-ots-date` has another format.
    INVALID_DATE = 400 "OTSParameterInvalid" "Invalid date format: {}.";
    /// A header that must be unique occurs twice. UNCERTAIN.
    DOUBLED_HEADER = 400 "OTSParameterInvalid" "Invalid header: '{}'.";
    /// Another method than `POST`.
    NOT_POST = 405 "OTSMethodNotAllowed" "Only POST method for requests is supported.";
    /// Our own: a valid request that alimock does not run. The page has the code for an unsupported operation.
    NOT_RUN = 400 "OTSParameterInvalid" "alimock does not run this request: it checks keys, signatures and permissions only.";
}
