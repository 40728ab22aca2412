//! Names that lead to a world or a product of this server.

use crate::error::{ApiError, Result};
use crate::gateway::host::{METADATA, host_name, is_alibaba, is_below, is_local};
use crate::services::{self, Product};
use crate::world::{World, Worlds};
use std::net::SocketAddr;
use std::sync::Arc;

/// What a container of alimock is called by others, when nobody chose a name.
const ALIAS: &str = "alimock";

/// The worlds of a server and the names that lead to them.
#[derive(Debug)]
pub(crate) struct Names {
    pub(crate) worlds: Arc<Worlds>,
    /// Hosts below this name are worlds too.
    pub(crate) suffix: Option<String>,
}

impl Names {
    /// Whether a proxy answers for `authority` (a host, perhaps with a port) in place of the host itself. An address of this machine
    /// is the server when the port is the one of `own`, where the client has come in: others are other servers.
    pub(crate) fn stands_in_for(&self, authority: &str, own: SocketAddr) -> bool {
        let host = host_name(authority).to_ascii_lowercase();
        let asked = authority.get(host.len()..).and_then(|rest| rest.strip_prefix(':'));
        if is_local(&host) || host == own.ip().to_string() {
            return asked.map_or(own.port() == 80, |asked| asked == own.port().to_string());
        }
        is_alibaba(&host)
            || host == METADATA
            || host == ALIAS
            || self.below(&host).is_some()
            || services::by_label(&host).is_some()
    }

    /// Whether a client may call the server `host`, the empty name being an address: what nobody else on the network can be
    /// called.
    pub(crate) fn may_be_called(&self, host: &str) -> bool {
        let is_private = !host.contains('.') || is_below(host, "internal");
        is_private || is_alibaba(host) || self.below(host).is_some()
    }

    /// What stands before `.localhost` or the server's own suffix.
    pub(crate) fn below<'a>(&self, host: &'a str) -> Option<&'a str> {
        let own = || host.strip_suffix(self.suffix.as_deref()?)?.strip_suffix('.');
        host.strip_suffix(".localhost").or_else(own)
    }

    /// The world that a host names: `ci.localhost`, or `ram.ci.localhost`. A name of nothing at all is refused.
    pub(crate) fn world_named(&self, host: &str) -> Result<Option<Arc<World>>> {
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
    pub(crate) fn product_named(&self, host: &str) -> Option<&'static Product> {
        let name = match self.below(host) {
            Some(name) if self.worlds.named(name).is_some() => return None,
            Some(name) => name.split('.').next()?,
            None if host.contains('.') => return None,
            None => host,
        };
        services::by_label(name)
    }
}

/// Ours: the real service has no worlds.
pub(crate) fn no_such_world(name: &str) -> ApiError {
    let message = format!(
        "there is no world `{name}`; make it with POST /_alimock/worlds, or see GET /_alimock/worlds"
    );
    ApiError::free(404, "Alimock.WorldNotFound".to_owned(), message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;
    use crate::world::Settings;

    fn names() -> Names {
        let worlds = Worlds::new(Settings::default(), &Scenario::default_seed()).unwrap();
        Names { worlds: Arc::new(worlds), suffix: Some("cloud.test".to_owned()) }
    }

    #[test]
    fn a_proxy_stands_in_for_hosts_of_alibaba_cloud_and_for_nobody_else() {
        let (names, own) = (names(), SocketAddr::from(([10, 0, 0, 1], 4588)));
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
            assert!(names.stands_in_for(ours, own), "{ours}");
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
            assert!(!names.stands_in_for(foreign, own), "{foreign}");
        }
    }

    #[test]
    fn a_certificate_is_had_by_names_that_are_ours_or_private() {
        let names = names();
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
            assert!(names.may_be_called(ours), "{ours}");
        }
        for foreign in ["example.com", "www.aliyun.com", "aliyuncs.com.example", "cloud.test.example"] {
            assert!(!names.may_be_called(foreign), "{foreign}");
        }
    }
}
