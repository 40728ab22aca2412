//! Codes of the partner APIs `Aas` and `Crm`. Yes, they hold blanks.
//!
//! Source: docs/evidence/account.md 3.2 (help.aliyun.com/en/document_detail/91799.html and 91797).

use crate::error::entries;

entries! {
    /// `PK` is missing.
    EMPTY_PK = 400 "Empty PK" "The input parameter 'PK' mandatory for processing this request is not supplied.";
    /// The caller is not a partner.
    NOT_BID = 403 "Not Bid" "The interface can not be called by a non-bid account.";
    /// The account belongs to another partner.
    BID_MISMATCH = 403 "Bid Mismatch" "Pk is not belong to the Bid.";
    /// Unknown account.
    INVALID_PK = 404 "Invalid PK" "The specified parameter 'PK' does not exist in our records.";
    /// The verification cannot be changed as asked.
    SET_REAL_NAME_ERROR = 400 "Set Realname Error" "Set Realname Error";
    /// Our own: no code is known for an existing login name. UNCERTAIN.
    ALIYUN_ID_EXISTS = 409 "EntityAlreadyExists.AliyunId" "The specified AliyunId does already EXIST.";
    /// Our own: no code is known for a HavanaId that is already bound. UNCERTAIN.
    HAVANA_ID_EXISTS = 409 "EntityAlreadyExists.HavanaId" "The specified HavanaId does already EXIST.";
}
