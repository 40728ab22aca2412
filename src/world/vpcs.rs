//! VPCs from which clients call: a scenario says which addresses are in one. All other addresses are public.

use crate::text::Network;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::net::IpAddr;

/// Addresses and CIDR blocks of clients by the id of their VPC.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(inline)]
pub struct Vpcs(#[schemars(with = "BTreeMap<String, Vec<String>>")] pub BTreeMap<String, Vec<Network>>);

impl Vpcs {
    /// Returns the VPC of a client; the first by id, if several have the address.
    pub fn of(&self, address: IpAddr) -> Option<&str> {
        let has = |networks: &[Network]| networks.iter().any(|network| network.contains(address));
        self.0.iter().find(|(_, networks)| has(networks)).map(|(id, _)| id.as_str())
    }
}
