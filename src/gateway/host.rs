//! Names of hosts: which of them are ours to answer for, which product and which world they name.
//!
//! Source: docs/evidence/gateway.md section 9; docs/evidence/clients.md section 1 (sign-in and OAuth hosts of credential tools).

use crate::error::Result;
use crate::gateway::protocol::{metadata, odps};
use crate::gateway::{Gateway, host_name, no_such_world};
use crate::services::{self, Product};
use crate::world::World;
use std::net::SocketAddr;
use std::sync::Arc;

/// Hosts of Alibaba Cloud end so.
const SUFFIXES: [&str; 2] = ["aliyuncs.com", "alibabacloud.com"];
/// Those of its pages where people and tools log in. No product answers there.
const SIGN_IN: [&str; 3] = ["signin.aliyun.com", "oauth.aliyun.com", "account.aliyun.com"];
/// What a container of alimock is called by others, when nobody chose a name.
const ALIAS: &str = "alimock";

/// Whether `host` is `suffix` or below it.
fn is_below(host: &str, suffix: &str) -> bool {
    host.strip_suffix(suffix).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// Whether a host is this machine.
fn is_local(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || bare.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Whether a host is one of Alibaba Cloud's, known here or not.
pub(crate) fn is_alibaba(host: &str) -> bool {
    odps::is_host(host) || SUFFIXES.iter().chain(&SIGN_IN).any(|suffix| is_below(host, suffix))
}

impl Gateway {
    /// Whether a proxy answers for `authority` (a host, perhaps with a port) in place of the host itself. An address of this machine
    /// is the server when the port is the one of `own`, where the client has come in: others are other servers.
    pub fn stands_in_for(&self, authority: &str, own: SocketAddr) -> bool {
        let host = host_name(authority).to_ascii_lowercase();
        let asked = authority.get(host.len()..).and_then(|rest| rest.strip_prefix(':'));
        if is_local(&host) || host == own.ip().to_string() {
            return asked.map_or(own.port() == 80, |asked| asked == own.port().to_string());
        }
        is_alibaba(&host)
            || host == metadata::ADDRESS
            || host == ALIAS
            || self.below(&host).is_some()
            || services::by_label(&host).is_some()
    }

    /// Whether a client may call the server `host`, the empty name being an address: what nobody else on the network can be
    /// called.
    pub fn may_be_called(&self, host: &str) -> bool {
        let is_private = !host.contains('.') || is_below(host, "internal");
        is_private || is_alibaba(host) || self.below(host).is_some()
    }

    /// What stands before `.localhost` or the server's own suffix.
    pub(super) fn below<'a>(&self, host: &'a str) -> Option<&'a str> {
        let own = || host.strip_suffix(self.suffix.as_deref()?)?.strip_suffix('.');
        host.strip_suffix(".localhost").or_else(own)
    }

    /// The world that a host names: `ci.localhost`, or `ram.ci.localhost`. A name of nothing at all is refused.
    pub(super) fn world_named(&self, host: &str) -> Result<Option<Arc<World>>> {
        let Some(name) = self.below(host) else { return Ok(None) };
        if let Some(world) = self.worlds.named(name) {
            return Ok(Some(world));
        }
        let is_product = services::by_label(name.split('.').next().unwrap_or(name)).is_some();
        let of_product = name.rsplit_once('.').and_then(|(_, world)| self.worlds.named(world));
        if is_product { Ok(of_product) } else { Err(no_such_world(name)) }
    }

    /// The product that a host names other than by the real name of a host: `ram.localhost`, `ram.ci.localhost`, or `ram` in a
    /// network of containers.
    pub(super) fn product_named(&self, host: &str) -> Option<&'static Product> {
        let name = match self.below(host) {
            Some(name) if self.worlds.named(name).is_some() => return None,
            Some(name) => name.split('.').next()?,
            None if host.contains('.') => return None,
            None => host,
        };
        services::by_label(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gateway::Rules;
    use crate::scenario::Scenario;
    use crate::world::{Settings, Worlds};

    fn gateway() -> Gateway {
        let worlds = Worlds::new(Settings::default(), &Scenario::default_seed()).unwrap();
        Gateway::new(Arc::new(worlds), Rules::default(), Some("cloud.test".to_owned()))
    }

    #[test]
    fn a_proxy_stands_in_for_hosts_of_alibaba_cloud_and_for_nobody_else() {
        let (gateway, own) = (gateway(), SocketAddr::from(([10, 0, 0, 1], 4588)));
        for ours in [
            "10.0.0.1:4588",
            "ram.aliyuncs.com:443",
            "STS.cn-hangzhou.aliyuncs.com",
            "nosuch.aliyuncs.com",
            "oauth.aliyun.com:443",
            "123.signin.aliyun.com",
            "oauth.alibabacloud.com",
            "100.100.100.200:80",
            "localhost:4588",
            "127.0.0.1:4588",
            "[::1]:4588",
            "default.localhost:80",
            "ram.cloud.test",
            "ram",
            "alimock:4588",
        ] {
            assert!(gateway.stands_in_for(ours, own), "{ours}");
        }
        for foreign in [
            "example.com:443",
            "aliyuncs.com.example:443",
            "fakealiyuncs.com",
            "mirrors.aliyun.com",
            "127.0.0.1:5432",
            "10.0.0.1:5432",
            "localhost",
            "100.100.100.201",
            "postgres:5432",
            "",
            ":443",
            "[",
        ] {
            assert!(!gateway.stands_in_for(foreign, own), "{foreign}");
        }
    }

    #[test]
    fn a_certificate_is_had_by_names_that_are_ours_or_private() {
        let gateway = gateway();
        for ours in [
            "",
            "ram",
            "alimock",
            "host.docker.internal",
            "sts.aliyuncs.com",
            "service.cn.maxcompute.aliyun.com",
            "a.localhost",
            "a.cloud.test",
        ] {
            assert!(gateway.may_be_called(ours), "{ours}");
        }
        for foreign in ["example.com", "www.aliyun.com", "aliyuncs.com.example", "cloud.test.example"] {
            assert!(!gateway.may_be_called(foreign), "{foreign}");
        }
    }
}
