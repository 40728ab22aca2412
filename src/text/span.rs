//! Spans and moments in scenario files and the control API.

use crate::text::{NoSpan, Scalar, Timestamp, format_duration, parse_duration};
use jiff::SignedDuration;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::time::Duration;

/// A span of time, `2s`, `-20m`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span(pub SignedDuration);

impl Span {
    /// Returns the span in milliseconds.
    pub fn millis(self) -> i64 {
        i64::try_from(self.0.as_millis()).unwrap_or(i64::MAX)
    }

    /// Returns the time to wait; zero if the span is negative.
    pub fn wait(self) -> Duration {
        self.0.try_into().unwrap_or_default()
    }
}

impl Serialize for Span {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(&format_duration(self.0))
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        let wrong = |why| serde::de::Error::custom(format!("`{text}` {why}"));
        parse_duration(&text).map(Self).map_err(wrong)
    }
}

/// A time of the resource clock: fixed, or a span after the start of the world.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Moment {
    /// A fixed time.
    At(Timestamp),
    /// A span after the start.
    After(Span),
}

impl Moment {
    /// Returns the time in a world that starts at `start`.
    pub fn at(self, start: Timestamp) -> Timestamp {
        match self {
            Self::At(at) => at,
            Self::After(span) => start.plus(span.0),
        }
    }

    /// Returns the same moment for a world that starts `span` later.
    pub(crate) fn earlier_by(self, span: SignedDuration) -> Self {
        match self {
            Self::At(at) => Self::At(at),
            Self::After(after) => Self::After(Span(after.0.saturating_sub(span))),
        }
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::At(at) => at.serialize(s),
            Self::After(span) => {
                let sign = if span.0.is_negative() { "" } else { "+" };
                s.collect_str(&format_args!("{sign}{}", format_duration(span.0)))
            }
        }
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        let wrong = |why| {
            let what = match why {
                NoSpan::Form => {
                    "is neither a time such as 2026-01-01T00:00:00Z nor a span from the start such as +10s"
                        .to_owned()
                }
                why @ NoSpan::TooLong => why.to_string(),
            };
            serde::de::Error::custom(format!("`{text}` {what}"))
        };
        match parse_duration(&text) {
            Ok(span) => Ok(Self::After(Span(span))),
            Err(why) => Timestamp::parse(&text).map(Self::At).map_err(|_| wrong(why)),
        }
    }
}
