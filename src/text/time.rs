//! Times and durations, in the formats of the wire and of alimock's files.

use crate::text::{Flaw, Scalar};
use jiff::fmt::friendly::{Direction, Spacing, SpanPrinter};
use jiff::{SignedDuration, Span, SpanRelativeTo, civil, tz::TimeZone};
use serde::Serialize;
use std::fmt;

/// A point in time, in milliseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Timestamp(i64);

impl Timestamp {
    /// Earliest and latest time that can be printed: from year 0 to jiff's maximum, 9999-12-30T22:00:00Z.
    const RANGE: std::ops::RangeInclusive<i64> = -62_167_219_200_000..=253_402_207_200_000;

    /// Time `millis` milliseconds after the epoch. A time that cannot be printed becomes the nearest one that can.
    pub fn from_millis(millis: i64) -> Self {
        Self(millis.clamp(*Self::RANGE.start(), *Self::RANGE.end()))
    }

    /// Milliseconds since the epoch.
    pub fn as_millis(self) -> i64 {
        self.0
    }

    /// Time `millis` milliseconds later, or earlier if negative.
    #[must_use]
    pub fn plus_millis(self, millis: i64) -> Self {
        Self::from_millis(self.0.saturating_add(millis))
    }

    /// Time `span` later.
    #[must_use]
    pub fn plus(self, span: SignedDuration) -> Self {
        self.plus_millis(i64::try_from(span.as_millis()).unwrap_or(i64::MAX))
    }

    /// Time `span` later, unless it cannot be printed.
    pub fn checked_plus(self, span: SignedDuration) -> Option<Self> {
        let millis = self.0.checked_add(i64::try_from(span.as_millis()).ok()?)?;
        Self::RANGE.contains(&millis).then_some(Self(millis))
    }

    /// Text with milliseconds, as in alimock's files: `2026-01-02T03:04:05Z`, with a fraction only if it is not zero.
    pub fn exact(self) -> String {
        self.jiff().to_string()
    }

    /// Text with exactly three digits of a fraction: `2018-01-20T16:20:17.012Z`.
    pub fn with_millis(self) -> String {
        format!("{:.3}", self.jiff())
    }

    /// Text in the time of China: `2021-06-05T14:39:13+08:00`.
    pub fn in_china(self) -> String {
        let local = self.plus_millis(8 * 3_600_000).to_string();
        format!("{}+08:00", local.trim_end_matches('Z'))
    }

    /// Text without zone: `2022-01-01 00:00:00`.
    pub fn plain(self) -> String {
        self.to_string().trim_end_matches('Z').replace('T', " ")
    }

    /// Time `days` working days later. Saturdays and Sundays do not count; public holidays do.
    #[must_use]
    pub fn plus_working_days(self, days: u32) -> Self {
        const DAY: i64 = 86_400_000;
        // 1970-01-01 was a Thursday.
        let is_weekend = |at: Self| matches!((at.0.div_euclid(DAY) + 4).rem_euclid(7), 0 | 6);
        let next = |at: Self| {
            let days = (1..=3).find(|days| !is_weekend(at.plus_millis(days * DAY))).unwrap_or(1);
            at.plus_millis(days * DAY)
        };
        // From a working day on, five working days are one week.
        let (first, days) = if is_weekend(self) && days > 0 { (next(self), days - 1) } else { (self, days) };
        let weeks = first.plus_millis(i64::from(days / 5) * 7 * DAY);
        (0..days % 5).fold(weeks, |at, _| next(at))
    }

    /// Whole years since an earlier time, as in a person's age.
    pub fn years_since(self, earlier: Self) -> i64 {
        let date = |at: Self| at.jiff().to_zoned(TimeZone::UTC).date();
        let (now, then) = (date(self), date(earlier));
        let had_no_birthday = (now.month(), now.day()) < (then.month(), then.day());
        i64::from(now.year() - then.year()) - i64::from(had_no_birthday)
    }

    /// Duration since `earlier`.
    pub fn since(self, earlier: Self) -> SignedDuration {
        SignedDuration::from_millis(self.0 - earlier.0)
    }

    /// Parses `2026-01-02T03:04:05Z`, with or without a fraction of a second. The flag tells if a fraction was present.
    ///
    /// Source: docs/evidence/gateway.md section 8.
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

    /// Parses the basic form of ISO 8601, to the second: `20261122T080000Z`.
    pub fn parse_basic(text: &str) -> Option<Self> {
        let part = |from: usize, to: usize| text.get(from..to);
        let (date, time) = (part(0, 8)?, part(9, 15)?);
        let (year, month, day) = (date.get(..4)?, date.get(4..6)?, date.get(6..)?);
        let (hour, minute, second) = (time.get(..2)?, time.get(2..4)?, time.get(4..)?);
        let extended = format!("{year}-{month}-{day}T{hour}:{minute}:{second}Z");
        let has_form = text.len() == 16 && part(8, 9) == Some("T") && text.ends_with('Z');
        Self::parse_signed(&extended).filter(|_| has_form).map(|(at, _)| at)
    }

    /// Parses an RFC 1123 date, such as `Sun, 22 Nov 2026 08:00:00 GMT`: the `Date` header of ROA calls.
    ///
    /// A wrong day of the week and `UTC` are accepted, as by the date parsers of Java and C. UNCERTAIN: no capture shows either.
    pub fn parse_http(text: &str) -> Option<Self> {
        let in_gmt = text.strip_suffix(" UTC").map(|start| format!("{start} GMT"));
        let parser = jiff::fmt::rfc2822::DateTimeParser::new().relaxed_weekday(true);
        let at = parser.parse_timestamp(in_gmt.as_deref().unwrap_or(text)).ok()?;
        Some(Self::from_millis(at.as_millisecond()))
    }

    /// Format of the `Date` header, RFC 1123.
    pub fn to_http(self) -> String {
        jiff::fmt::rfc2822::DateTimePrinter::new()
            .timestamp_to_rfc9110_string(&self.jiff())
            .expect("a Timestamp is within the years that HTTP dates can show")
    }

    fn jiff(self) -> jiff::Timestamp {
        jiff::Timestamp::from_millisecond(self.0).expect("a Timestamp is within jiff's range")
    }
}

/// `2026-01-02T03:04:05Z`: seconds, never a fraction. Python's credential providers accept only this format.
///
/// Source: docs/evidence/clients.md section 6.
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

/// For alimock's files and the control API: any RFC 3339 time.
impl Scalar for Timestamp {
    fn parse(text: &str) -> Result<Self, Flaw> {
        let at: jiff::Timestamp = text.parse().map_err(|_| Flaw::Format)?;
        let millis = at.as_millisecond();
        // Years before the year 0 are mistakes.
        Self::RANGE.contains(&millis).then_some(Self(millis)).ok_or(Flaw::Format)
    }
}

/// Longest duration in alimock's files: longer than all times that can be printed.
const LONGEST: SignedDuration = SignedDuration::from_hours(24 * 366 * 10_000);

/// Reason why a text is not a duration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoSpan {
    /// Wrong form.
    #[error("is not a span such as 2h, 30m or -20m")]
    Form,
    /// The duration is too long.
    #[error("is a span of more than 10000 years")]
    TooLong,
}

/// Parses a duration in the format of alimock's files: `30m`, `1h30m`, `2s`, `-20m`, `150ms`, `14d`. A day has 24 hours.
pub fn parse_duration(text: &str) -> Result<SignedDuration, NoSpan> {
    let text = text.strip_prefix('+').unwrap_or(text);
    let Ok(span) = text.parse::<Span>() else {
        // A text that is a duration with smaller numbers has the right form.
        let has_form = with_ones(text).parse().is_ok_and(|span| days(&span).is_some());
        return Err(if has_form { NoSpan::TooLong } else { NoSpan::Form });
    };
    let span = days(&span).ok_or(NoSpan::Form)?;
    if span.abs() > LONGEST { Err(NoSpan::TooLong) } else { Ok(span) }
}

/// Replaces each number in a text by `1`.
fn with_ones(text: &str) -> String {
    let mut ones = String::new();
    for c in text.chars() {
        match c {
            '0'..='9' if ones.ends_with('1') => {}
            '0'..='9' => ones.push('1'),
            other => ones.push(other),
        }
    }
    ones
}

fn days(span: &Span) -> Option<SignedDuration> {
    span.to_duration(SpanRelativeTo::days_are_24_hours()).ok()
}

/// Writes a duration in the format of [`parse_duration`]: `1h30m`, `-20m`.
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
    fn a_time_with_milliseconds_always_has_three_digits() {
        let shown =
            [0, 12, 500].map(|millis| Timestamp::from_millis(1_795_334_400_000 + millis).with_millis());
        assert_eq!(
            shown,
            ["2026-11-22T08:00:00.000Z", "2026-11-22T08:00:00.012Z", "2026-11-22T08:00:00.500Z"]
        );
    }

    #[test]
    fn spans_are_read_as_people_write_them() {
        assert_eq!(parse_duration("1h30m").unwrap().as_secs(), 5400);
        assert_eq!(parse_duration("-20m").unwrap().as_secs(), -1200);
        assert_eq!(parse_duration("14d").unwrap(), SignedDuration::from_hours(336));
        for bad in ["soon", "1mo", "1y", "", "+", "-", "9", "99999999999999999999x"] {
            assert_eq!(parse_duration(bad), Err(NoSpan::Form), "{bad}");
        }
        for long in
            ["87840001h", "-87840001h", "+300000000h", "99999999999999999999s", "9223372036854775807h"]
        {
            assert_eq!(parse_duration(long), Err(NoSpan::TooLong), "{long}");
        }
        assert!(parse_duration("87840000h").is_ok());
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
        let saturday = Timestamp::parse("2026-11-21T10:00:00Z").unwrap();
        for (days, at) in [(1, "2026-11-23"), (5, "2026-11-27"), (6, "2026-11-30")] {
            assert_eq!(saturday.plus_working_days(days).to_string(), format!("{at}T10:00:00Z"));
        }
        let last = Timestamp::from_millis(i64::MAX);
        assert_eq!(last.plus_working_days(3), last);
        assert_eq!(friday.plus_working_days(u32::MAX), last);
    }

    #[test]
    fn every_time_can_be_shown_and_added_to() {
        for millis in [i64::MIN, i64::MIN + 1, -1, 0, 1, i64::MAX - 1, i64::MAX] {
            let at = Timestamp::from_millis(millis);
            let shown = [at.to_string(), at.exact(), at.to_http()];
            assert!(shown.iter().all(|text| !text.is_empty()));
            assert_eq!(Timestamp::parse(&at.exact()), Ok(at));
            assert_eq!(Timestamp::parse_http(&at.to_http()), Some(Timestamp(at.0.div_euclid(1000) * 1000)));
            for more in [i64::MIN, -1, 0, 1, i64::MAX] {
                assert!(!at.plus_millis(more).to_string().is_empty());
                let span = SignedDuration::from_millis(more);
                assert_eq!(at.plus(span), at.plus_millis(more));
                let fits =
                    i128::from(at.as_millis()) + i128::from(more) == i128::from(at.plus(span).as_millis());
                assert_eq!(at.checked_plus(span).is_some(), fits);
            }
            assert!(at.years_since(Timestamp::from_millis(0)) < 9999);
        }
        for bad in ["-000100-01-01T00:00:00Z", "+010000-01-01T00:00:00Z", "9999-12-31T00:00:00Z"] {
            assert_eq!(Timestamp::parse(bad), Err(Flaw::Format), "{bad}");
        }
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
