//! Business errors of products that report them in the body: BssOpenApi, account-crm, AccountCenter, Agency.
//!
//! Codes with a source were observed. The others are our own (UNCERTAIN).

use crate::error::entries;

entries! {
    /// `CreateAgAccount`. Source: docs/evidence/account.md 3.5.
    NOT_AUTHORIZED = 403 "NOT_AUTHORIZED" "You are not authorized to perform this operation.";
    /// `CreateAgAccount`. Source: docs/evidence/account.md 3.5.
    EMAIL_DOMAIN_NOT_AUTHORIZED = 403 "EMAIL_DOMAIN_NOT_AUTHORIZED" "The suffix of the mailbox is not the one that was registered.";
    /// `CreateAgAccount`. Source: docs/evidence/account.md 3.5.
    ACCOUNT_QUOTA = 403 "OVER_MA_CREATE_ACCOUNT_QUOTA_LIMIT" "The number of accounts exceeds the quota.";
    /// Order-based products. Source: docs/evidence/account.md 6.3.
    USER_DECLINED = 400 "PAY.USER_DECLINED" "The user declined the payment.";
    /// Order-based products. Source: docs/evidence/account.md 6.3.
    BALANCE_EXCEEDED = 400 "ACCOUNT_BALANCE_EXCEEDED" "User attempted to create a new order.but user account balance is insufficient.";
    /// Order-based products. Source: docs/evidence/account.md 6.3.
    DUPLICATED_CLIENT_TOKEN = 400 "Duplicated.ClientToken" "ClientToken is duplicated.";
    /// Order-based products; text UNCERTAIN. Source: docs/evidence/account.md 6.3.
    COMMODITY_CODE = 400 "CommodityCodeNotExists" "The commodity code does not exist.";
    /// The call does not apply to the site of the account; text UNCERTAIN. Source: docs/evidence/account.md 1.1.
    NOT_APPLICABLE = 400 "NotApplicable" "This API is not applicable for caller.";
    /// Our own.
    EMAIL_EXISTS = 409 "EMAIL_EXISTS" "The e-mail address belongs to another account.";
    /// Our own.
    MOBILE_USED_UP = 409 "MOBILE_LIMIT_EXCEEDED" "The mobile phone number has registered too many accounts.";
    /// Our own.
    CAPTCHA_WRONG = 400 "VERIFY_CODE_ERROR" "The verification code is wrong.";
    /// Our own.
    CAPTCHA_EXPIRED = 400 "VERIFY_CODE_EXPIRED" "The verification code has expired.";
    /// Our own.
    SENT_TOO_OFTEN = 400 "SEND_TOO_FREQUENTLY" "A verification code was sent a moment ago.";
    /// Our own.
    PASSWORD_TOO_WEAK = 400 "PASSWORD_TOO_WEAK" "The password does not meet the requirements.";
    /// Our own.
    BAD_CREDENTIALS = 401 "BAD_CREDENTIALS" "The login name or the password is wrong.";
    /// Our own.
    LOGIN_FROZEN = 403 "LOGIN_FROZEN" "The account may not log in.";
    /// Our own.
    LOGIN_LOCKED = 403 "LOGIN_LOCKED" "Too many wrong passwords.";
    /// Our own.
    LOGIN_FROM_ELSEWHERE = 403 "IP_NOT_ALLOWED" "The account may not log in from this address.";
    /// Our own.
    MFA_REQUIRED = 403 "MFA_REQUIRED" "A code of the MFA device is required.";
    /// Our own.
    NO_SUCH_LOGIN = 404 "LOGIN_NOT_EXIST" "The login does not exist.";
    /// Our own.
    MFA_BOUND = 409 "MFA_ALREADY_BOUND" "An MFA device is bound already.";
    /// Our own.
    MFA_NOT_BOUND = 404 "MFA_NOT_BOUND" "No MFA device is bound.";
    /// Our own.
    METHOD_NOT_OFFERED = 400 "CERTIFY_METHOD_NOT_SUPPORTED" "The method is not supported for the account.";
    /// Our own.
    DOCUMENT_NOT_FOR_SUBJECT = 400 "LICENSE_TYPE_INVALID" "The license type does not fit the account type.";
    /// Our own.
    TOO_YOUNG = 403 "AGE_LIMIT" "The person is too young.";
    /// Our own.
    CHANGE_LOCKED = 403 "CERTIFY_CHANGE_LOCKED" "The verified information was changed recently.";
    /// Our own.
    IDENTITY_USED_UP = 403 "CERTIFY_COUNT_LIMIT" "The identity has verified too many accounts.";
    /// Our own.
    NO_TRANSFER = 400 "TRANSFER_NOT_ARRIVED" "No transfer has arrived.";
    /// Our own.
    NO_SUCH_LINK = 404 "CERT_URL_INVALID" "The URL is invalid.";
    /// Our own.
    LINK_EXPIRED = 403 "CERT_URL_EXPIRED" "The URL has expired.";
    /// Our own.
    LINK_FOR_ANOTHER = 403 "CERT_URL_SUBJECT_MISMATCH" "The URL is for another subject type.";
    /// Our own.
    NO_KYC_ASKED = 400 "KYC_NOT_REQUIRED" "The account need not verify its payment.";
    /// Our own.
    NO_AMOUNT = 400 "AMOUNT_INVALID" "The amount is invalid.";
    /// Our own.
    CLOSING = 403 "ACCOUNT_CLOSING" "The account is being closed.";
    /// Our own.
    CLOSING_BLOCKED = 403 "ACCOUNT_DELETE_CHECK_FAILED" "The account does not meet the conditions for deletion.";
    /// Our own.
    NO_RELATION = 404 "AG_RELATION_NOT_EXIST" "The account has no relation to a partner.";
    /// Our own.
    NO_SUCH_TRACE = 404 "TRACE_NOT_EXIST" "The trace number does not exist.";
    /// Our own.
    TRACE_DONE = 409 "TRACE_FINISHED" "The request was confirmed or cancelled.";
    /// Our own.
    NO_SUCH_LABEL = 404 "LABEL_NOT_EXIST" "The account does not have the label.";
    /// Our own.
    NO_SUCH_TASK = 404 "TASK_NOT_EXIST" "The task does not exist.";
    /// Our own.
    NOT_CLOSING = 403 "ACCOUNT_NOT_CLOSING" "The account is not being closed.";
    /// Our own.
    NO_SUCH_CUSTOMER = 404 "CUSTOMER_NOT_EXIST" "The customer does not exist.";
    /// Our own.
    INVITE_TAKEN = 409 "INVITE_ALREADY_USED" "The invitation has been used already.";
    /// Our own.
    IN_ENTERPRISE = 409 "ALREADY_IN_ENTERPRISE" "The account belongs to an enterprise already.";
    /// Our own.
    ASKED_ALREADY = 409 "INVITE_EXISTS" "The account has been invited already.";
    /// Our own.
    NO_SUCH_JOIN = 404 "TODO_NOT_EXIST" "The item does not exist.";
    /// Our own.
    NO_SUCH_CONTACT = 404 "CONTACT_NOT_EXIST" "The contact does not exist.";
    /// Our own: AccountCenter.
    ACCOUNT_NOT_EXIST = 404 "ACCOUNT_NOT_EXIST" "The account does not exist.";
    /// Our own: AccountCenter.
    ACCOUNT_NOT_MANAGED = 403 "ACCOUNT_NOT_MANAGED" "The account is not managed by the caller.";

    // ---- BssOpenApi ---------------------------------------------------------------------------------------------
    /// `CreateAgAccount`. Source: the sample of alibabacloud-bssopenapi20171214.
    LOGIN_EMAIL_USED = 409 "LOGIN_EMAIL_HAS_BEEN_USED" "loginEmail={},has used";
    /// `OwnerId` is not the caller's. Source: tests/data/api/bssopenapi20171214.json, `CreateInstance`.
    INVALID_OWNER = 400 "InvalidOwner" "The specified owner doesn't belong to caller.";
    /// The caller is not a partner. Source: tests/data/api/bssopenapi20171214.json, `GetCustomerAccountInfo`.
    API_NOT_AUTHORIZED = 400 "NotAuthorized" "This API is not authorized for caller.";
    /// Source: tests/data/api/bssopenapi20171214.json, `GetCustomerAccountInfo`.
    NO_DATA = 401 "VnoNoDataError" "There is no data by this request.";
    /// Source: tests/data/api/bssopenapi20171214.json, `RefundInstance`; the SDK's sample has it in the body.
    RESOURCE_NOT_EXISTS = 400 "ResourceNotExists" "The specific resource is not exists.";
    /// Source: tests/data/api/bssopenapi20171214.json, `RefundInstance`.
    REFUNDED_ALREADY = 400 "ExistRefundingOrderError" "The instance ID is invalid: the instance may have expired, been refunded, or been released.";
    /// Source: tests/data/api/bssopenapi20171214.json, `RefundInstance`.
    NO_REST_VALUE = 400 "NoRestValueError" "The refund amount is 0.";
    /// The account is not verified. Source: tests/data/api/bssopenapi20171214.json, `CreateInstance`; this meaning is UNCERTAIN.
    ORDER_ACCOUNT_STATUS = 400 "ORDER.ACCOUNT_STATUS_ILLEGAL" "Please complete your basic personal information first.";
    /// The account has debts. Source: tests/data/api/bssopenapi20171214.json, `CreateInstance`: with HTTP 200.
    ORDER_NEGATIVE_BALANCE = 400 "INSUFFICIENT.AVAILABLE.QUOTA" "The account balance is negative. Add funds to the account and try again.";

    // ---- Agency: codes and meanings from alibabacloud-agency20221216, texts UNCERTAIN ---------------------------
    /// Any call.
    AGENCY_SYSTEM = 500 "1109" "System error.";
    /// `Uid` is not an account of the partner.
    AGENCY_INVALID_UID = 400 "3029" "Invalid UID.";
    /// `SetAccountInfo`: more than 150 bytes.
    AGENCY_NICKNAME = 400 "3030" "Sub Account Nickname exceeds maximum length.";
    /// `SetAccountInfo`: more than 3000 bytes.
    AGENCY_REMARK = 400 "3031" "Remark exceeds maximum length.";
    /// `SetCreditLine`.
    AGENCY_FROZEN = 403 "3040" "Sub Account is in a frozen state and cannot be operated.";
    /// `SetCreditLine`.
    AGENCY_CREDIT = 400 "3041" "Credit is not a proper number.";
    /// `GetInviteStatus`, `ResendEmail`.
    AGENCY_NO_INVITE_ID = 400 "3057" "InviteId is empty.";
    /// `ResendEmail`.
    AGENCY_MAILS = 400 "3058" "Frequent sending, the limit is 10 emails in every 5 minutes.";
    /// `ResendEmail`.
    AGENCY_NO_INVITE = 404 "3060" "Can't find sending record of given InviteId.";
    /// `ResendEmail`.
    AGENCY_INVITE_EXPIRED = 403 "3061" "Registration URL is expired, unable to resend.";
    /// `GetAccountInfo`.
    AGENCY_NOBODY = 400 "3062" "UID and UserType are both empty.";
    /// `GetAccountInfo`.
    AGENCY_USER_TYPE = 400 "3063" "UserType value out of range.";
}
