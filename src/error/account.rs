//! Error codes about the state of an account: real name, arrears, risk.
//!
//! Source of all: docs/evidence/gateway.md 6.5. Each entry names the source that the page gives.

use crate::error::entries;

entries! {
    /// ECS, Redis, MongoDB: purchase calls in mainland regions. Source: ECS "Response results".
    REAL_NAME_REQUIRED = 403 "RealNameAuthenticationError" "Your account has not passed the real-name authentication yet.";
    /// Alidns since 2024. Observed: jeessy2/ddns-go 1095.
    IDENTITY_UNCERTIFIED = 400 "Identity.Uncertified" "Identity of the account is uncertified.";
    /// DNS, older. Source: document_detail/30137.
    USER_VERIFICATION = 403 "Forbidden.UserVerification" "Your user account is not verified by Aliyun.";
    /// ECS purchase calls. Source: AlibabaCloudDocs/ecs.
    NOT_ENOUGH_BALANCE = 403 "InvalidAccountStatus.NotEnoughBalance" "Your account does not have enough balance.";
    /// ECS and Redis. Source: ECS "Response results".
    INSUFFICIENT_BALANCE = 400 "InsufficientBalance" "Your account does not have enough balance.";
    /// SLB, VPC. Source: product error-code pages.
    PAY_INSUFFICIENT_BALANCE = 400 "PAY.INSUFFICIENT_BALANCE" "The Account Balance is insufficient.";
    /// SLB, VPC. Source: product error-code pages.
    PAY_ORDER_FAILED = 400 "PAY.PAY_ORDER_FAILED" "The Account failed to pay order.";
    /// SLB, VPC. Source: product error-code pages.
    PAY_INVALID_CARD = 400 "PAY.INVALID_CREDIT_CARD" "The Account Credit card is invalid.";
    /// ECI. Source: ECI error codes page.
    ACCOUNT_ARREARAGE = 400 "Account.Arrearage" "Your account has an outstanding payment.";
    /// ECS. Source: AlibabaCloudDocs/ecs.
    UNPAID_ORDER = 403 "InvalidInstance.UnPaidOrder" "The specified Instance has unpaid order.";
    /// ECS CreateSnapshot; the rest of the text is unknown. UNCERTAIN.
    SNAPSHOT_UNAVAILABLE = 403 "InvalidAccountStatus.SnapshotServiceUnavailable" "Snapshot service is unavailable due to invalid account status.";
    /// ECS images. Source: product API page.
    OSS_DISABLED = 403 "InvalidAccountStatus.OSSDisabled" "OSS is disabled due to invalid account status.";
    /// Model Studio, not behind the gateway; the rest of the text is unknown. Observed: 1Panel-dev/MaxKB 5297.
    ARREARAGE = 400 "Arrearage" "Access denied, please make sure your account is in good standing.";
    /// Resource directory. Source: ResourceManager 2020-03-31 error codes.
    ACCOUNT_TYPE_MISMATCH = 409 "AccountTypeOrStatusMismatch" "You cannot perform the action on the member account.";
    /// Many products. Source: ECS "Response results".
    RISK_CONTROL = 403 "Forbidden.RiskControl" "This operation is forbidden by Aliyun Risk Control system.";
    /// ENS; the misplaced dot is the service's. Source: AlibabaCloudDocs.
    RISK_CONTROL_REFUSED = 400 "RiskControl.Refused" "Your action was.refused by RiskControl.";
    /// ENS. Source: AlibabaCloudDocs.
    OPERATION_DENIED = 403 "OperationDenied" "Specified operation is denied as your resource is locked for security reasons.";
    /// ECS. Source: AlibabaCloudDocs/ecs.
    LOCKED_FOR_SECURITY = 403 "InstanceLockedForSecurity" "The disk attached instance is locked due to security.";
    /// A leaked key on a protected action; status UNCERTAIN. Source: help.aliyun.com/document_detail/2862109.html.
    LEAKED_KEY = 403 "Forbidden" "There is a risk of leakage of this AccessKey.";
    /// ECS. Source: ECS "Response results".
    ACCOUNT_NOT_FOUND = 403 "InvalidAccount.NotFound" "The specified Account does not exist.";
}
