//! Amounts of money: hundredths inside, `10000.00` on the wire.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, Error};
use serde::{Serialize, Serializer};
use std::borrow::Cow;
use std::fmt;

/// Largest amount, in hundredths.
pub const MOST_CENTS: i64 = 1_000_000_000_000_000;

/// An amount in its wire format: `10000.00`. Source: the samples of alibabacloud-bssopenapi20171214.
pub fn amount(cents: i64) -> String {
    let (sign, cents) = (if cents < 0 { "-" } else { "" }, cents.unsigned_abs());
    format!("{sign}{}.{:02}", cents / 100, cents % 100)
}

/// Parses an amount into hundredths: digits, with up to two after a point.
pub fn cents(text: &str) -> Option<i64> {
    let (whole, rest) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole) || !digits(rest) || rest.len() > 2 {
        return None;
    }
    let rest: i64 = format!("{rest:0<2}").parse().ok()?;
    whole.parse::<i64>().ok()?.checked_mul(100)?.checked_add(rest).filter(|sum| *sum <= MOST_CENTS)
}

/// An amount, held in hundredths. Files and bodies write whole units of money: `-12.5`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Money(pub i64);

impl Money {
    #[expect(clippy::cast_precision_loss, reason = "amounts of money in a test are small")]
    fn units(self) -> f64 {
        self.0 as f64 / 100.0
    }

    /// The amount of a number of units, rounded to hundredths; none when the number is too large.
    #[expect(clippy::cast_possible_truncation, reason = "checked to be far inside the range")]
    fn of_units(units: f64) -> Option<Self> {
        (units.is_finite() && units.abs() < MOST_UNITS).then(|| Self((units * 100.0).round() as i64))
    }
}

/// No amount that is written has as many units.
const MOST_UNITS: f64 = 1e12;

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&amount(self.0))
    }
}

impl Serialize for Money {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_f64(self.units())
    }
}

impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let units = f64::deserialize(d)?;
        Self::of_units(units).ok_or_else(|| {
            D::Error::custom(format!("`{units:?}` is not an amount of money below 1,000,000,000,000"))
        })
    }
}

impl JsonSchema for Money {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "money".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "number", "description": "an amount of money in whole units, such as -12.5"})
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_no_amount_is_known_as_such() {
        for text in ["", ".", "1.", ".5", "1.234", "-1", "+1", "1e3", "1,000", "99999999999999999999"] {
            assert_eq!(cents(text), None, "{text}");
        }
        assert_eq!((cents("100"), cents("0.5"), cents("7.05")), (Some(10_000), Some(50), Some(705)));
        assert_eq!((amount(-5), amount(1_000_000)), ("-0.05".to_owned(), "10000.00".to_owned()));
    }

    proptest! {
        #[test]
        fn an_amount_that_is_written_is_read_as_the_same(sum in 0..=MOST_CENTS) {
            prop_assert_eq!(cents(&amount(sum)), Some(sum));
        }
    }
}
