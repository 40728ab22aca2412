//! Plants what an account has inside: policies, groups, users, roles and their sessions.

use crate::scenario::file::{AccountFile, GroupFile, PolicyFile, RoleFile, SessionFile, UserFile};
use crate::scenario::providers::{plant_oidc, plant_saml};
use crate::scenario::seed::{At, Misfit, describe, plant_keys};
use crate::text::{
    AccountAlias, GroupName, Password, PolicyName, RoleName, SecretText, Uid, UserName, parse_duration,
};
use crate::world::account::{Entity, LoginChange, Owner, Place, Policy, Tags, Trust, UserDetails, Version};
use crate::world::register::Slot;
use crate::world::{NewRole, NewSession, Tx};
use jiff::SignedDuration;
use serde_json::{Value, json};

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
    let first = Version::new(1, &document(&file.document), now)
        .map_err(|why| at.field("document").wrong(why.to_string()))?;
    let name = at.read("name", &file.name)?;
    let policy = Policy::new(name, at.read_option("description", file.description.as_ref())?, first, now);
    let (account, quotas) = tx.account_of(uid).map_err(|refusal| at.refused(refusal))?;
    account.add_policy(policy, &quotas).map(drop).map_err(|refusal| at.refused(refusal))
}

/// Attaches policies by name: the account's own wins over the system's.
fn attach(names: &[String], entity: Entity, at: &At, uid: Uid, tx: &mut Tx<'_>) -> Result<(), Misfit> {
    let now = tx.now;
    for (index, name) in names.iter().enumerate() {
        let place = at.item("policies", index);
        let name: PolicyName = at.read("policies", name)?;
        let (account, quotas) = tx.account_of(uid).map_err(|refusal| place.refused(refusal))?;
        let policy = account.policy_named(&name).map_err(|_| {
            place.wrong(format!("`{name}` is neither a policy of this account nor a system policy"))
        })?;
        account.attach(entity, policy, None, now, &quotas).map_err(|refusal| place.refused(refusal))?;
    }
    Ok(())
}

fn plant_group(file: &GroupFile, at: &At, uid: Uid, tx: &mut Tx<'_>) -> Result<(), Misfit> {
    let name = at.read("name", &file.name)?;
    let comments = at.read_option("comments", file.comments.as_ref())?;
    let slot = tx.add_group(uid, name, comments).map_err(|refusal| at.refused(refusal))?;
    attach(&file.policies, Entity::Group(slot), at, uid, tx)
}

fn plant_user(file: &UserFile, at: &At, uid: Uid, tx: &mut Tx<'_>) -> Result<(), Misfit> {
    let refused = |refusal| at.refused(refusal);
    let details = UserDetails {
        display_name: at.read_option("displayName", file.display_name.as_ref())?,
        ..UserDetails::default()
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
    attach(&file.policies, Entity::User(slot), at, uid, tx)
}

fn plant_role(file: &RoleFile, at: &At, uid: Uid, tx: &mut Tx<'_>) -> Result<(), Misfit> {
    let name: RoleName = at.read("name", &file.name)?;
    let trust = trust(file.trust.as_ref(), uid);
    let new = NewRole {
        name,
        description: at.read_option("description", file.description.as_ref())?,
        trust: Trust::parse(&trust).map_err(|why| at.field("trust").wrong(why.to_string()))?,
        max_session: span(at, "maxSession", file.max_session.as_ref())?.map(|span| span.as_secs()),
        allow_console_login: true,
        service: None,
        tags: Tags::default(),
    };
    if new.max_session.is_some_and(|seconds| !(3600..=43200).contains(&seconds)) {
        return Err(at.field("maxSession").wrong("a session lasts between 1h and 12h"));
    }
    let slot = tx.add_role(uid, new).map_err(|refusal| at.refused(refusal))?;
    attach(&file.policies, Entity::Role(slot), at, uid, tx)?;
    for (index, session) in file.sessions.iter().enumerate() {
        plant_session(session, &at.item("sessions", index), uid, slot, tx)?;
    }
    Ok(())
}

/// A trust policy from its short form: names such as `root` and `user/dev` are the account's own.
fn trust(value: Option<&Value>, uid: Uid) -> String {
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
    let new = NewSession {
        name: file.name.as_str().into(),
        policy: None,
        source_identity: None,
        returned_expiry: tx.now.plus(returned),
        enforced_expiry: enforced.map(|span| tx.now.plus(span)),
        id: at.read_option("id", file.id.as_ref())?,
        secret: file.secret.as_deref().map(SecretText::new),
        token: file.token.as_deref().map(SecretText::new),
    };
    tx.add_session(uid, role, new).map(drop).map_err(|refusal| at.refused(refusal))
}
