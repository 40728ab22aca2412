//! The ECS instance whose metadata a world serves. A world has one or none. Its settings are the words of scenario files, of
//! commands and of the control API.

use crate::text::{AccessKeyId, DEFAULT_REGION, RoleName, Scalar, Span, Timestamp, Uid};
use compact_str::CompactString;
use jiff::SignedDuration;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::net::Ipv4Addr;

/// Roles of one instance.
const MOST_ROLES: usize = 100;

/// How long its credentials last when nobody says. Source: ECS "Instance RAM roles" and the credentials libraries, which both
/// reckon with 6 hours.
const LASTS: SignedDuration = SignedDuration::from_hours(6);
/// UNCERTAIN: how long before their end new ones are there; the libraries ask again 15 minutes before it at the latest.
const RENEWED: SignedDuration = SignedDuration::from_mins(30);
/// The shortest and the longest that a temporary credential lasts. Source: docs/evidence/sts.md section 3.
const SHORTEST: SignedDuration = SignedDuration::from_mins(15);
const LONGEST: SignedDuration = SignedDuration::from_hours(12);

/// Whether its metadata may be read without a token. Source: ECS `ModifyInstanceMetadataOptions`, `HttpTokens`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Tokens {
    /// It may.
    #[default]
    Optional,
    /// It may not.
    Required,
}

/// An ECS instance. What is not said is as it usually is, or made from the seed.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[schemars(rename = "Instance")]
pub struct MachineSettings {
    /// UID or name of the account that owns it; the first that is no operator when not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// Names of the RAM roles attached to it; the real service attaches one at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub roles: Option<Vec<String>>,
    /// Whether its metadata is given only to whoever shows a token: `optional` (usual) or `required`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tokens: Option<Tokens>,
    /// How long its credentials last: 6h when not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credentials_last: Option<Span>,
    /// How long before their end there are new ones: 30m when not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub renewed_before: Option<Span>,
    /// Its id, `i-...`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Its region, `cn-hangzhou` when not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// Its zone, `<region>-h` when not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// Its host name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hostname: Option<String>,
    /// Its IPv4 address in its VPC.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub private_ip: Option<String>,
    /// Its MAC address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mac: Option<String>,
    /// The image that it was made from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image_id: Option<String>,
    /// Its type, `ecs.g7.large`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instance_type: Option<String>,
    /// Its VPC.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vpc_id: Option<String>,
    /// Its vSwitch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vswitch_id: Option<String>,
    /// Its serial number, a UUID.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub serial_number: Option<String>,
    /// What it was started with; without it there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_data: Option<String>,
}

/// An instance.
#[derive(Debug, Clone)]
pub struct Machine {
    /// The account that owns it.
    pub uid: Uid,
    /// Its id.
    pub id: CompactString,
    /// The roles attached to it.
    pub roles: Vec<RoleName>,
    // Invariant: nothing that an item of the metadata shows is missing.
    pub(super) settings: MachineSettings,
    /// What is handed out for each role, and since when.
    pub(super) handed: BTreeMap<RoleName, (AccessKeyId, Timestamp)>,
}

/// A role that is attached or detached.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WhichInstanceRole {
    /// Its name.
    pub role: String,
}

impl Machine {
    /// What it is: as it was said, and where nothing was said as it is made.
    pub fn settings(&self) -> &MachineSettings {
        &self.settings
    }

    /// Names of the sessions that it hands out. Source: hashicorp/vault-plugin-auth-alicloud, which shows such ARNs.
    pub(super) fn session_name(&self) -> CompactString {
        compact_str::format_compact!("vm-ram-{}", self.id)
    }
}

/// What cannot be of an instance: which word, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{word}`: {why}")]
pub struct Unfit {
    /// The word of the settings.
    pub word: &'static str,
    /// What is wrong, and what would be right.
    pub why: String,
}

impl Unfit {
    pub(super) fn new(word: &'static str, why: impl Into<String>) -> Self {
        Self { word, why: why.into() }
    }
}

impl MachineSettings {
    /// These settings, and `other`'s where these say nothing.
    #[must_use]
    pub fn over(self, other: Self) -> Self {
        Self {
            account: self.account.or(other.account),
            roles: self.roles.or(other.roles),
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

    /// Whether it gives its metadata only to whoever shows a token.
    pub fn requires_token(&self) -> bool {
        self.tokens == Some(Tokens::Required)
    }

    /// How long its credentials last.
    pub fn lasts(&self) -> SignedDuration {
        self.credentials_last.map_or(LASTS, |span| span.0)
    }

    /// How long before their end there are new ones: never before they are half over, unless that is asked for.
    pub fn renewed(&self) -> SignedDuration {
        self.renewed_before.map_or_else(|| RENEWED.min(self.lasts() / 2), |span| span.0)
    }

    /// An instance nothing was said of, made from a word and a number. They have the forms of real ones.
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

    /// The same with what follows from the rest.
    pub(super) fn complete(mut self) -> Self {
        let (id, region) =
            (self.id.as_deref().unwrap_or_default(), self.region.as_deref().unwrap_or_default());
        let (hostname, zone) = (format!("iZ{}Z", id.trim_start_matches("i-")), format!("{region}-h"));
        self.hostname.get_or_insert(hostname);
        self.zone.get_or_insert(zone);
        self
    }

    /// The names of its roles, read.
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

    /// Whether everything can be.
    pub(super) fn check(&self) -> Result<(), Unfit> {
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
        // Each is a line of an answer and the name of an item.
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

/// It is a part of the name of a session, which has 64 characters at most.
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
