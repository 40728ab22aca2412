//! Clock settings in scenario files and the control API.

use crate::text::{NoSpan, Scalar, Timestamp, format_duration, parse_duration};
use crate::world::clock::{Clock, MOST_FACTOR, Run};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserializer, Error, Visitor};
use serde::{Deserialize, Serialize, Serializer};
use std::borrow::Cow;
use std::fmt;

/// `real`, a fixed time, an offset from real time, or a number: the speed factor.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Setting {
    Run(Run),
    Factor(f64),
}

impl Setting {
    /// Returns the run of a clock with this setting from now on.
    pub(crate) fn run(self) -> Run {
        match self {
            Self::Run(run) => run,
            Self::Factor(factor) => Clock::scaled(factor),
        }
    }
}

impl Serialize for Setting {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Run(Run::Real) => s.serialize_str("real"),
            Self::Run(Run::Offset(span)) => s.serialize_str(&format_duration(*span)),
            Self::Run(Run::Frozen(at)) => s.serialize_str(&at.exact()),
            Self::Run(Run::Scaled { factor, .. }) | Self::Factor(factor) => s.serialize_f64(*factor),
        }
    }
}

impl<'de> Deserialize<'de> for Setting {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        d.deserialize_any(Read)
    }
}

/// Description of the forms, for messages.
const FORMS: &str =
    "`real`, a time such as 2026-01-01T00:00:00Z, a span such as -20m, or a factor such as 60";

struct Read;

impl Visitor<'_> for Read {
    type Value = Setting;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(FORMS)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Setting, E> {
        if text == "real" {
            return Ok(Setting::Run(Run::Real));
        }
        if let Ok(at) = Timestamp::parse(text) {
            return Ok(Setting::Run(Run::Frozen(at)));
        }
        let run = match parse_duration(text) {
            Ok(span) => {
                Clock::ahead(span).ok_or("it would be before the year 0 or past the year 9999".to_owned())
            }
            Err(NoSpan::Form) => Err(format!("it is {FORMS}")),
            Err(why @ NoSpan::TooLong) => Err(format!("it {why}")),
        };
        run.map(Setting::Run).map_err(|why| E::custom(format!("a clock cannot be `{text}`: {why}")))
    }

    fn visit_f64<E: Error>(self, factor: f64) -> Result<Setting, E> {
        if (0.0..=MOST_FACTOR).contains(&factor) {
            return Ok(Setting::Factor(factor));
        }
        if factor > MOST_FACTOR {
            let why = format!("a clock cannot run {factor} times as fast: {MOST_FACTOR} is the most");
            return Err(E::custom(why));
        }
        Err(E::custom(format!("a clock cannot run {factor} times as fast: time does not go back")))
    }

    #[expect(clippy::cast_precision_loss, reason = "nobody tells such factors apart")]
    fn visit_u64<E: Error>(self, factor: u64) -> Result<Setting, E> {
        self.visit_f64(factor as f64)
    }

    #[expect(clippy::cast_precision_loss, reason = "nobody tells such factors apart")]
    fn visit_i64<E: Error>(self, factor: i64) -> Result<Setting, E> {
        self.visit_f64(factor as f64)
    }
}

impl JsonSchema for Setting {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Setting".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": ["string", "number"],
            "description": "real, a time it stands still at, a span it is ahead by (-20m), or how many times as fast it runs",
            "format": "clock",
            "minimum": 0,
        })
    }
}
