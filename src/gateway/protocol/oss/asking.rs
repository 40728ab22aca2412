//! The operation of a request to OSS, its permissions and condition keys. Source: docs/evidence/account.md 6.4.

use crate::error::{Result, oss};
use crate::gateway::call::Asking;
use crate::gateway::protocol::oss::target::{SUB_RESOURCES, Target};
use crate::gateway::protocol::path::{capitalized, decoded};
use crate::gateway::request::{RawRequest, header};
use crate::params::{Origin, Params};
use crate::services::oss::requests::{self, Level, Row};
use compact_str::CompactString;
use http::header::USER_AGENT;
use serde::Deserialize;
use std::borrow::Cow;

/// Header that names the source of a copy.
const SOURCE: &str = "x-oss-copy-source";
const VERSION: &str = "versionId";
/// Parameters that change an operation, but select none.
const MODIFIERS: [&str; 6] =
    ["response-", "x-oss-", "callback", "security-token", VERSION, "continuation-token"];
/// Maximum number of objects that one request deletes. Source: AlibabaCloudDocs/oss, "DeleteMultipleObjects".
const MOST_DELETED: usize = 1000;

/// Operation of a request, if the real service has it.
pub(super) enum Asked {
    /// An operation of the table.
    Known(&'static Row),
    /// A setting that is not in the table.
    Other,
    /// No operation: the resource does not support the method.
    Unsupported,
}

/// Returns the level of a target.
pub(super) fn level(target: &Target) -> Level {
    match &target.bucket {
        None => Level::Service,
        Some(_) if target.key.is_empty() => Level::Bucket,
        Some(_) => Level::Object,
    }
}

/// Returns the operation of a request, and its name by method and resource.
pub(super) fn operation(request: &RawRequest, target: &Target, params: &Params) -> (Asked, String) {
    let method = request.method().as_str();
    let value = |name: &str| {
        if name == SOURCE {
            return header(request.headers(), name).map(Cow::into_owned);
        }
        let sent = params.iter().find(|(one, _, origin)| *one == name && *origin == Origin::Query);
        sent.map(|(_, value, _)| value.to_owned())
    };
    let is_sub = |name: &str, value: &str| {
        value.is_empty()
            && SUB_RESOURCES.split(' ').any(|one| one == name)
            && !MODIFIERS.iter().any(|start| name.starts_with(start))
    };
    let sub = params.iter().find(|(name, value, _)| is_sub(name, value)).map(|(name, _, _)| name);
    let of = match level(target) {
        Level::Service => "Service",
        Level::Bucket => "Bucket",
        Level::Object => "Object",
    };
    let verb = capitalized(&method.to_ascii_lowercase());
    let plain = format!("{verb}{of}{}", sub.map(capitalized).unwrap_or_default());
    let asked = match requests::find(method, level(target), &value) {
        Some(row) if sub.is_none() || !row.is_plain() => Asked::Known(row),
        _ if sub.is_some() => Asked::Other,
        _ => Asked::Unsupported,
    };
    (asked, plain)
}

/// Objects that a request deletes.
#[derive(Debug, Deserialize)]
struct Delete {
    #[serde(rename = "Object", default)]
    objects: Vec<Deleted>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Deleted {
    key: String,
    version_id: Option<String>,
}

/// Returns the permissions that a request needs, and its condition keys.
pub(super) fn asking(
    request: &RawRequest,
    row: &Row,
    target: &Target,
    params: &Params,
    key: Option<&str>,
) -> Result<Asking> {
    let mut asking = Asking::in_buckets(Vec::new(), keys(request, row, params, key));
    let mut need = |action: &str, resource: String| asking.needs.push((action.into(), resource));
    let action_of = |has_version: bool| if has_version { &row.version_action } else { &row.action };
    let bucket = target.bucket.as_deref().unwrap_or("*");
    if row.name == "DeleteMultipleObjects" {
        let malformed = || oss::MALFORMED_XML.error();
        let body = String::from_utf8_lossy(request.body());
        let delete: Delete = quick_xml::de::from_str(&body).map_err(|_| malformed())?;
        if delete.objects.is_empty() || delete.objects.len() > MOST_DELETED {
            return Err(malformed());
        }
        for object in delete.objects {
            let has_version = object.version_id.is_some_and(|version| !version.is_empty());
            need(action_of(has_version), format!("{bucket}/{}", object.key));
        }
        return Ok(asking);
    }
    let resource = target.named();
    if let Some(source) =
        header(request.headers(), SOURCE).filter(|_| row.name.ends_with("Copy") || row.name == "CopyObject")
    {
        let (path, query) = source.split_once('?').unwrap_or((&source, ""));
        let from = decoded(path);
        let from = from.strip_prefix('/').unwrap_or(&from);
        if from.split_once('/').is_none_or(|(bucket, object)| bucket.is_empty() || object.is_empty()) {
            return Err(oss::INVALID_COPY_SOURCE.error());
        }
        let has_version = query.starts_with("versionId=");
        need(if has_version { "GetObjectVersion" } else { "GetObject" }, from.to_owned());
    }
    need(action_of(params.filled(VERSION).is_some()), resource.clone());
    if row.action == "PutObject" && header(request.headers(), "x-oss-tagging").is_some() {
        need("PutObjectTagging", resource);
    }
    Ok(asking)
}

/// Returns the condition keys of a request. Source:
/// www.alibabacloud.com/help/en/oss/user-guide/authorization-syntax-and-elements (2026).
///
/// A missing ACL counts as the default one. Otherwise the published policy against public ACLs would deny every upload.
fn keys(request: &RawRequest, row: &Row, params: &Params, key: Option<&str>) -> Vec<(CompactString, String)> {
    let mut keys: Vec<(CompactString, String)> = Vec::new();
    let mut set = |name: &str, value: &str| keys.push((name.into(), value.to_owned()));
    let given = |name: &str| header(request.headers(), name).or_else(|| params.get(name).map(Into::into));
    if let Some(agent) = header(request.headers(), USER_AGENT) {
        set("acs:UserAgent", &agent);
    }
    if let Some(key) = key {
        set("acs:AccessId", key);
    }
    match &*row.action {
        "ListObjects" | "ListObjectVersions" | "ListMultipartUploads" => {
            set("oss:Prefix", params.get("prefix").unwrap_or_default());
            set("oss:Delimiter", params.get("delimiter").unwrap_or_default());
        }
        "PutBucket" | "PutBucketAcl" => set("oss:x-oss-acl", &given("x-oss-acl").unwrap_or("private".into())),
        "PutObject" | "PutObjectAcl" => {
            set("oss:x-oss-object-acl", &given("x-oss-object-acl").unwrap_or("default".into()));
            let tags = given("x-oss-tagging").unwrap_or_default();
            for pair in tags.split('&').filter(|pair| !pair.is_empty()) {
                let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
                set(&format!("oss:RequestObjectTag/{}", decoded(name)), &decoded(value));
            }
        }
        _ => {}
    }
    keys
}
