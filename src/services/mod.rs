//! The products: which exist, how a call finds one, and their tables of operations.
//!
//! A service translates between the wire and the world and owns nothing. It never learns about the gateway, faults or HTTP,
//! never reads a clock, never draws a random number; `tests/it/tidy.rs` checks its `use` lines.

mod aas;
mod account_crm;
mod catalogue;
mod crm;
mod ecs;
#[expect(dead_code, reason = "how BssOpenApi answers comes next")]
mod envelope;
mod identity;
mod ims;
mod partner;
mod ram;
mod reply;
mod sts;
mod vocabulary;

use crate::error::Dialect;
use crate::operation::{Audience, Operation};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// The two formats of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// `application/json;charset=utf-8`.
    Json,
    /// `text/xml;charset=utf-8`.
    Xml,
}

/// How a refusal of permission is worded. Source: facts/gateway.md 6.3.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Denial {
    /// `NoPermission` with resource and action.
    Ram,
    /// `NoPermission` of STS.
    Sts,
    /// `Forbidden.RAM`.
    Other,
}

/// One product.
pub struct Product {
    /// Its code, as in `Recommend`.
    pub code: &'static str,
    /// Its name in policies, `ram:CreateUser`.
    pub policy_code: &'static str,
    /// First labels of its hosts. Source: facts/gateway.md section 9.
    pub hosts: &'static [&'static str],
    /// Its versions; no other product has them.
    pub versions: &'static [&'static str],
    /// How it words errors about parameters.
    pub dialect: Dialect,
    /// What it answers when nobody says. Source: facts/gateway.md 5.5.
    pub format: Format,
    /// How it words a refusal of permission.
    pub denial: Denial,
    /// Whether what a rule of the business refuses is told in the body of an HTTP 200.
    pub answers_in_body: bool,
    /// Who may call it, unless an action is in `audiences`.
    pub audience: Audience,
    /// Who may call single actions.
    pub audiences: &'static [(&'static str, Audience)],
    /// Names of all its actions; `None` when nobody has listed them.
    known: Option<BTreeSet<&'static str>>,
    operations: BTreeMap<&'static str, Operation>,
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
            audiences: &[],
            known: None,
            operations: BTreeMap::new(),
        }
    }

    fn knows(mut self, names: &'static str) -> Self {
        self.known = Some(names.split_whitespace().collect());
        self
    }

    fn runs(mut self, operations: Vec<Operation>) -> Self {
        self.operations = operations.into_iter().map(|operation| (operation.name, operation)).collect();
        self
    }

    /// An older product: classic wording, XML unless asked for JSON.
    fn classic(mut self) -> Self {
        (self.dialect, self.format, self.denial) = (Dialect::Classic, Format::Xml, Denial::Other);
        self
    }

    /// Tells what a rule of the business refuses in the body of an HTTP 200. Source: facts/account.md 6.3.
    fn answering_in_body(mut self) -> Self {
        self.answers_in_body = true;
        self
    }

    /// For partners alone, but for some actions.
    fn for_partners(mut self, but: &'static [(&'static str, Audience)]) -> Self {
        (self.audience, self.audiences) = (Audience::Partner, but);
        self
    }

    /// The operation `action`, when alimock runs it.
    pub fn operation(&self, action: &str) -> Option<&Operation> {
        self.operations.get(action)
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

    /// Who may call `action`.
    pub fn audience_of(&self, action: &str) -> Audience {
        self.audiences.iter().find(|(name, _)| *name == action).map_or(self.audience, |(_, own)| *own)
    }

    /// The operations it runs, by name.
    pub fn operations(&self) -> impl Iterator<Item = &Operation> {
        self.operations.values()
    }
}

/// All products, built once.
static PRODUCTS: LazyLock<Vec<Product>> = LazyLock::new(|| {
    let mut sts =
        Product::new("Sts", "sts", &["sts"], &["2015-04-01"]).knows(catalogue::STS).runs(sts::operations());
    sts.audiences = sts::AUDIENCES;
    sts.dialect = Dialect::Sts;
    sts.denial = Denial::Sts;
    vec![
        Product::new("Ram", "ram", &["ram"], &["2015-05-01"]).knows(catalogue::RAM).runs(ram::operations()),
        // Version 2017-04-30 is what the old Python package speaks. Source: facts/clients.md 2.16.
        Product::new("Ims", "ram", &["ims"], &["2019-08-15", "2017-04-30"])
            .knows(catalogue::IMS)
            .runs(ims::operations()),
        sts,
        Product::new("Aas", "aas", &["aas"], &["2015-07-01"])
            .classic()
            .for_partners(aas::AUDIENCES)
            .knows(catalogue::AAS)
            .runs(aas::operations()),
        Product::new("Crm", "crm", &["crm", "crm-cn-hangzhou"], &["2015-04-08"])
            .classic()
            .for_partners(crm::AUDIENCES)
            .knows(catalogue::CRM)
            .runs(crm::operations()),
        Product::new("Ecs", "ecs", &["ecs", "ecs-cn-hangzhou"], &["2014-05-26"])
            .classic()
            .runs(ecs::operations()),
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
        .knows(catalogue::ACCOUNT_CENTER),
        Product::new("Cloudauth", "antcloudauth", &["cloudauth"], &["2019-03-07"])
            .knows(catalogue::CLOUDAUTH),
        Product::new("BssOpenApi", "bss", &["business"], &["2017-12-14"]).classic().answering_in_body(),
        Product::new("Agency", "agency", &["agency"], &["2022-12-16"]).answering_in_body(),
        Product::new("Location", "location", &["location", "location-readonly"], &["2015-06-12"]),
        Product::new("CS", "cs", &["cs"], &["2015-12-15"]),
    ]
});

/// All products.
pub fn products() -> &'static [Product] {
    &PRODUCTS
}

/// Every operation that runs: code of its product, and name.
pub fn operations() -> impl Iterator<Item = (&'static str, &'static str)> {
    PRODUCTS.iter().flat_map(|product| product.operations().map(|operation| (product.code, operation.name)))
}

/// The product a host belongs to: `ram.aliyuncs.com`, `sts-vpc.cn-beijing.aliyuncs.com` and so on.
pub fn by_host(host: &str) -> Option<&'static Product> {
    let label = host.strip_suffix(".aliyuncs.com")?.split('.').next()?;
    let bare = label.strip_suffix("-vpc").or_else(|| label.strip_suffix("-internal")).unwrap_or(label);
    PRODUCTS.iter().find(|product| product.hosts.contains(&bare))
}

/// The product a version belongs to.
pub fn by_version(version: &str) -> Option<&'static Product> {
    PRODUCTS.iter().find(|product| product.versions.contains(&version))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_belongs_to_one_product_and_a_host_too() {
        let mut versions = BTreeSet::new();
        let mut hosts = BTreeSet::new();
        for product in products() {
            assert!(product.versions.iter().all(|version| versions.insert(*version)), "{}", product.code);
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
        ] {
            assert_eq!(by_host(host).map(|product| product.code), Some(code), "{host}");
        }
        assert!(by_host("nosuch.aliyuncs.com").is_none() && by_host("127.0.0.1").is_none());
    }

    #[test]
    fn every_operation_that_runs_is_one_the_product_has() {
        for product in products() {
            for operation in product.operations() {
                let listed = product.known.as_ref().is_none_or(|known| known.contains(operation.name));
                assert!(listed, "{} {}", product.code, operation.name);
            }
        }
    }
}
