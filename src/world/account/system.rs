//! System policies that every account has, and services with service-linked roles.
//!
//! The policies are the table `system.txt`; its head says how it is read. A policy is unpacked when somebody needs its
//! document. Source: docs/evidence/ram.md section 9.

use crate::packed;
use crate::text::{Scalar, Timestamp};
use crate::world::account::policies::Version;
use std::sync::{Arc, LazyLock, OnceLock};

/// A system policy of Alibaba Cloud.
#[derive(Debug)]
pub struct SystemPolicy {
    /// Policy name.
    pub name: Box<str>,
    /// Purpose.
    pub description: Box<str>,
    /// Creation time.
    pub created: Timestamp,
    /// Time of the last change.
    pub updated: Timestamp,
    /// Default version. UNCERTAIN: older versions are not kept.
    pub version: Version,
}

/// System policies that a scenario declares. They come before those of the table.
pub type Declared = Option<Arc<[SystemPolicy]>>;

/// Names of the table, in order.
static NAMES: LazyLock<Box<[&str]>> = LazyLock::new(|| packed::SYSTEM_NAMES.lines().collect());

/// Policies of the table that somebody has needed, in the order of their names.
static UNPACKED: LazyLock<Box<[OnceLock<Box<SystemPolicy>>]>> =
    LazyLock::new(|| names().map(|_| OnceLock::new()).collect());

/// Returns the names of the table, in order.
pub fn names() -> impl Iterator<Item = &'static str> {
    NAMES.iter().copied()
}

/// Returns the number of the policy `name` in the table.
pub fn named(name: &str) -> Option<u16> {
    NAMES.binary_search(&name).ok().and_then(|number| u16::try_from(number).ok())
}

/// Returns the policy `number` of the table.
pub fn numbered(number: u16) -> Option<&'static SystemPolicy> {
    let place = UNPACKED.get(usize::from(number))?;
    let unpack = || {
        let name = NAMES[usize::from(number)];
        let row = packed::lines(packed::SYSTEM).nth(number.into()).expect("there is a row for each name");
        Box::new(read(name, &row))
    };
    Some(place.get_or_init(unpack))
}

/// Returns all policies of the table with their numbers, in the order of their names.
pub fn all() -> impl Iterator<Item = (u16, &'static SystemPolicy)> {
    if UNPACKED.iter().any(|place| place.get().is_none()) {
        for ((name, place), row) in names().zip(&*UNPACKED).zip(packed::lines(packed::SYSTEM)) {
            place.get_or_init(|| Box::new(read(name, &row)));
        }
    }
    (0..).zip(UNPACKED.iter().map(|place| &**place.get().expect("each place was filled")))
}

/// Date of policies whose page was not seen. UNCERTAIN.
const SINCE: &str = "2015-04-28T16:15:45Z";

/// Reads a row; its head is the kind.
fn read(name: &str, row: &str) -> SystemPolicy {
    let mut rest = row;
    let mut word = || {
        let (word, after) = rest.split_once(' ').unwrap_or((rest, ""));
        rest = after;
        word
    };
    let (kind, first) = (word(), word());
    let mut dates = ("v1", SINCE, SINCE);
    let document = match kind {
        "page" => {
            dates = (first, word(), word());
            word().to_owned()
        }
        "linked" => linked(first),
        "one" => allow(first.split(',').map(str::to_owned)),
        _ => allow(first.split(',').flat_map(|code| patterns(code, kind == "full"))),
    };
    let description = match kind {
        "full" => format!("Provides full access to {rest} via Management Console."),
        "read" => format!("Provides read-only access to {rest} via Management Console."),
        "linked" => "The policy of a service-linked role.".to_owned(),
        _ => rest.to_owned(),
    };
    let (number, created, updated) = dates;
    let number = number.strip_prefix('v').and_then(|number| number.parse().ok());
    let time = |text| Timestamp::parse(text).expect("the table holds times");
    let updated = time(updated);
    let version = Version::new(number.expect("the table holds versions"), &document, updated);
    SystemPolicy {
        name: name.into(),
        description: description.into(),
        created: time(created),
        updated,
        version: version.expect("the table holds policies"),
    }
}

/// Action patterns by analogy: all actions of a code, or those that read. Of `vpc/Eip`, only those that name `Eip`.
fn patterns(code: &str, is_full: bool) -> Vec<String> {
    let (code, noun) =
        code.split_once('/').map_or((code, String::new()), |(code, noun)| (code, format!("{noun}*")));
    if is_full {
        return vec![format!("{code}:*{noun}")];
    }
    let verbs = ["Describe", "Get", "List", "Query", "Check", "Search", "BatchGet"];
    verbs.map(|verb| format!("{code}:{verb}*{noun}")).into()
}

fn allow(actions: impl Iterator<Item = String>) -> String {
    let actions: Vec<_> = actions.map(|action| format!("\"{action}\"")).collect();
    let actions = actions.join(",");
    let actions = if actions.contains(',') { format!("[{actions}]") } else { actions };
    format!(r#"{{"Version":"1","Statement":[{{"Effect":"Allow","Action":{actions},"Resource":"*"}}]}}"#)
}

/// Document of a service-linked role. UNCERTAIN: real documents have only this statement in common.
fn linked(service: &str) -> String {
    format!(
        r#"{{"Statement":[{{"Action":"ram:DeleteServiceLinkedRole","Condition":{{"StringEquals":{{"ram:ServiceName":"{service}"}}}},"Effect":"Allow","Resource":"*"}}],"Version":"1"}}"#
    )
}

/// A cloud service that may have a service-linked role. Source: docs/evidence/ram.md section 10.
#[derive(Debug)]
pub struct Service {
    /// Name in trust policies.
    pub name: &'static str,
    /// Role name, or its prefix.
    pub role: &'static str,
    /// Name of the system policy of the role.
    pub policy: &'static str,
    /// Allows several roles, told apart by a suffix. UNCERTAIN: no page says which services allow this.
    pub allows_suffix: bool,
}

impl Service {
    /// Returns the service `name`.
    pub fn named(name: &str) -> Option<&'static Self> {
        SERVICES.iter().find(|service| service.name == name)
    }

    /// Returns the description of the service's role.
    pub fn description(&self) -> String {
        format!("The service-linked role of {}.", self.name)
    }
}

const fn service(name: &'static str, role: &'static str, policy: &'static str) -> Service {
    Service { name, role, policy, allows_suffix: false }
}

/// Services listed in docs/evidence/ram.md section 10.
const SERVICES: &[Service] = &[
    service(
        "resourcemanager.aliyuncs.com",
        "AliyunServiceRoleForResourceDirectory",
        "AliyunServiceRolePolicyForResourceDirectory",
    ),
    service(
        "resourcegroup.resourcemanager.aliyuncs.com",
        "AliyunServiceRoleForResourceGroup",
        "AliyunServiceRolePolicyForResourceGroup",
    ),
    service(
        "ops.elasticsearch.aliyuncs.com",
        "AliyunServiceRoleForElasticsearchOps",
        "AliyunServiceRolePolicyForElasticsearchOps",
    ),
    service("config.aliyuncs.com", "AliyunServiceRoleForConfig", "AliyunServiceRolePolicyForConfig"),
    service(
        "actiontrail.aliyuncs.com",
        "AliyunServiceRoleForActionTrail",
        "AliyunServiceRolePolicyForActionTrail",
    ),
    Service {
        allows_suffix: true,
        ..service(
            "ess.aliyuncs.com",
            "AliyunServiceRoleForAutoScaling",
            "AliyunServiceRolePolicyForAutoScaling",
        )
    },
    service("polardb.aliyuncs.com", "AliyunServiceRoleForPolarDB", "AliyunServiceRolePolicyForPolarDB"),
    service(
        "cloudmonitor.aliyuncs.com",
        "AliyunServiceRoleForCloudMonitor",
        "AliyunServiceRolePolicyForCloudMonitor",
    ),
    service("arms.aliyuncs.com", "AliyunServiceRoleForARMS", "AliyunServiceRolePolicyForARMS"),
    service("nat.aliyuncs.com", "AliyunServiceRoleForNatgw", "AliyunServiceRolePolicyForNatgw"),
    service(
        "apigateway.aliyuncs.com",
        "AliyunServiceRoleForApiGateway",
        "AliyunServiceRolePolicyForApiGateway",
    ),
    service(
        "bastionhost.aliyuncs.com",
        "AliyunServiceRoleForBastionhost",
        "AliyunServiceRolePolicyForBastionhost",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_a_policy_under_its_name() {
        assert!(names().is_sorted(), "names are out of order");
        assert_eq!(packed::lines(packed::SYSTEM).count(), names().count());
        for (number, policy) in all() {
            assert_eq!(named(&policy.name), Some(number));
            assert!(policy.description.ends_with('.'), "{}: {}", policy.name, policy.description);
            assert!(policy.version.text.len() < 1500, "{}", policy.name);
        }
        assert!(SERVICES.iter().all(|service| named(service.policy).is_some()));
    }

    #[test]
    fn a_part_of_a_product_is_named_in_its_actions() {
        let text = |name| numbered(named(name).unwrap()).unwrap().version.text.to_string();
        let of = |actions| {
            format!(
                r#"{{"Version":"1","Statement":[{{"Effect":"Allow","Action":{actions},"Resource":"*"}}]}}"#
            )
        };
        assert_eq!(text("AliyunEIPFullAccess"), of(r#""vpc:*Eip*""#));
        assert_eq!(text("AliyunOSSReadOnlyAccess"), of(r#"["oss:Get*","oss:List*"]"#));
    }
}
