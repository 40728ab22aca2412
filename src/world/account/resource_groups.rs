//! Resource groups and the resources in them.
//!
//! Every resource that can be in a group is in exactly one; without another, in the default group. Source:
//! docs/evidence/resource-directory.md section 8.

use crate::text::{Flaw, Scalar, Timestamp, Uid};
use crate::world::account::{Account, Grouping, Tags};
use crate::world::refusal::Refusal;
use crate::world::register::digest;
use crate::world::settings::Quotas;
use compact_str::CompactString;
use std::sync::Arc;

/// Number of the default group of an account.
pub const DEFAULT_GROUP: u32 = 0;

/// A resource group.
#[derive(Debug, Clone)]
pub struct ResourceGroup {
    /// Number in its account, never reused. Attachments and resources refer to it.
    pub number: u32,
    /// `rg-` and letters and digits.
    pub id: CompactString,
    /// Unique identifier.
    pub name: CompactString,
    /// Display name.
    pub display_name: CompactString,
    /// Creation time.
    pub created: Timestamp,
    /// Time of the deletion. The group disappears seven days later.
    pub deleted: Option<Timestamp>,
    /// Tags.
    pub tags: Tags,
}

impl ResourceGroup {
    /// The default group of an account. Its id follows from the UID. UNCERTAIN: the form of ids beyond `rg-acfm`, and the names.
    pub fn default_of(uid: Uid, created: Timestamp) -> Self {
        const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
        let mut id = CompactString::const_new("rg-acfm");
        let mut rest = digest(&format!("resource group of {uid}"));
        while id.len() < 18 {
            id.push(DIGITS[usize::try_from(rest % 36).expect("less than 36")].into());
            rest /= 36;
        }
        Self {
            number: DEFAULT_GROUP,
            id,
            name: "default".into(),
            display_name: "Default Resource Group".into(),
            created,
            deleted: None,
            tags: Tags::default(),
        }
    }

    /// Returns `true` from the deletion until the group disappears.
    pub fn is_deleted(&self) -> bool {
        self.deleted.is_some()
    }

    /// Returns the status. `Creating` is only in the response of the creation: here a group is ready at once. UNCERTAIN: how long it takes.
    pub fn status(&self) -> GroupStatus {
        if self.is_deleted() { GroupStatus::PendingDelete } else { GroupStatus::Ok }
    }
}

/// Status of a resource group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub enum GroupStatus {
    /// Being created.
    Creating,
    /// In use.
    #[serde(rename = "OK")]
    Ok,
    /// Deleted, and about to disappear.
    PendingDelete,
}

impl Scalar for GroupStatus {
    fn parse(text: &str) -> Result<Self, Flaw> {
        match text {
            "Creating" => Ok(Self::Creating),
            "OK" => Ok(Self::Ok),
            "PendingDelete" => Ok(Self::PendingDelete),
            _ => Err(Flaw::Value),
        }
    }
}

/// A type of resources that can be in groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ResourceType {
    /// Service code.
    pub service: &'static str,
    /// Type within the service.
    pub name: &'static str,
    /// Name in Resource Center.
    pub center: &'static str,
    /// Action that creates one.
    pub creates: &'static str,
    /// Action that shows one.
    pub shows: &'static str,
}

/// Types that alimock knows. Source: page "Resource types that support custom rule-based automatic transfer" (2025-12); the actions are those
/// of the products.
// A table reads by rows.
#[rustfmt::skip]
pub const RESOURCE_TYPES: &[ResourceType] = &[
    ResourceType { service: "ecs", name: "instance", center: "ACS::ECS::Instance", creates: "ecs:RunInstances", shows: "ecs:DescribeInstances" },
    ResourceType { service: "oss", name: "bucket", center: "ACS::OSS::Bucket", creates: "oss:PutBucket", shows: "oss:GetBucketInfo" },
    ResourceType { service: "odps", name: "project", center: "ACS::MaxCompute::Project", creates: "odps:CreateProject", shows: "odps:GetProject" },
    ResourceType { service: "rds", name: "dbinstance", center: "ACS::RDS::DBInstance", creates: "rds:CreateDBInstance", shows: "rds:DescribeDBInstances" },
    ResourceType { service: "slb", name: "instance", center: "ACS::SLB::LoadBalancer", creates: "slb:CreateLoadBalancer", shows: "slb:DescribeLoadBalancers" },
    ResourceType { service: "vpc", name: "vpc", center: "ACS::VPC::VPC", creates: "vpc:CreateVpc", shows: "vpc:DescribeVpcs" },
];

impl ResourceType {
    /// Returns the type `name` of `service`.
    pub fn named(service: &str, name: &str) -> Option<&'static Self> {
        RESOURCE_TYPES.iter().find(|one| one.service == service && one.name == name)
    }
}

/// A resource of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resource<'a> {
    /// Service code.
    pub service: &'a str,
    /// Type within the service.
    pub kind: &'static str,
    /// Id, which a bucket has as its name.
    pub id: &'a str,
    /// Region.
    pub region: &'a str,
    /// Number of its group.
    pub group: u32,
    /// Creation time. UNCERTAIN for a project: that of the account.
    pub created: Timestamp,
}

impl Resource<'_> {
    /// Returns its type, if it is one of the table.
    pub fn kind(&self) -> Option<&'static ResourceType> {
        ResourceType::named(self.service, self.kind)
    }

    /// Returns the ARN.
    pub fn arn(&self, uid: Uid) -> String {
        let Self { service, kind, id, region, .. } = self;
        match *service {
            "oss" => format!("acs:oss:{region}:{uid}:{id}"),
            "odps" => format!("acs:odps:*:{uid}:projects/{id}"),
            _ => format!("acs:{service}:{region}:{uid}:{kind}/{id}"),
        }
    }
}

/// Returns `true` if `action` creates a resource, which is then in the default group unless the request names another.
pub fn creates_a_resource(action: &str) -> bool {
    RESOURCE_TYPES.iter().any(|one| one.creates.eq_ignore_ascii_case(action))
}

/// Type of the instances of a product. UNCERTAIN for products outside of the table.
fn kind_of_instances(product: &str) -> &'static str {
    RESOURCE_TYPES.iter().find(|one| one.service == product).map_or("instance", |one| one.name)
}

impl Account {
    /// Returns the resource groups, the default one first.
    pub fn resource_groups(&self) -> impl Iterator<Item = &Arc<ResourceGroup>> {
        self.grouping.groups.iter()
    }

    /// Returns the resource group `id`, also a deleted one that has not disappeared yet.
    pub fn resource_group(&self, id: &str) -> Result<&Arc<ResourceGroup>, Refusal> {
        self.resource_groups().find(|one| one.id == id).ok_or(Refusal::NoSuchResourceGroup)
    }

    /// Returns a group by its number. Every number that a resource or an attachment has belongs to a group.
    pub fn numbered_group(&self, number: u32) -> &ResourceGroup {
        let found = self.resource_groups().find(|one| one.number == number);
        found.or(self.grouping.groups.front()).expect("an account has its default group")
    }

    /// Returns the number of the group `id`, which must not be deleted.
    pub fn usable_group(&self, id: &str) -> Result<u32, Refusal> {
        let group = self.resource_group(id)?;
        if group.is_deleted() { Err(Refusal::ResourceGroupIsDeleted) } else { Ok(group.number) }
    }

    /// Returns the scope of an attachment: `None` for the whole account, which the UID means too.
    pub fn scope(&self, named: Option<&str>) -> Result<Option<u32>, Refusal> {
        match named {
            Some(id) if id != self.uid.to_string() => self.usable_group(id).map(Some),
            _ => Ok(None),
        }
    }

    /// Returns the group `id`, to change.
    pub fn resource_group_mut(&mut self, id: &str) -> Result<&mut ResourceGroup, Refusal> {
        let at = self.resource_groups().position(|one| one.id == id).ok_or(Refusal::NoSuchResourceGroup)?;
        let group = Arc::make_mut(&mut self.grouping_mut().groups[at]);
        if group.is_deleted() { Err(Refusal::ResourceGroupIsDeleted) } else { Ok(group) }
    }

    /// Returns groups and their settings, to change.
    pub fn grouping_mut(&mut self) -> &mut Grouping {
        Arc::make_mut(&mut self.grouping)
    }

    /// Adds a group and returns its number. The default group does not count. UNCERTAIN: whether a deleted group does; here not.
    pub fn add_resource_group(&mut self, mut group: ResourceGroup, quotas: &Quotas) -> Result<u32, Refusal> {
        let is_same =
            |one: &Arc<ResourceGroup>| one.id == group.id || !one.is_deleted() && one.name == group.name;
        if self.resource_groups().any(is_same) {
            return Err(Refusal::ResourceGroupExists);
        }
        if self.resource_groups().filter(|one| !one.is_deleted()).count() > quotas.resource_groups {
            return Err(Refusal::TooManyResourceGroups);
        }
        let grouping = self.grouping_mut();
        grouping.last += 1;
        group.number = grouping.last;
        grouping.groups.push_back(Arc::new(group));
        Ok(self.grouping.last)
    }

    /// Marks a group as deleted and detaches the policies of its scope. The default group and a group with resources stay.
    ///
    /// UNCERTAIN: the attachments; no page says what becomes of them.
    pub fn delete_resource_group(&mut self, id: &str, at: Timestamp) -> Result<u32, Refusal> {
        let number = self.usable_group(id)?;
        if number == DEFAULT_GROUP {
            return Err(Refusal::DefaultResourceGroup);
        }
        if self.resources().any(|one| one.group == number) {
            return Err(Refusal::ResourceGroupHasResources);
        }
        let scoped = self.attachments.iter().filter(|(_, attached)| attached.group == Some(number));
        for (entity, attached) in scoped.collect::<Vec<_>>() {
            self.attachments.remove(entity, attached);
        }
        self.resource_group_mut(id)?.deleted = Some(at);
        Ok(number)
    }

    /// Makes a deleted group disappear, and returns its id.
    pub(in crate::world) fn forget_resource_group(&mut self, number: u32) -> Option<CompactString> {
        let at = self.resource_groups().position(|one| one.number == number && one.is_deleted())?;
        Some(self.grouping_mut().groups.remove(at).id.clone())
    }

    /// Returns the resources that are in groups: instances, buckets, projects.
    pub fn resources(&self) -> impl Iterator<Item = Resource<'_>> {
        let instances = self.live_instances().map(|one| Resource {
            service: &one.order.product,
            kind: kind_of_instances(&one.order.product),
            id: &one.id,
            region: &one.order.region,
            group: one.group,
            created: one.created,
        });
        let buckets = self.buckets.values().map(|one| Resource {
            service: "oss",
            kind: "bucket",
            id: one.name.as_str(),
            region: &one.region,
            group: one.group,
            created: one.created,
        });
        let projects = self.projects.iter().map(|one| Resource {
            service: "odps",
            kind: "project",
            id: &one.name,
            region: crate::text::DEFAULT_REGION,
            group: one.group,
            created: self.created,
        });
        instances.chain(buckets).chain(projects)
    }

    /// Returns the group of the resource that an ARN of this account names, if it names one.
    pub fn group_of(&self, arn: &str) -> Option<u32> {
        let mut parts = arn.splitn(5, ':');
        let (_, service, _, owner, name) =
            (parts.next()?, parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        if owner != self.uid.to_string() {
            return None;
        }
        let (first, last) = name.split_once('/').unwrap_or((name, name));
        match service {
            "oss" => self.buckets.values().find(|one| one.name.as_str() == first).map(|one| one.group),
            "odps" => self.projects.iter().find(|one| one.name == last).map(|one| one.group),
            _ => {
                let is_it = |one: &&Arc<_>| {
                    let one: &crate::world::account::Instance = one;
                    one.id == last && one.order.product.eq_ignore_ascii_case(service)
                };
                self.live_instances().find(is_it).map(|one| one.group)
            }
        }
    }

    /// Puts a resource into a group. Returns `false` if the account has no such resource.
    pub(in crate::world) fn put_into_group(&mut self, service: &str, id: &str, group: u32) -> bool {
        match service {
            "oss" => {
                let name = self.buckets.keys().find(|name| name.as_str() == id).cloned();
                let bucket = name.and_then(|name| self.buckets.get_mut(&name));
                bucket.map(|bucket| Arc::make_mut(bucket).group = group).is_some()
            }
            "odps" => {
                let at = self.projects.iter().position(|one| one.name == id);
                at.map(|at| Arc::make_mut(&mut self.projects[at]).group = group).is_some()
            }
            _ => {
                let is_it = |one: &Arc<crate::world::account::Instance>| {
                    one.id == id && one.released.is_none() && one.order.product == service
                };
                let at = self.instances.iter().position(is_it);
                at.map(|at| Arc::make_mut(&mut self.instances[at]).group = group).is_some()
            }
        }
    }
}
