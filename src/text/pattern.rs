//! Wildcards: `*` matches any sequence of characters, even an empty one, including `/` and `:`. `?` matches exactly one character.
//! They cannot be escaped. Source: docs/evidence/policy.md section 2; scenario files use the same rules.

/// Returns `true` if `pattern` matches the whole `text`.
///
/// Searches for the parts between stars one after another, each at its first position. A part without `?` takes time proportional to the
/// text; a part with `?` takes at most its length times that.
pub fn covers(pattern: &str, text: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else {
        return begins(text, pattern) == Some(text.len());
    };
    let (middle, last) = rest.rsplit_once('*').unwrap_or(("", rest));
    let Some(start) = begins(text, first) else { return false };
    let Some(end) = ends(&text[start..], last) else { return false };
    let mut rest = &text[start..start + end];
    middle.split('*').filter(|part| !part.is_empty()).all(|part| match find(rest, part) {
        Some(after) => {
            rest = &rest[after..];
            true
        }
        None => false,
    })
}

/// Number of bytes that a part without stars matches at the start of a text.
fn begins(text: &str, part: &str) -> Option<usize> {
    if !part.contains('?') {
        return text.starts_with(part).then_some(part.len());
    }
    let mut found = text.chars();
    let fits = part.chars().all(|wanted| found.next().is_some_and(|one| wanted == '?' || wanted == one));
    fits.then(|| text.len() - found.as_str().len())
}

/// Position at which a part without stars matches the end of a text.
fn ends(text: &str, part: &str) -> Option<usize> {
    let mut found = text.chars();
    let mut wanted = part.chars().rev();
    let fits = wanted.all(|wanted| found.next_back().is_some_and(|one| wanted == '?' || wanted == one));
    fits.then_some(found.as_str().len())
}

/// End of the first match of a part without stars.
fn find(text: &str, part: &str) -> Option<usize> {
    if !part.contains('?') {
        return text.find(part).map(|at| at + part.len());
    }
    // The text before the first `?` determines the positions to try.
    let (literal, _) = part.split_once('?').expect("there is one");
    let mut from = 0;
    loop {
        let at = from + text[from..].find(literal)?;
        if let Some(length) = begins(&text[at..], part) {
            return Some(at + length);
        }
        from = at + text[at..].chars().next()?.len_utf8();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn stars_and_question_marks_cover_what_they_should() {
        for (pattern, text) in [
            ("", ""),
            ("*", ""),
            ("*", "a:/b"),
            ("a*c", "abbc"),
            ("a?c", "a中c"),
            ("*a*b*", "xxaxxbxx"),
            ("**", "x"),
        ] {
            assert!(covers(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in
            [("", "a"), ("?", ""), ("a?c", "ac"), ("a*c", "abcd"), ("A", "a"), ("*ab", "aab ")]
        {
            assert!(!covers(pattern, text), "{pattern} {text}");
        }
    }

    #[test]
    fn many_stars_take_no_longer_than_they_must() {
        // Exponential in a matcher that tries each split.
        assert!(!covers(&"a*".repeat(30), &"a".repeat(2000).replace(' ', "").to_uppercase()));
        assert!(!covers(&format!("{}b", "a*".repeat(30)), &"a".repeat(2000)));
    }

    /// The rule of the page in its simplest form: exponential, but clearly correct.
    fn plainly(pattern: &[char], text: &[char]) -> bool {
        match (pattern.split_first(), text.split_first()) {
            (None, None) => true,
            (Some(('*', rest)), _) => {
                plainly(rest, text) || (!text.is_empty() && plainly(pattern, &text[1..]))
            }
            (Some((wanted, rest)), Some((found, after))) => {
                (*wanted == '?' || wanted == found) && plainly(rest, after)
            }
            _ => false,
        }
    }

    proptest! {
        #[test]
        fn a_pattern_covers_what_it_plainly_covers(pattern in "[ab中*?]{0,8}", text in "[ab中]{0,10}") {
            let chars = |text: &str| text.chars().collect::<Vec<_>>();
            prop_assert_eq!(covers(&pattern, &text), plainly(&chars(&pattern), &chars(&text)));
        }

        #[test]
        fn a_text_with_parts_replaced_by_stars_covers_it(text in "[a-c]{0,12}", at in 0usize..13, len in 0usize..13) {
            let (at, end) = (at.min(text.len()), (at + len).min(text.len()).max(at.min(text.len())));
            let pattern = format!("{}*{}", &text[..at], &text[end..]);
            prop_assert!(covers(&pattern, &text));
        }
    }
}
