//! Values of a query or of a submitted form.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// Names and values, in the order of the page.
#[derive(Debug, Clone, Default)]
pub(crate) struct Form(Vec<(String, String)>);

impl Form {
    /// Parses `application/x-www-form-urlencoded`. Bytes that are not UTF-8 become U+FFFD.
    pub(crate) fn parse(text: &str) -> Self {
        let decoded =
            |text: &str| percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned();
        let pairs = text.split('&').filter(|pair| !pair.is_empty());
        let pairs = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
        Self(pairs.map(|(name, value)| (decoded(name), decoded(value))).collect())
    }

    /// Parses a body by its content type: `multipart/form-data` for a form with a file, else as [`Form::parse`] does.
    pub(crate) fn of_body(kind: &str, body: &str) -> Self {
        let boundary = kind.strip_prefix("multipart/form-data").and_then(|rest| rest.split_once("boundary="));
        let boundary = boundary.map(|(_, rest)| rest.split(';').next().unwrap_or_default().trim_matches('"'));
        let Some(boundary) = boundary.filter(|boundary| !boundary.is_empty()) else {
            return Self::parse(body);
        };
        let part = |part: &str| {
            let (head, value) = part.split_once("\r\n\r\n")?;
            let (_, name) = head.split_once("; name=\"")?;
            let (name, _) = name.split_once('"')?;
            Some((name.to_owned(), value.to_owned()))
        };
        Self(body.split(&format!("\r\n--{boundary}")).filter_map(part).collect())
    }

    /// Returns the first value of `name` without surrounding blanks; empty if there is none.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.raw(name).trim()
    }

    /// Returns the first value of `name` as it was sent. Passwords may begin and end with blanks.
    pub(crate) fn raw(&self, name: &str) -> &str {
        self.0.iter().find(|(one, _)| one == name).map_or("", |(_, value)| value)
    }

    /// Returns the first value of `name`, unless it is empty.
    pub(crate) fn given(&self, name: &str) -> Option<&str> {
        Some(self.get(name)).filter(|value| !value.is_empty())
    }
}

/// Characters that need no escape in a query.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// Encodes a value for a path or a query.
pub(crate) fn encoded(text: &str) -> String {
    utf8_percent_encode(text, PLAIN).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_with_a_file_is_read_and_anything_else_is_no_value() {
        let body = "--x\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\nabc\r\n--x\r\nContent-Disposition: form-data; \
             name=\"file\"; filename=\"a.yaml\"\r\nContent-Type: text/yaml\r\n\r\nseed: 1\n\r\n--x--\r\n";
        let form = Form::of_body("multipart/form-data; boundary=x", body);
        assert_eq!((form.get("csrf"), form.raw("file")), ("abc", "seed: 1\n"));
        for (kind, body) in [
            ("multipart/form-data; boundary=x", "--x\r\n\r\n--x--"),
            ("multipart/form-data; boundary=", body),
            ("multipart/form-data", body),
            ("", body),
        ] {
            assert_eq!(Form::of_body(kind, body).get("file"), "", "{kind}");
        }
        assert_eq!(Form::of_body("application/x-www-form-urlencoded", "file=1").get("file"), "1");
    }

    #[test]
    fn a_form_is_decoded_once_and_its_first_value_counts() {
        let form = Form::parse("a=1+%2B%202&b&a=3&c=%FF%E4%BD%A0&d=%2541");
        assert_eq!((form.get("a"), form.given("b"), form.get("d")), ("1 + 2", None, "%41"));
        assert_eq!(form.get("c"), "\u{FFFD}你");
        assert_eq!(encoded("a b&你"), "a%20b%26%E4%BD%A0");
    }
}
