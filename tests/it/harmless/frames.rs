//! Frames of HTTP/2, for what no client library sends. Source: RFC 9113, RFC 7541.

fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    let mut bytes = vec![length[1], length[2], length[3], kind, flags];
    bytes.extend(stream.to_be_bytes());
    bytes.extend(payload);
    bytes
}

/// What a client sends first: the preface and its settings, of which it has none.
pub fn opening() -> Vec<u8> {
    [b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec(), frame(4, 0, 0, &[])].concat()
}

/// The whole of a request without a body.
pub fn head(stream: u32, fields: &[(&str, &str)]) -> Vec<u8> {
    let mut block = Vec::new();
    for (name, value) in fields {
        // A literal field without indexing, with a new name.
        block.extend([0, u8::try_from(name.len()).unwrap()]);
        block.extend(name.bytes());
        block.push(u8::try_from(value.len()).unwrap());
        block.extend(value.bytes());
    }
    frame(1, 5, stream, &block)
}

/// Takes a request back.
pub fn reset(stream: u32) -> Vec<u8> {
    frame(3, 0, stream, &[0, 0, 0, 8])
}

/// Asks for an answer to nothing.
pub fn ping() -> Vec<u8> {
    frame(6, 0, 0, &[0; 8])
}

/// Settings that change nothing, to be confirmed.
pub fn settings() -> Vec<u8> {
    frame(4, 0, 0, &[])
}
