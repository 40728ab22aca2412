//! Host names: which belong to Alibaba Cloud, and their parts.
//!
//! Source: docs/evidence/gateway.md section 9; docs/evidence/clients.md section 1 (sign-in and OAuth hosts of credential tools).

/// Address of the metadata service, as an instance sees it.
pub(crate) const METADATA: &str = "100.100.100.200";
/// Domain suffixes of Alibaba Cloud hosts.
const SUFFIXES: [&str; 2] = ["aliyuncs.com", "alibabacloud.com"];
/// Domain suffixes of pages for people, and of log-in pages of tools. No product responds there.
const SIGN_IN: [&str; 6] = [
    "signin.aliyun.com",
    "oauth.aliyun.com",
    "account.aliyun.com",
    "console.aliyun.com",
    "ak-console.aliyun.com",
    "usercenter2.aliyun.com",
];

/// Returns `true` if `host` is `suffix` or below it.
pub(crate) fn is_below(host: &str, suffix: &str) -> bool {
    host.strip_suffix(suffix).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// Returns `true` if a host is this machine.
pub(crate) fn is_local(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || bare.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Returns `true` if a host belongs to Alibaba Cloud, known here or not.
pub(crate) fn is_alibaba(host: &str) -> bool {
    is_maxcompute(host) || SUFFIXES.iter().chain(&SIGN_IN).any(|suffix| is_below(host, suffix))
}

/// Returns `true` for `service.cn-hangzhou.maxcompute.aliyun.com`, `service.odps.aliyun.com`, the tunnel (`dt`) and internal
/// variants. Source: MaxCompute, "Endpoints".
pub(crate) fn is_maxcompute(host: &str) -> bool {
    let of_product = |host: &str| {
        ["maxcompute", "odps"].iter().any(|name| host.rsplit('.').next().is_some_and(|last| last == *name))
    };
    let domain = host.strip_suffix(".aliyun.com").or_else(|| host.strip_suffix(".aliyun-inc.com"));
    (host.starts_with("service.") || host.starts_with("dt.")) && domain.is_some_and(of_product)
}

/// Returns the part between scheme and path.
pub(crate) fn without_scheme(host: &str) -> &str {
    let host = host.strip_prefix("http://").or_else(|| host.strip_prefix("https://")).unwrap_or(host);
    host.split('/').next().unwrap_or(host)
}

/// Returns a host without scheme and port.
pub(crate) fn host_name(host: &str) -> &str {
    let host = without_scheme(host);
    if let Some(end) = host.strip_prefix('[').and_then(|rest| rest.find(']')) {
        return &host[..end + 2];
    }
    host.rsplit_once(':').map_or(host, |(name, _)| name)
}
