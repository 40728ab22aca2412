//! Export: a world as the scenario that would plant it.
//!
//! Omits data that the format cannot express; docs/scenarios.md lists it. Start with [`Export::present`].

use crate::federation::issuer;
use crate::scenario::file::{
    AccountFile, BucketFile, ClockFile, File, GroupFile, KeyFile, MfaFile, OidcProviderFile, PolicyFile,
    ProjectFile, RoleFile, SamlProviderFile, ServiceCredentialFile, SessionFile, SystemPolicyFile, UserFile,
    VersionFile,
};
use crate::scenario::grouping;
use crate::scenario::identities::{OF_SYSTEM, trust};
use crate::scenario::life;
use crate::scenario::products::DEFAULT_REGION;
use crate::scenario::{Setting, directories, public_key, sign_on};
use crate::text::{Moment, Scalar, SecretText, Span, Timestamp, Uid, format_duration};
use crate::world::account::providers::DEFAULT_ISSUANCE_HOURS;
use crate::world::account::{
    AccessKey, Account, Attached, Bucket, Entity, Group, KeyMaterial, KeyRing, KeyStatus, LoginProfile,
    LoginStatus, MfaDevice, OidcProvider, Owner, Passkey, Place, Policy, PolicyRef, Project, Role,
    SamlProvider, ServiceCredential, Status, SystemPolicy, Tags, User, Version,
};
use crate::world::clock::Run;
use crate::world::register::Slot;
use crate::world::{
    Clocks, DEFAULT_SESSION_SECONDS, Due, LoginProfileWords, PasskeyWords, Point, SetState, State,
    VerificationWords, World,
};
use jiff::SignedDuration;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// First line of every exported scenario.
const HEAD: &str = "# yaml-language-server: $schema=alimock.schema.json\n";

/// An exported world.
#[derive(Debug)]
pub struct Export(File);

impl Export {
    /// Exports the current state of the world.
    pub fn present(world: &World) -> Self {
        let now = world.clock.now().resource;
        world.settle(now);
        Self::of(world, &world.present(now), now).without_what_is_always_so()
    }

    /// Removes statuses with their default value, as people write files.
    fn without_what_is_always_so(mut self) -> Self {
        for account in &mut self.0.accounts {
            let of_users = account.users.iter_mut().flat_map(|user| &mut user.keys);
            for key in account.keys.iter_mut().chain(of_users) {
                key.status = key.status.filter(|status| *status != KeyStatus::Active);
            }
            if let Some(state) = &mut account.state {
                state.status = state.status.filter(|status| *status != Status::Normal);
                state.balance = state.balance.filter(|balance| balance.0 != 0);
            }
            account.state.take_if(|state| *state == SetState::default());
        }
        self
    }

    /// Exports the world at `point`, with every status. Spans count from `now`.
    pub fn of(world: &World, point: &Point, now: Timestamp) -> Self {
        Self::of_accounts(world, point, now, |_| true)
    }

    /// Exports the world at `point` with only the accounts that are `wanted`.
    pub(super) fn of_accounts(
        world: &World,
        point: &Point,
        now: Timestamp,
        wanted: impl Fn(&Account) -> bool,
    ) -> Self {
        let state = &point.state;
        let names = names(state);
        let writer = Writer { point, state, now, names: &names };
        let due = |(at, command): (Timestamp, &crate::world::Command)| Due {
            at: later(at.since(now)),
            r#do: command.clone(),
        };
        Self(File {
            seed: Some(world.seed),
            clock: clock(point.clocks),
            quotas: state.quotas,
            permissions: Some(state.enforcement),
            propagation: *state.propagation,
            session_expiry: state.session_expiry,
            stubs: (*state.stubs).clone(),
            system_policies: state
                .system_policies
                .iter()
                .flat_map(|all| &**all)
                .map(system_policy_file)
                .collect(),
            hosts: (*state.hosts).clone(),
            vpcs: (*state.vpcs).clone(),
            account_rules: state.registry.rules.clone(),
            gates: state.registry.gates.clone(),
            accounts: writer
                .in_order()
                .into_iter()
                .filter(|account| wanted(account))
                .map(|account| writer.account(account))
                .collect(),
            directories: directories::written(state, &names),
            instance: state.machine_settings(|uid| names[&uid].clone()),
            faults: point.faults.clone(),
            r#as: None,
            timeline: state.commands().map(due).collect(),
            expect: Vec::new(),
        })
    }

    /// Returns the export as YAML.
    pub fn yaml(&self) -> String {
        HEAD.to_owned() + &yaml(self.erased())
    }

    /// Returns the export as JSON.
    pub fn json(&self) -> String {
        serde_json::to_string_pretty(self.erased()).expect("a scenario is plain data") + "\n"
    }

    /// Erases the types of the file, so that each format is compiled only once.
    fn erased(&self) -> &dyn erased_serde::Serialize {
        &self.0
    }

    /// Returns the export as a value to compare.
    pub(super) fn value(&self) -> Value {
        serde_json::to_value(self.erased()).expect("a scenario is plain data")
    }
}

/// Writes plain data as people write YAML.
pub(crate) fn yaml(value: &dyn erased_serde::Serialize) -> String {
    let as_people_do = serde_saphyr::ser_options! { compact_list_indent: false };
    serde_saphyr::to_string_with_options(&value, as_people_do).expect("a scenario is plain data")
}

/// Formats a span from now: `+5s`.
fn later(span: SignedDuration) -> String {
    let sign = if span.is_negative() { "" } else { "+" };
    format!("{sign}{}", format_duration(span))
}

fn clock(Clocks { resource, gateway }: Clocks) -> Option<ClockFile> {
    let setting = |run| (run != Run::Real).then_some(Setting::Run(run));
    let (resource, gateway) = (setting(resource), setting(gateway));
    (resource.is_some() || gateway.is_some()).then_some(ClockFile { resource, gateway })
}

/// Returns the names of accounts in the file: the label, with a number if another account has it too.
fn names(state: &State) -> BTreeMap<Uid, String> {
    let mut taken = BTreeSet::new();
    let mut free = |label: &str| {
        let numbered = (2..u64::MAX).map(|number| format!("{label}-{number}"));
        let mut all = std::iter::once(label.to_owned()).chain(numbered);
        all.find(|name| taken.insert(name.clone())).expect("there are more numbers than accounts")
    };
    state.accounts_in_order().into_iter().map(|account| (account.uid, free(&account.label))).collect()
}

/// Returns a document as people write it: a mapping, if its JSON gives the same text.
pub(super) fn document(text: &str) -> Value {
    let mapping: Option<Value> = serde_json::from_str(text).ok();
    mapping
        .filter(|value| value.is_object() && format!("{value}") == text)
        .unwrap_or_else(|| Value::String(text.to_owned()))
}

/// Returns the short form of a trust policy, if it has one; `None` for the default trust policy.
fn short_trust(text: &str, uid: Uid) -> Option<Value> {
    if trust(None, uid) == text {
        return None;
    }
    let short = || {
        let own = format!("acs:ram::{uid}:");
        let whole: Value = serde_json::from_str(text).ok()?;
        let mut kinds = whole.get("Statement")?.get(0)?.get("Principal")?.as_object()?.clone();
        for name in kinds.values_mut().filter_map(Value::as_array_mut).flatten() {
            if let Some(relative) = name.as_str().and_then(|name| name.strip_prefix(&own)) {
                *name = relative.into();
            }
        }
        let short = Value::Object(kinds);
        (trust(Some(&short), uid) == text).then_some(short)
    };
    Some(short().unwrap_or_else(|| document(text)))
}

fn tags(tags: &Tags) -> BTreeMap<String, String> {
    tags.iter().map(|(key, value)| (key.to_string(), value.to_string())).collect()
}

/// Returns the span back to the creation, if it was told: before that of the account.
fn created(at: Timestamp, account: &Account, now: Timestamp) -> Option<Moment> {
    (at < account.created).then(|| moment(at, now))
}

fn moment(at: Timestamp, now: Timestamp) -> Moment {
    Moment::After(Span(at.since(now)))
}

fn login_profile(profile: &LoginProfile) -> LoginProfileWords {
    LoginProfileWords {
        password_reset_required: profile.password_reset_required.then_some(true),
        mfa_bind_required: profile.mfa_bind_required.then_some(true),
        status: Some(profile.status).filter(|status| *status != LoginStatus::default()),
        auto_disabled: profile.auto_disabled.then_some(true),
    }
}

fn project_file(account: &Account, project: &Project) -> ProjectFile {
    let members = project.members.iter().map(ToString::to_string).collect();
    let resource_group = grouping::group_word(account, project.group);
    ProjectFile { name: project.name.to_string(), id: Some(project.id), members, resource_group }
}

/// Exports the accounts of a state.
struct Writer<'a> {
    point: &'a Point,
    state: &'a State,
    now: Timestamp,
    names: &'a BTreeMap<Uid, String>,
}

impl<'a> Writer<'a> {
    /// Returns all accounts; a partner comes before its accounts.
    fn in_order(&self) -> Vec<&'a Account> {
        let (mut done, mut seen) = (Vec::new(), BTreeSet::new());
        for account in self.state.accounts_in_order() {
            let mut above = Vec::new();
            let mut next = Some(account);
            while let Some(account) = next.filter(|account| seen.insert(account.uid)) {
                above.push(account);
                next = account.partner.and_then(|uid| self.state.account(uid).ok());
            }
            done.extend(above.into_iter().rev());
        }
        done
    }

    fn account(&self, account: &Account) -> AccountFile {
        let profile = &account.profile;
        let name = self.names[&account.uid].clone();
        let login_name = profile.login_name.as_str();
        let country = profile.site.usual_country();
        let place = Place { uid: account.uid, owner: Owner::Root };
        AccountFile {
            uid: Some(account.uid.0),
            site: profile.site,
            is_partner: account.is_partner,
            partner: account.partner.and_then(|uid| self.names.get(&uid).cloned()),
            login_name: (login_name != format!("{name}@alimock.example")).then(|| profile.login_name.clone()),
            email: profile.email.clone(),
            mobile: profile.mobile.clone(),
            country: (profile.country != country).then(|| profile.country.clone()),
            real_name: life::real_name(&account.real_name, self.now),
            state: Some(life::state(account)),
            security: life::security(&account.security),
            details: life::details(account),
            services: life::services(account),
            labels: life::labels(account, self.now),
            resource_groups: grouping::groups(account, self.now),
            grouping: grouping::settings(account),
            instances: life::instances(account, self.now),
            allow_user_to_manage_access_keys: account.preference.allow_user_to_manage_access_keys,
            security_preference: (*account.preference).clone(),
            password_policy: account.password_policy,
            keys: self.keys(account, &account.keys, None),
            key_network_policy: account
                .affairs
                .key_network
                .as_ref()
                .map(|policy| document(&policy.to_string())),
            service_credentials: self.service_credentials(account, Owner::Root),
            bearer_tokens: self.bearers(place),
            alias: account.alias.clone(),
            policies: account.policies.iter().map(|(_, policy)| policy_file(policy)).collect(),
            groups: account.groups.iter().map(|(slot, group)| group_file(account, slot, group)).collect(),
            users: self.users(account),
            roles: account.roles.iter().map(|(slot, role)| self.role(account, slot, role)).collect(),
            oidc_providers: account.oidc_providers.iter().map(|(_, one)| oidc_file(one)).collect(),
            saml_providers: account.saml_providers.iter().map(|(_, one)| saml_file(one)).collect(),
            user_sso: sign_on::user_sso_file(account),
            applications: sign_on::application_files(account),
            installed_applications: sign_on::installed_files(account, self.state),
            projects: account.projects.iter().map(|one| project_file(account, one)).collect(),
            buckets: account.buckets.values().map(|one| bucket_file(account, one)).collect(),
            name,
        }
    }

    /// Returns keys, and the deleted keys of the user with id `owner`.
    fn keys(&self, account: &Account, ring: &KeyRing, owner: Option<u64>) -> Vec<KeyFile> {
        let one = |key: &AccessKey| {
            let (secret, public_key) = match &key.material {
                KeyMaterial::Secret(secret) => (Some(secret.reveal().to_owned()), None),
                KeyMaterial::Public(der) => (None, Some(public_key::pem(der))),
            };
            let used = self.point.told_use(key);
            KeyFile {
                id: Some(key.id.to_string()),
                secret,
                public_key,
                status: Some(key.status),
                leaked: key.leaked,
                created: created(key.created, account, self.now),
                last_used: used.as_ref().map(|used| moment(used.at, self.now)),
                last_used_service: used.filter(|used| used.product != "Ram").map(|used| used.product.into()),
                network_policy: key.network.as_ref().map(|policy| document(&policy.to_string())),
                deleted: None,
            }
        };
        let deleted = owner.into_iter().flat_map(|id| account.recycle_bin.keys_of(id, self.now));
        let deleted = deleted.map(|gone| KeyFile {
            created: Some(moment(gone.key.created, self.now)),
            deleted: Some(moment(gone.at, self.now)),
            ..one(&gone.key)
        });
        // Short-term keys are omitted: the format cannot express them.
        ring.iter().filter(|key| key.short_term.is_none()).map(one).chain(deleted).collect()
    }

    fn service_credentials(&self, account: &Account, owner: Owner) -> Vec<ServiceCredentialFile> {
        let one = |one: &ServiceCredential| ServiceCredentialFile {
            name: one.name.to_string(),
            service: one.service.to_string(),
            id: Some(one.id.to_string()),
            secret: Some(one.secret.reveal().to_owned()),
            status: (one.status != KeyStatus::Active).then_some(one.status),
            created: created(one.created, account, self.now),
            expires: one.expires.map(|at| moment(at, self.now)),
        };
        account.service_credentials(owner).iter().map(one).collect()
    }

    fn bearers(&self, place: Place) -> Vec<String> {
        self.state.bearers_of(place).map(str::to_owned).collect()
    }

    /// Returns all users, deleted ones last.
    fn users(&self, account: &Account) -> Vec<UserFile> {
        let all = account.users.iter().map(|(slot, user)| self.user(account, slot, user));
        let deleted = account.recycle_bin.users_from(0, self.now).map(|(_, gone)| UserFile {
            created: Some(moment(gone.user.created, self.now)),
            deleted: Some(moment(gone.at, self.now)),
            ..self.user(account, gone.slot, &gone.user)
        });
        all.chain(deleted).collect()
    }

    fn user(&self, account: &Account, slot: Slot, user: &User) -> UserFile {
        let (policies, resource_groups) = attached(account, Entity::User(slot));
        let groups = account.members.right_of(slot);
        let groups = groups.filter_map(|(group, _)| Some(account.group(group).ok()?.name.to_string()));
        UserFile {
            name: user.name.to_string(),
            display_name: user.details.display_name.as_ref().map(ToString::to_string),
            mobile_phone: user.details.mobile_phone.as_ref().map(|phone| phone.as_str().to_owned()),
            email: user.details.email.as_ref().map(|email| email.as_str().to_owned()),
            comments: user.details.comments.as_ref().map(ToString::to_string),
            policies,
            resource_groups,
            groups: groups.collect(),
            // Only its hash is known.
            password: None,
            login_profile: user.login.as_deref().map(login_profile),
            created: created(user.created, account, self.now),
            last_login: user.last_login.map(|at| moment(at, self.now)),
            mfa: account.device_of(slot).map(|device| mfa_file(device, user)),
            deleted: None,
            tags: tags(&user.extras().tags),
            verification: VerificationWords::of(&user.extras().verification),
            passkeys: user.extras().passkeys.iter().map(|one| self.passkey(account, one)).collect(),
            keys: self.keys(account, &user.keys, Some(user.id)),
            service_credentials: self.service_credentials(account, Owner::User(slot)),
            bearer_tokens: self.bearers(Place { uid: account.uid, owner: Owner::User(slot) }),
        }
    }

    fn passkey(&self, account: &Account, passkey: &Passkey) -> PasskeyWords {
        let created = created(passkey.created, account, self.now);
        PasskeyWords::of(passkey, created, |at| moment(at, self.now))
    }

    fn role(&self, account: &Account, slot: Slot, role: &Role) -> RoleFile {
        let is_own = role.service.is_none();
        let (policies, resource_groups) =
            if is_own { attached(account, Entity::Role(slot)) } else { Default::default() };
        let max_session = (role.max_session != DEFAULT_SESSION_SECONDS && is_own)
            .then(|| format_duration(SignedDuration::from_secs(role.max_session)));
        let here = self.state.sessions().filter(|one| one.uid == account.uid && one.role == slot);
        RoleFile {
            name: role.name.to_string(),
            description: role.description.as_ref().map(ToString::to_string),
            service: role.service.map(str::to_owned),
            trust: if is_own { short_trust(&role.trust.text, account.uid) } else { None },
            max_session,
            allow_console_login: (role.allow_console_login != is_own).then_some(role.allow_console_login),
            policies,
            resource_groups,
            tags: tags(&role.tags),
            sessions: here.map(|one| self.session(one)).collect(),
        }
    }

    fn session(&self, session: &crate::world::account::Session) -> SessionFile {
        let span = |at: Timestamp| format_duration(at.since(self.now));
        let is_apart = session.enforced_expiry != session.returned_expiry;
        SessionFile {
            name: session.name.to_string(),
            id: Some(session.id.to_string()),
            secret: Some(session.material.secret().to_owned()),
            token: Some(SecretText::reveal(&session.token).to_owned()),
            expires: Some(span(session.returned_expiry)),
            enforced_expires: is_apart.then(|| span(session.enforced_expiry)),
            policy: session.policy.as_ref().map(|policy| document(&policy.text)),
            source_identity: session.source_identity.as_ref().map(ToString::to_string),
        }
    }
}

fn policy_file(policy: &Policy) -> PolicyFile {
    let default = policy.default_version();
    let others = policy.versions().iter().filter(|version| version.number != default.number);
    let other =
        |version: &Version| VersionFile { version: version.number, document: document(&version.text) };
    PolicyFile {
        name: policy.name.to_string(),
        description: policy.description.as_ref().map(ToString::to_string),
        version: (default.number != 1).then_some(default.number),
        document: document(&default.text),
        other_versions: others.map(other).collect(),
        tags: tags(&policy.tags),
    }
}

fn system_policy_file(policy: &SystemPolicy) -> SystemPolicyFile {
    let version = &policy.version;
    SystemPolicyFile {
        name: policy.name.to_string(),
        description: policy.description.to_string(),
        version: (version.number != 1).then_some(version.number),
        document: document(&version.text),
    }
}

fn group_file(account: &Account, slot: Slot, group: &Group) -> GroupFile {
    let (policies, resource_groups) = attached(account, Entity::Group(slot));
    GroupFile {
        name: group.name.to_string(),
        display_name: group.display_name.as_ref().map(ToString::to_string),
        comments: group.comments.as_ref().map(ToString::to_string),
        policies,
        resource_groups,
    }
}

/// The name of a device is written only if it differs from the user's.
fn mfa_file(device: &MfaDevice, user: &User) -> MfaFile {
    let (name, usual) = (device.name.as_str(), user.name.as_str().replace('_', "-"));
    MfaFile { name: (name != usual).then(|| name.to_owned()), seed: device.seed.base32() }
}

/// Returns the names of attached policies: for the whole account, and for single resource groups.
fn attached(account: &Account, entity: Entity) -> (Vec<String>, BTreeMap<String, Vec<String>>) {
    let mut everywhere = Vec::new();
    let mut scoped: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (Attached { policy, group }, _) in account.attachments.right_of(entity) {
        let Some(name) = name_of(account, policy) else { continue };
        match group.map(|group| account.numbered_group(group).id.to_string()) {
            Some(group) => scoped.entry(group).or_default().push(name),
            None => everywhere.push(name),
        }
    }
    (everywhere, scoped)
}

/// Returns the name of a policy in a file: the full name of a system policy, if the account has one of that name.
fn name_of(account: &Account, policy: PolicyRef) -> Option<String> {
    let name = account.any_policy(policy).ok()?.name();
    let is_plain =
        crate::text::PolicyName::parse(name).is_ok_and(|name| account.policy_named(&name) == Ok(policy));
    Some(if is_plain { name.to_owned() } else { format!("{OF_SYSTEM}{name}") })
}

fn oidc_file(provider: &OidcProvider) -> OidcProviderFile {
    let is_built_in = provider.issuer == issuer::ISSUER;
    let keys = provider.site.keys.as_ref().map(|keys| keys.text());
    OidcProviderFile {
        name: provider.name.to_string(),
        issuer: (!is_built_in).then(|| provider.issuer.clone()),
        client_ids: provider.client_ids.clone(),
        description: provider.description.as_ref().map(ToString::to_string),
        fingerprints: provider.fingerprints.clone(),
        issuance_limit: (provider.issuance_hours != DEFAULT_ISSUANCE_HOURS)
            .then(|| format_duration(SignedDuration::from_hours(provider.issuance_hours))),
        keys: keys.filter(|keys| !is_built_in || *keys != issuer::jwks()).map(document),
        certificate: provider.site.fingerprint.clone(),
        trusted: provider.site.trusted,
    }
}

fn bucket_file(account: &Account, bucket: &Bucket) -> BucketFile {
    BucketFile {
        name: bucket.name.to_string(),
        region: (bucket.region != DEFAULT_REGION).then(|| bucket.region.to_string()),
        acl: bucket.acl,
        storage_class: bucket.storage,
        redundancy: bucket.redundancy,
        resource_group: grouping::group_word(account, bucket.group),
    }
}

fn saml_file(provider: &SamlProvider) -> SamlProviderFile {
    let is_built_in = *provider.text == issuer::saml_metadata(issuer::ENTITY);
    SamlProviderFile {
        name: provider.name.to_string(),
        metadata: (!is_built_in).then(|| provider.text.to_string()),
        description: provider.description.as_ref().map(ToString::to_string),
        authn_sign_algo: provider.sign_algo,
        readable: provider.metadata.is_ok(),
    }
}
