//! The form in which resources are compared.

/// A resource or a pattern for some as it is compared. For the service `ram` an empty region and `*` are the same (pages use both,
/// requests carry `*`), and names are compared ignoring case, because they are unique ignoring it: else a deny of `user/Alice`
/// would miss a call about `alice`.
///
/// UNCERTAIN, both. Source: docs/evidence/policy.md section 2.
pub(super) fn comparable(arn: &str) -> String {
    match arn.strip_prefix("acs:ram:") {
        Some(rest) => {
            let region = if rest.starts_with(':') { "*" } else { "" };
            format!("acs:ram:{region}{}", rest.to_ascii_lowercase())
        }
        None => arn.to_owned(),
    }
}
