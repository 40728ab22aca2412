//! Requests of OSS: the operation that a request is, and the permission that it needs. Requests name no operation: method, resource,
//! parameters and headers do.

use std::collections::BTreeSet;
use std::sync::LazyLock;

/// Resource that the path of a request names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Level {
    /// All buckets of an account.
    Service,
    /// A bucket.
    Bucket,
    /// An object.
    Object,
}

/// An operation: which requests are it, its permission and the form of its response.
#[derive(Debug)]
pub(crate) struct Row {
    method: &'static str,
    /// Names in the path.
    pub(crate) level: Level,
    /// Names of parameters that the request has, or `name=value`. A name that begins with `x-oss-copy` is a header.
    marks: Vec<&'static str>,
    /// Name of the operation.
    pub(crate) name: String,
    /// Action in policies, without `oss:`.
    pub(crate) action: String,
    /// Action in policies if the request names a version; the same otherwise.
    pub(crate) version_action: String,
    /// Root element of the response; empty without XML.
    pub(crate) root: &'static str,
    /// Name by method and resource, such as `PostObjectUploads`. Scenarios may use it.
    pub(crate) plain_name: String,
}

/// Rows: methods, resource, marks (`-` for none), operation, root element (`-` for none), action if it has another name than the
/// operation, action with a version. `{}` stands for the method. Rows with more marks come before those with fewer.
///
/// Source: www.alibabacloud.com/help/en/oss/user-guide/authorization-syntax-and-elements (2026), the pages of the operations, packages oss2
/// 2.19.1 and alibabacloud-oss-v2 1.4.1.
const ROWS: &str = "\
GET service regions DescribeRegions RegionInfoList
GET service redundancyTransition ListUserDataRedundancyTransition ListBucketDataRedundancyTransition
GET service accessPoint ListAccessPoints ListAccessPointsResult
GET service resourcePool ListResourcePools ListResourcePoolsResult
GET service publicAccessBlock GetPublicAccessBlock PublicAccessBlockConfiguration
PUT,DELETE service publicAccessBlock {}PublicAccessBlock -
GET service - ListBuckets ListAllMyBucketsResult
GET bucket bucketInfo GetBucketInfo BucketInfo
GET bucket location GetBucketLocation LocationConstraint
GET bucket stat GetBucketStat BucketStat
GET bucket acl GetBucketAcl AccessControlPolicy
PUT bucket acl PutBucketAcl -
GET bucket versions ListObjectVersions ListVersionsResult
GET bucket uploads ListMultipartUploads ListMultipartUploadsResult
GET bucket live ListLiveChannel ListLiveChannelResult
GET bucket versioning GetBucketVersioning VersioningConfiguration
PUT bucket versioning PutBucketVersioning -
GET bucket logging GetBucketLogging BucketLoggingStatus
PUT,DELETE bucket logging {}BucketLogging -
GET bucket website GetBucketWebsite WebsiteConfiguration
PUT,DELETE bucket website {}BucketWebsite -
GET bucket referer GetBucketReferer RefererConfiguration
PUT bucket referer PutBucketReferer -
GET bucket lifecycle GetBucketLifecycle LifecycleConfiguration
PUT,DELETE bucket lifecycle {}BucketLifecycle -
GET bucket transferAcceleration GetBucketTransferAcceleration TransferAccelerationConfiguration
PUT bucket transferAcceleration PutBucketTransferAcceleration -
GET bucket cors GetBucketCors CORSConfiguration
PUT,DELETE bucket cors {}BucketCors -
GET bucket policyStatus GetBucketPolicyStatus PolicyStatus
GET,PUT,DELETE bucket policy {}BucketPolicy -
GET bucket tagging GetBucketTags Tagging GetBucketTagging
PUT,DELETE bucket tagging {}BucketTags - {}BucketTagging
GET bucket encryption GetBucketEncryption ServerSideEncryptionRule
PUT,DELETE bucket encryption {}BucketEncryption -
GET bucket requestPayment GetBucketRequestPayment RequestPaymentConfiguration
PUT bucket requestPayment PutBucketRequestPayment -
GET bucket replicationLocation GetBucketReplicationLocation ReplicationLocation
GET bucket replicationProgress GetBucketReplicationProgress ReplicationProgress
GET bucket replication GetBucketReplication ReplicationConfiguration
POST bucket replication,comp=add PutBucketReplication -
POST bucket replication,comp=delete DeleteBucketReplication -
PUT bucket rtc PutBucketRTC -
GET bucket inventory,inventoryId GetBucketInventory InventoryConfiguration
GET bucket inventory ListBucketInventory ListInventoryConfigurationsResult GetBucketInventory
PUT,DELETE bucket inventory {}BucketInventory -
GET bucket accessmonitor GetBucketAccessMonitor AccessMonitorConfiguration
PUT bucket accessmonitor PutBucketAccessMonitor -
GET bucket metaQuery GetMetaQueryStatus MetaQueryStatus
POST bucket metaQuery,comp=add OpenMetaQuery -
POST bucket metaQuery,comp=query DoMetaQuery MetaQuery
POST bucket metaQuery,comp=delete CloseMetaQuery -
GET bucket resourceGroup GetBucketResourceGroup BucketResourceGroupConfiguration
PUT bucket resourceGroup PutBucketResourceGroup -
GET bucket cname,comp=token GetCnameToken CnameToken
GET bucket cname ListCname ListCnameResult
POST bucket cname,comp=token CreateCnameToken CnameToken
POST bucket cname,comp=add PutCname -
POST bucket cname,comp=delete DeleteCname -
GET bucket style,styleName GetStyle Style
GET bucket style ListStyle StyleList
PUT,DELETE bucket style {}Style -
GET bucket bucketArchiveDirectRead GetBucketArchiveDirectRead ArchiveDirectReadConfiguration
PUT bucket bucketArchiveDirectRead PutBucketArchiveDirectRead -
GET bucket httpsConfig GetBucketHttpsConfig HttpsConfiguration
PUT bucket httpsConfig PutBucketHttpsConfig -
GET bucket publicAccessBlock GetBucketPublicAccessBlock PublicAccessBlockConfiguration
PUT,DELETE bucket publicAccessBlock {}BucketPublicAccessBlock -
GET bucket accessPointPolicy GetAccessPointPolicy -
PUT,DELETE bucket accessPointPolicy {}AccessPointPolicy -
GET bucket accessPoint,x-oss-access-point-name GetAccessPoint GetAccessPointResult
GET bucket accessPoint ListAccessPoints ListAccessPointsResult
PUT bucket accessPoint CreateAccessPoint CreateAccessPointResult
DELETE bucket accessPoint DeleteAccessPoint -
GET bucket redundancyTransition,x-oss-redundancy-transition-taskid GetBucketDataRedundancyTransition BucketDataRedundancyTransition
GET bucket redundancyTransition ListBucketDataRedundancyTransition ListBucketDataRedundancyTransition
POST bucket redundancyTransition CreateBucketDataRedundancyTransition BucketDataRedundancyTransition
DELETE bucket redundancyTransition DeleteBucketDataRedundancyTransition -
GET bucket worm GetBucketWorm WormConfiguration
POST bucket worm InitiateBucketWorm -
DELETE bucket worm AbortBucketWorm -
POST bucket wormExtend,wormId ExtendBucketWorm -
POST bucket wormId CompleteBucketWorm -
POST bucket delete DeleteMultipleObjects DeleteResult DeleteObject DeleteObjectVersion
GET bucket list-type=2 ListObjectsV2 ListBucketResult ListObjects
GET bucket - ListObjects ListBucketResult
PUT,DELETE bucket - {}Bucket -
GET object uploadId ListParts ListPartsResult
GET object acl GetObjectAcl AccessControlPolicy GetObjectAcl GetObjectVersionAcl
PUT object acl PutObjectAcl - PutObjectAcl PutObjectVersionAcl
GET object tagging GetObjectTagging Tagging GetObjectTagging GetObjectVersionTagging
PUT object tagging PutObjectTagging - PutObjectTagging PutObjectVersionTagging
DELETE object tagging DeleteObjectTagging - DeleteObjectTagging DeleteObjectVersionTagging
GET object symlink GetSymlink - GetObject GetObjectVersion
PUT object symlink PutSymlink - PutObject
GET,HEAD object objectMeta GetObjectMeta - GetObject GetObjectVersion
GET object live,comp=stat GetLiveChannelStat LiveChannelStat
GET object live,comp=history GetLiveChannelHistory LiveChannelHistory
GET object live GetLiveChannelInfo LiveChannelConfiguration GetLiveChannel
PUT object live,status PutLiveChannelStatus -
PUT object live PutLiveChannel CreateLiveChannelResult
DELETE object live DeleteLiveChannel -
GET object vod GetVodPlaylist -
POST object vod PostVodPlaylist -
POST object uploads InitiateMultipartUpload InitiateMultipartUploadResult PutObject
PUT object uploadId,partNumber,x-oss-copy-source UploadPartCopy CopyPartResult PutObject
PUT object uploadId,partNumber UploadPart - PutObject
POST object uploadId CompleteMultipartUpload CompleteMultipartUploadResult PutObject
DELETE object uploadId AbortMultipartUpload -
POST object append AppendObject - PutObject
POST object restore RestoreObject - RestoreObject RestoreObjectVersion
POST object x-oss-process=csv/* SelectObject - GetObject GetObjectVersion
POST object x-oss-process=json/* CreateSelectObjectMeta - GetObject GetObjectVersion
POST object x-oss-process ProcessObject - PostProcessTask
POST object x-oss-async-process AsyncProcessObject AsyncProcessResult ProcessImm
PUT object x-oss-copy-source CopyObject CopyObjectResult PutObject
GET object - GetObject - GetObject GetObjectVersion
HEAD object - HeadObject - GetObject GetObjectVersion
PUT object - PutObject -
DELETE object - DeleteObject - DeleteObject DeleteObjectVersion
POST form - PostObject PostResponse PutObject
";

static TABLE: LazyLock<Vec<Row>> = LazyLock::new(|| ROWS.lines().flat_map(rows).collect());

/// All names of operations, for checks of scenarios.
static NAMES: LazyLock<BTreeSet<&'static str>> =
    LazyLock::new(|| TABLE.iter().map(|row| row.name.as_str()).collect());

/// Returns the rows of a line.
fn rows(line: &'static str) -> impl Iterator<Item = Row> {
    let words: Vec<&str> = line.split(' ').collect();
    words[0].split(',').map(move |method| {
        let verb = capitalized(&method.to_ascii_lowercase());
        let named = |at: usize, otherwise: &str| {
            words.get(at).map_or(otherwise.to_owned(), |word| word.replace("{}", &verb))
        };
        let marks: Vec<_> = words[2].split(',').filter(|mark| *mark != "-").collect();
        let (level, of) = match words[1] {
            "service" => (Level::Service, "Service"),
            "bucket" | "form" => (Level::Bucket, "Bucket"),
            _ => (Level::Object, "Object"),
        };
        let valued = ["inventoryId", "list-type=2", "styleName", "uploadId", "wormExtend", "wormId"];
        let sub = marks.first().filter(|mark| !valued.contains(mark) && !mark.starts_with("x-oss"));
        let name = named(3, "");
        let plain_name = match (level, sub) {
            (Level::Bucket, None) if method == "GET" => "ListObjects".to_owned(),
            _ => format!("{verb}{of}{}", sub.map(|sub| capitalized(sub)).unwrap_or_default()),
        };
        let action = named(5, &name);
        Row {
            method,
            level,
            plain_name,
            version_action: named(6, &action),
            root: Some(words[4]).filter(|root| *root != "-").unwrap_or_default(),
            marks,
            name,
            action,
        }
    })
}

/// Converts a name to the style of operations: `tables` to `Tables`.
fn capitalized(name: &str) -> String {
    let (first, rest) = name.split_at(name.len().min(1));
    first.to_ascii_uppercase() + rest
}

impl Row {
    fn fits(&self, method: &str, level: Level, has: &dyn Fn(&str) -> Option<String>) -> bool {
        let marked = |mark: &&str| match mark.split_once('=') {
            None => has(mark).is_some(),
            Some((name, wanted)) => has(name).is_some_and(|value| match wanted.strip_suffix('*') {
                Some(start) => value.starts_with(start),
                None => value == wanted,
            }),
        };
        self.method == method && self.level == level && self.marks.iter().all(marked)
    }

    /// Returns the status of a success. Source: the pages of the operations.
    pub(crate) fn status(&self, is_empty: bool) -> u16 {
        let has_nothing = self.method == "DELETE" || self.name == "PostObject";
        if has_nothing && is_empty { 204 } else { 200 }
    }

    /// Returns `true` if only method and resource make the request this operation.
    pub(crate) fn is_plain(&self) -> bool {
        self.marks.is_empty()
    }
}

/// Returns the operation that a request is. `value` returns the value of a parameter or header, if the request has it.
/// Forms are not found here: their content is in the body.
pub(crate) fn find(
    method: &str,
    level: Level,
    value: &dyn Fn(&str) -> Option<String>,
) -> Option<&'static Row> {
    TABLE.iter().filter(|row| row.name != "PostObject").find(|row| row.fits(method, level, value))
}

/// Returns the operation with this name.
pub(crate) fn named(name: &str) -> Option<&'static Row> {
    TABLE.iter().find(|row| row.name == name)
}

/// Returns the names of all operations.
pub(in crate::services) fn names() -> impl Iterator<Item = &'static str> {
    NAMES.iter().copied()
}

/// Returns the names of all operations by method and resource.
pub(in crate::services) fn plain_names() -> impl Iterator<Item = &'static str> {
    TABLE.iter().map(|row| row.plain_name.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_row_is_found_by_its_own_marks() {
        for row in TABLE.iter().filter(|row| row.name != "PostObject") {
            let value = |name: &str| {
                let mark = row.marks.iter().find(|mark| mark.split('=').next() == Some(name))?;
                Some(mark.split_once('=').map_or("", |(_, value)| value).replace('*', "x"))
            };
            let found = find(row.method, row.level, &value).unwrap();
            assert_eq!(found.name, row.name, "{row:?}");
            assert!(
                !row.name.contains('{') && !row.action.contains('{') && !row.root.contains('{'),
                "{row:?}"
            );
        }
    }

    #[test]
    fn a_parameter_selects_the_operation() {
        let find = |method: &str, level, query: &'static [(&str, &str)]| {
            let value = move |name: &str| {
                query.iter().find(|(one, _)| *one == name).map(|(_, value)| (*value).to_owned())
            };
            find(method, level, &value).map(|row| (row.name.as_str(), row.action.as_str()))
        };
        let upload = &[("uploadId", "u1"), ("partNumber", "1")][..];
        assert_eq!(find("PUT", Level::Object, upload), Some(("UploadPart", "PutObject")));
        assert_eq!(
            find("DELETE", Level::Object, upload),
            Some(("AbortMultipartUpload", "AbortMultipartUpload"))
        );
        assert_eq!(find("GET", Level::Bucket, &[("list-type", "2")]), Some(("ListObjectsV2", "ListObjects")));
        assert_eq!(find("GET", Level::Bucket, &[("prefix", "a")]), Some(("ListObjects", "ListObjects")));
        assert_eq!(
            find("DELETE", Level::Bucket, &[("tagging", "")]),
            Some(("DeleteBucketTags", "DeleteBucketTagging"))
        );
        assert_eq!(find("POST", Level::Object, &[]), None);
    }
}
