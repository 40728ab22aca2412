//! Buckets of OSS. Only they are here: what they hold and how they are set is not.

use crate::text::{BucketName, Flaw, Scalar, Timestamp, Uid};
use crate::world::account::Account;
use crate::world::refusal::Refusal;
use crate::world::state::State;
use crate::world::tx::Tx;
use compact_str::CompactString;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

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
macro_rules! words {
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

words! {
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

words! {
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

words! {
    /// In how many places a bucket is kept. Source: package oss2 2.19.1, `models.py`.
    Redundancy {
        /// In one zone.
        #[default]
        Lrs = "LRS",
        /// In several zones.
        Zrs = "ZRS",
    }
}

impl State {
    /// The bucket `name` with the account that owns it.
    pub fn bucket(&self, name: &BucketName) -> Result<(&Account, &Bucket), Refusal> {
        let uid = self.buckets.get(name.as_str()).ok_or(Refusal::NoSuchBucket)?;
        let account = self.account(*uid)?;
        let bucket = account.buckets.get(name).ok_or(Refusal::NoSuchBucket)?;
        Ok((account, bucket))
    }
}

impl Tx<'_> {
    /// Adds a bucket to an account. One of the same account and region takes the place of the old one, whose age it keeps.
    pub fn put_bucket(&mut self, uid: Uid, mut bucket: Bucket) -> Result<(), Refusal> {
        if let Ok((owner, old)) = self.state.bucket(&bucket.name) {
            if owner.uid != uid || old.region != bucket.region {
                return Err(Refusal::BucketTaken);
            }
            bucket.created = old.created;
        }
        let (account, _) = self.account_of(uid)?;
        let name = bucket.name.clone();
        account.buckets.insert(name.clone(), Arc::new(bucket));
        self.state.buckets.insert(name.as_str().into(), uid);
        Ok(())
    }

    /// Deletes a bucket.
    pub fn remove_bucket(&mut self, uid: Uid, name: &BucketName) -> Result<(), Refusal> {
        let (account, _) = self.account_of(uid)?;
        account.buckets.remove(name).ok_or(Refusal::NoSuchBucket)?;
        self.state.buckets.remove(name.as_str());
        Ok(())
    }
}
