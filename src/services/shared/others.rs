//! Products that alimock does not implement. Stubs of a world can respond for them. A row has the data to find the product and to
//! authorize a call.
//!
//! Source of code, version and host labels: the request classes and endpoint lists of the official SDK for Python
//! (aliyun/aliyun-openapi-python-sdk). If a list has no host for a region, the SDK makes the label from the code in lower case.
//! Other versions of these products exist; this table has those of the SDK.
//! `dns` is the older host of Alidns (observed: kaedei/aliyun-ddns-client-csharp 4, 2016; rfancn/aliyun-ddns-client 13, 2017).
//!
//! Source of the policy codes `cen`, `dysms`, `kvstore`, `yundun-cert`, `yundun-sas`, `yundun-waf`: the page "RAM authorization"
//! of the product. UNCERTAIN for the others: the code in lower case.

use crate::error::{self, gateway};
use crate::operation::Resource;
use crate::services::{Denial, Front, Product, Unmet};
use crate::world::gates::Requirement;

type Row = (&'static str, &'static str, &'static [&'static str], &'static [&'static str]);

/// Code, policy code, host labels, versions.
// The table has one row a line.
#[rustfmt::skip]
const ROWS: &[Row] = &[
    ("Actiontrail", "actiontrail", &["actiontrail"], &["2020-07-06"]),
    ("adb", "adb", &["adb"], &["2019-03-15"]),
    ("Alb", "alb", &["alb"], &["2020-06-16"]),
    ("Alidns", "alidns", &["alidns", "dns"], &["2015-01-09"]),
    ("alikafka", "alikafka", &["alikafka"], &["2019-09-16"]),
    ("CCC", "ccc", &["ccc"], &["2017-07-05", "2020-07-01"]),
    ("cas", "yundun-cert", &["cas"], &["2020-06-30"]),
    ("Cbn", "cen", &["cbn"], &["2017-09-12"]),
    ("Cdn", "cdn", &["cdn"], &["2018-05-10"]),
    ("CloudSSO", "cloudsso", &["cloudsso"], &["2021-05-15"]),
    ("Cms", "cms", &["metrics", "cms"], &["2019-01-01"]),
    ("cr", "cr", &["cr"], &["2016-06-07", "2018-12-01"]),
    ("Config", "config", &["config"], &["2020-09-07"]),
    ("dcdn", "dcdn", &["dcdn"], &["2018-01-15"]),
    ("Dds", "dds", &["mongodb", "dds"], &["2015-12-01"]),
    ("dms-enterprise", "dms-enterprise", &["dms-enterprise"], &["2018-11-01"]),
    ("Domain", "domain", &["domain", "domain-intl"], &["2018-02-08"]),
    ("Dysmsapi", "dysms", &["dysmsapi"], &["2017-05-25"]),
    ("ebs", "ebs", &["ebs"], &["2021-07-30"]),
    ("Eci", "eci", &["eci"], &["2018-08-08"]),
    ("Ess", "ess", &["ess"], &["2014-08-28"]),
    ("eventbridge", "eventbridge", &["eventbridge"], &["2020-04-01"]),
    ("Emr", "emr", &["emr"], &["2016-04-08"]),
    ("Ga", "ga", &["ga"], &["2019-11-20"]),
    ("governance", "governance", &["governance"], &["2021-01-20"]),
    ("gpdb", "gpdb", &["gpdb"], &["2016-05-03"]),
    ("hbr", "hbr", &["hbr"], &["2017-09-08"]),
    ("Kms", "kms", &["kms"], &["2016-01-20"]),
    ("live", "live", &["live"], &["2016-11-01"]),
    ("mse", "mse", &["mse"], &["2019-05-31"]),
    ("Mts", "mts", &["mts"], &["2014-06-18"]),
    ("NAS", "nas", &["nas"], &["2017-06-26"]),
    ("Nlb", "nlb", &["nlb"], &["2022-04-30"]),
    ("oos", "oos", &["oos"], &["2019-06-01"]),
    ("polardb", "polardb", &["polardb"], &["2017-08-01"]),
    ("Privatelink", "privatelink", &["privatelink"], &["2020-04-15"]),
    ("pvtz", "pvtz", &["pvtz"], &["2018-01-01"]),
    ("quotas", "quotas", &["quotas"], &["2020-05-10"]),
    ("R-kvstore", "kvstore", &["r-kvstore"], &["2015-01-01"]),
    ("Rds", "rds", &["rds"], &["2014-08-15"]),
    ("ResourceCenter", "resourcecenter", &["resourcecenter", "resourcecenter-intl"], &["2022-12-01"]),
    ("ResourceSharing", "resourcesharing", &["resourcesharing"], &["2020-01-10"]),
    ("ROS", "ros", &["ros"], &["2019-09-10", "2015-09-01"]),
    ("Sas", "yundun-sas", &["tds", "sas"], &["2018-12-03"]),
    ("Slb", "slb", &["slb"], &["2014-05-15"]),
    ("SWAS-OPEN", "swas-open", &["swas-open"], &["2020-06-01"]),
    ("Tag", "tag", &["tag"], &["2018-08-28"]),
    ("vod", "vod", &["vod"], &["2017-03-21"]),
    ("Vpc", "vpc", &["vpc"], &["2016-04-28"]),
    ("waf-openapi", "yundun-waf", &["wafopenapi", "waf-openapi"], &["2019-09-10"]),
];

/// Further products, of which stubs and rules are seldom written. Their hosts and keys work as those of the others.
///
/// Source: request classes, endpoint lists and location data of aliyun/alibaba-cloud-sdk-go (2026-02-11). UNCERTAIN: the policy codes.
#[rustfmt::skip]
const MORE: &[Row] = &[
    ("Airec", "airec", &["airec"], &["2020-11-26"]),
    ("alimt", "alimt", &["mt"], &["2018-10-12"]),
    ("amqp-open", "amqp-open", &["amqp-open"], &["2019-12-12"]),
    ("ARMS", "arms", &["arms"], &["2019-08-08"]),
    ("clickhouse", "clickhouse", &["clickhouse"], &["2019-11-11"]),
    ("CloudAPI", "cloudapi", &["apigateway"], &["2016-07-14"]),
    ("Cloudfw", "cloudfw", &["cloudfw"], &["2017-12-07"]),
    ("CloudPhoto", "cloudphoto", &["cloudphoto"], &["2017-07-11"]),
    ("ComputeNest", "computenest", &["computenest"], &["2021-06-01"]),
    ("DAS", "das", &["das"], &["2020-01-16"]),
    ("Dbs", "dbs", &["dbs-api"], &["2019-03-06"]),
    ("ddosbgp", "ddosbgp", &["ddosbgp"], &["2018-07-20"]),
    ("ddoscoo", "ddoscoo", &["ddoscoo"], &["2020-01-01"]),
    ("dg", "dg", &["dg"], &["2019-03-27"]),
    ("Dm", "dm", &["dm"], &["2015-11-23"]),
    ("Drds", "drds", &["drds"], &["2019-01-23"]),
    ("Dts", "dts", &["dts"], &["2017-06-01"]),
    ("eas", "eas", &["eas", "pai-eas"], &["2021-07-01"]),
    ("EHPC", "ehpc", &["ehpc"], &["2023-07-01"]),
    ("elasticsearch", "elasticsearch", &["elasticsearch"], &["2017-06-13"]),
    ("Ens", "ens", &["ens"], &["2017-11-10"]),
    ("facebody", "facebody", &["facebody"], &["2019-12-30"]),
    ("Green", "green", &["green"], &["2018-05-09"]),
    ("hitsdb", "hitsdb", &["hitsdb"], &["2020-06-15"]),
    ("imageaudit", "imageaudit", &["imageaudit"], &["2019-12-30"]),
    ("ImageSearch", "imagesearch", &["imagesearch"], &["2019-03-25"]),
    ("imm", "imm", &["imm"], &["2017-09-06"]),
    ("Iot", "iot", &["iot"], &["2018-01-20"]),
    ("Market", "market", &["market"], &["2015-11-01"]),
    ("Mns-open", "mns-open", &["mns-open"], &["2022-01-19"]),
    ("nis", "nis", &["nis"], &["2021-12-16"]),
    ("OceanBasePro", "oceanbasepro", &["oceanbasepro"], &["2019-09-01"]),
    ("ocr", "ocr", &["ocr"], &["2019-12-30"]),
    ("Ons", "ons", &["ons"], &["2019-02-14"]),
    ("OnsMqtt", "onsmqtt", &["onsmqtt"], &["2020-04-20"]),
    ("OpenSearch", "opensearch", &["opensearch"], &["2017-12-25"]),
    ("PaiStudio", "paistudio", &["pai"], &["2020-04-28"]),
    ("polardbx", "polardbx", &["polardbx"], &["2020-02-02"]),
    ("Push", "push", &["cloudpush"], &["2016-08-01"]),
    ("rtc", "rtc", &["rtc"], &["2018-01-11"]),
    ("saf", "saf", &["saf"], &["2019-05-21"]),
    ("scdn", "scdn", &["scdn"], &["2017-11-15"]),
    ("schedulerx2", "schedulerx2", &["schedulerx"], &["2019-04-30"]),
    ("Sddp", "sddp", &["sddp-api"], &["2019-01-03"]),
    ("servicemesh", "servicemesh", &["servicemesh"], &["2020-01-11"]),
    ("sgw", "sgw", &["sgw"], &["2018-05-11"]),
    ("Smartag", "smartag", &["smartag"], &["2018-03-13"]),
];

/// Refusals of Alidns. Source: docs/evidence/account.md 6.
const ALIDNS: &[Unmet] = &[Unmet::new(Requirement::Verified, &error::IDENTITY_UNCERTIFIED)];

/// Takes no bearer tokens at all. Source: docs/evidence/gateway.md section 4.
pub(crate) const NO_BEARER: Front = Front { takes_bearer: false, ..Front::GATEWAY };
/// Issues its own bearer tokens. Source: docs/evidence/gateway.md section 4.
const CCC: Front = Front { bearer: Some(&gateway::INVALID_BEARER_TOKEN), ..Front::GATEWAY };

/// Has words of ECS's front. Observed: AxiosLeo/aliyun-sdk 2 (SLB, signature, 2018-03), turbot/steampipe-plugin-alicloud 291 (VPC, missing
/// token, 2022-09). UNCERTAIN: that each of the two has both words; the others of ECS are not seen there.
const OLDER: Front = Front {
    words: &[(&gateway::SIGNATURE_MISMATCH, &gateway::INCOMPLETE_SIGNATURE)],
    missing: Some(&gateway::MISSING_PARAMETER),
    ..Front::GATEWAY
};

/// Permission errors that are not `Forbidden.RAM` with 403. Source: docs/evidence/gateway.md 6.3.
const DENIALS: &[(&str, Denial)] = &[
    ("Alb", Denial::Named(&gateway::FORBIDDEN_NO_PERMISSION)),
    ("Alidns", Denial::Named(&gateway::FORBIDDEN_RAM_400)),
    ("Kms", Denial::OfResource(&gateway::FORBIDDEN_KMS)),
    ("Nlb", Denial::Named(&gateway::FORBIDDEN_NO_PERMISSION)),
    ("Slb", Denial::Named(&gateway::FORBIDDEN)),
];

/// The products of the tables.
pub(crate) fn products() -> impl Iterator<Item = Product> {
    ROWS.iter().chain(MORE).map(|(code, policy_code, hosts, versions)| {
        let product = Product::new(code, policy_code, hosts, versions).classic();
        let denial = DENIALS.iter().find(|(denies, _)| denies == code);
        let product = match denial {
            Some((_, denial)) => product.denying(*denial, &[Resource::All("*")]),
            None => product,
        };
        match *code {
            "Alidns" => product.refusing(ALIDNS),
            "Cdn" => product.behind(&NO_BEARER),
            "CCC" => product.behind(&CCC),
            "cr" => product.in_lower_camel_case(),
            "Slb" | "Vpc" => product.behind(&OLDER),
            _ => product,
        }
    })
}
