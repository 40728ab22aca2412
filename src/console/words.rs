//! Values of the world in the words of a page.

use crate::console::texts::Texts;
use crate::world::account::RealNameStatus;
use serde::Serialize;

/// Returns the text of a status and the colour of its mark.
pub(crate) fn of_status(status: RealNameStatus, t: &Texts) -> (&'static str, &'static str) {
    match status {
        RealNameStatus::NotVerified => (t.not_verified, ""),
        RealNameStatus::UnderReview => (t.under_review, "warn"),
        RealNameStatus::Verified => (t.verified, "good"),
        RealNameStatus::Rejected => (t.rejected, "bad"),
        RealNameStatus::NeedsUpdate => (t.needs_update, "warn"),
        RealNameStatus::Cancelled => (t.cancelled, ""),
    }
}

/// Returns a value as files write it.
pub(crate) fn written(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(text)) => text,
        Ok(value) => value.to_string(),
        Err(_) => String::new(),
    }
}

/// Returns JSON without the fields that are `null`.
pub(crate) fn without_nulls(value: &serde_json::Value) -> serde_json::Value {
    match value {
        serde_json::Value::Object(fields) => {
            let kept = fields.iter().filter(|(_, value)| !value.is_null());
            serde_json::Value::Object(
                kept.map(|(name, value)| (name.clone(), without_nulls(value))).collect(),
            )
        }
        other => other.clone(),
    }
}
