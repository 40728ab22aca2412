//! Error codes of Log Service (SLS), which is not behind the API gateway.
//!
//! Source: the page "Error codes" (help.aliyun.com/zh/sls/developer-reference/error-codes, 2026), if an entry names no other.

use crate::error::entries;

entries! {
    /// Missing permission; action and resource. First entry of its code, so a fault rule with this code uses it. Observed:
    /// AliyunContainerService/log-pilot 85 (2018), aliyun/aliyun-log-go-sdk 38 (2019).
    DENIED = 401 "Unauthorized" "denied by sts or ram, action: {}, resource: {}";

    // ---- credentials ---------------------------------------------------------------------------------------------
    /// No `Authorization`.
    MISSING_AUTHORIZATION = 400 "MissingParameter" "Missing http extend header key : authorization.";
    /// A header that the signature needs is missing.
    MISSING_HEADER = 400 "MissingParameter" "Missing http extend header key : {}.";
    /// `Authorization` is malformed.
    INVALID_AUTHORIZATION = 400 "ParameterInvalid" "Http extend authorization : {} pair is invalid.";
    /// Unknown signature method.
    INVALID_METHOD = 400 "ParameterInvalid" "x-log-signaturemethod: {} pair is invalid.";
    /// A header that must be unique occurs twice. UNCERTAIN.
    DOUBLED_HEADER = 400 "ParameterInvalid" "Http extend {} pair is invalid.";
    /// Unknown key; a temporary key without its token. Observed: aliyun-UED/aliyun-sdk-js 126 (2017).
    KEY_NOT_FOUND = 401 "Unauthorized" "AccessKeyId not found: {}";
    /// Disabled key.
    KEY_DISABLED = 401 "Unauthorized" "AccessKeyId is disabled: {}";
    /// An id that no key can have.
    KEY_IMPOSSIBLE = 401 "InvalidAccessKeyId" "The access key id you provided is invalid: {}.";
    /// The token is malformed or belongs to another key.
    TOKEN_INVALID = 401 "Unauthorized" "The security token you provided is invalid.";
    /// The token has expired.
    TOKEN_EXPIRED = 401 "Unauthorized" "The security token you provided has expired.";
    /// Wrong signature. Observed: aliyun-UED/aliyun-sdk-js 126 (2017), SLS "Data transformation FAQ" (2019); the page has another text.
    SIGNATURE_MISMATCH = 401 "SignatureNotMatch" "signature {} not match";
    /// The signed time differs by more than 15 minutes; signed time and clock. Observed: aliyun/aliyun-log-python-sdk, tests
    /// (2023), where the first blank is missing, too.
    TIME_EXPIRED = 400 "RequestTimeExpired" "request time{} has been expired while server time is {}";
    /// `Date` has another format.
    INVALID_TIME = 400 "InvalidRequestTime" "Request time {} not follow RFC822 spec.";

    // ---- the account ---------------------------------------------------------------------------------------------
    /// The account has not activated Log Service; the key. Observed: alibaba/funcraft 660 (2019-12) and 740, serverless/serverless 7468
    /// (2020-03). The page "Error codes" has "Your SLS service has not opened.", which nobody has shown.
    NOT_OPENED = 401 "InvalidAccessKeyId" "AccessKeyId {} is inactive";
    /// Services of the account are stopped.
    FORBIDDEN = 401 "Unauthorized" "Your SLS service has been forbidden.";

    /// Our own: a valid request that alimock does not run. The page has code and status for an unsupported request.
    NOT_RUN = 405 "InvalidMethod" "alimock does not run this request; a stub of the world can answer it, see docs/products.md";
}
