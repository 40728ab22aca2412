//! Error codes of DataWorks. For errors of the gateway, DataWorks uses the gateway's codes.
//!
//! Source of all: docs/evidence/account.md 6.6 (the error codes of dataworks-public 2020-05-18).

use crate::error::entries;

entries! {
    /// DataWorks, or the edition that the action needs, is not activated.
    NOT_ACTIVATED = 403 "Forbidden.Access" "Access is forbidden. Please first activate DataWorks Enterprise Edition or Flagship Edition.";
    /// The caller owns no tenant in DataWorks.
    NO_TENANT = 403 "Forbidden.Meta.NoTenant" "The user is not the owner of any tenants.";
    /// DataWorks does not know the caller.
    USER_ID_MISSING = 500 "InternalError.UserId.Missing" "An internal system error occurred. Try again later.";
    /// An internal failure of DataWorks.
    INTERNAL_SYSTEM = 500 "InternalError.System" "An internal system error occurred. Try again later.";
    /// Status 429; the gateway has 400. Here and below, the text is the gateway's: UNCERTAIN, not observed.
    THROTTLING_API_429 = 429 "Throttling.Api" "Request was denied due to api flow control.";
    /// Text UNCERTAIN.
    THROTTLING_SYSTEM_429 = 429 "Throttling.System" "Request was denied due to system flow control.";
    /// Text UNCERTAIN.
    THROTTLING_USER_429 = 429 "Throttling.User" "Request was denied due to user flow control.";
}
