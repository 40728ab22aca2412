//! Hosts of products whose protocol alimock does not speak.
//!
//! Source: docs/evidence/own-protocols.md section 5.

use crate::text::covers;

/// Hosts, which may have `*`, and the product there.
// The table has one row a line.
#[rustfmt::skip]
const HOSTS: &[(&str, &str)] = &[
    ("*.cryptoservice.kms.aliyuncs.com", "a KMS instance"),
    ("*.elasticsearch.aliyuncs.com", "Elasticsearch"),
    ("*.eventbridge.*.aliyuncs.com", "EventBridge (events)"),
    ("*.mqrest.*.aliyuncs.com", "RocketMQ over HTTP"),
    ("*.mse.aliyuncs.com", "MSE (registries)"),
    ("*.oss-dls.aliyuncs.com", "OSS-HDFS"),
    ("*.pai-eas.aliyuncs.com", "PAI-EAS (model services)"),
    ("dashscope*.aliyuncs.com", "Model Studio (DashScope)"),
    ("dh-*.aliyuncs.com", "DataHub"),
    ("nls-gateway*.aliyuncs.com", "Intelligent Speech Interaction"),
    ("opensearch-*.aliyuncs.com", "OpenSearch"),
    ("registry*.aliyuncs.com", "Container Registry (images)"),
];

/// Returns the name of the product at `host`, if alimock does not speak its protocol.
pub fn foreign(host: &str) -> Option<&'static str> {
    HOSTS.iter().find(|(pattern, _)| covers(pattern, host)).map(|(_, name)| *name)
}
