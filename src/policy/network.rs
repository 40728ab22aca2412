//! Network policies of AccessKeys: the addresses from which keys may sign.
//!
//! Source: docs/evidence/ims.md 3.5 and 4.4.

use crate::text::{Flaw, Network, Scalar};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::net::IpAddr;

/// Maximum number of statements of a policy: `ConditionsPerAKPolicyQuota`.
pub const MOST_STATEMENTS: usize = 8;
/// Maximum number of addresses and blocks of a policy: `IPItemsPerAKPolicyQuota`.
pub const MOST_ADDRESSES: usize = 50;
/// `Value` of a statement about all VPCs.
const ALL_VPCS: &str = "AllowAllVPC";

/// A network policy.
#[derive(Debug, PartialEq, Eq)]
pub struct NetworkPolicy {
    document: Document,
    /// Networks of each statement.
    networks: Vec<Vec<Network>>,
}

/// The policy as a client writes it.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Document {
    #[serde(default = "version")]
    version: u8,
    status: Status,
    statements: Vec<Statement>,
}

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Statement {
    r#type: Kind,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<String>,
    #[serde(rename = "IPList", default)]
    networks: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum Kind {
    /// Addresses of the public network.
    ClassicWhiteList,
    /// Addresses in a VPC, or in all.
    VPCWhiteList,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum Status {
    Active,
    Inactive,
}

/// The only version.
fn version() -> u8 {
    1
}

/// Reason why a text is no network policy.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{why}")]
pub struct NoNetworkPolicy {
    flaw: Flaw,
    why: String,
}

impl NetworkPolicy {
    /// Reads a document.
    ///
    /// UNCERTAIN: the codes for a wrong document; here those of a parameter that has a wrong form or is too long. A private
    /// address in the list of the public network is accepted, and so is a VPC without addresses, which means all of its
    /// addresses.
    pub fn read(text: &str) -> Result<Self, NoNetworkPolicy> {
        let wrong = |why: String| NoNetworkPolicy { flaw: Flaw::Format, why };
        let document: Document = serde_json::from_str(text).map_err(|error| wrong(error.to_string()))?;
        if document.version != version() {
            return Err(wrong(format!("its version is 1, not {}", document.version)));
        }
        let addresses: usize = document.statements.iter().map(|one| one.networks.len()).sum();
        if document.statements.len() > MOST_STATEMENTS || addresses > MOST_ADDRESSES {
            let why = format!("it has at most {MOST_STATEMENTS} statements and {MOST_ADDRESSES} addresses");
            return Err(NoNetworkPolicy { flaw: Flaw::Length, why });
        }
        let networks = |one: &Statement| {
            let is_vpc = |id: &str| id == ALL_VPCS || id.len() > 4 && id.starts_with("vpc-");
            let why = match (one.r#type, one.value.as_deref()) {
                (Kind::ClassicWhiteList, Some(_)) => "a `ClassicWhiteList` has no `Value`",
                (Kind::ClassicWhiteList, None) if one.networks.is_empty() => {
                    "a `ClassicWhiteList` needs an `IPList`"
                }
                (Kind::VPCWhiteList, value) if !value.is_some_and(is_vpc) => {
                    "the `Value` of a `VPCWhiteList` is the id of a VPC or `AllowAllVPC`"
                }
                _ => {
                    let read = |text: &String| {
                        Network::parse(text)
                            .ok_or_else(|| wrong(format!("`{text}` is neither an address nor a CIDR block")))
                    };
                    return one.networks.iter().map(read).collect();
                }
            };
            Err(wrong(why.to_owned()))
        };
        let networks = document.statements.iter().map(networks).collect::<Result<_, _>>()?;
        Ok(Self { document, networks })
    }

    /// Returns `true` if it is in effect.
    pub fn is_active(&self) -> bool {
        self.document.status == Status::Active
    }

    /// Returns `true` if a statement admits calls from an address, in a VPC or in the public network. UNCERTAIN: a policy
    /// without statements admits none.
    pub fn admits(&self, address: IpAddr, vpc: Option<&str>) -> bool {
        let has = |networks: &[Network]| networks.iter().any(|network| network.contains(address));
        let admits = |(one, networks): (&Statement, &Vec<Network>)| match (one.r#type, vpc) {
            (Kind::ClassicWhiteList, None) => has(networks),
            (Kind::VPCWhiteList, Some(vpc)) => {
                let is_meant = one.value.as_deref().is_some_and(|value| value == ALL_VPCS || value == vpc);
                is_meant && (networks.is_empty() || has(networks))
            }
            _ => false,
        };
        self.document.statements.iter().zip(&self.networks).any(admits)
    }

    /// Describes what the policy admits.
    pub fn list(&self) -> String {
        let one = |one: &Statement| match &one.value {
            Some(vpc) => format!("{vpc} [{}]", one.networks.join(", ")),
            None => format!("[{}]", one.networks.join(", ")),
        };
        let all: Vec<_> = self.document.statements.iter().map(one).collect();
        if all.is_empty() { "nothing".to_owned() } else { all.join(" and ") }
    }
}

/// The document as it is returned: with `Version`.
impl fmt::Display for NetworkPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&serde_json::to_string(&self.document).map_err(|_| fmt::Error)?)
    }
}

impl Scalar for NetworkPolicy {
    fn parse(text: &str) -> Result<Self, Flaw> {
        Self::read(text).map_err(|no| no.flaw)
    }
}
