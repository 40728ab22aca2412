//! Points in time and spans of it, in the forms the wire and our files have.

use crate::text::{Flaw, Scalar};
use jiff::fmt::friendly::{Direction, Spacing, SpanPrinter};
use jiff::{SignedDuration, Span, SpanRelativeTo, civil, tz::TimeZone};
use serde::Serialize;
use std::fmt;

/// A point in time, in milliseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The earliest and latest point that can be shown: years 0000 to 9999.
    const RANGE: std::ops::RangeInclusive<i64> = -62_167_219_200_000..=253_402_214_400_000;

    /// The point `millis` milliseconds after the epoch; points that no date can show become the nearest that can.
    pub fn from_millis(millis: i64) -> Self {
        Self(millis.clamp(*Self::RANGE.start(), *Self::RANGE.end()))
    }

    /// Milliseconds since the epoch.
    pub fn as_millis(self) -> i64 {
        self.0
    }

    /// The point `millis` milliseconds later, or earlier when negative.
    #[must_use]
    pub fn plus_millis(self, millis: i64) -> Self {
        Self::from_millis(self.0.saturating_add(millis))
    }

    /// The point `span` later.
    #[must_use]
    pub fn plus(self, span: SignedDuration) -> Self {
        self.plus_millis(i64::try_from(span.as_millis()).unwrap_or(i64::MAX))
    }

    /// The point to the millisecond, as our own files have it: `2026-01-02T03:04:05Z`, with a fraction only where there is one.
    pub fn exact(self) -> String {
        self.jiff().to_string()
    }

    /// The point so many working days later: Saturdays and Sundays do not count. Public holidays do.
    #[must_use]
    pub fn plus_working_days(self, days: u32) -> Self {
        const DAY: i64 = 86_400_000;
        // 1970-01-01 was a Thursday.
        let is_weekend = |at: Self| matches!((at.0.div_euclid(DAY) + 4).rem_euclid(7), 0 | 6);
        (0..days).fold(self, |at, _| {
            let mut next = at.plus_millis(DAY);
            while is_weekend(next) && next < next.plus_millis(DAY) {
                next = next.plus_millis(DAY);
            }
            next
        })
    }

    /// Whole years since an earlier point, as people count their age.
    pub fn years_since(self, earlier: Self) -> i64 {
        let date = |at: Self| at.jiff().to_zoned(TimeZone::UTC).date();
        let (now, then) = (date(self), date(earlier));
        let had_no_birthday = (now.month(), now.day()) < (then.month(), then.day());
        i64::from(now.year() - then.year()) - i64::from(had_no_birthday)
    }

    /// How much later it is than `earlier`.
    pub fn since(self, earlier: Self) -> SignedDuration {
        SignedDuration::from_millis(self.0 - earlier.0)
    }

    /// Reads `2026-01-02T03:04:05Z`, with or without a fraction of a second. Says which it was.
    ///
    /// Source: facts/gateway.md section 8.
    pub fn parse_signed(text: &str) -> Option<(Self, bool)> {
        let bytes = text.as_bytes();
        let digits = |from: usize, len: usize| -> Option<i64> {
            bytes
                .get(from..from + len)?
                .iter()
                .try_fold(0i64, |n, b| b.is_ascii_digit().then(|| n * 10 + i64::from(b - b'0')))
        };
        let shape = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')];
        if shape.iter().any(|&(at, c)| bytes.get(at) != Some(&c)) {
            return None;
        }
        let (fraction, millis) = match &bytes[19.min(bytes.len())..] {
            b"Z" => (false, 0),
            [b'.', rest @ .., b'Z']
                if (1..=9).contains(&rest.len()) && rest.iter().all(u8::is_ascii_digit) =>
            {
                let shown = std::str::from_utf8(&rest[..rest.len().min(3)]).ok()?;
                (true, format!("{shown:0<3}").parse::<i64>().ok()?)
            }
            _ => return None,
        };
        let date = civil::DateTime::new(
            i16::try_from(digits(0, 4)?).ok()?,
            i8::try_from(digits(5, 2)?).ok()?,
            i8::try_from(digits(8, 2)?).ok()?,
            i8::try_from(digits(11, 2)?).ok()?,
            i8::try_from(digits(14, 2)?).ok()?,
            i8::try_from(digits(17, 2)?).ok()?,
            0,
        )
        .ok()?;
        let at = TimeZone::UTC.to_timestamp(date).ok()?;
        Some((Self::from_millis(at.as_millisecond() + millis), fraction))
    }

    /// Reads an RFC 1123 date, `Sun, 22 Nov 2026 08:00:00 GMT`: the `Date` header of ROA calls.
    pub fn parse_http(text: &str) -> Option<Self> {
        let at = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text).ok()?;
        Some(Self::from_millis(at.as_millisecond()))
    }

    /// The form of the `Date` header, RFC 1123.
    pub fn to_http(self) -> String {
        jiff::fmt::rfc2822::DateTimePrinter::new()
            .timestamp_to_rfc9110_string(&self.jiff())
            .expect("a Timestamp is within the years that HTTP dates can show")
    }

    fn jiff(self) -> jiff::Timestamp {
        jiff::Timestamp::from_millisecond(self.0).expect("a Timestamp is within jiff's range")
    }
}

/// `2026-01-02T03:04:05Z`: seconds, never a fraction. Python's credential providers parse exactly this.
///
/// Source: facts/clients.md section 6.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let second = jiff::Timestamp::from_second(self.0.div_euclid(1000)).expect("within jiff's range");
        second.fmt(f)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Timestamp {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        let wrong = |_| serde::de::Error::custom(format!("`{text}` is no time such as 2026-01-01T00:00:00Z"));
        Self::parse(&text).map_err(wrong)
    }
}

/// Our own files and control calls: any RFC 3339 time.
impl Scalar for Timestamp {
    fn parse(text: &str) -> Result<Self, Flaw> {
        let at: jiff::Timestamp = text.parse().map_err(|_| Flaw::Format)?;
        Ok(Self::from_millis(at.as_millisecond()))
    }
}

/// Reads a span as our files have it: `30m`, `1h30m`, `2s`, `-20m`, `150ms`, `14d`. A day has 24 hours.
pub fn parse_duration(text: &str) -> Result<SignedDuration, Flaw> {
    let span: Span = text.strip_prefix('+').unwrap_or(text).parse().map_err(|_| Flaw::Format)?;
    span.to_duration(SpanRelativeTo::days_are_24_hours()).map_err(|_| Flaw::Format)
}

/// Writes a span as [`parse_duration`] reads it: `1h30m`, `-20m`.
pub fn format_duration(span: SignedDuration) -> String {
    const PRINTER: SpanPrinter = SpanPrinter::new().spacing(Spacing::None).direction(Direction::Sign);
    PRINTER.duration_to_string(&span)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signed_times_are_read_to_the_second_and_with_a_fraction() {
        let (at, fraction) = Timestamp::parse_signed("2026-11-22T07:40:16Z").unwrap();
        assert_eq!((at.to_string().as_str(), fraction), ("2026-11-22T07:40:16Z", false));

        let (at, fraction) = Timestamp::parse_signed("2026-11-22T07:50:23.783Z").unwrap();
        assert_eq!((at.as_millis() % 1000, fraction), (783, true));
    }

    #[test]
    fn other_forms_are_not_signed_times() {
        for bad in [
            "",
            "2026-11-22",
            "2026-11-22T07:40:16",
            "2026-11-22T07:40:16+08:00",
            "2026-13-22T07:40:16Z",
            "2026-11-22 07:40:16Z",
            "2026-11-22T07%3A40%3A16Z",
            "２026-11-22T07:40:16Z",
        ] {
            assert!(Timestamp::parse_signed(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn http_dates_go_both_ways() {
        let at = Timestamp::parse_http("Sun, 22 Nov 2026 08:00:00 GMT").unwrap();
        assert_eq!(at.to_http(), "Sun, 22 Nov 2026 08:00:00 GMT");
    }

    #[test]
    fn spans_are_read_as_people_write_them() {
        assert_eq!(parse_duration("1h30m").unwrap().as_secs(), 5400);
        assert_eq!(parse_duration("-20m").unwrap().as_secs(), -1200);
        assert_eq!(parse_duration("14d").unwrap(), SignedDuration::from_hours(336));
        for bad in ["soon", "1mo", "1y", ""] {
            assert!(parse_duration(bad).is_err(), "{bad}");
        }
        for text in ["1h30m", "-20m", "150ms", "0s"] {
            assert_eq!(format_duration(parse_duration(text).unwrap()), text);
        }
    }

    #[test]
    fn working_days_skip_the_weekend() {
        let friday = Timestamp::parse("2026-11-20T10:00:00Z").unwrap();
        for (days, at) in [(0, "2026-11-20"), (1, "2026-11-23"), (3, "2026-11-25"), (6, "2026-11-30")] {
            assert_eq!(friday.plus_working_days(days).to_string(), format!("{at}T10:00:00Z"));
        }
        let last = Timestamp::from_millis(i64::MAX);
        assert_eq!(last.plus_working_days(3), last);
    }

    #[test]
    fn an_age_grows_on_the_birthday() {
        let age = |born: &str, now: &str| {
            Timestamp::parse(now).unwrap().years_since(Timestamp::parse(born).unwrap())
        };
        assert_eq!(age("2010-11-23T00:00:00Z", "2026-11-22T23:59:59Z"), 15);
        assert_eq!(age("2010-11-23T00:00:00Z", "2026-11-23T00:00:00Z"), 16);
    }

    #[test]
    fn an_exact_time_is_read_back() {
        for text in ["2026-11-22T08:00:00Z", "2026-11-22T08:00:00.007Z"] {
            assert_eq!(Timestamp::parse(text).unwrap().exact(), text);
        }
    }
}
