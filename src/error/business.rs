//! Codes of what an account may not do or be, where products answer in the body: BssOpenApi, account-crm, AccountCenter, Agency.
//!
//! Only the codes with a source were seen; the others are ours (UNCERTAIN), in the words of the rule that refuses.

use crate::error::entries;

entries! {
    /// `CreateAgAccount`. Source: facts/account.md 3.5.
    NOT_AUTHORIZED = 403 "NOT_AUTHORIZED" "You are not authorized to perform this operation.";
    /// `CreateAgAccount`. Source: facts/account.md 3.5.
    EMAIL_DOMAIN_NOT_AUTHORIZED = 403 "EMAIL_DOMAIN_NOT_AUTHORIZED" "The suffix of the mailbox is not the one that was registered.";
    /// `CreateAgAccount`. Source: facts/account.md 3.5.
    ACCOUNT_QUOTA = 403 "OVER_MA_CREATE_ACCOUNT_QUOTA_LIMIT" "The number of accounts exceeds the quota.";
    /// Order-based products. Source: facts/account.md 6.3.
    USER_DECLINED = 400 "PAY.USER_DECLINED" "The user declined the payment.";
    /// Order-based products. Source: facts/account.md 6.3.
    BALANCE_EXCEEDED = 400 "ACCOUNT_BALANCE_EXCEEDED" "User attempted to create a new order.but user account balance is insufficient.";
    /// Order-based products. Source: facts/account.md 6.3.
    DUPLICATED_CLIENT_TOKEN = 400 "Duplicated.ClientToken" "ClientToken is duplicated.";
    /// Order-based products; text UNCERTAIN. Source: facts/account.md 6.3.
    COMMODITY_CODE = 400 "CommodityCodeNotExists" "The commodity code does not exist.";
    /// What tells the site of an account; text UNCERTAIN. Source: facts/account.md 1.1.
    NOT_APPLICABLE = 400 "NotApplicable" "This API is not applicable for caller.";
    /// Ours.
    EMAIL_EXISTS = 409 "EMAIL_EXISTS" "The e-mail address belongs to another account.";
    /// Ours.
    MOBILE_USED_UP = 409 "MOBILE_LIMIT_EXCEEDED" "The mobile phone number has registered too many accounts.";
    /// Ours.
    CAPTCHA_WRONG = 400 "VERIFY_CODE_ERROR" "The verification code is wrong.";
    /// Ours.
    CAPTCHA_EXPIRED = 400 "VERIFY_CODE_EXPIRED" "The verification code has expired.";
    /// Ours.
    SENT_TOO_OFTEN = 400 "SEND_TOO_FREQUENTLY" "A verification code was sent a moment ago.";
    /// Ours.
    PASSWORD_TOO_WEAK = 400 "PASSWORD_TOO_WEAK" "The password does not meet the requirements.";
    /// Ours.
    BAD_CREDENTIALS = 401 "BAD_CREDENTIALS" "The login name or the password is wrong.";
    /// Ours.
    LOGIN_FROZEN = 403 "LOGIN_FROZEN" "The account may not log in.";
    /// Ours.
    LOGIN_LOCKED = 403 "LOGIN_LOCKED" "Too many wrong passwords.";
    /// Ours.
    LOGIN_FROM_ELSEWHERE = 403 "IP_NOT_ALLOWED" "The account may not log in from this address.";
    /// Ours.
    MFA_REQUIRED = 403 "MFA_REQUIRED" "A code of the MFA device is required.";
    /// Ours.
    NO_SUCH_LOGIN = 404 "LOGIN_NOT_EXIST" "The login does not exist.";
    /// Ours.
    MFA_BOUND = 409 "MFA_ALREADY_BOUND" "An MFA device is bound already.";
    /// Ours.
    MFA_NOT_BOUND = 404 "MFA_NOT_BOUND" "No MFA device is bound.";
    /// Ours.
    METHOD_NOT_OFFERED = 400 "CERTIFY_METHOD_NOT_SUPPORTED" "The method is not supported for the account.";
    /// Ours.
    DOCUMENT_NOT_FOR_SUBJECT = 400 "LICENSE_TYPE_INVALID" "The license type does not fit the account type.";
    /// Ours.
    TOO_YOUNG = 403 "AGE_LIMIT" "The person is too young.";
    /// Ours.
    CHANGE_LOCKED = 403 "CERTIFY_CHANGE_LOCKED" "The verified information was changed recently.";
    /// Ours.
    IDENTITY_USED_UP = 403 "CERTIFY_COUNT_LIMIT" "The identity has verified too many accounts.";
    /// Ours.
    NO_TRANSFER = 400 "TRANSFER_NOT_ARRIVED" "No transfer has arrived.";
    /// Ours.
    NO_SUCH_LINK = 404 "CERT_URL_INVALID" "The URL is invalid.";
    /// Ours.
    LINK_EXPIRED = 403 "CERT_URL_EXPIRED" "The URL has expired.";
    /// Ours.
    LINK_FOR_ANOTHER = 403 "CERT_URL_SUBJECT_MISMATCH" "The URL is for another subject type.";
    /// Ours.
    NO_KYC_ASKED = 400 "KYC_NOT_REQUIRED" "The account need not verify its payment.";
    /// Ours.
    NO_AMOUNT = 400 "AMOUNT_INVALID" "The amount is invalid.";
    /// Ours.
    NO_SUCH_INSTANCE = 404 "INSTANCE_NOT_EXIST" "The instance does not exist.";
    /// Ours.
    CLOSING = 403 "ACCOUNT_CLOSING" "The account is being closed.";
    /// Ours.
    CLOSING_BLOCKED = 403 "ACCOUNT_DELETE_CHECK_FAILED" "The account does not meet the conditions for deletion.";
    /// Ours.
    NO_RELATION = 404 "AG_RELATION_NOT_EXIST" "The account has no relation to a partner.";
    /// Ours.
    NO_SUCH_TRACE = 404 "TRACE_NOT_EXIST" "The trace number does not exist.";
    /// Ours.
    TRACE_DONE = 409 "TRACE_FINISHED" "The request was confirmed or cancelled.";
    /// Ours.
    NO_SUCH_LABEL = 404 "LABEL_NOT_EXIST" "The account does not have the label.";
    /// Ours.
    NO_SUCH_TASK = 404 "TASK_NOT_EXIST" "The task does not exist.";
    /// Ours.
    NOT_CLOSING = 403 "ACCOUNT_NOT_CLOSING" "The account is not being closed.";
}
