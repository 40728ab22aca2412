//! OSS: as much of it as tells whether an account is let in. Buckets are made, listed and shown; what they hold and how they are
//! set does not run. Source: docs/evidence/account.md 6.4, packages oss2 2.19.1 and alibabacloud-oss-v2 1.4.1.

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
