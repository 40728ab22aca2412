//! `EncodedDiagnosticMessage` of a permission denial.

use crate::text::Timestamp;
use base64::{Engine, engine::general_purpose::STANDARD};

/// Form of the message that refers to a record: two version bytes, the time and the request id.
///
/// UNCERTAIN: inferred from printed examples. Source: docs/evidence/policy.md section 5.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Time of the denial, in whole seconds.
    pub at: Timestamp,
    /// Request id of the call.
    pub request_id: String,
}

const START: [u8; 6] = [1, 1, 0, 0, 0, 0];

impl Diagnostic {
    /// Encodes the message (`AQE...`).
    pub fn to_base64(&self) -> String {
        let seconds = u32::try_from(self.at.as_millis().div_euclid(1000)).unwrap_or(u32::MAX);
        let mut bytes = START.to_vec();
        bytes.extend(seconds.to_be_bytes());
        bytes.extend(self.request_id.as_bytes());
        STANDARD.encode(bytes)
    }

    /// Decodes a message; `None` if it has another form.
    pub fn parse_base64(text: &str) -> Option<Self> {
        let bytes = STANDARD.decode(text).ok()?;
        let (seconds, id) = bytes.strip_prefix(&START)?.split_first_chunk::<4>()?;
        let at = Timestamp::from_millis(i64::from(u32::from_be_bytes(*seconds)) * 1000);
        Some(Self { at, request_id: std::str::from_utf8(id).ok()?.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_start_of_a_printed_example_is_read_to_the_same_second() {
        // Source: docs/evidence/policy.md section 5, AQEAAAAAaKPfwjY0MzMyODRGLUZCQkQt...
        let printed = Diagnostic {
            at: Timestamp::from_millis(1_755_570_114_000),
            request_id: "6433284F-FBBD-505E-81E1-795938961B32".into(),
        };
        assert!(printed.to_base64().starts_with("AQEAAAAAaKPfwjY0MzMyODRGLUZCQkQt"));
        assert_eq!(Diagnostic::parse_base64(&printed.to_base64()), Some(printed));
        assert_eq!(Diagnostic::parse_base64("AQEAAAAA"), None);
    }
}
