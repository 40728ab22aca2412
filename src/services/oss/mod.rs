//! OSS, limited to authentication and permission. Buckets are created, listed and shown; objects and bucket settings are not
//! implemented. Source: docs/evidence/account.md 6.4, packages oss2 2.19.1 and alibabacloud-oss-v2 1.4.1.

mod buckets;

use crate::operation::{On, Operation, Resource, read, write};

pub(super) fn operations() -> Vec<Operation> {
    let bucket: On = &[Resource::Bucket];
    vec![
        read("ListBuckets", &[Resource::All("*")], buckets::list),
        write("PutBucket", bucket, buckets::put),
        write("DeleteBucket", bucket, buckets::delete),
        read("GetBucketInfo", bucket, buckets::info),
        read("GetBucketAcl", bucket, buckets::acl),
        read("GetBucketLocation", bucket, buckets::location),
    ]
}
