//! Plants the identities of an account: policies, groups, users, roles and their sessions.

use crate::scenario::file::{
    AccountFile, GroupFile, MfaFile, PolicyFile, RoleFile, SessionFile, SystemPolicyFile, UserFile,
};
use crate::scenario::misfit::{At, Misfit, Misfits};
use crate::scenario::problem::{advice, nearest};
use crate::scenario::products;
use crate::scenario::providers::{plant_oidc, plant_saml};
use crate::scenario::seed::{by_deletion, plant_keys, plant_service_credentials};
use crate::text::{
    GroupName, MfaName, Password, PolicyName, RoleName, RoleSuffix, Scalar, SecretText, Tag, Timestamp, Uid,
    UserName, parse_duration, usual_mobile,
};
use crate::world::account::system::Service;
use crate::world::account::{
    Entity, MfaDevice, Owner, Place, Policy, RoleChange, Seed, SessionPolicy, SystemPolicy, Tags, Trust,
    UserDetails, Version,
};
use crate::world::register::Slot;
use crate::world::settings::Quotas;
use crate::world::{NewRole, NewSession, Tx, delete_user_in_past, tell_user};
use jiff::SignedDuration;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Plants all identities, in the order of their references: policies, groups, users, roles.
pub(super) fn plant(file: &AccountFile, at: &At, uid: Uid, tx: &mut Tx<'_>, misfits: &mut Misfits) {
    misfits.note(plant_alias(file, at, uid, tx));
    for (index, policy) in file.policies.iter().enumerate() {
        if misfits.is_full() {
            return;
        }
        misfits.note(plant_policy(policy, &at.item("policies", index), uid, tx));
    }
    for (index, group) in file.groups.iter().enumerate() {
        if misfits.is_full() {
            return;
        }
        let at = at.item("groups", index);
        if let Some(slot) = misfits.note(plant_group(group, &at, uid, tx)) {
            attach(&group.policies, &group.resource_groups, Entity::Group(slot), &at, uid, tx, misfits);
        }
    }
    for (index, user, _) in by_deletion(&file.users, |user| user.deleted, tx.now) {
        if misfits.is_full() {
            return;
        }
        plant_user(user, &at.item("users", index), uid, tx, misfits);
    }
    for (index, role) in file.roles.iter().enumerate() {
        if misfits.is_full() {
            return;
        }
        let at = at.item("roles", index);
        let Some(slot) = misfits.note(plant_role(role, &at, uid, tx)) else { continue };
        if role.service.is_none() {
            attach(&role.policies, &role.resource_groups, Entity::Role(slot), &at, uid, tx, misfits);
        }
        for (index, session) in role.sessions.iter().enumerate() {
            if misfits.is_full() {
                return;
            }
            misfits.note(plant_session(session, &at.item("sessions", index), uid, slot, tx));
        }
    }
    for (index, provider) in file.oidc_providers.iter().enumerate() {
        if misfits.is_full() {
            return;
        }
        misfits.note(plant_oidc(provider, &at.item("oidcProviders", index), uid, tx));
    }
    for (index, provider) in file.saml_providers.iter().enumerate() {
        if misfits.is_full() {
            return;
        }
        misfits.note(plant_saml(provider, &at.item("samlProviders", index), uid, tx));
    }
    products::plant(file, at, uid, tx, misfits);
}

fn plant_alias(file: &AccountFile, at: &At, uid: Uid, tx: &mut Tx<'_>) -> Result<(), Misfit> {
    if file.alias.is_some() {
        tx.set_alias(uid, file.alias.clone()).map_err(|refusal| at.field("alias").refused(refusal))?;
    }
    Ok(())
}

/// Returns a document as a client would send it: a text is unchanged, a mapping becomes JSON.
pub(super) fn document(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        mapping => mapping.to_string(),
    }
}

/// Declares system policies.
pub(super) fn plant_system_policies(files: &[SystemPolicyFile], tx: &mut Tx<'_>, misfits: &mut Misfits) {
    let mut all: Vec<SystemPolicy> = Vec::new();
    for (index, file) in files.iter().enumerate() {
        let policy = system_policy(file, &At::top().item("systemPolicies", index), &all, tx.now);
        all.extend(misfits.note(policy));
    }
    tx.set_system_policies(all);
}

fn system_policy(
    file: &SystemPolicyFile,
    at: &At,
    before: &[SystemPolicy],
    now: Timestamp,
) -> Result<SystemPolicy, Misfit> {
    let name: PolicyName = at.read("name", &file.name)?;
    let name = name.as_str();
    if before.iter().any(|policy| &*policy.name == name) {
        return Err(at
            .field("name")
            .wrong(format!("another system policy before this one is named `{name}`")));
    }
    let version = version(at, file.version.unwrap_or(1), &file.document, now)?;
    let description = file.description.as_str().into();
    Ok(SystemPolicy { name: name.into(), description, created: now, updated: now, version })
}

fn version(at: &At, number: u32, value: &Value, now: Timestamp) -> Result<Version, Misfit> {
    if number == 0 {
        return Err(at.field("version").wrong("`0` is no version number: the first is 1"));
    }
    Version::new(number, &document(value), now)
        .map_err(|why| at.field("document").wrong(format!("it is refused as the API refuses it: {why}")))
}

fn plant_policy(file: &PolicyFile, at: &At, uid: Uid, tx: &mut Tx<'_>) -> Result<(), Misfit> {
    let now = tx.now;
    let mut numbers = BTreeSet::new();
    let mut version = |at: &At, number: u32, value: &Value| {
        if !numbers.insert(number) {
            return Err(at.field("version").wrong(format!("`{number}` is another version's number")));
        }
        self::version(at, number, value, now)
    };
    let default = version(at, file.version.unwrap_or(1), &file.document)?;
    let others = file.other_versions.iter().enumerate();
    let others =
        others.map(|(index, one)| version(&at.item("otherVersions", index), one.version, &one.document));
    let others = others.collect::<Result<Vec<_>, _>>()?;
    let name = at.read("name", &file.name)?;
    let description = at.read_option("description", file.description.as_ref())?;
    let refused = |refusal| at.refused(refusal);
    let (account, quotas) = tx.account_of(uid).map_err(refused)?;
    let policy = Policy::new(name, description, default, now).with_versions(others, &quotas);
    let mut policy = policy.map_err(refused)?;
    policy.tags = tags(&file.tags, at, &quotas)?;
    account.add_policy(policy, &quotas).map(drop).map_err(|refusal| at.field("name").refused_name(refusal))
}

fn tags(file: &BTreeMap<String, String>, at: &At, quotas: &Quotas) -> Result<Tags, Misfit> {
    let mut tags = Tags::default();
    for (key, value) in file {
        let tag = Tag(at.read("tags", key)?, at.read("tags", value)?);
        tags.set(&[tag], quotas.tags_each).map_err(|refusal| at.field("tags").refused(refusal))?;
    }
    Ok(tags)
}

/// Prefix of a system policy in a file, if the account has a policy with the same name.
pub(super) const OF_SYSTEM: &str = "acs:ram::system:policy/";

/// Attaches policies by name. A policy of the account comes before a system policy.
fn attach(
    names: &[String],
    scoped: &BTreeMap<String, Vec<String>>,
    entity: Entity,
    at: &At,
    uid: Uid,
    tx: &mut Tx<'_>,
    misfits: &mut Misfits,
) {
    for (index, name) in names.iter().enumerate() {
        if misfits.is_full() {
            return;
        }
        misfits.note(attach_one(name, None, entity, &at.item("policies", index), uid, tx));
    }
    for (group, names) in scoped {
        for (index, name) in names.iter().enumerate() {
            if misfits.is_full() {
                return;
            }
            let at = at.field("resourceGroups").item(group, index);
            misfits.note(attach_one(name, Some(group), entity, &at, uid, tx));
        }
    }
}

fn attach_one(
    name: &str,
    group: Option<&str>,
    entity: Entity,
    at: &At,
    uid: Uid,
    tx: &mut Tx<'_>,
) -> Result<(), Misfit> {
    let now = tx.now;
    let of_system = name.strip_prefix(OF_SYSTEM);
    let name: PolicyName = at.value(of_system.unwrap_or(name))?;
    let (account, quotas) = tx.account_of(uid).map_err(|refusal| at.refused(refusal))?;
    let found =
        if of_system.is_some() { account.policy_ref(&name, true) } else { account.policy_named(&name) };
    let policy = found.map_err(|_| {
        let own = account.policies.iter().map(|(_, policy)| policy.name.as_str());
        let near = nearest(name.as_str(), own.chain(account.system_names()));
        let near = near.map_or_else(String::new, |near| format!(", did you mean `{near}`?"));
        at.wrong(format!("`{name}` is neither a policy of this account nor a system policy{near}"))
    })?;
    account.attach(entity, policy, group, now, &quotas).map_err(|refusal| at.refused(refusal))
}

fn plant_group(file: &GroupFile, at: &At, uid: Uid, tx: &mut Tx<'_>) -> Result<Slot, Misfit> {
    let name = at.read("name", &file.name)?;
    let display_name = at.read_option("displayName", file.display_name.as_ref())?;
    let comments = at.read_option("comments", file.comments.as_ref())?;
    tx.add_group(uid, name, display_name, comments).map_err(|refusal| at.field("name").refused_name(refusal))
}

fn plant_user(file: &UserFile, at: &At, uid: Uid, tx: &mut Tx<'_>, misfits: &mut Misfits) {
    let mobile = file.mobile_phone.as_deref().map(|text| usual_mobile(text).to_string());
    let details = UserDetails {
        display_name: misfits.note(at.read_option("displayName", file.display_name.as_ref())).flatten(),
        mobile_phone: misfits.note(at.read_option("mobilePhone", mobile.as_ref())).flatten(),
        email: misfits.note(at.read_option("email", file.email.as_ref())).flatten(),
        comments: misfits.note(at.read_option("comments", file.comments.as_ref())).flatten(),
    };
    let Some(name) = misfits.note(at.read::<UserName>("name", &file.name)) else { return };
    let added = tx.add_user(uid, name, details).map_err(|refusal| at.field("name").refused_name(refusal));
    let Some(slot) = misfits.note(added) else { return };
    let place = Place { uid, owner: Owner::User(slot) };
    plant_keys(&file.keys, file.deleted, at, place, tx, misfits);
    plant_service_credentials(&file.service_credentials, at, place, tx, misfits);
    for token in &file.bearer_tokens {
        tx.add_bearer(token, place);
    }
    for (index, name) in file.groups.iter().enumerate() {
        if misfits.is_full() {
            return;
        }
        misfits.note(join(name, slot, &at.item("groups", index), uid, tx));
    }
    misfits.note(plant_login(file, slot, at, uid, tx));
    let told = tell_user(uid, slot, [file.created, file.last_login], tx);
    misfits.note(told.map_err(|why| at.not_done(why)));
    if let Some(profile) = &file.login_profile {
        misfits.note(profile.tell(uid, slot, tx).map_err(|why| at.field("loginProfile").not_done(why)));
    }
    if let Some(mfa) = &file.mfa {
        misfits.note(plant_mfa(mfa, file, slot, &at.field("mfa"), uid, tx));
    }
    misfits.note(plant_extras(file, slot, at, uid, tx));
    for (index, passkey) in file.passkeys.iter().enumerate() {
        if misfits.is_full() {
            return;
        }
        let at = at.item("passkeys", index);
        misfits.note(passkey.add(uid, slot, tx).map_err(|why| at.not_done(why)));
    }
    attach(&file.policies, &file.resource_groups, Entity::User(slot), at, uid, tx, misfits);
    if let Some(deleted) = file.deleted {
        misfits.note(delete_user_in_past(uid, slot, deleted, tx).map_err(|why| at.not_done(why)));
    }
}

/// Sets tags and verified contacts, if the user has any.
fn plant_extras(file: &UserFile, user: Slot, at: &At, uid: Uid, tx: &mut Tx<'_>) -> Result<(), Misfit> {
    if !file.tags.is_empty() {
        let (account, quotas) = tx.account_of(uid).map_err(|refusal| at.refused(refusal))?;
        let tags = tags(&file.tags, at, &quotas)?;
        account.extras_mut(user).map_err(|refusal| at.refused(refusal))?.tags = tags;
    }
    let Some(words) = &file.verification else { return Ok(()) };
    words.tell(uid, user, tx).map_err(|why| at.field("verification").not_done(why))
}

fn join(name: &str, user: Slot, at: &At, uid: Uid, tx: &mut Tx<'_>) -> Result<(), Misfit> {
    let now = tx.now;
    let group: GroupName = at.value(name)?;
    let (account, quotas) = tx.account_of(uid).map_err(|refusal| at.refused(refusal))?;
    let group = account.group_slot(&group).map_err(|_| {
        let names: Vec<_> = account.groups.iter().map(|(_, group)| group.name.as_str()).collect();
        at.wrong(format!("`{name}` is no group of this account{}", advice(name, names)))
    })?;
    account.join(user, group, now, &quotas).map_err(|refusal| at.refused(refusal))
}

fn plant_login(file: &UserFile, user: Slot, at: &At, uid: Uid, tx: &mut Tx<'_>) -> Result<(), Misfit> {
    if file.password.is_none() && file.login_profile.is_none() {
        return Ok(());
    }
    let password = at.read_option::<Password>("password", file.password.as_ref())?;
    let change = file.login_profile.clone().unwrap_or_default().change(password);
    let at = at.field("password");
    let now = tx.now;
    let (account, _) = tx.account_of(uid).map_err(|refusal| at.refused(refusal))?;
    account.add_login(user, change, now).map(drop).map_err(|refusal| at.refused(refusal))
}

/// Binds an MFA device to the user from the start.
fn plant_mfa(
    file: &MfaFile,
    user: &UserFile,
    slot: Slot,
    at: &At,
    uid: Uid,
    tx: &mut Tx<'_>,
) -> Result<(), Misfit> {
    let name = match &file.name {
        Some(name) => at.read::<MfaName>("name", name)?,
        None => MfaName::parse(&user.name.replace('_', "-"))
            .map_err(|_| at.wrong("its name is made from the user's, which cannot be one: give a `name`"))?,
    };
    let seed = Seed::from_base32(&file.seed).ok_or_else(|| {
        let what = "a seed is Base32: 16 to 64 of the letters A to Z and the digits 2 to 7, with or without `=` at the end";
        at.field("seed").wrong(what)
    })?;
    let now = tx.now;
    let (account, quotas) = tx.account_of(uid).map_err(|refusal| at.refused(refusal))?;
    let device = MfaDevice { name, seed, bound: None };
    let device = account.add_device(device, &quotas).map_err(|refusal| at.field("name").refused(refusal))?;
    let codes = [seed.code(now.plus_millis(-30_000)), seed.code(now)];
    account.bind_device(slot, device, codes, now).map_err(|refusal| at.refused(refusal))
}

fn plant_role(file: &RoleFile, at: &At, uid: Uid, tx: &mut Tx<'_>) -> Result<Slot, Misfit> {
    match &file.service {
        None => plant_own_role(file, at, uid, tx),
        Some(service) => plant_linked_role(service, file, at, uid, tx),
    }
}

/// Plants a service-linked role; its suffix is read from its name.
fn plant_linked_role(
    service: &str,
    file: &RoleFile,
    at: &At,
    uid: Uid,
    tx: &mut Tx<'_>,
) -> Result<Slot, Misfit> {
    let known = Service::named(service)
        .ok_or_else(|| at.field("service").wrong(format!("no service `{service}` has roles")))?;
    let suffix = file.name.strip_prefix(known.role).ok_or_else(|| {
        at.field("name")
            .wrong(format!("the role of `{service}` is `{}`, or that with `_` and a suffix", known.role))
    })?;
    let suffix = suffix.strip_prefix('_').map(|suffix| at.read::<RoleSuffix>("name", suffix)).transpose()?;
    let decided = [
        ("trust", file.trust.is_some()),
        ("maxSession", file.max_session.is_some()),
        ("policies", !file.policies.is_empty()),
        ("resourceGroups", !file.resource_groups.is_empty()),
    ];
    if let Some((name, _)) = decided.into_iter().find(|(_, is_given)| *is_given) {
        return Err(at.field(name).wrong("the service of a service-linked role decides about that"));
    }
    let description = at.read_option("description", file.description.as_ref())?;
    let slot = tx.add_linked_role(uid, known, suffix, description).map_err(|refusal| at.refused(refusal))?;
    let now = tx.now;
    let (account, quotas) = tx.account_of(uid).map_err(|refusal| at.refused(refusal))?;
    let role = account.roles.get_mut(slot).expect("it was just added");
    role.tags = tags(&file.tags, at, &quotas)?;
    let change = RoleChange { allow_console_login: file.allow_console_login, ..RoleChange::default() };
    account.update_role(slot, change, now).map_err(|refusal| at.refused(refusal))?;
    Ok(slot)
}

fn plant_own_role(file: &RoleFile, at: &At, uid: Uid, tx: &mut Tx<'_>) -> Result<Slot, Misfit> {
    let name: RoleName = at.read("name", &file.name)?;
    let trust = trust(file.trust.as_ref(), uid);
    let new = NewRole {
        name,
        description: at.read_option("description", file.description.as_ref())?,
        trust: Trust::parse(&trust)
            .map_err(|why| at.field("trust").wrong(format!("it is refused as the API refuses it: {why}")))?,
        max_session: span(at, "maxSession", file.max_session.as_ref())?.map(|span| span.as_secs()),
        allow_console_login: file.allow_console_login.unwrap_or(true),
        service: None,
        tags: tags(&file.tags, at, &tx.state().quotas)?,
    };
    if new.max_session.is_some_and(|seconds| !(3600..=43200).contains(&seconds)) {
        return Err(at.field("maxSession").wrong("a session lasts between 1h and 12h"));
    }
    tx.add_role(uid, new).map_err(|refusal| at.field("name").refused_name(refusal))
}

/// Builds a trust policy from its short form; names such as `root` and `user/dev` belong to the account.
pub(super) fn trust(value: Option<&Value>, uid: Uid) -> String {
    let everybody = json!({"RAM": ["root"]});
    let value = value.unwrap_or(&everybody);
    let Value::Object(kinds) = value else { return document(value) };
    if kinds.contains_key("Statement") {
        return document(value);
    }
    let full = |name: &Value| match name.as_str() {
        Some(name) if !name.starts_with("acs:") && name != "*" => json!(format!("acs:ram::{uid}:{name}")),
        _ => name.clone(),
    };
    let principals = kinds.iter().map(|(kind, names)| {
        let names = match names {
            one if kind == "Service" => one.clone(),
            Value::Array(names) => names.iter().map(full).collect(),
            one => full(one),
        };
        (kind.clone(), names)
    });
    let principals: serde_json::Map<_, _> = principals.collect();
    json!({
        "Statement": [{"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": principals}],
        "Version": "1",
    })
    .to_string()
}

pub(super) fn span(at: &At, name: &str, text: Option<&String>) -> Result<Option<SignedDuration>, Misfit> {
    let read =
        |text: &String| parse_duration(text).map_err(|why| at.field(name).wrong(format!("`{text}` {why}")));
    text.map(read).transpose()
}

fn plant_session(file: &SessionFile, at: &At, uid: Uid, role: Slot, tx: &mut Tx<'_>) -> Result<(), Misfit> {
    let returned = span(at, "expires", file.expires.as_ref())?.unwrap_or(SignedDuration::from_hours(1));
    let enforced = span(at, "enforcedExpires", file.enforced_expires.as_ref())?;
    let policy = file.policy.as_ref().map(|policy| {
        SessionPolicy::parse(&document(policy)).map_err(|why| at.field("policy").wrong(why.to_string()))
    });
    let new = NewSession {
        name: file.name.as_str().into(),
        policy: policy.transpose()?,
        source_identity: file.source_identity.as_deref().map(Into::into),
        returned_expiry: tx.now.plus(returned),
        enforced_expiry: enforced.map(|span| tx.now.plus(span)),
        id: at.read_option("id", file.id.as_ref())?,
        secret: file.secret.as_deref().map(SecretText::new),
        token: file.token.as_deref().map(SecretText::new),
    };
    tx.add_session(uid, role, new).map(drop).map_err(|refusal| at.refused(refusal))
}
