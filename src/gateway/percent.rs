//! Percent-encoding for signatures.

const HEX: &[u8; 16] = b"0123456789ABCDEF";

/// Returns `true` if a byte needs no escape.
fn is_bare(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~')
}

fn encode_with(out: &mut String, text: &str, escape: &str) {
    let mut done = 0;
    for (at, byte) in text.bytes().enumerate() {
        if !is_bare(byte) {
            // An escaped byte is never part of an unescaped character.
            if done < at {
                out.push_str(&text[done..at]);
            }
            out.push_str(escape);
            out.push(HEX[usize::from(byte >> 4)] as char);
            out.push(HEX[usize::from(byte & 15)] as char);
            done = at + 1;
        }
    }
    if done < text.len() {
        out.push_str(&text[done..]);
    }
}

/// Appends a text, percent-encoded except for `A-Z a-z 0-9 - _ . ~`.
pub(crate) fn encode(out: &mut String, text: &str) {
    encode_with(out, text, "%");
}

/// Returns a text, percent-encoded.
pub(crate) fn encoded(text: &str) -> String {
    let mut out = String::new();
    encode(&mut out, text);
    out
}

/// Appends a text, percent-encoded twice.
pub(crate) fn encode_twice(out: &mut String, text: &str) {
    encode_with(out, text, "%25");
}
