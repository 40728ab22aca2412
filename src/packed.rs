//! Compressed documents inside the program, created by `build.rs`.

use flate2::bufread::DeflateDecoder;
use std::io::{BufRead, BufReader, Read};

/// The JSON Schema of scenario files.
pub(crate) const SCHEMA: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/schema.deflate"));
/// The OpenAPI document of the control API.
pub(crate) const OPENAPI: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/openapi.deflate"));
/// Rows of the system policies, one a line, in the order of their names.
pub(crate) const SYSTEM: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/system.deflate"));
/// Names of the system policies, one a line, in order. They are not compressed, because a search must not unpack them.
pub(crate) const SYSTEM_NAMES: &str = include_str!(concat!(env!("OUT_DIR"), "/system.names"));
/// Hosts by product and region, see `services/location/hosts.rs`.
pub(crate) const HOSTS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/hosts.deflate"));
/// Actions by method and path, see `services/roa.rs`.
pub(crate) const ROA: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/roa.deflate"));

/// Text of a compressed document.
pub(crate) fn unpacked(document: &[u8]) -> String {
    let mut text = String::new();
    DeflateDecoder::new(document).read_to_string(&mut text).expect("the build has packed it");
    text
}

/// Lines of a compressed document, one at a time.
pub(crate) fn lines(document: &[u8]) -> impl Iterator<Item = String> {
    BufReader::new(DeflateDecoder::new(document)).lines().map(|line| line.expect("the build has packed it"))
}
