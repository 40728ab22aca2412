//! Compressed documents inside the program, created by `build.rs`.

use flate2::read::DeflateDecoder;
use std::io::Read;

/// The JSON Schema of scenario files.
pub(crate) const SCHEMA: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/schema.deflate"));
/// The OpenAPI document of the control API.
pub(crate) const OPENAPI: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/openapi.deflate"));
/// Hosts by product and region, see `services/location/hosts.rs`.
pub(crate) const HOSTS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/hosts.deflate"));
/// Actions by method and path, see `services/paths.rs`.
pub(crate) const PATHS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/paths.deflate"));

/// Text of a compressed document.
pub(crate) fn unpacked(document: &[u8]) -> String {
    let mut text = String::new();
    DeflateDecoder::new(document).read_to_string(&mut text).expect("the build has packed it");
    text
}
