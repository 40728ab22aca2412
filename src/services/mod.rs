//! The products: which exist, how a call finds one, and their tables of operations.
//!
//! A service translates between the wire and the world and owns nothing. It never learns about the gateway, faults or HTTP,
//! never reads a clock, never draws a random number; `tests/it/tidy.rs` checks its `use` lines.

mod aas;
mod account_center;
mod account_crm;
mod agency;
mod bss;
mod crm;
mod dataworks;
mod ecs;
mod ims;
mod location;
mod metadata;
mod odps;
mod oss;
mod ram;
mod shared;
mod sts;
mod ubsms;

use crate::error::{Dialect, Known};
use crate::operation::{Audience, On, Operation, Resource};
use crate::world::gates::Requirement;
use parking_lot::RwLock;
use shared::{catalogue, others};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::LazyLock;

/// The two formats of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// `application/json;charset=utf-8`.
    Json,
    /// `text/xml;charset=utf-8`.
    Xml,
}

/// How a refusal of permission is worded. Source: docs/evidence/gateway.md 6.3.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Denial {
    /// `NoPermission` with resource and action.
    Ram,
    /// `NoPermission` of STS.
    Sts,
    /// `Forbidden.RAM`.
    Other,
    /// `AccessDenied`.
    Oss,
}

/// The parameter that says which region a call is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RegionIn {
    /// `RegionId`.
    RegionId,
    /// `RegionId`, or the property of that name in `Parameter`, the list of what is ordered.
    Ordered,
}

/// The refusal of a call whose account does not meet a requirement.
pub struct Unmet {
    /// The requirement.
    pub requirement: Requirement,
    /// The action; empty stands for all of them.
    pub action: &'static str,
    /// The refusal.
    pub error: &'static Known,
}

impl Unmet {
    const fn new(requirement: Requirement, error: &'static Known) -> Self {
        Self { requirement, action: "", error }
    }
}

/// One product.
pub struct Product {
    /// Its code, as in `Recommend`.
    pub code: &'static str,
    /// Its name in policies, `ram:CreateUser`.
    pub policy_code: &'static str,
    /// First labels of its hosts. Source: docs/evidence/gateway.md section 9.
    pub hosts: &'static [&'static str],
    /// Its versions. No other product that alimock runs has them; of a declared one nobody has listed any.
    pub versions: &'static [&'static str],
    /// How it words errors about parameters.
    pub dialect: Dialect,
    /// What it answers when nobody says. Source: docs/evidence/gateway.md 5.5.
    pub format: Format,
    /// How it words a refusal of permission.
    pub denial: Denial,
    /// Whether what a rule of the business refuses is told in the body of an HTTP 200.
    pub answers_in_body: bool,
    /// Who may call it, unless the row of an operation says otherwise.
    pub audience: Audience,
    /// What actions are authorized against that alimock does not implement.
    pub unwritten: On,
    /// Where a call says its region.
    pub region: RegionIn,
    /// Refusals of unmet requirements that differ from those of other products.
    pub unmet: &'static [Unmet],
    /// Names of all its actions; `None` when nobody has listed them.
    known: Option<BTreeSet<&'static str>>,
    operations: BTreeMap<&'static str, Operation>,
    /// Those that are others in one version.
    // Invariant: `operations` has every name.
    of_version: Option<(&'static str, BTreeMap<&'static str, Operation>)>,
}

impl Product {
    fn new(
        code: &'static str,
        policy_code: &'static str,
        hosts: &'static [&'static str],
        versions: &'static [&'static str],
    ) -> Self {
        Self {
            code,
            policy_code,
            hosts,
            versions,
            dialect: Dialect::Ram,
            format: Format::Json,
            denial: Denial::Ram,
            answers_in_body: false,
            audience: Audience::Signed,
            unwritten: &[Resource::All("*")],
            region: RegionIn::RegionId,
            unmet: &[],
            known: None,
            operations: BTreeMap::new(),
            of_version: None,
        }
    }

    fn knows(mut self, names: &'static str) -> Self {
        self.known = Some(names.split_whitespace().collect());
        self
    }

    fn runs(mut self, operations: Vec<Operation>) -> Self {
        self.operations = by_name(operations);
        self
    }

    /// Some of the operations are others in one version.
    fn runs_in(mut self, version: &'static str, operations: Vec<Operation>) -> Self {
        self.of_version = Some((version, by_name(operations)));
        self
    }

    /// An older product: classic wording, XML unless asked for JSON.
    fn classic(mut self) -> Self {
        (self.dialect, self.format, self.denial) = (Dialect::Classic, Format::Xml, Denial::Other);
        self
    }

    /// Tells what a rule of the business refuses in the body of an HTTP 200. Source: docs/evidence/account.md 6.3.
    fn answering_in_body(mut self) -> Self {
        self.answers_in_body = true;
        self
    }

    /// Sets who may call it.
    fn open_to(mut self, audience: Audience) -> Self {
        self.audience = audience;
        self
    }

    /// Sets how it words a refusal of permission, and what actions are authorized against that alimock does not implement.
    fn denying(mut self, denial: Denial, unwritten: On) -> Self {
        (self.denial, self.unwritten) = (denial, unwritten);
        self
    }

    /// Sets how it words errors about parameters.
    fn speaking(mut self, dialect: Dialect) -> Self {
        self.dialect = dialect;
        self
    }

    /// Sets its refusals of unmet requirements.
    fn refusing(mut self, unmet: &'static [Unmet]) -> Self {
        self.unmet = unmet;
        self
    }

    /// The operation `action` of a version, when alimock runs it.
    pub fn operation(&self, version: &str, action: &str) -> Option<&Operation> {
        let own = self.of_version.as_ref().filter(|(one, _)| *one == version);
        own.and_then(|(_, own)| own.get(action)).or_else(|| self.operations.get(action))
    }

    /// Whether the real product has `action`, as far as anybody knows.
    pub fn may_have(&self, action: &str) -> bool {
        self.known.as_ref().is_none_or(|known| known.contains(action)) || self.operations.contains_key(action)
    }

    /// Whether the names of all its actions are known.
    pub fn lists_actions(&self) -> bool {
        self.known.is_some()
    }

    /// Names of its actions, as far as anybody knows.
    pub fn actions(&self) -> impl Iterator<Item = &'static str> {
        let more = |name: &&'static str| self.known.as_ref().is_none_or(|known| !known.contains(name));
        self.known.iter().flatten().copied().chain(self.operations.keys().copied().filter(more))
    }

    /// Names of the actions that alimock runs.
    pub fn running(&self) -> impl Iterator<Item = &'static str> {
        self.operations.keys().copied()
    }

    /// The operations it runs, by name.
    pub fn operations(&self) -> impl Iterator<Item = &Operation> {
        self.operations.values()
    }
}

fn by_name(operations: Vec<Operation>) -> BTreeMap<&'static str, Operation> {
    operations.into_iter().map(|operation| (operation.name, operation)).collect()
}

/// All products, with what a call is found by.
struct Registry {
    products: Vec<Product>,
    hosts: HashMap<&'static str, usize>,
    /// Versions that tell the product: those of products of the account plane, and of the others those that are of one alone.
    versions: HashMap<&'static str, usize>,
}

/// All products, built once.
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

/// The products of the account plane, and those that alimock runs in part.
fn account_plane() -> Vec<Product> {
    let unknown: On = &[Resource::All("*")];
    vec![
        Product::new("Ram", "ram", &["ram"], &["2015-05-01"])
            .refusing(shared::identity::UNMET)
            .knows(catalogue::RAM)
            .runs(ram::operations()),
        // Version 2017-04-30 is what the old Python package speaks. Source: docs/evidence/clients.md 2.16.
        Product::new("Ims", "ram", &["ims"], &["2019-08-15", "2017-04-30"])
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
            .knows(catalogue::RESOURCE_MANAGER),
        Product::new(
            "ResourceDirectoryMaster",
            "resourcemanager",
            &["resourcedirectory", "resourcedirectory-intl", "resourcedirectorymaster"],
            &["2022-04-19"],
        )
        .knows(catalogue::RESOURCE_DIRECTORY_MASTER),
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
        // RAM is not asked: projects have members of their own.
        Product::new("Odps", "odps", &[], &[])
            .denying(Denial::Other, &[])
            .refusing(odps::UNMET)
            .runs(odps::operations()),
        Product::new("Oss", "oss", &[], &[])
            .speaking(Dialect::Oss)
            .denying(Denial::Oss, &[Resource::Bucket])
            .refusing(oss::UNMET)
            .runs(oss::operations()),
        // Nothing of it is signed: every program on the instance may read it.
        Product::new("Metadata", "metadata", &[], &[])
            .open_to(Audience::Anonymous)
            .runs(metadata::operations()),
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
            .runs(location::operations()),
        Product::new("CS", "cs", &["cs"], &["2015-12-15"]),
    ]
}

/// All products.
pub fn products() -> &'static [Product] {
    &REGISTRY.products
}

/// Every operation that runs: code of its product, and name.
pub fn operations() -> impl Iterator<Item = (&'static str, &'static str)> {
    products().iter().flat_map(|product| product.operations().map(|operation| (product.code, operation.name)))
}

/// What names the product in a host: `sts` of `sts-vpc.cn-beijing.aliyuncs.com`.
pub fn label(host: &str) -> Option<&str> {
    host.strip_suffix(".aliyuncs.com")?.split('.').next().map(without_network)
}

/// The label of a host without the network that it is for. Source: darabonba-openapi, get_endpoint_rules.
fn without_network(label: &str) -> &str {
    ["-vpc", "-internal", "-share"].iter().find_map(|network| label.strip_suffix(network)).unwrap_or(label)
}

/// The product a host belongs to: `ram.aliyuncs.com`, `sts-vpc.cn-beijing.aliyuncs.com` and so on.
pub fn by_host(host: &str) -> Option<&'static Product> {
    by_label(label(host)?)
}

/// The product that the first label of a host names: `ram`, `sts-vpc`.
pub fn by_label(label: &str) -> Option<&'static Product> {
    REGISTRY.hosts.get(without_network(label)).map(|index| &REGISTRY.products[*index])
}

/// The product a version belongs to, when it tells one.
pub fn by_version(version: &str) -> Option<&'static Product> {
    REGISTRY.versions.get(version).map(|index| &REGISTRY.products[*index])
}

/// The product with this code, in any case of letters.
pub fn by_code(code: &str) -> Option<&'static Product> {
    products().iter().find(|product| product.code.eq_ignore_ascii_case(code))
}

/// The product with this code, which stands in no table: a stub of some world declares it.
///
/// It is made when it is first called and stays until the program ends, once a code, however many worlds declare it.
pub fn declared(code: &str) -> &'static Product {
    static DECLARED: LazyLock<RwLock<BTreeMap<String, &'static Product>>> = LazyLock::new(RwLock::default);
    if let Some(product) = DECLARED.read().get(code) {
        return product;
    }
    let mut declared = DECLARED.write();
    declared.entry(code.to_owned()).or_insert_with(|| {
        let text = |text: String| -> &'static str { Box::leak(text.into_boxed_str()) };
        // UNCERTAIN: most products are called so in policies, not all.
        let product = Product::new(text(code.to_owned()), text(code.to_ascii_lowercase()), &[], &[]);
        Box::leak(Box::new(product.classic()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

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
