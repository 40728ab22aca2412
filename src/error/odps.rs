//! Error codes of MaxCompute (ODPS), which is not behind the API gateway.
//!
//! On the wire, the code is the start of the text, and the element `Code` holds the name of a class: [`class`]. Source of all:
//! docs/evidence/account.md 6.5 and section 7; the classes are those of package pyodps 0.13.2.

use crate::error::entries;

entries! {
    /// The request has no credential. Source: MaxCompute "API errors"; the text is UNCERTAIN.
    MISSING_AUTHENTICATION = 400 "ODPS-0410001" "Missing authentication parameters - the request authorization header is invalid or missing";
    /// The credential is malformed. Source: MaxCompute "API errors"; the text is UNCERTAIN.
    INVALID_AUTHENTICATION = 400 "ODPS-0410011" "Invalid authentication parameters - the request authorization header is malformed";
    /// Unsupported signature method. Source: MaxCompute "API errors"; the text after the dash is UNCERTAIN.
    UNSUPPORTED_METHOD = 400 "ODPS-0410021" "Invalid signature method - only hmac-sha1 and aliyun_v4 are supported";
    /// `Date` differs by more than 15 minutes. The two blanks are the service's. Source: docs/evidence/account.md 6.5.
    REQUEST_EXPIRED = 400 "ODPS-0410031" "Authentication request expired - the expire time interval  exceeds the max limitation: 900000, {}";
    /// Wrong secret; the misspelling is the service's. Source: alibaba/DataX OdpsReader, Spark FAQ.
    SIGNATURE_MISMATCH = 401 "ODPS-0410042" "Invalid signature value - User signature dose not match";
    /// Unknown key. Source: MaxCompute "API errors".
    KEY_NOT_FOUND = 401 "ODPS-0410051" "Invalid credentials - accessKeyId not found";
    /// Disabled key. UNCERTAIN: no source shows a code or a text. Source: docs/evidence/account.md 6.5.
    KEY_DISABLED = 401 "ODPS-0410051" "Invalid credentials - accessKeyId is disabled";
    /// The token is missing, or it belongs to another key. UNCERTAIN: no source shows it.
    TOKEN_INVALID = 401 "ODPS-0410051" "Invalid credentials - the sts token is invalid";
    /// The token has expired. UNCERTAIN: no source shows it.
    TOKEN_EXPIRED = 401 "ODPS-0410051" "Invalid credentials - the sts token is expired";
    /// Not a member of the project. Source: docs/evidence/account.md 6.5; the grammar is the service's.
    NOT_A_MEMBER = 403 "ODPS-0420095" "Access Denied - Authorization Failed [4002], You doesn't exist in project {}.";
    /// The project's account is in arrears or suspended. Source: MaxCompute "Overdue payments and service suspension".
    ALL_DENIED = 403 "ODPS-0420095" "Access Denied - Authorization Failed [4093], You have NO privilege to do the restricted operation on {acs:odps:*:projects/{}}. Access Mode is AllDenied.";
    /// Unknown project. Source: docs/evidence/account.md 6.5; the text after the dash is UNCERTAIN.
    PROJECT_NOT_FOUND = 404 "ODPS-0420111" "Project not found - '{}'.";
    /// alimock does not implement the request. UNCERTAIN: pyodps knows the class, no source shows when the service uses it.
    NOT_SUPPORTED = 405 "MethodNotAllowed" "alimock does not run this request: it has projects, their members and the tenant.";
}

/// Class in the element `Code`. A code without a class is used itself.
pub fn class(code: &str) -> &str {
    match code {
        "ODPS-0410001" => "Unauthorized",
        // Observed for an unknown key: pyodps falls back from V4 to V2 if this class and the number occur together.
        "ODPS-0410011" | "ODPS-0410021" | "ODPS-0410051" => "InvalidParameter",
        // The misspelling is the service's: pyodps waits and tries again.
        "ODPS-0410031" => "RequestTimeTooSkewd",
        "ODPS-0410042" => "SignatureNotMatch",
        "ODPS-0420095" => "NoPermission",
        "ODPS-0420111" => "NoSuchProject",
        other => other,
    }
}

/// Text for the client. Authentication codes are followed by a colon, project codes by a colon and a space.
pub fn text(code: &str, message: &str) -> String {
    match code.strip_prefix("ODPS-") {
        Some(number) if number.starts_with("041") => format!("{code}:{message}"),
        Some(_) => format!("{code}: {message}"),
        None => message.to_owned(),
    }
}
