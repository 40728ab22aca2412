//! An account: the aggregate that owns users, keys, roles and the real-name record, with the rules between them.
//!
//! It knows nothing of requests or services. RAM, IMS, Aas and the control API are doors to what stands here. Start with
//! [`Account`]; changes that touch more than one account go through [`crate::world::Tx`].

mod buckets;
mod groups;
mod keys;
mod login;
mod mfa;
mod policies;
mod projects;
pub mod providers;
mod real_name;
mod roles;
mod settings;
pub mod system;
mod users;

pub use buckets::{Acl, Bucket, Redundancy, StorageClass};
pub use groups::Group;
pub use keys::{AccessKey, KeyMaterial, KeyRing, KeyStatus, Owner, Place};
pub use login::{LoginChange, LoginProfile, PasswordPolicy};
pub use mfa::{MfaDevice, Seed};
pub use policies::{AnyPolicy, Attached, Entity, Policy, PolicyRef, Version};
pub use projects::Project;
pub use providers::{IssuerSite, OidcProvider, SamlProvider};
pub use real_name::{Application, Decision, Identity, Method, RealName, RealNameStatus, Subject};
pub use roles::{Role, RoleChange, Session, SessionExpiry, SessionPolicy, Trust};
pub use settings::{SecurityPreference, Tags};
pub use users::{User, UserChange, UserDetails};

use crate::text::{AccountAlias, BucketName, Email, LoginName, MobilePhone, Timestamp, Uid};
use crate::world::ids::Counters;
use crate::world::refusal::Refusal;
use crate::world::register::{Register, Slot};
use crate::world::relation::Relation;
use compact_str::CompactString;
use imbl::OrdMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

/// The two sites of Alibaba Cloud; an account belongs to one. Source: facts/account.md 1.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Site {
    /// aliyun.com.
    #[serde(rename = "cn")]
    China,
    /// alibabacloud.com.
    #[serde(rename = "intl")]
    International,
}

impl Site {
    /// Where a SAML assertion must be meant to be brought. Source: facts/sts.md section 4.
    pub fn saml_recipient(self) -> &'static str {
        match self {
            Self::China => "https://signin.aliyun.com/saml-role/sso",
            Self::International => "https://signin.alibabacloud.com/saml-role/sso",
        }
    }

    /// For whom a SAML assertion must be. Source: facts/sts.md section 4.
    pub fn saml_audience(self) -> &'static str {
        match self {
            Self::China => "urn:alibaba:cloudcomputing",
            Self::International => "urn:alibaba:cloudcomputing:international",
        }
    }
}

/// State of an account. Source: facts/account.md 1.6 and 4.2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Status {
    /// Nothing is wrong.
    Normal,
    /// Console sign-in is refused; keys work.
    LoginFrozen,
    /// Switched off by its operator: every key stops.
    Disabled,
    /// Products refuse by risk control; keys work.
    RiskControlled,
    /// In debt, services still run.
    Arrears,
    /// In debt, services stopped.
    ArrearsShutdown,
    /// In the silence period before closing.
    Closing,
    /// Gone: its keys are unknown.
    Closed,
}

/// As it is written in files.
impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}

/// How many of a thing an account may hold; settings of the world.
///
/// Source: facts/ram.md section 3 and facts/ims.md 3.3 (2 keys for the account itself; facts/account.md section 5 has heard
/// of 5, UNCERTAIN).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Quotas {
    /// RAM users of an account.
    pub users: usize,
    /// AccessKeys of a RAM user.
    pub keys_per_user: usize,
    /// AccessKeys of the account itself.
    pub keys_per_account: usize,
    /// Groups of an account.
    pub groups: usize,
    /// Groups that a user may be in.
    pub groups_per_user: usize,
    /// Roles of an account.
    pub roles: usize,
    /// Custom policies of an account.
    pub policies: usize,
    /// Versions of a custom policy.
    pub versions_per_policy: usize,
    /// System policies of a user, group or role.
    pub system_policies_each: usize,
    /// Custom policies of a user, group or role.
    pub custom_policies_each: usize,
    /// Virtual MFA devices of an account.
    pub mfa_devices: usize,
    /// Tags of a role or policy.
    pub tags_each: usize,
}

impl Default for Quotas {
    fn default() -> Self {
        Self {
            users: 5000,
            keys_per_user: 2,
            keys_per_account: 2,
            groups: 300,
            groups_per_user: 10,
            roles: 1000,
            policies: 1500,
            versions_per_policy: 5,
            system_policies_each: 20,
            custom_policies_each: 10,
            mfa_devices: 5000,
            tags_each: 20,
        }
    }
}

/// What an account is registered with.
#[derive(Debug, Clone)]
pub struct Profile {
    /// Which site it belongs to.
    pub site: Site,
    /// `AliyunId`.
    pub login_name: LoginName,
    /// Security e-mail.
    pub email: Option<Email>,
    /// Security mobile.
    pub mobile: Option<MobilePhone>,
    /// ISO alpha-2 code of the country.
    pub country: String,
}

/// An Alibaba Cloud account. Every change copies it, so what seldom changes is shared.
#[derive(Debug, Clone)]
pub struct Account {
    /// Its UID.
    pub uid: Uid,
    /// Our own name for it; never on the wire.
    pub label: CompactString,
    /// What it was registered with.
    pub profile: Arc<Profile>,
    /// When.
    pub created: Timestamp,
    /// Its state.
    pub status: Status,
    /// Money on it, in hundredths.
    pub balance_cents: i64,
    /// Whether it is a partner and may call `Aas` and `Crm`.
    pub is_operator: bool,
    /// The partner that made it.
    pub operator: Option<Uid>,
    /// Its real-name record.
    pub real_name: Arc<RealName>,
    /// Its own keys.
    pub keys: KeyRing,
    /// Its RAM users.
    pub users: Register<User>,
    /// Its groups.
    pub groups: Register<Group>,
    /// Who is in which group, since when.
    pub members: Relation<Slot, Slot, Timestamp>,
    /// Its roles.
    pub roles: Register<Role>,
    /// Its custom policies.
    pub policies: Register<Policy>,
    /// To whom which policy is attached, since when.
    pub attachments: Relation<Entity, Attached, Timestamp>,
    /// Resource groups that attachments name.
    resource_groups: imbl::Vector<CompactString>,
    /// Its virtual MFA devices.
    pub devices: Register<MfaDevice>,
    // Invariant: holds the user of every bound device of `devices`.
    bound_devices: OrdMap<Slot, Slot>,
    /// OIDC providers whose users may assume its roles.
    pub oidc_providers: Register<OidcProvider>,
    /// SAML providers whose users may assume its roles.
    pub saml_providers: Register<SamlProvider>,
    /// The first label of its logon domain, when it chose one.
    pub alias: Option<AccountAlias>,
    /// What passwords must be like.
    pub password_policy: PasswordPolicy,
    /// What users may do to themselves.
    pub preference: Arc<SecurityPreference>,
    /// Its projects of MaxCompute.
    pub projects: imbl::Vector<Arc<Project>>,
    /// Its buckets of OSS.
    pub buckets: OrdMap<BucketName, Arc<Bucket>>,
    /// How many ids it has handed out.
    pub counters: Counters,
}

impl Account {
    /// A new account in state `NORMAL`, not verified.
    pub fn new(uid: Uid, profile: Profile, now: Timestamp) -> Self {
        Self {
            uid,
            label: profile.login_name.as_str().into(),
            profile: Arc::new(profile),
            created: now,
            status: Status::Normal,
            balance_cents: 0,
            is_operator: false,
            operator: None,
            real_name: Arc::default(),
            keys: KeyRing::default(),
            users: Register::default(),
            groups: Register::default(),
            members: Relation::default(),
            roles: Register::default(),
            policies: Register::default(),
            attachments: Relation::default(),
            resource_groups: imbl::Vector::new(),
            devices: Register::default(),
            bound_devices: OrdMap::new(),
            oidc_providers: Register::default(),
            saml_providers: Register::default(),
            alias: None,
            password_policy: PasswordPolicy::default(),
            preference: Arc::default(),
            projects: imbl::Vector::new(),
            buckets: OrdMap::new(),
            counters: Counters::default(),
        }
    }

    /// Its real-name record, to change.
    pub fn real_name_mut(&mut self) -> &mut RealName {
        Arc::make_mut(&mut self.real_name)
    }

    /// Moves the account to another state.
    pub fn set_status(&mut self, status: Status) -> Result<(), Refusal> {
        if self.status == Status::Closed && status != Status::Closed {
            return Err(Refusal::AccountClosed);
        }
        self.status = status;
        Ok(())
    }
}
