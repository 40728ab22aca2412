//! Plants what an account has inside: policies, groups, users, roles and their sessions.

use crate::scenario::file::{AccountFile, GroupFile, PolicyFile, RoleFile, SessionFile, UserFile};
use crate::scenario::providers::{plant_oidc, plant_saml};
use crate::scenario::seed::{At, Misfit, describe, plant_keys};
use crate::text::{
    AccountAlias, GroupName, Password, PolicyName, RoleName, RoleSuffix, SecretText, Tag, Uid, UserName,
    parse_duration,
};
use crate::world::account::system::Service;
use crate::world::account::{
    Entity, LoginChange, Owner, Place, Policy, Quotas, RoleChange, SessionPolicy, Tags, Trust, UserDetails,
    Version,
};
use crate::world::register::Slot;
use crate::world::{NewRole, NewSession, Tx};
use jiff::SignedDuration;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Plants it all. What is named must stand before it is named: policies, groups, users, roles.
pub(super) fn plant(file: &AccountFile, at: &At, uid: Uid, tx: &mut Tx<'_>) -> Result<(), Misfit> {
    if let Some(alias) = at.read_option::<AccountAlias>("alias", file.alias.as_ref())? {
        tx.set_alias(uid, Some(alias)).map_err(|refusal| at.field("alias").refused(refusal))?;
    }
    for (index, policy) in file.policies.iter().enumerate() {
        plant_policy(policy, &at.item("policies", index), uid, tx)?;
    }
    for (index, group) in file.groups.iter().enumerate() {
        plant_group(group, &at.item("groups", index), uid, tx)?;
    }
    for (index, user) in file.users.iter().enumerate() {
        plant_user(user, &at.item("users", index), uid, tx)?;
    }
    for (index, role) in file.roles.iter().enumerate() {
        plant_role(role, &at.item("roles", index), uid, tx)?;
    }
    for (index, provider) in file.oidc_providers.iter().enumerate() {
        plant_oidc(provider, &at.item("oidcProviders", index), uid, tx)?;
    }
    for (index, provider) in file.saml_providers.iter().enumerate() {
        plant_saml(provider, &at.item("samlProviders", index), uid, tx)?;
    }
    Ok(())
}

/// A document as a client would send it: a text stays as it is, a mapping becomes JSON.
pub(super) fn document(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        mapping => mapping.to_string(),
    }
}

fn plant_policy(file: &PolicyFile, at: &At, uid: Uid, tx: &mut Tx<'_>) -> Result<(), Misfit> {
    let now = tx.now;
    let mut numbers = BTreeSet::new();
    let mut version = |at: &At, number: u32, value: &Value| {
        if number == 0 || !numbers.insert(number) {
            return Err(at.field("version").wrong(format!("`{number}` is 0 or another version's number")));
        }
        Version::new(number, &document(value), now).map_err(|why| at.field("document").wrong(why.to_string()))
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
    account.add_policy(policy, &quotas).map(drop).map_err(refused)
}

fn tags(file: &BTreeMap<String, String>, at: &At, quotas: &Quotas) -> Result<Tags, Misfit> {
    let mut tags = Tags::default();
    for (key, value) in file {
        let tag = Tag(at.read("tags", key)?, at.read("tags", value)?);
        tags.set(&[tag], quotas.tags_each).map_err(|refusal| at.field("tags").refused(refusal))?;
    }
    Ok(tags)
}

/// What a policy is called in a file that names one of the system's although the account has one of that name.
pub(super) const OF_SYSTEM: &str = "acs:ram::system:policy/";

/// Attaches policies by name: the account's own wins over the system's.
fn attach(
    (names, scoped): (&[String], &BTreeMap<String, Vec<String>>),
    entity: Entity,
    at: &At,
    uid: Uid,
    tx: &mut Tx<'_>,
) -> Result<(), Misfit> {
    let now = tx.now;
    let (account, quotas) = tx.account_of(uid).map_err(|refusal| at.refused(refusal))?;
    let mut attach = |name: &str, group: Option<&str>, place: &At| {
        let of_system = name.strip_prefix(OF_SYSTEM);
        let name: PolicyName = at.read("policies", of_system.unwrap_or(name))?;
        let found = match of_system {
            Some(_) => account.policy_ref(&name, true),
            None => account.policy_named(&name),
        };
        let policy = found.map_err(|_| {
            place.wrong(format!("`{name}` is neither a policy of this account nor a system policy"))
        })?;
        account.attach(entity, policy, group, now, &quotas).map_err(|refusal| place.refused(refusal))
    };
    for (index, name) in names.iter().enumerate() {
        attach(name, None, &at.item("policies", index))?;
    }
    for (group, names) in scoped {
        for (index, name) in names.iter().enumerate() {
            attach(name, Some(group), &at.field("resourceGroups").item(group, index))?;
        }
    }
    Ok(())
}

fn plant_group(file: &GroupFile, at: &At, uid: Uid, tx: &mut Tx<'_>) -> Result<(), Misfit> {
    let name = at.read("name", &file.name)?;
    let comments = at.read_option("comments", file.comments.as_ref())?;
    let slot = tx.add_group(uid, name, comments).map_err(|refusal| at.refused(refusal))?;
    attach((&file.policies, &file.resource_groups), Entity::Group(slot), at, uid, tx)
}

fn plant_user(file: &UserFile, at: &At, uid: Uid, tx: &mut Tx<'_>) -> Result<(), Misfit> {
    let refused = |refusal| at.refused(refusal);
    let details = UserDetails {
        display_name: at.read_option("displayName", file.display_name.as_ref())?,
        mobile_phone: at.read_option("mobilePhone", file.mobile_phone.as_ref())?,
        email: at.read_option("email", file.email.as_ref())?,
        comments: at.read_option("comments", file.comments.as_ref())?,
    };
    let name: UserName = at.read("name", &file.name)?;
    let slot = tx.add_user(uid, name, details).map_err(refused)?;
    let place = Place { uid, owner: Owner::User(slot) };
    plant_keys(&file.keys, at, place, tx)?;
    for token in &file.bearer_tokens {
        tx.add_bearer(token, place);
    }
    let now = tx.now;
    let (account, quotas) = tx.account_of(uid).map_err(refused)?;
    for (index, name) in file.groups.iter().enumerate() {
        let group: GroupName = at.read("groups", name)?;
        let place = at.item("groups", index);
        let group = account.group_slot(&group).map_err(|refusal| place.refused(refusal))?;
        account.join(slot, group, now, &quotas).map_err(|refusal| place.refused(refusal))?;
    }
    if let Some(password) = at.read_option::<Password>("password", file.password.as_ref())? {
        let change =
            LoginChange { password: Some(password), mfa_bind_required: None, password_reset_required: None };
        account.add_login(slot, change, now).map_err(|refusal| at.field("password").refused(refusal))?;
    }
    attach((&file.policies, &file.resource_groups), Entity::User(slot), at, uid, tx)
}

fn plant_role(file: &RoleFile, at: &At, uid: Uid, tx: &mut Tx<'_>) -> Result<(), Misfit> {
    let slot = match &file.service {
        None => plant_own_role(file, at, uid, tx)?,
        Some(service) => plant_linked_role(service, file, at, uid, tx)?,
    };
    for (index, session) in file.sessions.iter().enumerate() {
        plant_session(session, &at.item("sessions", index), uid, slot, tx)?;
    }
    Ok(())
}

/// A service-linked role, whose name tells its suffix.
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
        trust: Trust::parse(&trust).map_err(|why| at.field("trust").wrong(why.to_string()))?,
        max_session: span(at, "maxSession", file.max_session.as_ref())?.map(|span| span.as_secs()),
        allow_console_login: file.allow_console_login.unwrap_or(true),
        service: None,
        tags: tags(&file.tags, at, &tx.state().quotas)?,
    };
    if new.max_session.is_some_and(|seconds| !(3600..=43200).contains(&seconds)) {
        return Err(at.field("maxSession").wrong("a session lasts between 1h and 12h"));
    }
    let slot = tx.add_role(uid, new).map_err(|refusal| at.refused(refusal))?;
    attach((&file.policies, &file.resource_groups), Entity::Role(slot), at, uid, tx)?;
    Ok(slot)
}

/// A trust policy from its short form: names such as `root` and `user/dev` are the account's own.
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
    text.map(|text| parse_duration(text).map_err(|flaw| at.field(name).wrong(describe(text, flaw))))
        .transpose()
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
