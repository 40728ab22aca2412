//! Error codes of OSS, which is not behind the API gateway.
//!
//! Source of all: docs/evidence/account.md 6.4, which names the page, capture or test of each row. If an entry says UNCERTAIN, no source
//! shows it.

use crate::error::{ApiError, Known, entries};

entries! {
    /// RAM does not allow a request about an object. First entry of its code, so a fault rule with this code uses it.
    ACCESS_DENIED = 403 "AccessDenied" "You have no right to access this object because of bucket acl.";

    // ---- credentials ---------------------------------------------------------------------------------------------
    /// Unknown or deleted key, or a key with spaces.
    ACCESS_KEY_NOT_FOUND = 403 "InvalidAccessKeyId" "The OSS Access Key Id you provided does not exist in our records.";
    /// A temporary key without its token, known or not.
    TOKEN_MISSING = 403 "InvalidAccessKeyId" "The OSS Access Key Id you provided does not exist in our records. The Security Token may be lost to specify that it is a STS Access Id.";
    /// Disabled key.
    ACCESS_KEY_DISABLED = 403 "InvalidAccessKeyId" "The OSS Access Key Id you provided is disabled.";
    /// A malformed id.
    ACCESS_KEY_IMPOSSIBLE = 403 "InvalidAccessKeyId" "The OSS Access Key Id contains non-acceptable characters, which accepts only alphanumeric characters[0-9a-zA-Z] and several special characters[. _=]";
    /// Wrong secret.
    SIGNATURE_MISMATCH = 403 "SignatureDoesNotMatch" "The request signature we calculated does not match the signature you provided. Check your key and signing method.";
    /// The signed time differs by more than 15 minutes.
    TIME_TOO_SKEWED = 403 "RequestTimeTooSkewed" "The difference between the request time and the current time is too large.";
    /// A signed URL has expired.
    REQUEST_EXPIRED = 403 "AccessDenied" "Request has expired.";
    /// `Date` is missing or malformed.
    NO_DATE = 403 "AccessDenied" "OSS authentication requires a valid Date.";
    /// A signed URL lacks one of its parameters.
    INCOMPLETE_URL = 403 "AccessDenied" "Query string authentication requires the Signature, Expires and OSSAccessKeyId parameters.";
    /// `Expires` of a signed URL is not a number.
    INVALID_EXPIRES = 403 "AccessDenied" "Invalid date (should be seconds since epoch).";
    /// `Authorization` is malformed, or its version is not supported (`OSS2`).
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
    /// The token is malformed.
    INVALID_TOKEN = 403 "InvalidSecurityToken" "The security token you provided is invalid.";
    /// The token has expired.
    TOKEN_EXPIRED = 403 "SecurityTokenExpired" "The security token you provided has expired.";
    /// The token belongs to another key.
    TOKEN_MISMATCH = 403 "AccessKeyIdAndSecurityTokenNotMatch" "The OSS access key id and security token you provided does not match.";

    // ---- permission ----------------------------------------------------------------------------------------------
    /// The request is not signed.
    ANONYMOUS = 403 "AccessDenied" "Anonymous access is forbidden for this operation.";
    /// RAM does not allow `ListBuckets`.
    LIST_FORBIDDEN = 403 "AccessDenied" "You are forbidden to list buckets.";
    /// RAM does not allow a request about a bucket, or the bucket belongs to another account.
    NOT_YOURS = 403 "AccessDenied" "The bucket you access does not belong to you.";
    /// A statement of a RAM policy denies the request.
    DENIED_BY_POLICY = 403 "AccessDenied" "Access denied by bucket policy.";
    /// The policy of the session does not allow the request.
    DENIED_BY_SESSION = 403 "AccessDenied" "Access denied by authorizer's policy.";

    // ---- the account ---------------------------------------------------------------------------------------------
    /// Arrears after the grace of 24 hours, or a security lock.
    USER_DISABLE = 403 "UserDisable" "UserDisable";
    /// The owner of the bucket is closed, restricted or in arrears.
    ABNORMAL_OWNER = 403 "AbnormalBucketOwnerStatus" "The status of the bucket owner is abnormal.";
    /// An International account that is not verified creates a bucket in the mainland. UNCERTAIN: the page shows only the EC, no
    /// code or text. Source: help.aliyun.com/en/oss/user-guide/0003-00000804.
    REAL_NAME_REQUIRED = 403 "UserVerificationRequired" "Your account has not passed the real-name registration, which buckets in the Chinese mainland need.";

    // ---- buckets -------------------------------------------------------------------------------------------------
    /// Unknown bucket.
    NO_SUCH_BUCKET = 404 "NoSuchBucket" "The specified bucket does not exist.";
    /// Another account owns the name.
    BUCKET_TAKEN = 409 "BucketAlreadyExists" "The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.";
    /// The account owns the bucket, in another region.
    BUCKET_ELSEWHERE = 409 "BucketAlreadyExists" "Bucket already exists can't modify location.";
    /// The account owns the bucket, with another storage class. UNCERTAIN: also used for another redundancy.
    BUCKET_OF_OTHER_CLASS = 409 "BucketAlreadyExists" "Cannot modify existing bucket's storage class.";
    /// Invalid bucket name.
    INVALID_BUCKET_NAME = 400 "InvalidBucketName" "The specified bucket is not valid.";
    /// Invalid object name.
    INVALID_OBJECT_NAME = 400 "InvalidObjectName" "The specified object is not valid.";
    /// `LocationConstraint` differs from the region of the host. UNCERTAIN.
    ILLEGAL_LOCATION = 400 "IllegalLocationConstraintException" "The {} location constraint is incompatible for the region specific endpoint this request was sent to.";
    /// A bucket of another region: the host must be that of its region.
    OTHER_ENDPOINT = 403 "AccessDenied" "The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.";
    /// A bucket in the path at a host of OSS. Observed: documentation of apache/opendal (2022-06).
    SECOND_LEVEL_DOMAIN = 403 "SecondLevelDomainForbidden" "The bucket you are attempting to access must be addressed using OSS third level domain.";
    /// The same, to a client of S3. Observed: treeverse/lakeFS 3613 (2022-07), electron-userland/electron-builder 8674 (2024-11).
    SECOND_LEVEL_DOMAIN_S3 = 403 "SecondLevelDomainForbidden" "Please use virtual hosted style to access.";
    /// The resource does not support the method. Observed: hujinchen/Image_upload_aliyun 2, aliyun/aliyun-oss-csharp-sdk 121.
    METHOD_NOT_ALLOWED = 405 "MethodNotAllowed" "The specified method is not allowed against this resource.";
    /// A form is no `multipart/form-data`.
    MALFORMED_POST = 400 "MalformedPOSTRequest" "The body of your POST request is not well-formed multipart/form-data.";
    /// A form lacks a field, or has it after the file.
    FORM_FIELD_MISSING = 400 "InvalidArgument" "The bucket POST must contain the specified '{}'. If it is specified, please check the order of the fields";
    /// The policy of a form cannot be read. The end of most texts is UNCERTAIN.
    INVALID_POLICY = 400 "InvalidPolicyDocument" "Invalid Policy: {}";
    /// The policy of a form has expired.
    POLICY_EXPIRED = 403 "AccessDenied" "Invalid according to Policy: Policy expired.";
    /// A form does not meet a condition of its policy.
    POLICY_CONDITION = 403 "AccessDenied" "Invalid according to Policy: Policy Condition failed: {}";
    /// The file of a form is smaller than its policy allows. The text is UNCERTAIN.
    ENTITY_TOO_SMALL = 400 "EntityTooSmall" "Your proposed upload is smaller than the minimum allowed size.";
    /// The file of a form is larger than its policy allows. The text is UNCERTAIN.
    ENTITY_TOO_LARGE = 400 "EntityTooLarge" "Your proposed upload exceeds the maximum allowed size.";
    /// A CORS preflight: buckets have no rules. Observed: aliyun/alibabacloud-oss-sdk, tests.
    CORS_NOT_ENABLED = 403 "AccessForbidden" "CORSResponse: CORS is not enabled for this bucket.";
    /// `x-oss-copy-source` names no object. Source: `AlibabaCloudDocs/oss`, "HTTP 400 status code".
    INVALID_COPY_SOURCE = 400 "InvalidArgument" "Copy Source must mention the source bucket and key: /sourcebucket/sourcekey.";
    /// Invalid value of a parameter, header or element. Source: package oss2 2.19.1, `exceptions.py`; the text is UNCERTAIN.
    INVALID_ARGUMENT = 400 "InvalidArgument" "The argument {} is invalid.";
    /// `x-oss-acl` has an unknown value. Source: tests of the Go package.
    NO_SUCH_ACL = 400 "InvalidArgument" "no such bucket access control exists";
    /// The body is not XML. Source: tests of the Go package.
    MALFORMED_XML = 400 "MalformedXML" "The XML you provided was not well-formed or did not validate against our published schema.";
    /// alimock does not implement the request. Source: package oss2 2.19.1, `exceptions.py` (400; pages say 501, which clients would repeat).
    NOT_IMPLEMENTED = 400 "NotImplemented" "alimock does not run this request: it has buckets, but nothing in them and no settings of theirs.";
}

/// Element with the number of an error.
pub const NUMBER: &str = "EC";

/// Numbers of errors in newer responses (`EC`). The number may depend on a property of the request: the name of its form
/// (`oss-v4-url`), or `token` for a request with a token. The first row that fits counts. Source: docs/evidence/account.md 6.4.
const NUMBERS: &[(&Known, &str, &str)] = &[
    (&ACCESS_KEY_IMPOSSIBLE, "oss-v1-url", "0002-00000073"),
    (&ACCESS_KEY_IMPOSSIBLE, "oss-v4", "0002-00000206"),
    (&ACCESS_KEY_IMPOSSIBLE, "", "0002-00000901"),
    (&ACCESS_KEY_NOT_FOUND, "token", "0002-00000002"),
    (&ACCESS_KEY_NOT_FOUND, "", "0002-00000902"),
    (&TOKEN_MISSING, "", "0002-00000003"),
    (&ACCESS_KEY_DISABLED, "", "0002-00000904"),
    (&SIGNATURE_MISMATCH, "oss-v4", "0002-00000201"),
    (&SIGNATURE_MISMATCH, "oss-v4-url", "0002-00000201"),
    (&SIGNATURE_MISMATCH, "oss-post-v1", "0002-00000705"),
    (&SIGNATURE_MISMATCH, "oss-post-v4", "0002-00000705"),
    (&SIGNATURE_MISMATCH, "", "0002-00000040"),
    (&TIME_TOO_SKEWED, "oss-v4-url", "0002-00000235"),
    (&TIME_TOO_SKEWED, "", "0002-00000504"),
    (&REQUEST_EXPIRED, "oss-v4-url", "0002-00000236"),
    (&REQUEST_EXPIRED, "", "0002-00000069"),
    (&NO_DATE, "", "0002-00000503"),
    (&INVALID_EXPIRES, "oss-v1-url", "0002-00000070"),
    (&INVALID_SIGNING_REGION, "", "0002-00000226"),
    (&INVALID_SIGNING_PRODUCT, "", "0002-00000227"),
    (&INVALID_DIGEST, "", "0017-00000503"),
    (&INVALID_TOKEN, "", "0002-00000006"),
    (&TOKEN_EXPIRED, "", "0002-00000007"),
    (&ACCESS_DENIED, "", "0003-00000001"),
    (&ANONYMOUS, "", "0003-00001201"),
    (&NOT_YOURS, "", "0003-00000001"),
    (&DENIED_BY_POLICY, "", "0003-00000201"),
    (&DENIED_BY_SESSION, "", "0003-00000301"),
    (&OTHER_ENDPOINT, "", "0003-00001403"),
    (&CORS_NOT_ENABLED, "", "0003-00000601"),
    (&POLICY_EXPIRED, "", "0006-00000213"),
    (&ENTITY_TOO_SMALL, "", "0006-00000004"),
    (&USER_DISABLE, "", "0003-00000801"),
    (&REAL_NAME_REQUIRED, "", "0003-00000804"),
    (&NO_SUCH_BUCKET, "", "0015-00000101"),
    (&BUCKET_TAKEN, "", "0015-00000104"),
    (&INVALID_BUCKET_NAME, "", "0015-00000001"),
    (&SECOND_LEVEL_DOMAIN, "", "0003-00001401"),
    (&SECOND_LEVEL_DOMAIN_S3, "", "0003-00001401"),
];

/// Returns the number of an error (`EC`) in the response to a request with these properties, if known.
pub fn number<'a>(error: &'a ApiError, properties: &[&str]) -> Option<&'a str> {
    if let Some((_, number)) = error.details.iter().find(|(name, _)| *name == NUMBER) {
        return Some(number);
    }
    let fits = |(known, property, _): &&(&Known, &str, &str)| {
        known.code == error.code
            && known.message == error.message
            && (property.is_empty() || properties.contains(property))
    };
    NUMBERS.iter().find(fits).map(|(_, _, number)| *number)
}
