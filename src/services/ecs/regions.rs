//! `DescribeRegions`: the list of regions.

use crate::error::Result;
use crate::params::request;
use crate::world::View;
use serde::Serialize;

/// A region: id, name in Chinese, name in English.
pub(super) struct Region(pub(super) &'static str, &'static str, &'static str);

/// Regions that all accounts can use.
///
/// Source: the pages "Endpoints" of ECS and other products (api-ecs-2014-05-26-endpoint and so on, January 2026), without closed
/// regions. UNCERTAIN: the order, the names in Chinese, and the accounts that see the omitted regions: those of partners,
/// governments and finance, and Mexico.
// The table has one row a line.
#[rustfmt::skip]
pub(super) const REGIONS: &[Region] = &[
    Region("cn-qingdao", "华北1（青岛）", "China (Qingdao)"),
    Region("cn-beijing", "华北2（北京）", "China (Beijing)"),
    Region("cn-zhangjiakou", "华北3（张家口）", "China (Zhangjiakou)"),
    Region("cn-huhehaote", "华北5（呼和浩特）", "China (Hohhot)"),
    Region("cn-wulanchabu", "华北6（乌兰察布）", "China (Ulanqab)"),
    Region("cn-hangzhou", "华东1（杭州）", "China (Hangzhou)"),
    Region("cn-shanghai", "华东2（上海）", "China (Shanghai)"),
    Region("cn-nanjing", "华东5（南京-本地地域）", "China (Nanjing - Local Region)"),
    Region("cn-fuzhou", "华东6（福州-本地地域）", "China (Fuzhou - Local Region)"),
    Region("cn-wuhan-lr", "华中1（武汉-本地地域）", "China (Wuhan - Local Region)"),
    Region("cn-shenzhen", "华南1（深圳）", "China (Shenzhen)"),
    Region("cn-heyuan", "华南2（河源）", "China (Heyuan)"),
    Region("cn-guangzhou", "华南3（广州）", "China (Guangzhou)"),
    Region("cn-chengdu", "西南1（成都）", "China (Chengdu)"),
    Region("cn-hongkong", "中国香港", "China (Hong Kong)"),
    Region("ap-northeast-1", "日本（东京）", "Japan (Tokyo)"),
    Region("ap-northeast-2", "韩国（首尔）", "South Korea (Seoul)"),
    Region("ap-southeast-1", "新加坡", "Singapore"),
    Region("ap-southeast-3", "马来西亚（吉隆坡）", "Malaysia (Kuala Lumpur)"),
    Region("ap-southeast-5", "印度尼西亚（雅加达）", "Indonesia (Jakarta)"),
    Region("ap-southeast-6", "菲律宾（马尼拉）", "Philippines (Manila)"),
    Region("ap-southeast-7", "泰国（曼谷）", "Thailand (Bangkok)"),
    Region("us-east-1", "美国（弗吉尼亚）", "US (Virginia)"),
    Region("us-west-1", "美国（硅谷）", "US (Silicon Valley)"),
    Region("eu-west-1", "英国（伦敦）", "UK (London)"),
    Region("eu-central-1", "德国（法兰克福）", "Germany (Frankfurt)"),
    Region("me-east-1", "阿联酋（迪拜）", "UAE (Dubai)"),
];

request! {
    /// Parameters of `DescribeRegions`.
    pub(super) struct DescribeRegions {
        accept_language: Option<String> = "AcceptLanguage",
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Reply {
    regions: All,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct All {
    region: Vec<One>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct One {
    region_id: &'static str,
    region_endpoint: String,
    local_name: &'static str,
}

/// `DescribeRegions`: returns all regions. The default language of their names is Chinese.
///
/// Its languages are `zh-CN`, `zh-TW`, `en-US`, `ja`, `fr`, `de` and `ko`. alimock has the names in Chinese and English, and uses
/// English for the others. Source: alibabacloud_ecs20140526. UNCERTAIN: the names in the other languages.
#[expect(clippy::unnecessary_wraps, reason = "one signature for all operations")]
pub(super) fn describe(_: View<'_>, req: DescribeRegions) -> Result<Reply> {
    let is_chinese = req.accept_language.is_none_or(|language| language.starts_with("zh"));
    let region = |Region(id, chinese, english): &Region| One {
        region_id: id,
        region_endpoint: format!("ecs.{id}.aliyuncs.com"),
        local_name: if is_chinese { chinese } else { english },
    };
    Ok(Reply { regions: All { region: REGIONS.iter().map(region).collect() } })
}
