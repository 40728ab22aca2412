//! Location 2015-06-12: older SDKs ask it for the host of a product in a region.
//!
//! Source: alibaba-cloud-sdk-go `sdk/endpoints/location_resolver.go`, aliyun-java-sdk-core `LocationServiceEndpointResolver.java`,
//! aliyun-python-sdk-core `location_service_endpoint_resolver.py`: their requests, and how they read the response.

use crate::attributes::{apply, reply};
use crate::error::{Result, gateway};
use crate::operation::{Operation, read};
use crate::params::request;
use crate::services::{Product, by_code, by_label};
use crate::text::Region;
use crate::world::View;

/// UNCERTAIN: whether policies apply. SDKs look up endpoints for users with few permissions, and two of the three SDKs fail if the
/// lookup is denied. So no permission is required.
pub(super) fn operations() -> Vec<Operation> {
    vec![read("DescribeEndpoints", &[], describe_endpoints)]
}

/// Products with one host for all regions. Source: docs/evidence/gateway.md section 9.
const CENTRAL: [&str; 10] = [
    "Aas",
    "account-crm",
    "Agency",
    "BssOpenApi",
    "Crm",
    "Ims",
    "Ram",
    "ResourceDirectoryMaster",
    "ResourceManager",
    "Ubsms",
];
/// Default type of clients. An `innerAPI` also exists, but only inside Alibaba Cloud.
const PUBLIC: &str = "openAPI";

request! {
    /// Parameters of `DescribeEndpoints`.
    struct DescribeEndpoints {
        id: String = "Id",
        service_code: String = "ServiceCode",
        kind: Option<String> = "Type",
    }
}

#[apply(reply)]
struct Reply {
    endpoints: Endpoints,
    success: bool,
}

#[apply(reply)]
struct Endpoints {
    endpoint: Vec<Endpoint>,
}

#[apply(reply)]
struct Endpoint {
    endpoint: String,
    id: String,
    namespace: String,
    protocols: Protocols,
    /// The misspelling is the service's.
    serivce_code: String,
    #[serde(rename = "Type")]
    kind: &'static str,
}

#[apply(reply)]
struct Protocols {
    protocols: [&'static str; 2],
}

/// `DescribeEndpoints`: returns the host of a product in a region. Default of `Type`: `openAPI`; other types have no hosts.
/// Clients that used one of alimock's names get that name back; clients that used a host of Alibaba Cloud get the real host.
///
/// Fails with `InvalidRegionId` and `Illegal Parameter`, which SDKs treat as unknown region and unknown product.
/// UNCERTAIN: their statuses, `Namespace`, and which of several real hosts is returned.
fn describe_endpoints(view: View<'_>, req: DescribeEndpoints) -> Result<Reply> {
    if !Region::is_listed(&req.id) {
        return Err(gateway::LOCATION_REGION.error());
    }
    let product = by_code(&req.service_code).or_else(|| by_label(&req.service_code.to_ascii_lowercase()));
    let found = product.and_then(|product| host_of(product, &req.id, view.by.host));
    let endpoint = found.ok_or_else(|| gateway::LOCATION_PARAMETER.error())?;
    let endpoint = Endpoint {
        endpoint,
        id: req.id,
        namespace: String::new(),
        protocols: Protocols { protocols: ["HTTP", "HTTPS"] },
        serivce_code: req.service_code,
        kind: PUBLIC,
    };
    let is_asked_for = req.kind.is_none_or(|kind| kind == PUBLIC);
    Ok(Reply {
        endpoints: Endpoints { endpoint: is_asked_for.then_some(endpoint).into_iter().collect() },
        success: true,
    })
}

/// Host of a product for a client that used `host`, if the product has its own host.
fn host_of(product: &Product, region: &str, host: &str) -> Option<String> {
    let label = product.hosts.first()?;
    let name = host.split(':').next().unwrap_or(host);
    if name.ends_with(".aliyuncs.com") {
        let is_central = CENTRAL.contains(&product.code);
        let place = if is_central { String::new() } else { format!(".{region}") };
        return Some(format!("{label}{place}.aliyuncs.com"));
    }
    // A name of this product would direct calls of other products to it.
    let first = name.split('.').next().unwrap_or(name);
    let is_ours = by_label(first).is_some_and(|named| named.code == "Location");
    Some(if is_ours { host.replacen(first, label, 1) } else { host.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clients_are_led_to_where_they_came_from() {
        for (code, host, expected) in [
            ("Ram", "location-readonly.aliyuncs.com", "ram.aliyuncs.com"),
            ("Sts", "location.aliyuncs.com:443", "sts.cn-hangzhou.aliyuncs.com"),
            ("AccountCenter", "location-readonly.aliyuncs.com", "accountcenter.cn-hangzhou.aliyuncs.com"),
            ("Ram", "127.0.0.1:4588", "127.0.0.1:4588"),
            ("Ram", "[::1]:4588", "[::1]:4588"),
            ("Ram", "ci.localhost:4588", "ci.localhost:4588"),
            ("Ims", "location-readonly.localhost:4588", "ims.localhost:4588"),
            ("Ims", "location:4588", "ims:4588"),
        ] {
            let product = by_code(code).unwrap();
            assert_eq!(host_of(product, "cn-hangzhou", host).as_deref(), Some(expected), "{host}");
        }
    }

    #[test]
    fn what_is_central_is_a_product() {
        assert!(CENTRAL.iter().all(|code| by_code(code).is_some()));
    }
}
