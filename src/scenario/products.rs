//! Plants the resources of an account in other products: MaxCompute projects, OSS buckets.

use crate::scenario::file::{AccountFile, BucketFile, ProjectFile};
use crate::scenario::grouping::group_of;
use crate::scenario::misfit::{At, Misfit, Misfits};
use crate::scenario::problem::advice;
use crate::text::{ProjectName, Uid};
use crate::world::account::Bucket;
use crate::world::{Refusal, Tx};
use std::collections::BTreeSet;

/// Default region of a bucket.
pub(super) const DEFAULT_REGION: &str = crate::text::DEFAULT_REGION;

/// Plants all resources. The users and roles that they refer to already exist.
pub(super) fn plant(file: &AccountFile, at: &At, uid: Uid, tx: &mut Tx<'_>, misfits: &mut Misfits) {
    let users = file.users.iter().map(|user| user.name.clone());
    let names: Vec<String> =
        users.chain(file.roles.iter().map(|role| format!("role/{}", role.name))).collect();
    let known: BTreeSet<&str> = names.iter().map(String::as_str).collect();
    for (index, project) in file.projects.iter().enumerate() {
        if misfits.is_full() {
            return;
        }
        misfits.note(plant_project(project, &names, &known, &at.item("projects", index), uid, tx));
    }
    for (index, bucket) in file.buckets.iter().enumerate() {
        if misfits.is_full() {
            return;
        }
        misfits.note(plant_bucket(bucket, &at.item("buckets", index), uid, tx));
    }
}

fn plant_project(
    file: &ProjectFile,
    names: &[String],
    known: &BTreeSet<&str>,
    at: &At,
    uid: Uid,
    tx: &mut Tx<'_>,
) -> Result<(), Misfit> {
    let name: ProjectName = at.read("name", &file.name)?;
    for (index, member) in file.members.iter().enumerate() {
        if !known.contains(member.as_str()) {
            let advice = advice(member, names.iter().map(String::as_str));
            let why = format!("`{member}` is neither a user nor role/NAME of this account{advice}");
            return Err(at.item("members", index).wrong(why));
        }
    }
    let members = file.members.iter().map(Into::into).collect();
    let group = group_of(file.resource_group.as_deref(), &at.field("resourceGroup"), uid, tx)?;
    tx.add_project(uid, file.id, name.as_str(), members, group)
        .map_err(|refusal| at.field("name").refused_name(refusal))
}

fn plant_bucket(file: &BucketFile, at: &At, uid: Uid, tx: &mut Tx<'_>) -> Result<(), Misfit> {
    let bucket = Bucket {
        name: at.read("name", &file.name)?,
        region: file.region.as_deref().unwrap_or(DEFAULT_REGION).into(),
        created: tx.now,
        acl: file.acl,
        storage: file.storage_class,
        redundancy: file.redundancy,
        group: group_of(file.resource_group.as_deref(), &at.field("resourceGroup"), uid, tx)?,
    };
    let taken = |refusal| at.field("name").refused(refusal);
    if tx.state().bucket(&bucket.name).is_ok() {
        return Err(taken(Refusal::BucketTaken));
    }
    tx.put_bucket(uid, bucket).map_err(taken)
}
