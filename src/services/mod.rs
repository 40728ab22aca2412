//! Products: their list, the search for the product of a request, and their tables of operations.
//!
//! A service translates between wire format and world and has no state. It does not know the gateway, faults or HTTP,
//! and uses neither clocks nor random numbers; `tests/it/tidy.rs` checks its `use` lines.

mod aas;
mod account_center;
mod account_crm;
mod agency;
mod bss;
mod crm;
mod dataworks;
mod directory;
mod ecs;
mod fc;
mod foreign;
mod front;
mod ims;
mod location;
mod metadata;
mod mns;
mod odps;
pub(crate) mod oss;
mod ots;
mod paths;
mod product;
mod ram;
mod resource_manager;
pub mod roa;
mod shared;
mod sls;
mod sts;
mod ubsms;

pub use foreign::foreign;
pub use front::Front;
pub use paths::{Meaning, Paths};
pub use product::{Denial, Format, Product, Unmet};

use crate::error::Dialect;
use crate::operation::{Audience, On, Resource};
use crate::text::{REGIONS, without_network, without_region};
use parking_lot::RwLock;
use shared::{catalogue, others};
use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

/// All products, built once, with the indexes used to find them.
struct Registry {
    products: Vec<Product>,
    hosts: HashMap<&'static str, usize>,
    /// Versions that identify a product: those of implemented products, and those that only one other product has.
    versions: HashMap<&'static str, usize>,
}

static REGISTRY: LazyLock<Registry> = LazyLock::new(|| {
    let mut products = account_plane();
    let own = products.len();
    products.extend(others::products());
    let entries = |of: fn(&Product) -> &'static [&'static str]| {
        let all = products.iter().enumerate();
        all.flat_map(move |(index, product)| of(product).iter().map(move |name| (*name, index)))
    };
    let hosts = entries(|product| product.hosts).collect();
    let mut owners: HashMap<_, Vec<usize>> = HashMap::new();
    for (version, index) in entries(|product| product.versions) {
        owners.entry(version).or_default().push(index);
    }
    owners.retain(|_, owners| owners.len() == 1 || owners[0] < own);
    let versions = owners.into_iter().map(|(version, owners)| (version, owners[0])).collect();
    Registry { products, hosts, versions }
});

/// Products of the account plane, and products that alimock implements in part.
fn account_plane() -> Vec<Product> {
    let unknown: On = &[Resource::All("*")];
    vec![
        Product::new("Ram", "ram", &["ram"], &["2015-05-01"])
            .refusing(shared::identity::UNMET)
            .knows(catalogue::RAM)
            .runs(ram::operations()),
        // The old Python package uses version 2017-04-30. Source: docs/evidence/clients.md 2.16.
        Product::new("Ims", "ram", &["ims"], &["2019-08-15", "2017-04-30"])
            // The table of 2021 has `ims:`, pages have `ram:`. Source: docs/evidence/ims.md 3.1.
            .also_in_policies("ims")
            .refusing(shared::identity::UNMET)
            .knows(catalogue::IMS)
            .runs(ims::operations()),
        Product::new("Sts", "sts", &["sts"], &["2015-04-01"])
            .speaking(Dialect::Sts)
            .denying(Denial::Sts, unknown)
            .knows(catalogue::STS)
            .runs(sts::operations()),
        Product::new("Aas", "aas", &["aas"], &["2015-07-01"])
            .classic()
            .open_to(Audience::Partner)
            .knows(catalogue::AAS)
            .runs(aas::operations()),
        Product::new("Crm", "crm", &["crm", "crm-cn-hangzhou"], &["2015-04-08"])
            .classic()
            .open_to(Audience::Partner)
            .knows(catalogue::CRM)
            .runs(crm::operations()),
        Product::new("Ecs", "ecs", &["ecs", "ecs-cn-hangzhou"], &["2014-05-26"])
            .classic()
            .denying(Denial::Other, &[Resource::Instances])
            .speaking(Dialect::Ecs)
            .behind(&ecs::FRONT)
            .refusing(ecs::UNMET)
            .runs(ecs::operations()),
        Product::new(
            "dataworks-public",
            "dataworks",
            &["dataworks", "dataworks-public"],
            &["2020-05-18", "2024-05-18"],
        )
        .classic()
        .refusing(dataworks::UNMET)
        .runs(dataworks::operations())
        .runs_in("2024-05-18", dataworks::operations_2024()),
        Product::new("ResourceManager", "resourcemanager", &["resourcemanager"], &["2020-03-31"])
            .knows(catalogue::RESOURCE_MANAGER)
            // The SDKs write the second. Source: terraform-provider-alicloud, service_alicloud_resource_manager_v2.go.
            .also_spelled(&[("UnTagResources", "UntagResources")])
            .runs(
                resource_manager::operations().chain(directory::operations::<directory::Manager>()).collect(),
            ),
        directory::product(),
        Product::new("account-crm", "account-crm", &["account-crm"], &["2016-06-06"])
            .answering_in_body()
            .knows(catalogue::ACCOUNT_CRM)
            .runs(account_crm::operations()),
        Product::new(
            "AccountCenter",
            "accountcenter",
            &["accountcenter", "accountcenter-intl"],
            &["2024-12-09"],
        )
        .answering_in_body()
        .knows(catalogue::ACCOUNT_CENTER)
        .runs(account_center::operations()),
        Product::new("Cloudauth", "antcloudauth", &["cloudauth"], &["2019-03-07"])
            .knows(catalogue::CLOUDAUTH),
        // RAM is not used: projects have their own members.
        Product::new("Odps", "odps", &[], &[])
            .denying(Denial::Other, &[])
            .refusing(odps::UNMET)
            .runs(odps::operations()),
        Product::new("Oss", "oss", &[], &[])
            .speaking(Dialect::Oss)
            .denying(Denial::Oss, &[Resource::Bucket])
            .refusing(oss::UNMET)
            .knows_all(oss::requests::names(), oss::requests::plain_names())
            .runs(oss::operations()),
        // Requests are not signed: every program on the instance may read it.
        Product::new("Metadata", "metadata", &[], &[])
            .open_to(Audience::Anonymous)
            .runs(metadata::operations()),
        sls::product(),
        mns::product(),
        fc::product(),
        ots::product(),
        bss::product(),
        Product::new("Agency", "agency", &["agency"], &["2022-12-16"])
            .answering_in_body()
            .runs(agency::operations()),
        Product::new("Ubsms", "ubsms", &["ubsms"], &["2015-06-23"])
            .classic()
            .open_to(Audience::Partner)
            .knows(catalogue::UBSMS)
            .runs(ubsms::operations()),
        Product::new("Location", "location", &["location", "location-readonly"], &["2015-06-12"])
            .classic()
            // Missing parameters follow the rule of the gateway. Source: docs/evidence/gateway.md 9.1.
            .speaking(Dialect::Ram)
            .runs(location::operations()),
        Product::new("CS", "cs", &["cs"], &["2015-12-15"])
            .behind(&shared::others::NO_BEARER)
            .in_lower_camel_case(),
    ]
}

/// Returns all products.
pub fn products() -> &'static [Product] {
    &REGISTRY.products
}

/// Returns each implemented operation: product code and name.
pub fn operations() -> impl Iterator<Item = (&'static str, &'static str)> {
    products().iter().flat_map(|product| product.operations().map(|operation| (product.code, operation.name)))
}

/// Returns the label of a host that names the product: `sts` of `sts-vpc.cn-beijing.aliyuncs.com`.
pub fn label(host: &str) -> Option<&str> {
    host.strip_suffix(".aliyuncs.com")?.split('.').next().map(without_network)
}

/// Returns the product of a host: `ram.aliyuncs.com`, `sts-vpc.cn-beijing.aliyuncs.com`, `<uid>.cn-hangzhou.fc.aliyuncs.com`.
pub fn by_host(host: &str) -> Option<&'static Product> {
    let of_account = || match host.strip_suffix(".aliyuncs.com")?.split('.').collect::<Vec<_>>()[..] {
        [_, region, label] if REGIONS.iter().any(|one| without_network(region) == one.id) => by_label(label),
        _ => None,
    };
    by_label(label(host)?).or_else(of_account).filter(|_| foreign(host).is_none())
}

/// Returns the product that the first label of a host names: `ram`, `sts-vpc`.
pub fn by_label(label: &str) -> Option<&'static Product> {
    let label = without_network(label);
    let found = |label: &str| REGISTRY.hosts.get(label).map(|index| &REGISTRY.products[*index]);
    found(label).or_else(|| found(without_region(label)?.0))
}

/// Returns the product of a version, if the version identifies one.
pub fn by_version(version: &str) -> Option<&'static Product> {
    REGISTRY.versions.get(version).map(|index| &REGISTRY.products[*index])
}

/// Returns the product with this code, in upper or lower case.
pub fn by_code(code: &str) -> Option<&'static Product> {
    products().iter().find(|product| product.code.eq_ignore_ascii_case(code))
}

/// Returns the product with this code, which only a stub declares.
///
/// The first call creates it. It exists until the program ends, once for all worlds that declare it.
pub fn declared(code: &str) -> &'static Product {
    static DECLARED: LazyLock<RwLock<BTreeMap<String, &'static Product>>> = LazyLock::new(RwLock::default);
    if let Some(product) = DECLARED.read().get(code) {
        return product;
    }
    let mut declared = DECLARED.write();
    declared.entry(code.to_owned()).or_insert_with(|| {
        let text = |text: String| -> &'static str { Box::leak(text.into_boxed_str()) };
        // UNCERTAIN: most products have this name in policies, not all.
        let product = Product::new(text(code.to_owned()), text(code.to_ascii_lowercase()), &[], &[]);
        Box::leak(Box::new(product.classic()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn a_version_belongs_to_one_product_and_a_host_too() {
        let mut versions = BTreeSet::new();
        let mut hosts = BTreeSet::new();
        for product in products() {
            let others = product.operations().next().is_none() && !product.lists_actions();
            let is_new = |version: &&'static str| versions.insert(*version);
            assert!(product.versions.iter().all(is_new) || others, "{}", product.code);
            assert!(product.hosts.iter().all(|host| hosts.insert(*host)), "{}", product.code);
        }
    }

    #[test]
    fn hosts_of_every_shape_are_found() {
        for (host, code) in [
            ("ram.aliyuncs.com", "Ram"),
            ("ram.vpc-proxy.aliyuncs.com", "Ram"),
            ("sts.cn-hangzhou.aliyuncs.com", "Sts"),
            ("sts-vpc.cn-beijing.aliyuncs.com", "Sts"),
            ("crm-cn-hangzhou.aliyuncs.com", "Crm"),
            ("business.ap-southeast-1.aliyuncs.com", "BssOpenApi"),
            ("alidns.aliyuncs.com", "Alidns"),
            ("metrics.cn-hangzhou.aliyuncs.com", "Cms"),
            ("ecs-cn-hangzhou.aliyuncs.com", "Ecs"),
            ("metrics-cn-hangzhou.aliyuncs.com", "Cms"),
            ("1234567890123456.cn-hangzhou.fc.aliyuncs.com", "FC"),
            ("1234567890123456.cn-hangzhou-internal.fc.aliyuncs.com", "FC"),
            ("fcv3.cn-hangzhou.aliyuncs.com", "FC"),
        ] {
            assert_eq!(by_host(host).map(|product| product.code), Some(code), "{host}");
        }
        assert!(by_host("nosuch.aliyuncs.com").is_none() && by_host("127.0.0.1").is_none());
    }

    #[test]
    fn a_version_tells_a_product_that_runs_before_any_other_and_nothing_when_it_is_of_several_others() {
        for product in account_plane() {
            for version in product.versions {
                assert_eq!(by_version(version).map(|one| one.code), Some(product.code), "{version}");
            }
        }
        assert_eq!(by_version("2015-01-09").map(|one| one.code), Some("Alidns"));
        assert!(by_version("2019-09-10").is_none(), "of ROS and waf-openapi");
    }

    #[test]
    fn a_declared_product_is_made_once() {
        assert!(std::ptr::eq(declared("Example"), declared("Example")));
        assert_eq!((declared("Example").code, declared("Example").policy_code), ("Example", "example"));
    }

    #[test]
    fn every_operation_that_runs_is_one_the_product_has() {
        for product in products() {
            for operation in product.operations() {
                let listed = product.known.as_ref().is_none_or(|known| known.contains(operation.name));
                assert!(listed, "{} {}", product.code, operation.name);
            }
            let own = product.of_version.iter().flat_map(|(_, own)| own.keys());
            assert!(own.clone().all(|name| product.operations.contains_key(name)), "{}", product.code);
        }
    }
}
