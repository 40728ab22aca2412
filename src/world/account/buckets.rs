//! OSS buckets, without their contents and most of their settings.

use crate::text::{BucketName, Timestamp, choices};
use compact_str::CompactString;

/// A bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bucket {
    /// Bucket name, unique in the world.
    pub name: BucketName,
    /// Region, such as `cn-hangzhou`.
    pub region: CompactString,
    /// Creation time.
    pub created: Timestamp,
    /// Access to the contents.
    pub acl: Acl,
    /// Storage class of the contents.
    pub storage: StorageClass,
    /// Redundancy of the contents.
    pub redundancy: Redundancy,
    /// Number of its resource group.
    pub group: u32,
}

choices! {
    /// Access to the contents of a bucket. Source: package oss2 2.19.1, `models.py`.
    #[derive(Default)]
    Acl {
        /// Account only.
        #[default]
        Private = "private",
        /// Public read.
        PublicRead = "public-read",
        /// Public read and write.
        PublicReadWrite = "public-read-write",
    }
}

impl Acl {
    /// Returns `true` if the ACL lets everybody perform an action on the objects. It never lets anybody list them. Source:
    /// docs/evidence/account.md 6.4.
    pub fn opens(self, action: &str) -> bool {
        match action {
            "GetObject" => self != Self::Private,
            "PutObject" | "DeleteObject" | "AbortMultipartUpload" => self == Self::PublicReadWrite,
            _ => false,
        }
    }
}

choices! {
    /// Storage class of a bucket. Source: package oss2 2.19.1, `models.py`.
    #[derive(Default)]
    StorageClass {
        /// Frequent access.
        #[default]
        Standard = "Standard",
        /// Infrequent access.
        Ia = "IA",
        /// Needs to be restored before reading.
        Archive = "Archive",
        /// Long-term archive.
        ColdArchive = "ColdArchive",
        /// Longest-term archive.
        DeepColdArchive = "DeepColdArchive",
    }
}

choices! {
    /// Redundancy of a bucket. Source: package oss2 2.19.1, `models.py`.
    #[derive(Default)]
    Redundancy {
        /// One zone.
        #[default]
        Lrs = "LRS",
        /// Several zones.
        Zrs = "ZRS",
    }
}
