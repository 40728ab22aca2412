//! Product data of an account: OSS buckets and MaxCompute projects.

use crate::text::{BucketName, Uid};
use crate::world::account::{Bucket, Project};
use crate::world::ids::IdKind;
use crate::world::refusal::Refusal;
use crate::world::tx::Tx;
use compact_str::CompactString;
use std::sync::Arc;

impl Tx<'_> {
    /// Adds a bucket, or changes the ACL of one of the same account, region and class.
    pub fn put_bucket(&mut self, uid: Uid, mut bucket: Bucket) -> Result<(), Refusal> {
        let now = self.now;
        let is_new = self.state.bucket(&bucket.name).is_err();
        if let Ok((owner, old)) = self.state.bucket(&bucket.name) {
            if owner.uid != uid {
                return Err(Refusal::BucketTaken);
            }
            if old.region != bucket.region {
                return Err(Refusal::BucketElsewhere);
            }
            if (old.storage, old.redundancy) != (bucket.storage, bucket.redundancy) {
                return Err(Refusal::BucketOfOtherClass);
            }
            (bucket.created, bucket.group) = (old.created, old.group);
        }
        let (account, _) = self.account_of(uid)?;
        let name = bucket.name.clone();
        account.buckets.insert(name.clone(), Arc::new(bucket));
        if is_new {
            account.group_new_resource("oss", name.as_str(), now);
        }
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

    /// Adds a project to an account. The id is given or generated.
    pub fn add_project(
        &mut self,
        uid: Uid,
        id: Option<u64>,
        name: &str,
        members: Vec<CompactString>,
        group: u32,
    ) -> Result<(), Refusal> {
        if self.state.project(name).is_some() {
            return Err(Refusal::ProjectExists);
        }
        let (ids, now) = (self.ids, self.now);
        let (account, _) = self.account_of(uid)?;
        let id = id.unwrap_or_else(|| ids.project(uid, account.counters.next(IdKind::Project)));
        account.projects.push_back(Arc::new(Project { id, name: name.into(), members, group }));
        account.group_new_resource("odps", name, now);
        Ok(())
    }
}
