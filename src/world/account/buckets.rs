//! Buckets of OSS. Only they are here: what they hold and how they are set is not.

use crate::text::{BucketName, Flaw, Scalar, Timestamp};
use compact_str::CompactString;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bucket {
    /// Its name; no other bucket of the world has it.
    pub name: BucketName,
    /// Where it is, `cn-hangzhou`.
    pub region: CompactString,
    /// When it was made.
    pub created: Timestamp,
    /// Who may read and write what it holds.
    pub acl: Acl,
    /// How it keeps what it holds.
    pub storage: StorageClass,
    /// In how many places.
    pub redundancy: Redundancy,
}

/// Declares a choice of words, which are the same on the wire and in files.
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
    /// Who may read and write what a bucket holds. Source: package oss2 2.19.1, `models.py`.
    Acl {
        /// The account alone.
        #[default]
        Private = "private",
        /// Anybody may read.
        PublicRead = "public-read",
        /// Anybody may read and write.
        PublicReadWrite = "public-read-write",
    }
}

choices! {
    /// How a bucket keeps what it holds. Source: package oss2 2.19.1, `models.py`.
    StorageClass {
        /// At hand.
        #[default]
        Standard = "Standard",
        /// Seldom read.
        Ia = "IA",
        /// To be restored before it is read.
        Archive = "Archive",
        /// For longer.
        ColdArchive = "ColdArchive",
        /// For longest.
        DeepColdArchive = "DeepColdArchive",
    }
}

choices! {
    /// In how many places a bucket is kept. Source: package oss2 2.19.1, `models.py`.
    Redundancy {
        /// In one zone.
        #[default]
        Lrs = "LRS",
        /// In several zones.
        Zrs = "ZRS",
    }
}
