//! Hosts by product and region, as Location knows them.
//!
//! A line of `hosts.txt`: service code (with `@` and a type other than `openAPI`), host below `aliyuncs.com`, regions. `{}` is the
//! region, `*` every region. A code alone is a product without a public host in Location.
//!
//! Source: aliyun/alibaba-cloud-sdk-go `sdk/endpoints/endpoints_config.go` (2026-02-11, data of 2019 to 2021), the list that the SDK uses
//! in place of Location; docs/evidence/gateway.md 9.1 for Ram. UNCERTAIN: how much has changed since.

use crate::packed;
#[cfg(test)]
use crate::text::Region;
use std::sync::LazyLock;

/// Regions that opened after the list was made.
const NEWER: [&str; 10] = [
    "ap-northeast-2",
    "ap-southeast-6",
    "ap-southeast-7",
    "cn-chengdu",
    "cn-fuzhou",
    "cn-guangzhou",
    "cn-heyuan",
    "cn-nanjing",
    "cn-wuhan-lr",
    "cn-wulanchabu",
];
/// Number of regions from which on a product counts as one of all regions, also of newer ones. UNCERTAIN.
const IN_ALL_REGIONS: usize = 10;

/// A line of the table.
struct Row {
    service: &'static str,
    host: &'static str,
    regions: Vec<&'static str>,
}

static ROWS: LazyLock<Vec<Row>> = LazyLock::new(|| {
    let text: &'static str = Box::leak(packed::unpacked(packed::HOSTS).into_boxed_str());
    let row = |line: &'static str| {
        let mut words = line.split(' ');
        let mut word = || words.next().unwrap_or_default();
        Row { service: word(), host: word(), regions: words.collect() }
    };
    text.lines().map(row).collect()
});

/// Answer of Location about a product in a region.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// The product is not in the table.
    NotListed,
    /// The product has no hosts of this type.
    NoHost,
    /// The product is not in the region.
    NotInRegion,
    /// The host.
    Host(String),
}

/// Returns the host of a service code in a region.
pub(super) fn look_up(service: &str, kind: &str, region: &str) -> Found {
    let typed = (kind != super::PUBLIC).then(|| format!("{service}@{kind}"));
    let wanted = typed.as_deref().unwrap_or(service);
    let rows: Vec<&Row> = ROWS.iter().filter(|row| row.service.eq_ignore_ascii_case(wanted)).collect();
    if rows.is_empty() {
        let is_listed = ROWS.iter().any(|row| row.service.eq_ignore_ascii_case(service));
        return if is_listed { Found::NoHost } else { Found::NotListed };
    }
    let has = |row: &&&Row| row.regions.iter().any(|one| *one == region || *one == "*");
    let newer = || {
        let in_all = |row: &&&Row| row.host.contains("{}") && row.regions.len() >= IN_ALL_REGIONS;
        NEWER.contains(&region).then(|| rows.iter().find(in_all)).flatten()
    };
    match rows.iter().find(has).or_else(newer) {
        Some(row) => Found::Host(format!("{}.aliyuncs.com", row.host.replace("{}", region))),
        None if rows.iter().all(|row| row.host.is_empty()) => Found::NoHost,
        None => Found::NotInRegion,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_depend_on_product_type_and_region() {
        let host = |text: &str| Found::Host(text.to_owned());
        for (service, kind, region, expected) in [
            ("ecs", "openAPI", "cn-hangzhou", host("ecs-cn-hangzhou.aliyuncs.com")),
            ("Ecs", "openAPI", "me-east-1", host("ecs.me-east-1.aliyuncs.com")),
            ("ecs", "openAPI", "cn-chengdu", host("ecs.cn-chengdu.aliyuncs.com")),
            ("pvtz", "openAPI", "cn-hangzhou", host("pvtz.aliyuncs.com")),
            ("pvtz", "openAPI", "cn-beijing", Found::NotInRegion),
            ("iot", "openAPI", "cn-hangzhou", Found::NotInRegion),
            ("pvtz", "innerAPI", "cn-beijing", Found::NoHost),
            ("ram", "openAPI", "cn-hangzhou", Found::NoHost),
            ("ram", "innerAPI", "cn-hangzhou", host("ram-share.aliyuncs.com")),
            ("accountcenter", "openAPI", "cn-hangzhou", Found::NotListed),
        ] {
            assert_eq!(look_up(service, kind, region), expected, "{service} {kind} {region}");
        }
    }

    #[test]
    fn the_table_names_known_regions_and_has_each_pair_once() {
        let mut seen = std::collections::BTreeSet::new();
        for row in ROWS.iter() {
            for region in &row.regions {
                let is_known = *region == "*" || crate::text::REGIONS.iter().any(|one| one.id == *region);
                assert!(is_known && seen.insert((row.service, region)), "{} {region}", row.service);
            }
        }
        assert!(NEWER.iter().all(|region| Region::is_listed(region)));
    }
}
