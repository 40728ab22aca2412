//! Error codes of the API gateway and of product front ends: authentication, permission, throttling, availability.
//!
//! Source of all: docs/evidence/gateway.md 6.1 to 6.4. Each entry names the source that the page gives.

use crate::error::entries;

entries! {
    // ---- 6.1 authentication, signature, time, nonce --------------------------------------------------------------
    /// The request has no credential. Observed: live test code with an empty key over v3; csharp-sdk issue 40.
    MISSING_ACCESS_KEY_ID = 400 "MissingAccessKeyId" "AccessKeyId is mandatory for this action.";
    /// Unknown or deleted key. Observed: honwen/aliyun-ddns-cli 24, aylei/aliyun-exporter 36.
    ACCESS_KEY_NOT_FOUND = 404 "InvalidAccessKeyId.NotFound" "Specified access key is not found.";
    /// A malformed id (spaces, quotes). Status UNCERTAIN, a public page prints 401. Observed: sanjusss/aliyun-ddns 77, certimate 720.
    ACCESS_KEY_INVALID = 404 "InvalidAccessKeyId" "Specified access key is not found or invalid.";
    /// Disabled key. Source: 60629, 213973, AlibabaCloudDocs/ecs "faascmd FAQ".
    ACCESS_KEY_INACTIVE = 400 "InvalidAccessKeyId.Inactive" "Specified access key is disabled.";
    /// Disabled key as ECS lists it. Source: ECS "Response results".
    ACCESS_KEY_DISABLED_ECS = 403 "Forbidden.AccessKeyDisabled" "The Access Key is disabled.";
    /// v1: the text ends with the server's string to sign; SDKs compare it with their own. Observed: alidns 2019, ddns-go 1130.
    SIGNATURE_MISMATCH = 400 "SignatureDoesNotMatch" "Specified signature is not matched with our calculation. server string to sign is:{}";
    /// v3. `{}` is `StringToSign is [..] server CanonicalRequest is [..]`. Observed: csharp-sdk 40, live test code.
    SIGNATURE_MISMATCH_V3 = 400 "SignatureDoesNotMatch" "Specified signature does not match our calculation. server {}";
    /// Our own: v3, a header that the request depends on is not signed. UNCERTAIN: no source shows code or text.
    UNSIGNED_HEADER = 400 "SignatureDoesNotMatch" "Specified signature does not match our calculation. The header {} is not signed.";
    /// DNS, old front. Source: help.aliyun.com/document_detail/30137.htm.
    SIGNATURE_MISMATCH_DNS = 403 "SignatureDoesNotMatch" "The signature we calculated does not match the one you provided. Please refer to the API reference about authentication for details.";
    /// ECS endpoint. Observed: fog/fog-aliyun 32.
    INCOMPLETE_SIGNATURE = 400 "IncompleteSignature" "The request signature does not conform to Aliyun standards. server string to sign is:{}";
    /// Source: 278265, 213973.
    INVALID_SIGNATURE_METHOD = 400 "InvalidSignatureMethod" "Specified signature method is not valid.";
    /// ECS, old; the misspelling is the service's. Source: ECS "Response results".
    INVALID_PARAMATER = 400 "InvalidParamater" "The specified parameter \"{}\" is not valid.";
    /// Source: 213973, 278265, old-pop.
    TIMESTAMP_FORMAT = 400 "InvalidTimeStamp.Format" "Specified time stamp or date value is not well formatted.";
    /// Observed: ddns-go 1291, 1652, 864, 49.
    TIMESTAMP_EXPIRED = 400 "InvalidTimeStamp.Expired" "Specified time stamp or date value is expired.";
    /// KMS and old ECS. Source: aliyun-openapi-python-sdk 41.
    ILLEGAL_TIMESTAMP = 400 "IllegalTimestamp" "The input parameter \"Timestamp\" that is mandatory for processing this request is not supplied.";
    /// Observed: acme.sh 1639 and 3585, alibaba-cloud-sdk-go 39.
    NONCE_USED = 400 "SignatureNonceUsed" "Specified signature nonce was used already.";
    /// ECS, old text. Source: ECS "Response results".
    NONCE_USED_ECS = 400 "SignatureNonceUsed" "The request signature nonce has been used.";
    /// A temporary key without its token. Observed: denverdino/aliyungo 204.
    MISSING_SECURITY_TOKEN = 400 "MissingSecurityToken" "SecurityToken is mandatory for this action.";
    /// Source: faascmd FAQ; DTS pages print 403.
    SECURITY_TOKEN_EXPIRED = 400 "InvalidSecurityToken.Expired" "Specified SecurityToken is expired.";
    /// Source: faascmd FAQ.
    SECURITY_TOKEN_MALFORMED = 400 "InvalidSecurityToken.Malformed" "Specified SecurityToken is malformed.";
    /// Source: faascmd FAQ.
    SECURITY_TOKEN_MISMATCH = 400 "InvalidSecurityToken.MismatchWithAccessKey" "Specified SecurityToken mismatch with the AccessKey.";
    /// Older name of `ACTION_NOT_FOUND`. Source: 60629, aliyun-openapi-python-sdk 129.
    API_NOT_FOUND = 404 "InvalidApi.NotFound" "Specified api is not found, please check your url and method.";
    /// Observed: openapi-sdk-php-client 230, aliyun-cli pull 415.
    ACTION_NOT_FOUND = 404 "InvalidAction.NotFound" "Specified api is not found, please check your url and method.";
    /// Status UNCERTAIN. Observed: aliyun-openapi-java-sdk 23, openapi-sdk-php 175.
    INVALID_VERSION = 400 "InvalidVersion" "Specified parameter Version is not valid.";
    /// Source: 60629, faascmd FAQ, old-pop.
    PRODUCT_NOT_FOUND = 404 "InvalidProduct.NotFound" "Cannot find product according to your specified domain.";
    /// Source: 60629, AlibabaCloudDocs SDK FAQ.
    NEED_SSL = 400 "InvalidProtocol.NeedSsl" "Your request is denied as lack of ssl protect.";
    /// Source: ECS "Response results", 278265.
    UNSUPPORTED_METHOD = 400 "UnsupportedHTTPMethod" "This http method is not supported.";
    /// Source: 213973.
    INVALID_FORMAT = 400 "InvalidParameter.Format" "Specified parameter format is not valid.";
    /// Source: 213973.
    INVALID_ACCEPT = 400 "InvalidParameter.Accept" "Specified parameter accept is not valid.";
    /// ROA. Source: old-pop.
    CONTENT_MD5_MISMATCH = 400 "ContentMD5NotMatched" "Specified content md5 is not matched with your request body.";
    /// ROA. Only the name was observed: status and text UNCERTAIN.
    CONTENT_LENGTH_MISMATCH = 400 "ContentLengthDoesNotMatch" "Specified content length is not matched with your request body.";
    /// Only the name was observed: status and text UNCERTAIN.
    REGION_NOT_FOUND = 404 "InvalidRegion.NotFound" "Specified region is not found.";
    /// Location. Source: aliyun-java-sdk-core, LocationServiceEndpointResolver. Status UNCERTAIN.
    LOCATION_REGION = 404 "InvalidRegionId" "The specified region does not exist.";
    /// Location: unknown product. Source: the same. Status UNCERTAIN.
    LOCATION_PARAMETER = 400 "Illegal Parameter" "Please check the parameters";
    /// ECS family. Source: alibaba-cloud-sdk-go integration/error_test.go.
    MISSING_PARAMETER = 400 "MissingParameter" "The input parameter \"{}\" that is mandatory for processing this request is not supplied.";
    /// ECS family. Source: ECS "Response results".
    INVALID_PARAMETER = 400 "InvalidParameter" "The specified parameter \"{}\" is not valid.";
    /// The product takes no bearer tokens. Source: aliyun/openapi-sdk-php-client BearerTokenCredentialTest, 2019.
    UNSUPPORTED_SIGNATURE_TYPE = 400 "UnsupportedSignatureType" "This signature type is not supported.";
    /// CCC. Source: the same test. UNCERTAIN: the status.
    INVALID_BEARER_TOKEN = 400 "InvalidBearerTokenException" "Bearertoken has expired";
    /// DNS, old ECS. Source: document_detail/30137.
    UNSUPPORTED_OPERATION = 400 "UnsupportedOperation" "The specified action is not supported.";
    /// DNS, old. Source: document_detail/30137.
    NO_SUCH_VERSION = 400 "NoSuchVersion" "The specified version does not exist.";
    /// Our own: the host of a product, `{}`, whose protocol alimock does not speak.
    PROTOCOL_NOT_SPOKEN = 404 "Alimock.ProtocolNotSpoken" "alimock does not speak the protocol of {}.";
    /// Our own: a fault rule of a scenario ended the connection. Only the journal shows it.
    CONNECTION_ENDED = 503 "Alimock.ConnectionEnded" "a fault ended the connection before anything was done";
    /// Our own: no source shows the gateway's response to a body over its limit. UNCERTAIN.
    BODY_TOO_LARGE = 413 "RequestEntityTooLarge" "The request body is larger than 1048576 bytes.";
    /// Our own: the parameters exceed a limit of docs/limits.md, which `{}` names. UNCERTAIN.
    PARAMETERS_TOO_LARGE = 413 "RequestEntityTooLarge" "The request has {}.";

    // ---- 6.3 authorization ---------------------------------------------------------------------------------------
    /// RAM and IMS; `{}` is `Resource: <arn> Action: <action>`. Observed: alibaba-archive/fcli 48.
    NO_PERMISSION = 403 "NoPermission" "You are not authorized to do this action. {}";
    /// STS. Source: docs-ram "Error messages".
    NO_PERMISSION_STS = 403 "NoPermission" "You are not authorized to do this action. You should be authorized by RAM.";
    /// AssumeRole by a root key. Source: docs STS FAQ.
    NO_ROLE_FOR_ROOT = 403 "NoPermission" "Roles may not be assumed by root accounts.";
    /// Every other product. Observed: alibaba/packer-provider 34.
    FORBIDDEN_RAM = 403 "Forbidden.RAM" "User not authorized to operate on the specified resource, or this API doesn't support RAM.";
    /// Alidns. Observed: honwen/aliyun-ddns-cli 27 (2020), mgsky1/DDNS 27 (2021), jeessy2/ddns-go 1155 (2024-06).
    FORBIDDEN_RAM_400 = 400 "Forbidden.RAM" "User not authorized to operate on the specified resource, or this API doesn't support RAM.";
    /// Source: ECS "Response results".
    NOT_SUPPORT_RAM = 403 "Forbidden.NotSupportRAM" "This action does not support accessed by RAM mode.";
    /// Source: ECS "Response results".
    FORBIDDEN_SUB_USER = 403 "Forbidden.SubUser" "The specified action is not available for you.";
    /// SLB, SMS. Observed: certimate-go/certimate 1329 (2026-06), toplan/phpsms 126. Source: document_detail/30137.
    FORBIDDEN = 403 "Forbidden" "User not authorized to operate on the specified resource.";
    /// Source: ECS "Response results".
    FORBIDDEN_UNAUTHORIZED = 403 "Forbidden.Unauthorized" "User not authorized to operate on the specified resource.";
    /// NLB, ALB. Source: product API pages.
    FORBIDDEN_NO_PERMISSION = 403 "Forbidden.NoPermission" "Authentication is failed for NoPermission.";
    /// KMS; the resource. Observed: aliyun/aliyun-openapi-java-sdk 426 (2020-05). Source: KMS "Error codes" (403).
    FORBIDDEN_KMS = 403 "Forbidden.NoPermission" "This operation for {} is forbidden by permission system.";
    /// Source: ECS "Response results".
    FORBIDDEN_INSTANCE_NOT_FOUND = 404 "Forbidden.InstanceNotFound" "The specified Instance is not found, so we cann't get enough information to check permission in RAM.";
    /// Old. Source: ECS "Response results".
    INVALID_ACTION = 403 "InvalidAction" "Specified action is not valid.";
    /// RAM is not activated. Source: docs-ram RAM "Error messages".
    INACTIVE = 403 "Inactive" "Your ram service is inactive, please activate it.";
    /// The same, as observed in 2018. Source: alibaba/terraform-provider 347.
    INACTIVE_SERVICE = 404 "Inactive" "Account is inactive to this service";

    // ---- 6.4 throttling and availability -------------------------------------------------------------------------
    /// Source: docs STS FAQ.
    THROTTLING = 400 "Throttling" "Request was denied due to flow control.";
    /// Source: ECS "Response results".
    THROTTLING_REQUEST = 400 "Throttling" "Request was denied due to request throttling.";
    /// Observed: turbot/steampipe-plugin-alicloud 483.
    THROTTLING_USER = 400 "Throttling.User" "Request was denied due to user flow control.";
    /// Source: docs STS FAQ, 278265.
    THROTTLING_API = 400 "Throttling.Api" "Request was denied due to api flow control.";
    /// Source: error pages of uniCloud. Another page has "due to api flow control".
    THROTTLING_API_CONCURRENCY = 400 "Throttling.Api.Concurrency" "Request was denied due to api concurrency control.";
    /// Name from product pages; text UNCERTAIN, here and below.
    THROTTLING_USER_FLOW = 400 "Throttling.User.Flow" "Request was denied due to user flow control.";
    /// Name from product pages.
    THROTTLING_SYSTEM = 400 "Throttling.System" "Request was denied due to system flow control.";
    /// Name from product pages.
    THROTTLING_CONCURRENT_LIMIT = 400 "Throttling.ConcurrentLimitExceeded" "Request was denied due to concurrent flow control.";
    /// Terraform retries on it.
    REJECTED_THROTTLING = 400 "Rejected.Throttling" "Request was denied due to flow control.";
    /// Terraform retries on it.
    FLOW_CONTROL = 400 "FlowControlError" "Request was denied due to flow control.";
    /// Name from product pages.
    DEGRADE_API = 400 "Degrade.Api" "Request was denied due to api degradation.";
    /// The STS FAQ: a call over the quota may get a bare 302.
    THROTTLING_REDIRECT = 302 "Throttling" "Request was denied due to flow control.";
    /// Observed: aliyun-openapi-python-sdk 141, alibabacloud-observability-mcp-server 65.
    SERVICE_UNAVAILABLE = 503 "ServiceUnavailable" "The request has failed due to a temporary failure of the server.";
    /// Source: ECS "Response results".
    REGION_MAINTAINING = 503 "ServiceUnavailable.RegionMaintaining" "System maintenance is in progress on the selected region, please wait a few minutes before trying again.";
    /// Source: ECS "Response results".
    INTERNAL_ERROR = 500 "InternalError" "The request processing has failed due to some unknown error, exception or failure.";
    /// 400 or 500. Source: ECS "Response results".
    UNKNOWN_ERROR = 400 "UnknownError" "The request processing has failed due to some unknown error.";
}
