//! System policies that every account has. Source: docs/evidence/ram.md section 9, which names the page of each.

use crate::text::{Scalar, Timestamp};
use crate::world::account::policies::Version;
use std::sync::LazyLock;

/// A system policy of Alibaba Cloud.
#[derive(Debug)]
pub struct SystemPolicy {
    /// Policy name.
    pub name: &'static str,
    /// Purpose.
    pub description: &'static str,
    /// Creation time.
    pub created: Timestamp,
    /// Time of the last change.
    pub updated: Timestamp,
    /// Default version. UNCERTAIN: older versions are not kept.
    pub version: Version,
}

/// All system policies, in the order of listings.
pub static ALL: LazyLock<Vec<SystemPolicy>> =
    LazyLock::new(|| ROWS.iter().map(Row::read).chain(SERVICES.iter().map(Service::policy)).collect());

/// Returns the index of the policy `name` in [`ALL`].
pub fn named(name: &str) -> Option<u16> {
    let at = ALL.iter().position(|policy| policy.name == name)?;
    u16::try_from(at).ok()
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

    /// Builds the system policy. UNCERTAIN: real documents have only this statement in common.
    fn policy(&self) -> SystemPolicy {
        let document = format!(
            r#"{{"Statement":[{{"Action":"ram:DeleteServiceLinkedRole","Condition":{{"StringEquals":{{"ram:ServiceName":"{}"}}}},"Effect":"Allow","Resource":"*"}}],"Version":"1"}}"#,
            self.name
        );
        let description = "The policy of a service-linked role.";
        Row {
            name: self.policy,
            version: 1,
            created: SINCE,
            updated: SINCE,
            description,
            document: &document,
        }
        .read()
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

struct Row<'a> {
    name: &'static str,
    version: u32,
    created: &'static str,
    updated: &'static str,
    description: &'static str,
    document: &'a str,
}

impl Row<'_> {
    fn read(&self) -> SystemPolicy {
        let time = |text| Timestamp::parse(text).expect("the table holds times");
        let (created, updated) = (time(self.created), time(self.updated));
        let version = Version::new(self.version, self.document, updated).expect("the table holds policies");
        SystemPolicy { name: self.name, description: self.description, created, updated, version }
    }
}

const fn row(
    name: &'static str,
    (version, created, updated): (u32, &'static str, &'static str),
    description: &'static str,
    document: &'static str,
) -> Row<'static> {
    Row { name, version, created, updated, description, document }
}

/// Date of policies whose page was not seen. UNCERTAIN.
const SINCE: &str = "2015-04-28T16:15:45Z";

const ROWS: &[Row<'static>] = &[
    row(
        "AdministratorAccess",
        (1, SINCE, SINCE),
        "Provides full access to all cloud services and resources.",
        r#"{"Statement":[{"Action":"*","Effect":"Allow","Resource":"*"}],"Version":"1"}"#,
    ),
    // UNCERTAIN: shortened; the real one lists products.
    row(
        "ReadOnlyAccess",
        (1, SINCE, SINCE),
        "Provides read-only access to all cloud services and resources.",
        r#"{"Statement":[{"Action":["*:Describe*","*:List*","*:Get*","*:BatchGet*","*:Query*","*:Check*"],"Effect":"Allow","Resource":"*"}],"Version":"1"}"#,
    ),
    // UNCERTAIN: by analogy with the next.
    row(
        "AliyunRAMFullAccess",
        (1, SINCE, SINCE),
        "Provides full access to Resource Access Management.",
        r#"{"Statement":[{"Action":["ram:*","accessanalyzer:*"],"Effect":"Allow","Resource":"*"}],"Version":"1"}"#,
    ),
    row(
        "AliyunRAMReadOnlyAccess",
        (3, SINCE, "2025-12-03T10:03:48Z"),
        "Provides read-only access to Resource Access Management.",
        r#"{"Statement":[{"Action":["ram:Get*","ram:List*","ram:GenerateCredentialReport"],"Effect":"Allow","Resource":"*"},{"Action":["accessanalyzer:Get*","accessanalyzer:List*"],"Effect":"Allow","Resource":"*"}],"Version":"1"}"#,
    ),
    row(
        "AliyunSTSAssumeRoleAccess",
        (1, "2015-08-03T04:52:09Z", "2017-04-27T16:48:07Z"),
        "Provides permission to call AssumeRole of Security Token Service.",
        r#"{"Statement":[{"Action":"sts:AssumeRole","Effect":"Allow","Resource":"*"}],"Version":"1"}"#,
    ),
    row(
        "AliyunConfigReadOnlyAccess",
        (2, "2019-09-26T01:46:16Z", "2020-04-14T02:57:44Z"),
        "Provides read-only access to Cloud Config.",
        r#"{"Statement":[{"Action":["config:Describe*","config:List*","config:Get*"],"Effect":"Allow","Resource":"*"}],"Version":"1"}"#,
    ),
    row(
        "AliyunCloudControlAPIFullAccess",
        (1, "2022-11-07T09:42:06Z", "2022-11-07T09:42:06Z"),
        "Provides full access to Cloud Control API.",
        r#"{"Statement":[{"Action":"cloudcontrol:*","Effect":"Allow","Resource":"acs:cloudcontrol:*:*:*"}],"Version":"1"}"#,
    ),
    row(
        "AliyunCloudControlAPIReadOnlyAccess",
        (1, "2022-11-07T09:42:27Z", "2022-11-07T09:42:27Z"),
        "Provides read-only access to Cloud Control API.",
        r#"{"Statement":[{"Action":["cloudcontrol:List*","cloudcontrol:Get*"],"Effect":"Allow","Resource":"acs:cloudcontrol:*:*:*"}],"Version":"1"}"#,
    ),
    row(
        "AliyunAccountCenterReadOnlyAccess",
        (3, "2025-01-16T17:17:34Z", "2026-01-08T01:52:45Z"),
        "Provides read-only access to Account Center.",
        r#"{"Statement":[{"Action":["accountcenter:Query*","accountcenter:AccountAddressQuery*","accountcenter:AccountContactQuery*","accountcenter:EnterpriseContactQuery*","accountcenter:EnterpriseAddressQuery*","accountcenter:EnterpriseTodoQuery*"],"Effect":"Allow","Resource":"*"},{"Action":["bss:DescribeSwitchServiceQueryStatus","bss:DescribeEnterpriseRelation"],"Effect":"Allow","Resource":"*"}],"Version":"1"}"#,
    ),
    row(
        "AliyunResourceDirectoryReadOnlyAccess",
        (6, "2019-09-24T08:02:56Z", "2022-07-21T07:38:47Z"),
        "Provides read-only access to Resource Directory.",
        r#"{"Statement":[{"Action":["resourcemanager:Get*","resourcemanager:List*"],"Effect":"Allow","Resource":"*"}],"Version":"1"}"#,
    ),
    row(
        "AliyunAntCloudAuthFullAccess",
        (1, "2019-10-23T12:41:08Z", "2019-10-23T12:41:08Z"),
        "Provides full access to ID Verification.",
        r#"{"Statement":[{"Action":"antcloudauth:*","Effect":"Allow","Resource":"*"}],"Version":"1"}"#,
    ),
    row(
        "AliyunRDSReadOnlyAccess",
        (3, SINCE, "2023-02-20T10:44:02Z"),
        "Provides read-only access to ApsaraDB RDS.",
        r#"{"Statement":[{"Action":"rds:Describe*","Effect":"Allow","Resource":"*"},{"Action":["hdm:Get*","hdm:Describe*","hdm:Query*","hdm:Support*","dbs:Get*","dbs:Describe*","dbs:Query*","dbs:Support*"],"Effect":"Allow","Resource":"acs:rds:*:*:*"}],"Version":"1"}"#,
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_row_is_a_policy_with_a_name_of_its_own() {
        let names: BTreeSet<_> = ALL.iter().map(|policy| policy.name).collect();
        assert_eq!((ALL.len(), names.len()), (ROWS.len() + SERVICES.len(), ALL.len()));
        for (number, policy) in ALL.iter().enumerate() {
            assert_eq!(named(policy.name).map(usize::from), Some(number));
        }
    }
}
