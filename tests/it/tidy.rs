//! Rules about the code that a compiler does not check.

use std::fs;
use std::path::{Path, PathBuf};

pub fn sources(below: &str) -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(below);
    let mut found = Vec::new();
    let mut open = vec![root];
    while let Some(place) = open.pop() {
        if place.is_dir() {
            open.extend(fs::read_dir(&place).unwrap().map(|entry| entry.unwrap().path()));
        } else if place.extension().is_some_and(|ext| ext == "rs") {
            found.push((place.clone(), fs::read_to_string(&place).unwrap()));
        }
    }
    assert!(!found.is_empty(), "{below} holds no source");
    found
}

/// Fails when a source below `place` names one of `forbidden`, in a `use` line or in full.
#[track_caller]
fn must_not_know(place: &str, forbidden: &[&str]) {
    for (path, text) in sources(place) {
        for (number, line) in
            text.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//"))
        {
            let known = forbidden
                .iter()
                .find(|name| line.contains(&format!("{name}::")) || line.contains(&format!("use {name}")));
            assert!(
                known.is_none(),
                "{}:{}: {place} must not know `{}`",
                path.display(),
                number + 1,
                known.unwrap_or(&"")
            );
        }
    }
}

#[test]
fn a_service_never_learns_of_the_gateway_http_or_the_time() {
    let doors = [
        "crate::gateway",
        "crate::control",
        "crate::server",
        "crate::scenario",
        "axum",
        "hyper",
        "http",
        "serde_json",
    ];
    must_not_know("src/services", &[&doors[..], &["SystemTime", "Instant", "rand", "uuid", "jiff"]].concat());
}

#[test]
fn dependencies_point_one_way() {
    must_not_know(
        "src/text",
        &["crate::world", "crate::error", "crate::services", "crate::gateway", "crate::params"],
    );
    must_not_know(
        "src/world",
        &[
            "crate::services",
            "crate::gateway",
            "crate::control",
            "crate::console",
            "crate::scenario",
            "crate::server",
            "hyper",
            "axum",
            "serde_json",
        ],
    );
    must_not_know(
        "src/policy",
        &["crate::services", "crate::gateway", "crate::params", "crate::world", "crate::error", "http"],
    );
    must_not_know(
        "src/federation",
        &["crate::services", "crate::gateway", "crate::world", "crate::error", "http", "hyper"],
    );
    must_not_know(
        "src/gateway",
        &["crate::control", "crate::console", "crate::server", "hyper", "axum", "tokio"],
    );
    must_not_know("src/control", &["crate::services", "crate::console", "hyper", "tokio"]);
    must_not_know("src/console", &["crate::services", "crate::gateway", "crate::server", "hyper", "tokio"]);
    must_not_know(
        "src/scenario",
        &["crate::gateway", "crate::control", "crate::server", "hyper", "axum", "tokio"],
    );
}

#[test]
fn scenarios_read_the_names_of_products_and_actions_in_one_place_and_nothing_else_of_services() {
    for (path, text) in sources("src/scenario") {
        let named: Vec<_> = text.lines().filter(|line| line.contains("crate::services")).collect();
        let allowed: &[&str] =
            if path.ends_with("names.rs") { &["use crate::services::{Product, products};"] } else { &[] };
        assert_eq!(named, allowed, "{}", path.display());
        let runs = ["operation(", "operations(", "audience", "denial"].iter().any(|name| text.contains(name));
        assert!(allowed.is_empty() || !runs, "{}: names of products and actions alone", path.display());
    }
}

#[test]
fn no_file_is_longer_than_six_hundred_lines() {
    for (path, text) in [sources("src"), sources("tests/it")].concat() {
        assert!(text.lines().count() <= 600, "{}: split it by resource", path.display());
    }
}

#[test]
fn every_constant_of_the_catalogue_says_where_it_was_seen() {
    // Signing mistakes are no wire codes.
    let others = ["mod.rs", "parameter.rs", "cause.rs"];
    let is_catalogue = |path: &Path| !others.iter().any(|name| path.ends_with(name));
    for (path, text) in sources("src/error").into_iter().filter(|(path, _)| is_catalogue(path)) {
        let lines: Vec<_> = text.lines().collect();
        for pair in
            lines.windows(2).filter(|pair| pair[1].contains(" = ") && pair[1].trim_end().ends_with(';'))
        {
            assert!(pair[0].trim_start().starts_with("///"), "{}: {}", path.display(), pair[1]);
        }
    }
}

#[test]
fn nothing_unfinished_is_left() {
    for (path, text) in sources("src") {
        for word in ["todo!(", "unimplemented!(", "FIXME", "dbg!("] {
            assert!(!text.contains(word), "{}: {word}", path.display());
        }
    }
}

#[test]
fn the_server_opens_no_connection() {
    for (path, text) in sources("src").into_iter().filter(|(path, _)| !path.ends_with("cli/client.rs")) {
        let ways = [
            "Stream::connect",
            ".connect(",
            "client::conn",
            "UdpSocket",
            "UnixStream",
            "lookup_host",
            "to_socket_addrs",
        ];
        // Tests of a server are clients of it.
        let text = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
        let found = ways.iter().find(|way| text.contains(**way));
        assert!(found.is_none(), "{}: `{}`", path.display(), found.unwrap_or(&""));
    }
}
