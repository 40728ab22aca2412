//! Network policies of keys: a policy of a key replaces that of its account. Source: docs/evidence/ims.md 3.5.

use crate::world::account::{AccessKey, Account};
use std::net::IpAddr;

impl Account {
    /// Returns the reason why a key may not sign calls from an address, in a VPC or in the public network; `None` if it may.
    pub fn network_refusal(&self, key: &AccessKey, address: IpAddr, vpc: Option<&str>) -> Option<String> {
        let of_key = key.network.as_deref().filter(|policy| policy.is_active());
        let of_account = || self.affairs.key_network.as_deref().filter(|policy| policy.is_active());
        let (owner, policy) = match of_key {
            Some(policy) => ("the key", policy),
            None => ("the account", of_account()?),
        };
        if policy.admits(address, vpc) {
            return None;
        }
        let place = vpc.map_or_else(String::new, |vpc| format!(" in {vpc}"));
        let list = policy.list();
        Some(format!(
            "the network policy of {owner} does not admit {}{place}: it admits {list}",
            address.to_canonical()
        ))
    }
}
