//! `DescribeRegions`: the list of regions.

use crate::attributes::{apply, reply};
use crate::error::Result;
use crate::params::request;
use crate::text::Region;
use crate::world::View;

request! {
    /// Parameters of `DescribeRegions`.
    pub(super) struct DescribeRegions {
        accept_language: Option<String> = "AcceptLanguage",
    }
}

#[apply(reply)]
pub(super) struct Reply {
    regions: All,
}

#[apply(reply)]
struct All {
    region: Vec<One>,
}

#[apply(reply)]
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
    let region = Region::listed().map(|(id, names)| One {
        region_id: id,
        region_endpoint: format!("ecs.{id}.aliyuncs.com"),
        local_name: if is_chinese { names.chinese } else { names.english },
    });
    Ok(Reply { regions: All { region: region.collect() } })
}
