//! Reader for DER, limited to public keys and certificates.
//!
//! Source: X.690, section 8 and 10.

/// Tags used in keys and certificates.
pub(crate) mod tag {
    pub(crate) const INTEGER: u8 = 0x02;
    pub(crate) const BIT_STRING: u8 = 0x03;
    pub(crate) const OBJECT_IDENTIFIER: u8 = 0x06;
    pub(crate) const SEQUENCE: u8 = 0x30;
    /// `[0] EXPLICIT`: the version of a certificate.
    pub(crate) const CONTEXT_0: u8 = 0xa0;
}

/// Returns the content of the first element of `der`, which must have `tag`, and the bytes after it.
pub(crate) fn element(der: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (first, rest) = der.split_first()?;
    let (len, rest) = rest.split_first()?;
    let (len, rest) = match len {
        0..=0x7f => (usize::from(*len), rest),
        0x81 => (usize::from(*rest.first()?), &rest[1..]),
        0x82 => (usize::from(*rest.first()?) << 8 | usize::from(*rest.get(1)?), &rest[2..]),
        _ => return None,
    };
    (*first == tag && rest.len() >= len).then(|| rest.split_at(len))
}

/// Encodes an element of up to 65535 bytes.
pub(crate) fn whole(tag: u8, content: &[u8]) -> Vec<u8> {
    let [.., high, low] = content.len().to_be_bytes();
    let head: &[u8] = match content.len() {
        0..=0x7f => &[tag, low],
        0x80..=0xff => &[tag, 0x81, low],
        _ => &[tag, 0x82, high, low],
    };
    [head, content].concat()
}

/// Bytes of a bit string without unused bits, and the bytes after it.
pub(crate) fn bits(der: &[u8]) -> Option<(&[u8], &[u8])> {
    let (content, rest) = element(der, tag::BIT_STRING)?;
    Some((content.strip_prefix(&[0])?, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_element_is_cut_from_what_follows_it() {
        assert_eq!(element(&[2, 1, 5, 9], tag::INTEGER), Some((&[5][..], &[9][..])));
        assert_eq!(element(&[2, 0x81, 1, 5], tag::INTEGER), Some((&[5][..], &[][..])));
        assert_eq!(element(&[2, 0x82, 0, 1, 5], tag::INTEGER), Some((&[5][..], &[][..])));
        assert_eq!(bits(&[3, 2, 0, 7]), Some((&[7][..], &[][..])));
    }

    #[test]
    fn a_cut_element_or_another_one_is_none() {
        for bad in [&[][..], &[2], &[2, 2, 5], &[2, 0x81], &[2, 0x82, 0], &[2, 0x83, 0, 0, 1, 5], &[3, 1, 5]]
        {
            assert_eq!(element(bad, tag::INTEGER), None, "{bad:?}");
        }
        assert_eq!(bits(&[3, 2, 1, 7]), None);
    }
}
