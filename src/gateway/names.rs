//! Host names that identify a world or a product.

use crate::error::{ApiError, Result};
use crate::gateway::host::{METADATA, host_name, is_alibaba, is_below, is_local};
use crate::services::{self, Product};
use crate::world::{Hosts, World, Worlds};
use std::net::SocketAddr;
use std::sync::Arc;

/// Usual name of an alimock container in its network.
const ALIAS: &str = "alimock";

/// The worlds of a server and the host names that identify them.
#[derive(Debug)]
pub(crate) struct Names {
    pub(crate) worlds: Arc<Worlds>,
    /// Domain suffix below which hosts name worlds, besides `.localhost`.
    pub(crate) suffix: Option<String>,
}

impl Names {
    /// Returns `true` if the proxy answers requests for `authority` (host, optional port) itself. Addresses of this
    /// machine count only with the port of `own`, which the client reached: other ports are other servers.
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
            || self.given(&host).is_some()
    }

    /// Returns `true` if a client may use the server under the name `host` (empty for an address). Only names that
    /// cannot belong to others on the network are allowed.
    pub(crate) fn may_be_called(&self, host: &str) -> bool {
        let is_private = !host.contains('.') || is_below(host, "internal");
        is_private || is_alibaba(host) || self.below(host).is_some() || self.given(host).is_some()
    }

    /// Returns the product of a host that a scenario of any world declares.
    pub(crate) fn given(&self, host: &str) -> Option<&'static Product> {
        if !Hosts::are_declared() {
            return None;
        }
        let code = self.worlds.all().iter().find_map(|world| world.state().hosts.0.get(host).cloned())?;
        Some(services::by_code(&code).unwrap_or_else(|| services::declared(&code)))
    }

    /// Returns the part before `.localhost` or before the suffix of the server.
    pub(crate) fn below<'a>(&self, host: &'a str) -> Option<&'a str> {
        let own = || host.strip_suffix(self.suffix.as_deref()?)?.strip_suffix('.');
        host.strip_suffix(".localhost").or_else(own)
    }

    /// Returns the world that a host names: `ci.localhost`, `ram.ci.localhost`. Rejects unknown names.
    pub(crate) fn world_named(&self, host: &str) -> Result<Option<Arc<World>>> {
        let Some(name) = self.below(host) else { return Ok(None) };
        if let Some(world) = self.worlds.named(name) {
            return Ok(Some(world));
        }
        let is_product = services::by_label(name.split('.').next().unwrap_or(name)).is_some();
        // The name of a world may contain dots, and so may the part for the product: `sts.cn-hangzhou.ci`.
        let of_product = name.match_indices('.').find_map(|(dot, _)| self.worlds.named(&name[dot + 1..]));
        if is_product { Ok(of_product) } else { Err(no_such_world(name)) }
    }

    /// Returns the product named by a host that is not a real one: `ram.localhost`, `ram.ci.localhost`, `ram` in a
    /// container network, or a host of a scenario.
    pub(crate) fn product_named(&self, host: &str) -> Option<&'static Product> {
        if let Some(product) = self.given(host) {
            return Some(product);
        }
        let name = match self.below(host) {
            Some(name) if self.worlds.named(name).is_some() => return None,
            Some(name) => name.split('.').next()?,
            None if host.contains('.') => return None,
            None => host,
        };
        services::by_label(name)
    }
}

/// Returns an error that only alimock has: the real service has no worlds.
pub(crate) fn no_such_world(name: &str) -> ApiError {
    let message = format!(
        "there is no world `{name}`; create it with POST /_alimock/worlds; GET /_alimock/worlds lists all"
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
