//! OSS buckets, without their contents and most of their settings.

use crate::text::{BucketName, Flaw, Scalar, Timestamp};
use compact_str::CompactString;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

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

/// Declares an enumeration whose words are the same on the wire and in files.
macro_rules! choices {
    ($(#[$doc:meta])* $name:ident { $($(#[$of:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
        pub enum $name { $($(#[$of])* #[serde(rename = $word)] $variant,)* }

        impl Scalar for $name {
            fn parse(text: &str) -> Result<Self, Flaw> {
                match text {
                    $($word => Ok(Self::$variant),)*
                    _ => Err(Flaw::Value),
                }
            }
        }
    };
}

choices! {
    /// Access to the contents of a bucket. Source: package oss2 2.19.1, `models.py`.
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
    Redundancy {
        /// One zone.
        #[default]
        Lrs = "LRS",
        /// Several zones.
        Zrs = "ZRS",
    }
}
