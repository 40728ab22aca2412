//! The ECS instance whose metadata a world serves, at most one. Scenario files, commands and the
//! control API share its settings.

use crate::attributes::{apply, input, optional_input};
use crate::text::{AccessKeyId, DEFAULT_REGION, RoleName, Scalar, Span, Timestamp, Uid};
use crate::world::account::SessionPolicy;
use compact_str::CompactString;
use jiff::SignedDuration;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::net::Ipv4Addr;

/// Maximum number of roles of an instance.
const MOST_ROLES: usize = 100;

/// Default lifetime of credentials. Source: ECS "Instance RAM roles" and the credentials libraries,
/// which both reckon with 6 hours.
const LASTS: SignedDuration = SignedDuration::from_hours(6);
/// UNCERTAIN: time from new credentials to expiry; the libraries ask again 15 minutes before it at the latest.
const RENEWED: SignedDuration = SignedDuration::from_mins(30);
/// Minimum and maximum lifetime of a temporary credential. Source: docs/evidence/sts.md section 3.
const SHORTEST: SignedDuration = SignedDuration::from_mins(15);
const LONGEST: SignedDuration = SignedDuration::from_hours(12);

/// Token requirement of the metadata service. Source: ECS `ModifyInstanceMetadataOptions`, `HttpTokens`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Tokens {
    /// Tokens are optional.
    #[default]
    Optional,
    /// Tokens are required.
    Required,
}

/// An ECS instance. Missing settings have defaults or are generated from the seed.
#[apply(optional_input)]
#[schemars(rename = "Instance")]
pub struct MachineSettings {
    /// Account of the instance: UID or name; by default the first one that is not a partner.
    pub account: Option<String>,
    /// Names of the attached RAM roles; the real service attaches one at most.
    pub roles: Option<Vec<String>>,
    /// Policy that narrows the roles, as JSON text; by default none.
    pub role_policy: Option<String>,
    /// Token requirement of the metadata service: `optional` (default) or `required`.
    pub tokens: Option<Tokens>,
    /// Lifetime of credentials; by default 6h.
    pub credentials_last: Option<Span>,
    /// Time before expiry when new credentials are ready; by default 30m.
    pub renewed_before: Option<Span>,
    /// Instance id, `i-...`.
    pub id: Option<String>,
    /// Region; by default `cn-hangzhou`.
    pub region: Option<String>,
    /// Zone; by default `<region>-h`.
    pub zone: Option<String>,
    /// Host name.
    pub hostname: Option<String>,
    /// Private IPv4 address in the VPC.
    pub private_ip: Option<String>,
    /// MAC address.
    pub mac: Option<String>,
    /// Image id.
    pub image_id: Option<String>,
    /// Instance type, such as `ecs.g7.large`.
    pub instance_type: Option<String>,
    /// VPC id.
    pub vpc_id: Option<String>,
    /// VSwitch id.
    pub vswitch_id: Option<String>,
    /// Serial number, a UUID.
    pub serial_number: Option<String>,
    /// User data; by default not available.
    pub user_data: Option<String>,
}

/// An ECS instance.
#[derive(Debug, Clone)]
pub struct Machine {
    /// Account of the instance.
    pub uid: Uid,
    /// Instance id.
    pub id: CompactString,
    /// Attached roles.
    pub roles: Vec<RoleName>,
    // Invariant: every setting that the metadata shows has a value.
    pub(super) settings: MachineSettings,
    /// Issued credentials by role, with the time of issue.
    pub(super) handed: BTreeMap<RoleName, (AccessKeyId, Timestamp)>,
}

/// A role to attach or detach.
#[apply(input)]
pub struct WhichInstanceRole {
    /// Role name.
    pub role: String,
}

impl Machine {
    /// Returns the settings, including generated ones.
    pub fn settings(&self) -> &MachineSettings {
        &self.settings
    }

    /// Session name of its credentials. Source: hashicorp/vault-plugin-auth-alicloud, which shows such ARNs.
    pub(super) fn session_name(&self) -> CompactString {
        compact_str::format_compact!("vm-ram-{}", self.id)
    }
}

/// An invalid setting and the reason.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{word}`: {why}")]
pub struct Unfit {
    /// Name of the setting.
    pub word: &'static str,
    /// The problem and the allowed values.
    pub why: String,
}

impl Unfit {
    pub(super) fn new(word: &'static str, why: impl Into<String>) -> Self {
        Self { word, why: why.into() }
    }
}

impl MachineSettings {
    /// Fills missing settings from `other`.
    #[must_use]
    pub fn over(self, other: Self) -> Self {
        Self {
            account: self.account.or(other.account),
            roles: self.roles.or(other.roles),
            role_policy: self.role_policy.or(other.role_policy),
            tokens: self.tokens.or(other.tokens),
            credentials_last: self.credentials_last.or(other.credentials_last),
            renewed_before: self.renewed_before.or(other.renewed_before),
            id: self.id.or(other.id),
            region: self.region.or(other.region),
            zone: self.zone.or(other.zone),
            hostname: self.hostname.or(other.hostname),
            private_ip: self.private_ip.or(other.private_ip),
            mac: self.mac.or(other.mac),
            image_id: self.image_id.or(other.image_id),
            instance_type: self.instance_type.or(other.instance_type),
            vpc_id: self.vpc_id.or(other.vpc_id),
            vswitch_id: self.vswitch_id.or(other.vswitch_id),
            serial_number: self.serial_number.or(other.serial_number),
            user_data: self.user_data.or(other.user_data),
        }
    }

    /// Returns `true` if the metadata service requires a token.
    pub fn requires_token(&self) -> bool {
        self.tokens == Some(Tokens::Required)
    }

    /// Returns the lifetime of credentials.
    pub fn lasts(&self) -> SignedDuration {
        self.credentials_last.map_or(LASTS, |span| span.0)
    }

    /// Returns the time before expiry when new credentials are ready: by default at most half of the lifetime.
    pub fn renewed(&self) -> SignedDuration {
        self.renewed_before.map_or_else(|| RENEWED.min(self.lasts() / 2), |span| span.0)
    }

    /// Generates default settings from a word and a number, in the forms of real ones.
    pub(super) fn made(word: &str, number: u64) -> Self {
        let part = |shift: u32| (number >> shift) & 0xff;
        Self {
            id: Some(format!("i-{word}")),
            region: Some(DEFAULT_REGION.to_owned()),
            private_ip: Some(format!("172.16.{}.{}", part(0), part(8).clamp(1, 254))),
            mac: Some(format!("00:16:3e:{:02x}:{:02x}:{:02x}", part(16), part(24), part(32))),
            image_id: Some("aliyun_3_x64_20G_alibase_20240528.vhd".to_owned()),
            instance_type: Some("ecs.g7.large".to_owned()),
            vpc_id: Some(format!("vpc-{word}")),
            vswitch_id: Some(format!("vsw-{word}")),
            serial_number: Some(format!("{:08x}-0000-4000-8000-{number:012x}", number & 0xffff_ffff)),
            ..Self::default()
        }
    }

    /// Fills in settings that depend on others.
    pub(super) fn complete(mut self) -> Self {
        let (id, region) =
            (self.id.as_deref().unwrap_or_default(), self.region.as_deref().unwrap_or_default());
        let (hostname, zone) = (format!("iZ{}Z", id.trim_start_matches("i-")), format!("{region}-h"));
        self.hostname.get_or_insert(hostname);
        self.zone.get_or_insert(zone);
        self
    }

    /// Parses the role names.
    pub(super) fn role_names(&self) -> Result<Vec<RoleName>, Unfit> {
        let read = |name: &String| {
            RoleName::parse(name).map_err(|_| Unfit::new("roles", format!("`{name}` cannot name a role")))
        };
        let mut names = Vec::new();
        if self.roles.as_ref().is_some_and(|roles| roles.len() > MOST_ROLES) {
            return Err(Unfit::new("roles", format!("an instance has {MOST_ROLES} roles at most")));
        }
        for name in self.roles.iter().flatten() {
            let name = read(name)?;
            if names.contains(&name) {
                return Err(Unfit::new("roles", format!("`{name}` stands there twice")));
            }
            names.push(name);
        }
        Ok(names)
    }

    /// Returns the policy that narrows the roles.
    pub(super) fn session_policy(&self) -> Result<Option<SessionPolicy>, Unfit> {
        let read = |text: &String| {
            SessionPolicy::parse(text).map_err(|why| Unfit::new("rolePolicy", why.to_string()))
        };
        self.role_policy.as_ref().map(read).transpose()
    }

    /// Checks all settings.
    pub(super) fn check(&self) -> Result<(), Unfit> {
        self.session_policy()?;
        if let Some(id) = &self.id
            && !is_id(id)
        {
            let why =
                format!("`{id}` is no id of an instance: `i-` and up to 50 small letters, digits or dashes");
            return Err(Unfit::new("id", why));
        }
        if self.private_ip.as_ref().is_some_and(|ip| ip.parse::<Ipv4Addr>().is_err()) {
            return Err(Unfit::new("privateIp", "it is no IPv4 address such as 172.16.0.10"));
        }
        if self.mac.as_ref().is_some_and(|mac| !is_mac(mac)) {
            return Err(Unfit::new("mac", "it is no MAC address such as 00:16:3e:0f:00:01"));
        }
        // Each is a line of a response and the name of an item.
        let lines = [
            ("region", &self.region),
            ("zone", &self.zone),
            ("hostname", &self.hostname),
            ("imageId", &self.image_id),
            ("instanceType", &self.instance_type),
            ("vpcId", &self.vpc_id),
            ("vswitchId", &self.vswitch_id),
            ("serialNumber", &self.serial_number),
        ];
        let is_line =
            |text: &str| !text.is_empty() && text.len() <= 256 && text.bytes().all(|b| b.is_ascii_graphic());
        if let Some((word, _)) =
            lines.iter().find(|(_, text)| text.as_ref().is_some_and(|text| !is_line(text)))
        {
            return Err(Unfit::new(word, "it is not up to 256 letters, digits and signs without spaces"));
        }
        if !(SHORTEST..=LONGEST).contains(&self.lasts()) {
            return Err(Unfit::new("credentialsLast", "temporary credentials last between 15m and 12h"));
        }
        if self.renewed().is_negative() || self.renewed() >= self.lasts() {
            return Err(Unfit::new("renewedBefore", "it is not between 0s and what `credentialsLast` says"));
        }
        Ok(())
    }
}

/// The id is a part of session names, which have at most 64 characters.
fn is_id(id: &str) -> bool {
    let rest = id.strip_prefix("i-").unwrap_or_default();
    let good = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    (1..=50).contains(&rest.len()) && rest.bytes().all(good)
}

fn is_mac(mac: &str) -> bool {
    let mut parts = mac.split(':');
    let good = |part: &str| part.len() == 2 && part.bytes().all(|b| b.is_ascii_hexdigit());
    parts.clone().count() == 6 && parts.all(good)
}
