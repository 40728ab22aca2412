//! An account: it owns users, keys, roles and the real-name record, and keeps the rules between them.
//!
//! It knows nothing about requests or services: RAM, IMS, Aas and the control API call it. Start with
//! [`Account`]. Changes to several accounts go through [`crate::world::Tx`].

mod affairs;
mod buckets;
mod closing;
mod customers;
mod groups;
mod instances;
mod keys;
mod login;
mod mfa;
mod policies;
mod projects;
pub mod providers;
mod real_name;
mod roles;
mod security;
mod settings;
mod standing;
pub mod system;
mod traces;
mod users;

pub use affairs::{Affairs, Form, Label, Link, Links};
pub use buckets::{Acl, Bucket, Redundancy, StorageClass};
pub use closing::{Check, Closure};
pub use customers::{Association, Contact, Customer, Customers, Invite, JoinRequest, Offer, SubAccount};
pub use groups::Group;
pub(crate) use instances::order_ids;
pub use instances::{Instance, NewInstance, Order, Payment};
pub use keys::{AccessKey, KeyMaterial, KeyRing, KeyStatus, LastUse, Owner, Place, ShortTerm};
pub use login::{LoginChange, LoginProfile, LoginStatus, PasswordPolicy};
pub use mfa::{MfaDevice, Seed};
pub use policies::{AnyPolicy, Attached, Entity, Policy, PolicyRef, Version};
pub use projects::Project;
pub use providers::{IssuerSite, OidcProvider, SamlProvider};
pub use real_name::{
    Application, Decision, DocumentType, Identity, Method, RealName, RealNameStatus, Subject, Submission,
    Terms, Transfer,
};
pub use roles::{Role, RoleChange, Session, SessionPolicy, Trust};
pub use security::{IpMask, Protection, Security};
pub use settings::{SecurityPreference, Tags};
pub use standing::{Arrears, Hold, Holds, ShutdownPolicy, Standing, Status};
pub use system::{Declared, SystemPolicy};
pub use traces::{Asked, Trace, TraceStatus};
pub use users::{User, UserChange, UserDetails};

use crate::text::{
    AccountAlias, BucketName, CountryCode, Email, LoginName, MobilePhone, Site, Timestamp, Uid,
};
use crate::world::ids::Counters;
use crate::world::register::{Register, Slot};
use crate::world::relation::Relation;
use compact_str::CompactString;
use imbl::OrdMap;
use std::sync::Arc;

/// Data that an account is registered with.
#[derive(Debug, Clone)]
pub struct Profile {
    /// Site of the account.
    pub site: Site,
    /// `AliyunId`.
    pub login_name: LoginName,
    /// Security e-mail.
    pub email: Option<Email>,
    /// Security mobile.
    pub mobile: Option<MobilePhone>,
    /// Country of registration.
    pub country: CountryCode,
    /// Taobao passport id that is bound to the account.
    pub havana_id: Option<CompactString>,
    /// Other details of the owner, by their names in official APIs: `NickName`, `City`, `PostCode`. They have no types of
    /// their own, because these APIs set and return them as they are, and no rule depends on one.
    pub details: OrdMap<CompactString, CompactString>,
}

impl Profile {
    /// Creates a profile with the required data only and the default country of the site.
    pub fn new(site: Site, login_name: LoginName) -> Self {
        let (email, mobile, country) = (None, None, site.usual_country());
        Self { site, login_name, email, mobile, country, havana_id: None, details: OrdMap::new() }
    }
}

/// An Alibaba Cloud account. Every change copies it, so rarely changed parts are shared.
#[derive(Debug, Clone)]
pub struct Account {
    /// UID.
    pub uid: Uid,
    /// Number in its world, in order of registration.
    pub number: usize,
    /// Name in scenarios and commands; never on the wire.
    pub label: CompactString,
    /// Registration data.
    pub profile: Arc<Profile>,
    /// Creation time.
    pub created: Timestamp,
    /// Holds, balance and closure. Changed by [`crate::world::Tx::set_standing`].
    pub(in crate::world) standing: Standing,
    /// Console log-in of the owner.
    pub security: Arc<Security>,
    /// Purchased instances.
    pub instances: imbl::Vector<Arc<Instance>>,
    /// Labels, service statuses and other data that rarely changes.
    pub affairs: Arc<Affairs>,
    /// Makes it a partner, which may call `Aas` and `Crm`.
    pub is_partner: bool,
    /// Partner that the account belongs to.
    pub partner: Option<Uid>,
    /// Real-name record.
    pub real_name: Arc<RealName>,
    /// AccessKeys of the account itself.
    pub keys: KeyRing,
    /// RAM users.
    pub users: Register<User>,
    /// Groups.
    pub groups: Register<Group>,
    /// Group memberships: user, group and start time.
    pub members: Relation<Slot, Slot, Timestamp>,
    /// Roles.
    pub roles: Register<Role>,
    /// Custom policies.
    pub policies: Register<Policy>,
    /// System policies that the scenario declares; the same for all accounts of a world.
    pub(in crate::world) system_policies: Declared,
    /// Attached policies: holder, policy and time of attachment.
    pub attachments: Relation<Entity, Attached, Timestamp>,
    /// Resource groups that attachments name.
    resource_groups: imbl::Vector<CompactString>,
    /// Virtual MFA devices.
    pub devices: Register<MfaDevice>,
    // Invariant: holds the user of every bound device of `devices`.
    bound_devices: OrdMap<Slot, Slot>,
    /// OIDC providers whose users may assume roles of the account.
    pub oidc_providers: Register<OidcProvider>,
    /// SAML providers whose users may assume roles of the account.
    pub saml_providers: Register<SamlProvider>,
    /// MaxCompute projects, which DataWorks calls workspaces.
    pub projects: imbl::Vector<Arc<Project>>,
    /// Chosen first label of the logon domain.
    pub alias: Option<AccountAlias>,
    /// Requirements for passwords.
    pub password_policy: PasswordPolicy,
    /// Actions that users may do on themselves.
    pub preference: Arc<SecurityPreference>,
    /// OSS buckets.
    pub buckets: OrdMap<BucketName, Arc<Bucket>>,
    /// Counters that ids are generated from.
    pub counters: Counters,
}

impl Account {
    /// Creates an account in state `NORMAL`, not verified.
    pub fn new(uid: Uid, profile: Profile, now: Timestamp) -> Self {
        Self {
            uid,
            number: 0,
            label: profile.login_name.as_str().into(),
            profile: Arc::new(profile),
            created: now,
            standing: Standing::default(),
            security: Arc::default(),
            instances: imbl::Vector::new(),
            affairs: Arc::default(),
            is_partner: false,
            partner: None,
            real_name: Arc::default(),
            keys: KeyRing::default(),
            users: Register::default(),
            groups: Register::default(),
            members: Relation::default(),
            roles: Register::default(),
            policies: Register::default(),
            system_policies: None,
            attachments: Relation::default(),
            resource_groups: imbl::Vector::new(),
            devices: Register::default(),
            bound_devices: OrdMap::new(),
            oidc_providers: Register::default(),
            saml_providers: Register::default(),
            projects: imbl::Vector::new(),
            alias: None,
            password_policy: PasswordPolicy::default(),
            preference: Arc::default(),
            buckets: OrdMap::new(),
            counters: Counters::default(),
        }
    }

    /// Returns the real-name record, to change. Changes to a verified identity go through
    /// [`crate::world::Tx`], which counts the accounts of an identity.
    pub(in crate::world) fn real_name_mut(&mut self) -> &mut RealName {
        Arc::make_mut(&mut self.real_name)
    }

    /// Returns holds, balance and closure.
    pub fn standing(&self) -> &Standing {
        &self.standing
    }

    /// Returns the state as one value.
    pub fn status(&self) -> Status {
        self.standing.status()
    }

    /// Returns the console log-in, to change.
    pub fn security_mut(&mut self) -> &mut Security {
        Arc::make_mut(&mut self.security)
    }

    /// Returns the rarely changed data, to change.
    pub fn affairs_mut(&mut self) -> &mut Affairs {
        Arc::make_mut(&mut self.affairs)
    }
}
