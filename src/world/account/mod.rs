//! An account: the aggregate that owns users, keys, roles and the real-name record, with the rules between them.
//!
//! It knows nothing of requests or services. RAM, IMS, Aas and the control API are doors to what stands here. Start with
//! [`Account`]; changes that touch more than one account go through [`crate::world::Tx`].

mod affairs;
mod buckets;
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
pub use customers::{Association, Contact, Customer, Customers, Invite, JoinRequest, Offer, SubAccount};
pub use groups::Group;
pub(crate) use instances::order_ids;
pub use instances::{Check, Instance, NewInstance, Order, Payment};
pub use keys::{AccessKey, KeyMaterial, KeyRing, KeyStatus, Owner, Place, ShortTerm};
pub use login::{LoginChange, LoginProfile, PasswordPolicy};
pub use mfa::{MfaDevice, Seed};
pub use policies::{AnyPolicy, Attached, Entity, Policy, PolicyRef, Version};
pub use projects::Project;
pub use providers::{IssuerSite, OidcProvider, SamlProvider};
pub use real_name::{
    Application, Decision, Identity, Method, RealName, RealNameStatus, Subject, Submission, Terms, Transfer,
};
pub use roles::{Role, RoleChange, Session, SessionPolicy, Trust};
pub use security::{IpMask, Protection, Security};
pub use settings::{SecurityPreference, Tags};
pub use standing::{Arrears, Closure, Hold, Holds, ShutdownPolicy, Standing, Status};
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
    /// Where it is registered.
    pub country: CountryCode,
    /// The id of Taobao's passport that is bound to it.
    pub havana_id: Option<CompactString>,
    /// What else is known of the owner, by the names that official APIs have: `NickName`, `City`, `PostCode`.
    pub details: OrdMap<CompactString, CompactString>,
}

impl Profile {
    /// A profile with nothing but what every account has, in the usual country of its site.
    pub fn new(site: Site, login_name: LoginName) -> Self {
        let (email, mobile, country) = (None, None, site.usual_country());
        Self { site, login_name, email, mobile, country, havana_id: None, details: OrdMap::new() }
    }
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
    /// How it stands: what is held against it, its money, its way out. Changed by [`crate::world::Tx::set_standing`].
    pub(in crate::world) standing: Standing,
    /// How its owner logs in.
    pub security: Arc<Security>,
    /// What it has bought.
    pub instances: imbl::Vector<Arc<Instance>>,
    /// Labels, statuses of services and other matters that seldom change.
    pub affairs: Arc<Affairs>,
    /// Whether it is a partner and may call `Aas` and `Crm`.
    pub is_partner: bool,
    /// The partner that it belongs to.
    pub partner: Option<Uid>,
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
    /// Its MaxCompute projects, which are its DataWorks workspaces.
    pub projects: imbl::Vector<Arc<Project>>,
    /// The first label of its logon domain, when it chose one.
    pub alias: Option<AccountAlias>,
    /// What passwords must be like.
    pub password_policy: PasswordPolicy,
    /// What users may do to themselves.
    pub preference: Arc<SecurityPreference>,
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

    /// Its real-name record, to change. Who changes what is verified goes through [`crate::world::Tx`], which counts the
    /// accounts of an identity.
    pub(in crate::world) fn real_name_mut(&mut self) -> &mut RealName {
        Arc::make_mut(&mut self.real_name)
    }

    /// How it stands.
    pub fn standing(&self) -> &Standing {
        &self.standing
    }

    /// Its state in one word.
    pub fn status(&self) -> Status {
        self.standing.status()
    }

    /// Its log-in, to change.
    pub fn security_mut(&mut self) -> &mut Security {
        Arc::make_mut(&mut self.security)
    }

    /// Its other matters, to change.
    pub fn affairs_mut(&mut self) -> &mut Affairs {
        Arc::make_mut(&mut self.affairs)
    }
}
