//! Error codes of OSS, which is not behind the API gateway.
//!
//! Source of all: docs/evidence/account.md 6.4 and section 7 (`AlibabaCloudDocs/oss`: "OSS 403", "403错误"), and the responses in the tests of
//! the official Go package (alibabacloud-oss-go-sdk-v2). If an entry says UNCERTAIN, the text comes from other published responses.

use crate::error::entries;

entries! {
    /// RAM does not allow the request. UNCERTAIN: the page lists many texts. First entry of its code, so a fault rule with this code uses it.
    ACCESS_DENIED = 403 "AccessDenied" "You have no right to access this object because of bucket acl.";

    // ---- credentials ---------------------------------------------------------------------------------------------
    /// Unknown or deleted key, or a key with spaces. Observed: Molunerfinn/PicGo 466.
    ACCESS_KEY_NOT_FOUND = 403 "InvalidAccessKeyId" "The OSS Access Key Id you provided does not exist in our records.";
    /// Disabled key. Observed: 1Panel-dev/1Panel 12223.
    ACCESS_KEY_DISABLED = 403 "InvalidAccessKeyId" "The OSS Access Key Id you provided is disabled.";
    /// A malformed id. The rest of the text is unknown. UNCERTAIN.
    ACCESS_KEY_IMPOSSIBLE = 403 "InvalidAccessKeyId" "The OSS Access Key Id contains non-acceptable characters.";
    /// Wrong secret. Source: "OSS 403", tests of the Go package.
    SIGNATURE_MISMATCH = 403 "SignatureDoesNotMatch" "The request signature we calculated does not match the signature you provided. Check your key and signing method.";
    /// The signed time differs by more than 15 minutes. Observed: aliyun/aliyun-oss-android-sdk 174.
    TIME_TOO_SKEWED = 403 "RequestTimeTooSkewed" "The difference between the request time and the current time is too large.";
    /// A signed URL has expired. UNCERTAIN.
    REQUEST_EXPIRED = 403 "AccessDenied" "Request has expired.";
    /// `Date` is missing or malformed. UNCERTAIN.
    NO_DATE = 403 "AccessDenied" "OSS authentication requires a valid Date.";
    /// `Expires` of a signed URL is not a number. UNCERTAIN.
    INVALID_EXPIRES = 403 "AccessDenied" "Invalid date (should be seconds since epoch): {}";
    /// `Authorization` is malformed, or its version is not supported (`OSS2`). UNCERTAIN.
    INVALID_AUTHORIZATION = 400 "InvalidArgument" "Authorization header is invalid.";
    /// V4: the product of the credential is not `oss`. Source: aliyun/alibabacloud-oss-python-sdk-v2 issue 74.
    INVALID_SIGNING_PRODUCT = 400 "InvalidArgument" "Invalid signing product in Authorization header.";
    /// V4: the region of the credential differs from the host or the bucket. Source: aliyun/aliyun-oss-python-sdk, tests.
    INVALID_SIGNING_REGION = 400 "InvalidArgument" "Invalid signing region in Authorization header.";
    /// V4: the day of the credential differs from the signed time. Source: aliyun/alibabacloud-oss-swift-sdk-v2 and
    /// aliyun/aliyun-oss-android-sdk, which read `ServerTime` of this response and repeat the request.
    INVALID_SIGNING_DATE = 400 "InvalidArgument" "Invalid signing date in Authorization header.";
    /// `Content-MD5` does not match the body. Observed: a response of 2025 with EC 0017-00000503 and the element `Content-MD5`.
    INVALID_DIGEST = 400 "InvalidDigest" "The Content-MD5 you specified was invalid.";
    /// The token is malformed. The text is UNCERTAIN. Source: "OSS 403".
    INVALID_TOKEN = 403 "InvalidSecurityToken" "The security token you provided is invalid.";
    /// The token has expired. Source: "OSS 403".
    TOKEN_EXPIRED = 403 "SecurityTokenExpired" "The security token you provided has expired.";
    /// The token belongs to another key. The text is UNCERTAIN. Source: "OSS 403".
    TOKEN_MISMATCH = 403 "AccessKeyIdAndSecurityTokenNotMatch" "The AccessKeyId and the security token you provided do not match.";

    // ---- permission ----------------------------------------------------------------------------------------------
    /// The request is not signed. UNCERTAIN.
    ANONYMOUS = 403 "AccessDenied" "Anonymous access is forbidden for this operation.";
    /// RAM does not allow `ListBuckets`. UNCERTAIN.
    LIST_FORBIDDEN = 403 "AccessDenied" "You are forbidden to list buckets.";
    /// The bucket belongs to another account. UNCERTAIN.
    NOT_YOURS = 403 "AccessDenied" "The bucket you access does not belong to you.";

    // ---- the account ---------------------------------------------------------------------------------------------
    /// Arrears after the grace of 24 hours, or a security lock. Observed: aliyun/oss-browser 520.
    USER_DISABLE = 403 "UserDisable" "UserDisable";
    /// The owner of the bucket is closed, restricted or in arrears. Source: "OSS 403".
    ABNORMAL_OWNER = 403 "AbnormalBucketOwnerStatus" "The status of the bucket owner is abnormal.";
    /// An International account that is not verified creates a bucket in the mainland. UNCERTAIN: the page shows only the EC, no
    /// code or text. Source: help.aliyun.com/en/oss/user-guide/0003-00000804.
    REAL_NAME_REQUIRED = 403 "UserVerificationRequired" "Your account has not passed the real-name registration, which buckets in the Chinese mainland need.";

    // ---- buckets -------------------------------------------------------------------------------------------------
    /// Unknown bucket. Source: tests of the Go package.
    NO_SUCH_BUCKET = 404 "NoSuchBucket" "The specified bucket does not exist.";
    /// Another account owns the name, or the bucket is in another region. Source: tests of the Go package.
    BUCKET_TAKEN = 409 "BucketAlreadyExists" "The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.";
    /// Invalid bucket name. UNCERTAIN.
    INVALID_BUCKET_NAME = 400 "InvalidBucketName" "The specified bucket is not valid.";
    /// Invalid object name. The text is UNCERTAIN. Source: "OSS 400".
    INVALID_OBJECT_NAME = 400 "InvalidObjectName" "The specified object is not valid.";
    /// `LocationConstraint` differs from the region of the host. UNCERTAIN.
    ILLEGAL_LOCATION = 400 "IllegalLocationConstraintException" "The {} location constraint is incompatible for the region specific endpoint this request was sent to.";
    /// Invalid value of a parameter, header or element. Source: package oss2 2.19.1, `exceptions.py`; the text is UNCERTAIN.
    INVALID_ARGUMENT = 400 "InvalidArgument" "The argument {} is invalid.";
    /// `x-oss-acl` has an unknown value. Source: tests of the Go package.
    NO_SUCH_ACL = 400 "InvalidArgument" "no such bucket access control exists";
    /// The body is not XML. Source: tests of the Go package.
    MALFORMED_XML = 400 "MalformedXML" "The XML you provided was not well-formed or did not validate against our published schema.";
    /// alimock does not implement the request. Source: package oss2 2.19.1, `exceptions.py` (400; pages say 501, which clients would repeat).
    NOT_IMPLEMENTED = 400 "NotImplemented" "alimock does not run this request: it has buckets, but nothing in them and no settings of theirs.";
}

/// Number in newer responses besides the code (`EC`), if known. Source: docs/evidence/account.md 6.4, tests of the
/// official Go package; UNCERTAIN: -504, -069 of 0002 and -001 of 0003, which neither shows.
pub fn ec(code: &str, message: &str) -> Option<&'static str> {
    let known = [
        (&ACCESS_KEY_IMPOSSIBLE, "0002-00000901"),
        (&ACCESS_KEY_NOT_FOUND, "0002-00000902"),
        (&ACCESS_KEY_DISABLED, "0002-00000903"),
        (&SIGNATURE_MISMATCH, "0002-00000040"),
        (&TIME_TOO_SKEWED, "0002-00000504"),
        (&REQUEST_EXPIRED, "0002-00000069"),
        (&INVALID_SIGNING_REGION, "0002-00000226"),
        (&INVALID_SIGNING_PRODUCT, "0002-00000227"),
        (&INVALID_DIGEST, "0017-00000503"),
        (&ACCESS_DENIED, "0003-00000001"),
        (&USER_DISABLE, "0003-00000801"),
        (&REAL_NAME_REQUIRED, "0003-00000804"),
        (&NO_SUCH_BUCKET, "0015-00000101"),
        (&BUCKET_TAKEN, "0015-00000104"),
    ];
    known.into_iter().find(|(known, _)| known.code == code && known.message == message).map(|(_, ec)| ec)
}
