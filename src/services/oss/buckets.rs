//! Buckets.

use crate::attributes::{apply, reply};
use crate::error::{ApiError, Failure, Result, oss};
use crate::operation::Document;
use crate::params::{Field, Params, request};
use crate::text::{Bounded, BucketName, Scalar, Timestamp, Uid};
use crate::world::account::{Account, Acl, Bucket, DEFAULT_GROUP, Redundancy, Status, StorageClass};
use crate::world::caller::Caller;
use crate::world::{State, Tx, View};
use serde::Serialize;

/// Bucket of a request.
pub(super) struct Named(BucketName);

impl Field for Named {
    fn take(params: &Params, name: &'static str) -> Result<Self, Failure> {
        let text = params.get(name).unwrap_or_default();
        let wrong = |_| oss::INVALID_BUCKET_NAME.error().with_detail("BucketName", text);
        Ok(Self(BucketName::parse(text).map_err(wrong)?))
    }
}

impl Named {
    fn of<'a>(&self, caller: &Caller, state: &'a State) -> Result<(&'a Account, &'a Bucket)> {
        owned(&self.0, caller, state)
    }
}

/// Returns a bucket, which must belong to the caller.
///
/// Fails with `NoSuchBucket`, and for buckets of other accounts with `AbnormalBucketOwnerStatus` and `AccessDenied`. Source:
/// docs/evidence/account.md section 7, row 34.
pub(crate) fn owned<'a>(
    name: &BucketName,
    caller: &Caller,
    state: &'a State,
) -> Result<(&'a Account, &'a Bucket)> {
    let missing = |_| oss::NO_SUCH_BUCKET.error().with_detail("BucketName", name);
    let (account, bucket) = state.bucket(name).map_err(missing)?;
    if caller.uid() == Some(account.uid) {
        return Ok((account, bucket));
    }
    let error = match account.status() {
        Status::Closed => oss::ABNORMAL_OWNER.error().with_detail(oss::NUMBER, "0003-00000803"),
        Status::ArrearsShutdown => oss::ABNORMAL_OWNER.error().with_detail(oss::NUMBER, "0003-00000905"),
        Status::RiskControlled => oss::ABNORMAL_OWNER.error(),
        _ => oss::NOT_YOURS.error(),
    };
    Err(error.with_detail("BucketName", name))
}

/// ACL in a request, if given.
pub(super) struct GivenAcl(Option<Acl>);

impl Field for GivenAcl {
    fn take(params: &Params, name: &'static str) -> Result<Self, Failure> {
        let Some(text) = params.filled(name) else { return Ok(Self(None)) };
        let wrong =
            || oss::NO_SUCH_ACL.error().with_detail("ArgumentName", name).with_detail("ArgumentValue", text);
        Ok(Self(Some(Acl::parse(text).map_err(|_| wrong())?)))
    }
}

request! {
    /// Parameters of actions about one bucket.
    pub(super) struct OfBucket {
        bucket: Named = "Bucket",
    }

    /// Parameters of `ListBuckets`.
    pub(super) struct ListBuckets {
        prefix: Option<String> = "prefix",
        marker: Option<String> = "marker",
        max_keys: Option<Bounded<1, 1000>> = "max-keys",
    }

    /// Parameters of `PutBucket`.
    pub(super) struct PutBucket {
        bucket: Named = "Bucket",
        region: String = "RegionId",
        acl: GivenAcl = "x-oss-acl",
        storage: Option<StorageClass> = "StorageClass",
        redundancy: Option<Redundancy> = "DataRedundancyType",
    }
}

#[apply(reply)]
struct Listing {
    #[serde(flatten)]
    page: Option<Page>,
    owner: Owner,
    buckets: Buckets,
}

/// Parameters that the response to a list request repeats. Source: docs/evidence/account.md 6.4, "Responses".
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Page {
    prefix: String,
    marker: String,
    max_keys: usize,
    is_truncated: bool,
    next_marker: Option<String>,
}

#[apply(reply)]
struct Buckets {
    bucket: Vec<BucketView>,
}

#[derive(Debug, Serialize)]
struct Owner {
    #[serde(rename = "ID")]
    id: Uid,
    #[serde(rename = "DisplayName")]
    display_name: Uid,
}

impl Owner {
    fn of(account: &Account) -> Self {
        Self { id: account.uid, display_name: account.uid }
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct BucketView {
    comment: &'static str,
    creation_date: String,
    extranet_endpoint: String,
    intranet_endpoint: String,
    location: String,
    name: String,
    region: String,
    storage_class: StorageClass,
    #[serde(flatten)]
    more: Option<More>,
}

/// More fields about one bucket.
#[apply(reply)]
struct More {
    data_redundancy_type: Redundancy,
    owner: Owner,
    access_control_list: Grants,
}

#[apply(reply)]
struct Grants {
    grant: Acl,
}

#[apply(reply)]
struct Info {
    bucket: BucketView,
}

#[apply(reply)]
struct Policy {
    owner: Owner,
    access_control_list: Grants,
}

/// `oss-cn-hangzhou`.
fn location_of(bucket: &Bucket) -> String {
    format!("oss-{}", bucket.region)
}

/// `2026-11-22T08:00:00.000Z`: oss2 accepts only this form.
fn date(at: Timestamp) -> String {
    at.to_string().replace('Z', ".000Z")
}

impl BucketView {
    fn new(bucket: &Bucket, more: Option<More>) -> Self {
        let location = location_of(bucket);
        Self {
            comment: "",
            creation_date: date(bucket.created),
            extranet_endpoint: format!("{location}.aliyuncs.com"),
            intranet_endpoint: format!("{location}-internal.aliyuncs.com"),
            location,
            name: bucket.name.to_string(),
            region: bucket.region.to_string(),
            storage_class: bucket.storage,
            more,
        }
    }
}

/// `GET /` of the service: returns the buckets of the caller's account in all regions, by name.
///
/// Fails with `InvalidArgument`. Source: package oss2 2.19.1, `api.py` and `xml_utils.py`.
pub(super) fn list(view: View<'_>, req: ListBuckets) -> Result<Document> {
    let account = view.account()?;
    let is_part = req.prefix.is_some() || req.marker.is_some() || req.max_keys.is_some();
    let max = req.max_keys.map_or(100, |max| max.0);
    let max = usize::try_from(max).expect("between 1 and 1000");
    let (prefix, marker) = (req.prefix.unwrap_or_default(), req.marker.unwrap_or_default());
    let is_wanted = |bucket: &&Bucket| {
        bucket.name.as_str().starts_with(&prefix) && bucket.name.as_str() > marker.as_str()
    };
    let mut fitting = account.buckets.values().map(|bucket| &**bucket).filter(is_wanted);
    let shown: Vec<&Bucket> = fitting.by_ref().take(max).collect();
    let is_truncated = fitting.next().is_some();
    let next_marker = shown.last().filter(|_| is_truncated).map(|last| last.name.to_string());
    let buckets = Buckets { bucket: shown.into_iter().map(|one| BucketView::new(one, None)).collect() };
    let owner = Owner::of(account);
    // A list that does not fit is told to be a part, whoever asked.
    let page = Page { prefix, marker, max_keys: max, is_truncated, next_marker };
    let listing = Listing { page: Some(page).filter(|_| is_part || is_truncated), owner, buckets };
    Ok(Document::xml("ListAllMyBucketsResult", &listing))
}

/// `PUT /<bucket>`: creates a bucket. If the caller owns it in this region and with this storage class, only changes its ACL.
///
/// Fails with `InvalidBucketName`, `InvalidArgument` and `BucketAlreadyExists`. Source: package oss2 2.19.1, `api.py`; docs/evidence/account.md
/// 6.4. UNCERTAIN: a request without a storage class keeps that of the bucket.
pub(super) fn put(tx: &mut Tx<'_>, req: PutBucket) -> Result<Document> {
    let uid = tx.account()?.uid;
    let name = req.bucket.0;
    let old = tx.state().bucket(&name).ok().filter(|(owner, _)| owner.uid == uid).map(|(_, old)| old.clone());
    let bucket = Bucket {
        region: req.region.into(),
        created: tx.now,
        acl: req.acl.0.or(old.as_ref().map(|old| old.acl)).unwrap_or_default(),
        storage: req.storage.or(old.as_ref().map(|old| old.storage)).unwrap_or_default(),
        redundancy: req.redundancy.or(old.as_ref().map(|old| old.redundancy)).unwrap_or_default(),
        group: DEFAULT_GROUP,
        name: name.clone(),
    };
    let taken = |refusal| ApiError::from(refusal).with_detail("BucketName", &name);
    tx.put_bucket(uid, bucket).map_err(taken)?;
    Ok(Document::empty(200).with("Location", format!("/{name}")))
}

/// `DELETE /<bucket>`: deletes a bucket, which is always empty in alimock.
///
/// Fails as [`owned`] does. Source: package oss2 2.19.1, `api.py`.
pub(super) fn delete(tx: &mut Tx<'_>, req: OfBucket) -> Result<Document> {
    let uid = req.bucket.of(tx.by.caller, tx.state())?.0.uid;
    tx.remove_bucket(uid, &req.bucket.0)?;
    Ok(Document::empty(204))
}

/// `GET /<bucket>?bucketInfo`. Fails as [`owned`] does. Source: package oss2 2.19.1, `xml_utils.py`.
pub(super) fn info(view: View<'_>, req: OfBucket) -> Result<Document> {
    let (account, bucket) = req.bucket.of(view.by.caller, view.state)?;
    let more = More {
        data_redundancy_type: bucket.redundancy,
        owner: Owner::of(account),
        access_control_list: Grants { grant: bucket.acl },
    };
    Ok(Document::xml("BucketInfo", &Info { bucket: BucketView::new(bucket, Some(more)) }))
}

/// `GET /<bucket>?acl`. Fails as [`owned`] does. Source: package oss2 2.19.1, `xml_utils.py`.
pub(super) fn acl(view: View<'_>, req: OfBucket) -> Result<Document> {
    let (account, bucket) = req.bucket.of(view.by.caller, view.state)?;
    let access_control_list = Grants { grant: bucket.acl };
    Ok(Document::xml("AccessControlPolicy", &Policy { owner: Owner::of(account), access_control_list }))
}

/// `GET /<bucket>?location`. Fails as [`owned`] does. Source: package oss2 2.19.1, `xml_utils.py`.
pub(super) fn location(view: View<'_>, req: OfBucket) -> Result<Document> {
    let (_, bucket) = req.bucket.of(view.by.caller, view.state)?;
    Ok(Document::xml("LocationConstraint", &location_of(bucket)))
}
