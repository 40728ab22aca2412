//! What an account decides for all its users, and tags of things.

use crate::text::{Tag, TagKey, TagValue};
use crate::world::refusal::Refusal;
use compact_str::CompactString;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What users may do to themselves, and how they log in. Source: docs/evidence/ram.md 5.10, docs/evidence/ims.md 4.8.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct SecurityPreference {
    /// Manage their own AccessKeys without any policy. A scenario says it of the account.
    #[serde(skip)]
    pub allow_user_to_manage_access_keys: bool,
    /// Change their own password without any policy.
    pub allow_user_to_change_password: bool,
    /// Bind and unbind their own MFA device without any policy.
    pub allow_user_to_manage_mfa_devices: bool,
    /// Kept and shown, without effect: nothing here manages public keys.
    pub allow_user_to_manage_public_keys: bool,
    /// Whether the console remembers a device for seven days.
    pub enable_save_mfa_ticket: bool,
    /// From where users may log in to the console.
    #[schemars(with = "String")]
    pub login_network_masks: CompactString,
    /// Hours a log-in lasts.
    pub login_session_duration: i64,
}

impl Default for SecurityPreference {
    /// Only the keys' default was seen; the others are UNCERTAIN. Source: docs/evidence/ims.md 4.3, docs/evidence/ram.md 5.10.
    fn default() -> Self {
        Self {
            allow_user_to_manage_access_keys: false,
            allow_user_to_change_password: true,
            allow_user_to_manage_mfa_devices: true,
            allow_user_to_manage_public_keys: false,
            enable_save_mfa_ticket: true,
            login_network_masks: CompactString::default(),
            login_session_duration: 6,
        }
    }
}

/// Tags of a role or policy, in the order of their keys. Source: docs/evidence/ram.md 5.9.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tags(Vec<(TagKey, TagValue)>);

impl Tags {
    /// All.
    pub fn iter(&self) -> impl Iterator<Item = &(TagKey, TagValue)> {
        self.0.iter()
    }

    /// Sets tags; a key that is there gets the new value.
    pub fn set(&mut self, tags: &[Tag], quota: usize) -> Result<(), Refusal> {
        for Tag(key, value) in tags {
            match self.0.binary_search_by(|(one, _)| one.cmp(key)) {
                Ok(at) => self.0[at].1 = value.clone(),
                Err(at) => self.0.insert(at, (key.clone(), value.clone())),
            }
        }
        if self.0.len() > quota { Err(Refusal::TooManyTags) } else { Ok(()) }
    }

    /// Takes away the tags with one of `keys`, or all when there is none.
    pub fn remove(&mut self, keys: Option<&[TagKey]>) {
        self.0.retain(|(key, _)| keys.is_some_and(|keys| !keys.contains(key)));
    }

    /// Whether every one of `wanted` is there; an empty value stands for any.
    pub fn have(&self, wanted: &[Tag]) -> bool {
        let has = |key: &TagKey, value: &TagValue| {
            self.0.iter().any(|(one, it)| one == key && (value.as_str().is_empty() || it == value))
        };
        wanted.iter().all(|Tag(key, value)| has(key, value))
    }
}
