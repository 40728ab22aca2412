//! Location 2015-06-12: older SDKs ask it for the host of a product in a region.
//!
//! Source: alibaba-cloud-sdk-go `sdk/endpoints/location_resolver.go`, aliyun-java-sdk-core `LocationServiceEndpointResolver.java`,
//! aliyun-python-sdk-core `location_service_endpoint_resolver.py`: their requests, and how they read the response.

mod hosts;

use crate::attributes::{apply, reply};
use crate::error::{Result, gateway};
use crate::operation::{Operation, read};
use crate::params::request;
use crate::services::{Product, by_code, by_label};
use crate::text::Region;
use crate::world::View;
use hosts::Found;

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
    kind: String,
}

#[apply(reply)]
struct Protocols {
    protocols: [&'static str; 2],
}

/// `DescribeEndpoints`: returns the host of a product in a region. Default of `Type`: `openAPI`.
/// Clients that used one of alimock's names get that name back, also for a product without a public host: their SDK would
/// otherwise call the real one. Clients that used a host of Alibaba Cloud get the real host.
///
/// Fails with `InvalidRegionId` and `Illegal Parameter`, which SDKs treat as unknown region and unknown product.
/// UNCERTAIN: the status of the second, `Namespace`, and hosts of products that the table lacks.
fn describe_endpoints(view: View<'_>, req: DescribeEndpoints) -> Result<Reply> {
    if !Region::is_listed(&req.id) {
        return Err(gateway::LOCATION_REGION.error());
    }
    let kind = req.kind.unwrap_or_else(|| PUBLIC.to_owned());
    let product = by_code(&req.service_code).or_else(|| by_label(&req.service_code.to_ascii_lowercase()));
    let label = product.and_then(|product| product.hosts.first().copied());
    let own = own_name(label, view.by.host).filter(|_| kind == PUBLIC);
    let endpoint = match hosts::look_up(&req.service_code, &kind, &req.id) {
        Found::NotInRegion => return Err(gateway::LOCATION_REGION.error()),
        Found::NoHost => own,
        Found::Host(host) => Some(own.unwrap_or(host)),
        Found::NotListed => match (product, label) {
            (Some(_), _) if kind != PUBLIC => None,
            (Some(product), Some(label)) => own.or_else(|| Some(usual_host(product, label, &req.id))),
            _ => return Err(gateway::LOCATION_PARAMETER.error()),
        },
    };
    let endpoint = endpoint.map(|endpoint| Endpoint {
        endpoint,
        id: req.id,
        namespace: String::new(),
        protocols: Protocols { protocols: ["HTTP", "HTTPS"] },
        serivce_code: req.service_code,
        kind,
    });
    Ok(Reply { endpoints: Endpoints { endpoint: endpoint.into_iter().collect() }, success: true })
}

/// Returns the host of a product that the table lacks, by the rule of the SDKs.
fn usual_host(product: &Product, label: &str, region: &str) -> String {
    let place = if CENTRAL.contains(&product.code) { String::new() } else { format!(".{region}") };
    format!("{label}{place}.aliyuncs.com")
}

/// Returns the name for a client that used one of alimock's names, `host`.
fn own_name(label: Option<&str>, host: &str) -> Option<String> {
    let name = host.split(':').next().unwrap_or(host);
    if name.ends_with(".aliyuncs.com") {
        return None;
    }
    // A name of this product would direct calls of other products to it.
    let first = name.split('.').next().unwrap_or(name);
    let is_ours = by_label(first).is_some_and(|named| named.code == "Location");
    Some(match label {
        Some(label) if is_ours => host.replacen(first, label, 1),
        _ => host.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clients_are_led_to_where_they_came_from() {
        for (code, host, expected) in [
            ("Agency", "location.aliyuncs.com:443", "agency.aliyuncs.com"),
            ("AccountCenter", "location-readonly.aliyuncs.com", "accountcenter.cn-hangzhou.aliyuncs.com"),
            ("Ram", "127.0.0.1:4588", "127.0.0.1:4588"),
            ("Ram", "[::1]:4588", "[::1]:4588"),
            ("Ram", "ci.localhost:4588", "ci.localhost:4588"),
            ("Ims", "location-readonly.localhost:4588", "ims.localhost:4588"),
            ("Ims", "location:4588", "ims:4588"),
        ] {
            let product = by_code(code).unwrap();
            let label = product.hosts[0];
            let own = own_name(Some(label), host);
            assert_eq!(own.unwrap_or_else(|| usual_host(product, label, "cn-hangzhou")), expected, "{host}");
        }
    }

    #[test]
    fn what_is_central_is_a_product() {
        assert!(CENTRAL.iter().all(|code| by_code(code).is_some()));
    }
}
