//! Amounts of money: hundredths inside, `10000.00` on the wire.

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

/// Converts an amount from a number into hundredths.
#[expect(clippy::cast_possible_truncation, reason = "checked to be far inside the range")]
pub fn cents_of(amount: f64) -> Option<i64> {
    (amount.is_finite() && amount.abs() < 1e12).then(|| (amount * 100.0).round() as i64)
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
