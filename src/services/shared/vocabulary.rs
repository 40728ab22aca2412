//! Values of parameters and responses of Aas, Crm and account-crm.
//!
//! UNCERTAIN: the values of `AccountStatus`, `Site`, `CertifyStatus`, `ApplyStatus`, `AuditStatus`, `CertifiedFrom`, `Status` of a trace,
//! `DeleteStatus`, and the URL of a verification page are not published. alimock defines them only in this file. Source:
//! docs/evidence/account.md section 8.

use crate::services::shared::words::words;
use crate::text::{Flaw, Scalar, Site, Timestamp};
use crate::world::account::TraceStatus;
use crate::world::account::{Account, Closure, Hold, Method, RealName, RealNameStatus, Subject};

/// `Site`. UNCERTAIN.
pub(crate) fn site(site: Site) -> &'static str {
    match site {
        Site::China => "CN",
        Site::International => "INTL",
    }
}

/// `AccountStatus`. UNCERTAIN: by analogy with the status of keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AccountStatus {
    Active,
    Inactive,
    Closed,
}

impl AccountStatus {
    pub(crate) fn of(account: &Account) -> Self {
        let standing = account.standing();
        if standing.is_closed() {
            Self::Closed
        } else if standing.holds().has(Hold::Account) {
            Self::Inactive
        } else {
            Self::Active
        }
    }

    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Active => "Active",
            Self::Inactive => "Inactive",
            Self::Closed => "Closed",
        }
    }
}

/// Status to set. `Closed` cannot be set.
impl Scalar for AccountStatus {
    fn parse(text: &str) -> Result<Self, Flaw> {
        match text {
            "Active" => Ok(Self::Active),
            "Inactive" => Ok(Self::Inactive),
            _ => Err(Flaw::Value),
        }
    }
}

/// `CertifyStatus`. UNCERTAIN.
pub(crate) fn certify_status(record: &RealName) -> i64 {
    match record.status() {
        RealNameStatus::NotVerified | RealNameStatus::Cancelled => 0,
        RealNameStatus::Verified => 1,
        RealNameStatus::UnderReview => 2,
        RealNameStatus::Rejected => 3,
        RealNameStatus::NeedsUpdate => 4,
    }
}

/// `ApplyStatus` and `AuditStatus`. UNCERTAIN: the names of docs/evidence/account.md 2.4.
pub(crate) fn apply_status(status: RealNameStatus) -> String {
    status.to_string()
}

/// `CertifiedFrom`. UNCERTAIN: the names of docs/evidence/account.md 4.2.
pub(crate) fn method(method: Method) -> &'static str {
    match method {
        Method::Alipay => "alipay",
        Method::Face => "face",
        Method::BankCard => "bank_card",
        Method::Document => "document",
        Method::LegalRepFace => "legal_rep_face",
        Method::EnterpriseAlipay => "enterprise_alipay",
        Method::BankTransfer => "bank_transfer",
        Method::Kyc => "kyc",
    }
}

/// `Status` of a trace. UNCERTAIN.
pub(crate) fn trace_status(status: TraceStatus) -> &'static str {
    match status {
        TraceStatus::Waiting => "WAITING",
        TraceStatus::Confirmed => "CONFIRMED",
        TraceStatus::Cancelled => "CANCELLED",
    }
}

/// `DeleteStatus` of a task that closes an account. UNCERTAIN: as in the resource directory (docs/evidence/account.md 1.6).
pub(crate) fn delete_status(closure: Closure) -> &'static str {
    if closure.is_done { "Success" } else { "Deleting" }
}

/// `DeleteStatus` of a task that only checks. UNCERTAIN: as in the resource directory (docs/evidence/account.md 1.7).
pub(crate) const CHECKED: &str = "PreCheckComplete";

/// `Type` of a relation to a partner. Source: docs/evidence/account.md 1.2.
pub(crate) const RELATION: &str = "BID";

/// `AccountCertifyType`. Source: docs/evidence/account.md 2.3, `accountCertType`.
pub(crate) fn subject(subject: Subject) -> &'static str {
    match subject {
        Subject::Personal => "personal",
        Subject::Enterprise => "enterprise",
    }
}

/// `AccountType` and `AccountAttr`. Source: docs/evidence/account.md 1.2.
pub(crate) fn account_type(subject: Subject) -> i64 {
    match subject {
        Subject::Personal => 0,
        Subject::Enterprise => 1,
    }
}

words! {
    /// Individual or enterprise, in both spellings.
    SubjectKind: Subject {
        "0" | "personal" => Subject::Personal,
        "1" | "enterprise" => Subject::Enterprise,
    }

    /// `SubjectType`: the kind of owner that may be verified on a page. Source: docs/evidence/account.md 3.1.
    SubjectType: Option<Subject> {
        "all" => None,
        "personal" => Some(Subject::Personal),
        "enterprise" => Some(Subject::Enterprise),
    }
}

/// URL of a verification page, with the token as the last part. UNCERTAIN.
pub(crate) fn page(site: Site, token: &str) -> String {
    match site {
        Site::China => format!("https://account.aliyun.com/certification/{token}"),
        Site::International => format!("https://account.alibabacloud.com/certification/{token}"),
    }
}

/// Declares a parameter with a fixed set of values and no effect.
macro_rules! one_of {
    ($($(#[$doc:meta])* $name:ident: $($word:literal)*;)*) => {$(
        $(#[$doc])*
        pub(crate) struct $name;

        impl Scalar for $name {
            fn parse(text: &str) -> Result<Self, Flaw> {
                if [$($word),*].contains(&text) { Ok(Self) } else { Err(Flaw::Value) }
            }
        }
    )*};
}

one_of! {
    /// `BidType`: the kind of partner. Source: docs/evidence/account.md 3.1.
    BidType: "NORMAL" "LIGHTWEIGHT";
    /// `Platform`: the device that shows a page. Source: docs/evidence/account.md 3.1.
    Platform: "pc" "h5" "app";
}

/// A parameter without an effect, whose values are not published: any value is accepted. UNCERTAIN.
pub(crate) struct Unread;

impl Scalar for Unread {
    fn parse(_: &str) -> Result<Self, Flaw> {
        Ok(Self)
    }
}

/// Language tag, such as `zh-CN`. UNCERTAIN: no list was observed.
pub(crate) struct Language(pub(crate) String);

impl Scalar for Language {
    fn parse(text: &str) -> Result<Self, Flaw> {
        let part =
            |part: &str| (2..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric());
        if text.split(['-', '_']).all(part) { Ok(Self(text.to_owned())) } else { Err(Flaw::Format) }
    }
}

/// Id of Taobao's passport: a number, like `HavanaId`. Source: docs/evidence/account.md 1.2 and 3.3.
pub(crate) struct HavanaId(pub(crate) String);

impl HavanaId {
    /// As a number.
    pub(crate) fn number(&self) -> u64 {
        self.0.parse().expect("it has at most 18 digits")
    }
}

impl Scalar for HavanaId {
    fn parse(text: &str) -> Result<Self, Flaw> {
        let good = (1..=18).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        if good { Ok(Self(text.to_owned())) } else { Err(Flaw::Format) }
    }
}

/// A time. UNCERTAIN: no form was observed; accepted are `2026-01-02T03:04:05Z`, `2026-01-02 03:04:05` (UTC) and milliseconds since the
/// epoch.
#[derive(Debug, Clone, Copy)]
pub(crate) struct When(pub(crate) Timestamp);

impl Scalar for When {
    fn parse(text: &str) -> Result<Self, Flaw> {
        if let Ok(millis) = text.parse() {
            return Ok(Self(Timestamp::from_millis(millis)));
        }
        let zoned = text.replacen(' ', "T", 1) + if text.contains(' ') { "Z" } else { "" };
        Timestamp::parse(&zoned).map(Self)
    }
}

/// Several texts in one: a JSON array, or separated by commas. UNCERTAIN: the form of `PkList` and `TraceNoList` was not observed.
pub(crate) struct Words(pub(crate) Vec<String>);

impl Scalar for Words {
    fn parse(text: &str) -> Result<Self, Flaw> {
        let inner = text.trim().trim_start_matches('[').trim_end_matches(']');
        let words = inner.split(',').map(|word| word.trim().trim_matches('"'));
        Ok(Self(words.filter(|word| !word.is_empty()).map(str::to_owned).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_read_in_each_of_its_forms() {
        for text in ["2026-01-02T03:04:05Z", "2026-01-02 03:04:05", "1767323045000"] {
            assert_eq!(When::parse(text).unwrap().0.to_string(), "2026-01-02T03:04:05Z", "{text}");
        }
        for text in ["", "soon", "2026-01-02", "2026-13-02 03:04:05"] {
            assert!(When::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_list_is_read_in_each_of_its_forms() {
        for text in ["1,2", r#"["1","2"]"#, "[1, 2]", " 1 , 2 ,"] {
            assert_eq!(Words::parse(text).unwrap().0, ["1", "2"], "{text}");
        }
        assert!(Words::parse("[]").unwrap().0.is_empty());
    }
}
