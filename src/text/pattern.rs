//! Wildcards: `*` stands for any run of characters, also an empty one, also across `/` and `:`; `?` for exactly one.
//! Nothing escapes them. Source: facts/policy.md section 2; scenario files have the same.

/// Whether `pattern` covers the whole of `text`.
pub fn covers(pattern: &str, text: &str) -> bool {
    let (mut pattern, mut text) = (pattern.chars(), text.chars());
    // What follows the last `*`, and the text from which it was last tried: one step back is always enough.
    let mut retry = None;
    loop {
        let (wanted, rest) = (pattern.clone().next(), text.clone().next());
        match (wanted, rest) {
            (Some('*'), _) => {
                pattern.next();
                retry = Some((pattern.clone(), text.clone()));
            }
            (Some(wanted), Some(found)) if wanted == '?' || wanted == found => {
                pattern.next();
                text.next();
            }
            (None, None) => return true,
            _ => {
                let Some((after_star, mut from)) = retry.take() else { return false };
                if from.next().is_none() {
                    return false;
                }
                (pattern, text) = (after_star.clone(), from.clone());
                retry = Some((after_star, from));
            }
        }
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
        // Exponential in a matcher that tries every split.
        assert!(!covers(&"a*".repeat(30), &"a".repeat(2000).replace(' ', "").to_uppercase()));
        assert!(!covers(&format!("{}b", "a*".repeat(30)), &"a".repeat(2000)));
    }

    proptest! {
        #[test]
        fn a_text_with_parts_replaced_by_stars_covers_it(text in "[a-c]{0,12}", at in 0usize..13, len in 0usize..13) {
            let (at, end) = (at.min(text.len()), (at + len).min(text.len()).max(at.min(text.len())));
            let pattern = format!("{}*{}", &text[..at], &text[end..]);
            prop_assert!(covers(&pattern, &text));
        }
    }
}
