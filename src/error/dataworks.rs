//! Codes of DataWorks; its calls of the gateway's own codes have the gateway's.
//!
//! Source of all: docs/evidence/account.md 6.6 (the error codes of dataworks-public 2020-05-18).

use crate::error::entries;

entries! {
    /// DataWorks, or the edition that the action needs, is not activated.
    NOT_ACTIVATED = 403 "Forbidden.Access" "Access is forbidden. Please first activate DataWorks Enterprise Edition or Flagship Edition.";
    /// The caller owns nothing in DataWorks.
    NO_TENANT = 403 "Forbidden.Meta.NoTenant" "The user is not the owner of any tenants.";
    /// DataWorks does not know the caller.
    USER_ID_MISSING = 500 "InternalError.UserId.Missing" "An internal system error occurred. Try again later.";
    /// Something failed within DataWorks.
    INTERNAL_SYSTEM = 500 "InternalError.System" "An internal system error occurred. Try again later.";
    /// 429 here, where the gateway has 400. The text was not seen: UNCERTAIN, the gateway's, here and below.
    THROTTLING_API_429 = 429 "Throttling.Api" "Request was denied due to api flow control.";
    /// Text UNCERTAIN.
    THROTTLING_SYSTEM_429 = 429 "Throttling.System" "Request was denied due to system flow control.";
    /// Text UNCERTAIN.
    THROTTLING_USER_429 = 429 "Throttling.User" "Request was denied due to user flow control.";
}
