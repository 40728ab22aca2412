//! Normal form for comparing resources.

/// Normal form of a resource or a resource pattern. For the service `ram`, an empty region equals `*` (pages use both, requests use `*`).
/// RAM names are compared ignoring case, because they are unique ignoring case. Otherwise a deny for `user/Alice` would not match a request
/// for `alice`. The service `ims` equals `ram`, because IMS has resources of RAM: docs/evidence/ims.md 3.1.
///
/// All three are UNCERTAIN. Source: docs/evidence/policy.md section 2.
pub(super) fn comparable(arn: &str) -> String {
    match arn.strip_prefix("acs:ram:").or_else(|| arn.strip_prefix("acs:ims:")) {
        Some(rest) => {
            let region = if rest.starts_with(':') { "*" } else { "" };
            format!("acs:ram:{region}{}", rest.to_ascii_lowercase())
        }
        None => arn.to_owned(),
    }
}
