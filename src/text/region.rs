//! The regions of the public cloud: the one table that everybody asks.

/// The region of what names none.
pub const DEFAULT_REGION: &str = "cn-hangzhou";

/// A region of the public cloud.
#[derive(Debug, Clone, Copy)]
pub struct Region {
    /// Its id.
    pub id: &'static str,
    /// Its names, of a region that anybody can use.
    pub names: Option<RegionNames>,
}

/// The names of a region.
#[derive(Debug, Clone, Copy)]
pub struct RegionNames {
    /// In Chinese.
    pub chinese: &'static str,
    /// In English.
    pub english: &'static str,
}

const fn region(id: &'static str, chinese: &'static str, english: &'static str) -> Region {
    Region { id, names: Some(RegionNames { chinese, english }) }
}

const fn unlisted(id: &'static str) -> Region {
    Region { id, names: None }
}

/// All regions. Those that are closed, or of partners, governments and finance, have no names.
///
/// Source: region and endpoint lists of ECS, STS and other products (api-ecs-2014-05-26-endpoint and so on, January 2026).
/// UNCERTAIN: the order, the names in Chinese, and who sees the regions without names.
// A table reads by rows.
#[rustfmt::skip]
pub const REGIONS: &[Region] = &[
    region("cn-qingdao", "华北1（青岛）", "China (Qingdao)"),
    region("cn-beijing", "华北2（北京）", "China (Beijing)"),
    region("cn-zhangjiakou", "华北3（张家口）", "China (Zhangjiakou)"),
    region("cn-huhehaote", "华北5（呼和浩特）", "China (Hohhot)"),
    region("cn-wulanchabu", "华北6（乌兰察布）", "China (Ulanqab)"),
    region("cn-hangzhou", "华东1（杭州）", "China (Hangzhou)"),
    region("cn-shanghai", "华东2（上海）", "China (Shanghai)"),
    region("cn-nanjing", "华东5（南京-本地地域）", "China (Nanjing - Local Region)"),
    region("cn-fuzhou", "华东6（福州-本地地域）", "China (Fuzhou - Local Region)"),
    region("cn-wuhan-lr", "华中1（武汉-本地地域）", "China (Wuhan - Local Region)"),
    region("cn-shenzhen", "华南1（深圳）", "China (Shenzhen)"),
    region("cn-heyuan", "华南2（河源）", "China (Heyuan)"),
    region("cn-guangzhou", "华南3（广州）", "China (Guangzhou)"),
    region("cn-chengdu", "西南1（成都）", "China (Chengdu)"),
    region("cn-hongkong", "中国香港", "China (Hong Kong)"),
    region("ap-northeast-1", "日本（东京）", "Japan (Tokyo)"),
    region("ap-northeast-2", "韩国（首尔）", "South Korea (Seoul)"),
    region("ap-southeast-1", "新加坡", "Singapore"),
    region("ap-southeast-3", "马来西亚（吉隆坡）", "Malaysia (Kuala Lumpur)"),
    region("ap-southeast-5", "印度尼西亚（雅加达）", "Indonesia (Jakarta)"),
    region("ap-southeast-6", "菲律宾（马尼拉）", "Philippines (Manila)"),
    region("ap-southeast-7", "泰国（曼谷）", "Thailand (Bangkok)"),
    region("us-east-1", "美国（弗吉尼亚）", "US (Virginia)"),
    region("us-west-1", "美国（硅谷）", "US (Silicon Valley)"),
    region("eu-west-1", "英国（伦敦）", "UK (London)"),
    region("eu-central-1", "德国（法兰克福）", "Germany (Frankfurt)"),
    region("me-east-1", "阿联酋（迪拜）", "UAE (Dubai)"),
    unlisted("ap-southeast-2"),
    unlisted("ap-south-1"),
    unlisted("na-south-1"),
    unlisted("me-central-1"),
    unlisted("cn-hangzhou-finance"),
    unlisted("cn-shanghai-finance-1"),
    unlisted("cn-shenzhen-finance-1"),
    unlisted("cn-beijing-finance-1"),
    unlisted("cn-north-2-gov-1"),
];

/// Returns the label of a host without its network suffix. Source: darabonba-openapi, get_endpoint_rules.
pub fn without_network(label: &str) -> &str {
    ["-vpc", "-internal", "-share"].iter().find_map(|network| label.strip_suffix(network)).unwrap_or(label)
}

/// Returns the region in the older form of a label, `cn-hangzhou` of `ecs-cn-hangzhou`, and the rest.
///
/// Source: aliyun/alibaba-cloud-sdk-go `sdk/endpoints/endpoints_config.go` (2026-02-11).
pub fn without_region(label: &str) -> Option<(&str, &'static str)> {
    REGIONS.iter().find_map(|region| Some((label.strip_suffix(region.id)?.strip_suffix('-')?, region.id)))
}

/// Returns the region that a host names: `sts.cn-hangzhou.aliyuncs.com`, or the older `ecs-cn-hangzhou.aliyuncs.com`.
pub fn region_of_host(host: &str) -> Option<&str> {
    let below = host.strip_suffix(".aliyuncs.com")?;
    let region = below.split('.').nth(1).filter(|region| *region != "vpc-proxy");
    region.or_else(|| Some(without_region(without_network(below))?.1))
}

impl Region {
    /// The regions that anybody can use, with their names.
    pub fn listed() -> impl Iterator<Item = (&'static str, RegionNames)> {
        REGIONS.iter().filter_map(|region| Some((region.id, region.names?)))
    }

    /// Returns `true` if accounts can use a region with this id.
    pub fn is_listed(id: &str) -> bool {
        Self::listed().any(|(known, _)| known == id)
    }

    /// Returns `true` if a region is in the Chinese mainland.
    pub fn is_mainland(id: &str) -> bool {
        id.starts_with("cn-") && id != "cn-hongkong"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_names_its_region_in_either_form() {
        for (host, region) in [
            ("ecs-cn-hangzhou.aliyuncs.com", Some("cn-hangzhou")),
            ("sts-vpc.cn-beijing.aliyuncs.com", Some("cn-beijing")),
            ("ram.aliyuncs.com", None),
            ("127.0.0.1", None),
        ] {
            assert_eq!(region_of_host(host), region, "{host}");
        }
    }
}
