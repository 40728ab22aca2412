//! Bucket and object of a request to OSS.

use crate::error::{Result, oss};
use crate::gateway::protocol::path::decoded;
use crate::text::{BucketName, DEFAULT_REGION, REGIONS};

/// Name of signature version 4.
pub(super) const V4_NAME: &str = "OSS4-HMAC-SHA256";
/// Maximum length of an object name, in bytes. Source: AlibabaCloudDocs/oss, "Object naming".
const LONGEST_OBJECT: usize = 1023;
/// Parameters that are part of the resource in V1. Source: both packages, which have some of them each.
pub(super) const SUB_RESOURCES: &str = "\
accessPoint accessPointPolicy acl append asyncFetch bucketArchiveDirectRead bucketInfo callback callback-var cloudboxes cname comp \
continuation-token cors delete encryption endTime group httpsConfig img inventory inventoryId lifecycle link live location logging \
metaQuery objectInfo objectMeta partNumber policy policyStatus position publicAccessBlock qos qosInfo qosRequester redundancyTransition \
referer regionList regions replication replicationLocation replicationProgress requestPayment requesterQosInfo resourceGroup \
resourcePool resourcePoolBuckets resourcePoolInfo response-cache-control response-content-disposition response-content-encoding \
response-content-language response-content-type response-expires restore security-token sequential startTime stat status style \
styleName symlink tagging transferAcceleration udf uploadId uploads versionId versioning versions vod website worm wormExtend wormId \
x-oss-ac-forward-allow x-oss-ac-source-ip x-oss-ac-subnet-mask x-oss-ac-vpc-id x-oss-access-point-name x-oss-async-process \
x-oss-process x-oss-redundancy-transition-taskid x-oss-request-payer x-oss-target-redundancy-type x-oss-traffic-limit \
x-oss-write-get-object-response";

/// Target of a request: the bucket from host or path, the object in it, and what the host names.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Target {
    pub(crate) bucket: Option<String>,
    pub(crate) key: String,
    /// Region of the host; `None` if the host is one of all regions.
    pub(crate) region: Option<String>,
    /// True for a host of the internal network.
    pub(crate) is_internal: bool,
    /// True if the bucket is in the path of a request to a host of OSS.
    is_second_level: bool,
}

impl Target {
    /// Reads host and path. If the host is not an OSS host (`localhost`, an address), the path contains the bucket.
    pub(crate) fn of(host: &str, path: &str) -> Self {
        let path = decoded(path);
        let path = path.strip_prefix('/').unwrap_or(&path);
        let of_host = host_parts(host);
        let named = Self {
            region: of_host.as_ref().and_then(|parts| parts.region).map(str::to_owned),
            is_internal: of_host.as_ref().is_some_and(|parts| parts.is_internal),
            ..Self::default()
        };
        if let Some(bucket) = of_host.as_ref().and_then(|parts| parts.bucket) {
            return Self { bucket: Some(bucket.to_owned()), key: path.to_owned(), ..named };
        }
        let (bucket, key) = path.split_once('/').unwrap_or((path, ""));
        let bucket = (!bucket.is_empty()).then(|| bucket.to_owned());
        let is_second_level = of_host.is_some() && bucket.is_some();
        Self { bucket, key: key.to_owned(), is_second_level, ..named }
    }

    /// Returns the resource as policies name it: `*`, `bucket`, `bucket/key`.
    pub(super) fn named(&self) -> String {
        match &self.bucket {
            None => "*".to_owned(),
            Some(bucket) if self.key.is_empty() => bucket.clone(),
            Some(bucket) => format!("{bucket}/{}", self.key),
        }
    }

    /// Checks that the bucket is where the host wants it, and that bucket and object names are not too long. Policies need no check for names that are too long.
    pub(super) fn is_named_well(&self, by_s3: bool) -> Result<()> {
        match &self.bucket {
            Some(_) if self.is_second_level && by_s3 => Err(oss::SECOND_LEVEL_DOMAIN_S3.error()),
            Some(_) if self.is_second_level => Err(oss::SECOND_LEVEL_DOMAIN.error()),
            Some(bucket) if bucket.len() > BucketName::LONGEST => {
                Err(oss::INVALID_BUCKET_NAME.error().with_detail("BucketName", bucket))
            }
            _ if self.key.len() > LONGEST_OBJECT => {
                Err(oss::INVALID_OBJECT_NAME.error().with_detail("ObjectName", &self.key))
            }
            _ => Ok(()),
        }
    }

    /// Returns the resource as it is signed: `/`, `/bucket/`, `/bucket/key`.
    pub(super) fn resource(&self) -> String {
        match &self.bucket {
            Some(bucket) => format!("/{bucket}/{}", self.key),
            None => "/".to_owned(),
        }
    }
}

/// Parts of an OSS host.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct HostParts<'a> {
    pub(super) bucket: Option<&'a str>,
    region: Option<&'a str>,
    is_internal: bool,
}

/// Returns the parts of an OSS host: `bucket.oss-cn-hangzhou.aliyuncs.com`, `oss-cn-hangzhou-internal.aliyuncs.com`,
/// `bucket.cn-hangzhou.oss.aliyuncs.com` (IPv4 and IPv6), `bucket.oss-accelerate.aliyuncs.com` (all regions), and the oldest,
/// `bucket.oss.aliyuncs.com` (the first region; huacnlee/carrierwave-aliyun 7, 2013, orzcc/aliyun-oss 5, 2015).
pub(super) fn host_parts(host: &str) -> Option<HostParts<'_>> {
    // ali-oss of Node starts the host with a dot if its endpoint is an address and no bucket is set.
    let rest = host.strip_suffix(".aliyuncs.com")?.trim_start_matches('.');
    let (before, last) = rest.rsplit_once('.').map_or((None, rest), |(before, last)| (Some(before), last));
    if last == "oss" {
        let (bucket, region) = match before.map(|before| before.rsplit_once('.').ok_or(before)) {
            Some(Ok((bucket, region))) => (Some(bucket), Some(region)),
            Some(Err(region)) if REGIONS.iter().any(|one| one.id == region) => (None, Some(region)),
            Some(Err(bucket)) => (Some(bucket), Some(DEFAULT_REGION)),
            None => (None, None),
        };
        return Some(HostParts { bucket, region, is_internal: false });
    }
    let name = last.strip_prefix("vpc100-").unwrap_or(last).strip_prefix("oss-")?;
    let region = name.strip_suffix("-internal").unwrap_or(name);
    let is_region = region.contains('-') && region != "accelerate-overseas";
    let is_internal = region != name || last.starts_with("vpc100-");
    Some(HostParts { bucket: before, region: Some(region).filter(|_| is_region), is_internal })
}
