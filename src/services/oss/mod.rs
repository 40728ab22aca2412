//! OSS, limited to authentication and permission. Buckets are created, listed and shown; objects and bucket settings are not
//! implemented. Source: docs/evidence/account.md 6.4, packages oss2 2.19.1 and alibabacloud-oss-v2 1.4.1.

mod buckets;
pub(crate) mod requests;

use crate::error::oss;
use crate::operation::{On, Operation, Resource, read, write};
use crate::services::Unmet;

use crate::world::gates::Requirement;
pub(crate) use buckets::owned;

/// Refusals of unmet requirements. Source: docs/evidence/account.md 6.
pub(super) const UNMET: &[Unmet] = &[
    Unmet::new(Requirement::Verified, &oss::REAL_NAME_REQUIRED),
    Unmet::new(Requirement::NotShutDown, &oss::USER_DISABLE),
];

pub(super) fn operations() -> Vec<Operation> {
    let bucket: On = &[Resource::Bucket];
    vec![
        read("ListBuckets", &[Resource::All("*")], buckets::list).denied_with(&oss::LIST_FORBIDDEN),
        write("PutBucket", bucket, buckets::put),
        write("DeleteBucket", bucket, buckets::delete),
        read("GetBucketInfo", bucket, buckets::info),
        read("GetBucketAcl", bucket, buckets::acl),
        read("GetBucketLocation", bucket, buckets::location),
    ]
}
