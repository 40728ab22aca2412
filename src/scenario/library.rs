//! Scenarios that are part of the program: the files of scenarios/, by name.

macro_rules! library {
    ($($name:literal)*) => {
        /// Names and texts of all scenarios.
        pub const ALL: &[(&str, &str)] = &[$(($name, include_str!(concat!("../../scenarios/", $name, ".yaml")))),*];
    };
}

library! {
    "account-closed"
    "account-disabled-by-operator"
    "account-frozen"
    "address-not-allowed"
    "answer-corrupt"
    "answer-empty"
    "answer-of-a-proxy"
    "answer-slow"
    "answer-truncated"
    "arrears"
    "clock-20-minutes-off"
    "clock-unreadable"
    "closing-with-silence"
    "connection-lost"
    "control-policy-locks-a-member-out"
    "default"
    "delete-conflict"
    "failures-at-random"
    "flow-of-identity-calls"
    "flow-of-one-action"
    "imds-v2-required"
    "instance-role-revoked"
    "instance-role-rotates"
    "invitation-expires"
    "key-answer-lost"
    "key-deleted-read-as-gone"
    "key-disabled-in-rotation"
    "key-disabled-still-works"
    "key-idle-730-days"
    "key-idle-disabled"
    "key-leaked"
    "key-not-yet-usable"
    "key-of-another-network"
    "key-quota-full"
    "key-rotation"
    "key-with-a-blank"
    "login-locked"
    "member-leaves-in-a-deployment"
    "nonce-replayed"
    "nonce-weak"
    "oss-upload-outlives-its-session"
    "partner-rules"
    "permission-not-yet-known"
    "permission-read-as-nonce"
    "permission-removed"
    "policy-versions-full"
    "read-after-write-stale"
    "real-name-document-expired"
    "real-name-enterprise-stays"
    "real-name-not-known-to-products"
    "real-name-rejected-then-approved"
    "region-down"
    "region-maintained"
    "role-assumed-by-root"
    "role-trust-refused"
    "role-trust-withdrawn"
    "secret-wrong"
    "service-not-activated"
    "session-revoked"
    "sts-regional-down"
    "stub-of-another-product"
    "throttling-told-as-no-permission"
    "throttling-with-a-pause"
    "token-expires-in-a-run"
    "token-missing"
    "token-of-another-key"
    "user-in-recycle-bin"
    "users-quota-full"
}

/// A scenario as a template for a new one.
pub const TEMPLATE: &str = "\
# yaml-language-server: $schema=alimock.schema.json
# Purpose of this scenario in one sentence. Then: responses that the client gets; correct reaction of a client.
#
# `alimock scenario schema` describes every field; `alimock scenario check FILE` reports every problem.
accounts:
  - name: demo
    realName: {status: VERIFIED}
    keys: [{}]
    users:
      - {name: ci, policies: [AliyunRAMReadOnlyAccess], keys: [{}]}
faults:
  - name: the second list of users is throttled
    match: {product: Ram, action: ListUsers}
    when: {nth: 2}
    do: {error: {code: Throttling.User}}
expect:
  - {name: users are listed, calls: {action: ListUsers, code: \"\"}, atLeast: 1}
";

/// Returns the text of the scenario `name`.
pub fn named(name: &str) -> Option<&'static str> {
    ALL.iter().find(|(one, _)| *one == name).map(|(_, text)| *text)
}

/// Returns the purpose of a scenario: the first sentence of its head comment.
pub fn purpose(text: &str) -> String {
    let head = text.lines().take_while(|line| line.starts_with('#'));
    let words = head.map(|line| line.trim_start_matches('#').trim());
    let words: Vec<_> =
        words.filter(|line| !line.is_empty() && !line.starts_with("yaml-language-server")).collect();
    let all = words.join(" ");
    all.split_inclusive(". ").next().unwrap_or_default().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Scenario;
    use std::collections::BTreeSet;

    #[test]
    fn every_file_of_the_folder_is_in_the_program_and_can_be_planted() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios");
        let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let files: BTreeSet<_> =
            files.map(|path| path.file_stem().unwrap().to_string_lossy().into_owned()).collect();
        assert_eq!(files, ALL.iter().map(|(name, _)| (*name).to_owned()).collect());
        for (name, text) in ALL {
            assert!(Scenario::parse(text).is_ok(), "{name}: {}", Scenario::parse(text).unwrap_err());
            assert!(!purpose(text).is_empty(), "{name} does not say what it is for");
        }
    }
}
