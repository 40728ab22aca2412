//! Plants a scenario in a world, with the same functions as services and the control API.

use crate::policy::NetworkPolicy;
use crate::scenario::file::{AccountFile, File, KeyFile, ServiceCredentialFile};
use crate::scenario::grouping;
use crate::scenario::life::HAVANA_ID;
use crate::scenario::misfit::{At, Misfit, Misfits};
use crate::scenario::problem::advice;
use crate::scenario::{directories, identities, life, public_key, sign_on};
use crate::text::{LoginName, Moment, SecretText, ServiceName, Timestamp, Uid};
use crate::world::account::{KeyMaterial, KeyStatus, Owner, Place, Profile, SecurityPreference};
use crate::world::machine::MachineSettings;
use crate::world::{Due, Event, KeyPast, NewServiceCredential, NotDone, Refusal, Tx, delete_key_in_past};
use compact_str::CompactString;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Maximum number of keys of one owner, regardless of quotas: each change copies them.
const MOST_KEYS: usize = 1000;

/// Plants a file, or returns all its errors.
pub(super) fn plant(file: &File, tx: &mut Tx<'_>) -> Result<(), Misfits> {
    let mut misfits = Misfits::default();
    tx.set_quotas(file.quotas);
    if let Some(enforcement) = file.permissions {
        tx.set_enforcement(enforcement);
    }
    tx.set_propagation(file.propagation);
    tx.set_session_expiry(file.session_expiry);
    tx.set_stubs(file.stubs.clone());
    identities::plant_system_policies(&file.system_policies, tx, &mut misfits);
    tx.set_hosts(file.hosts.clone());
    tx.set_vpcs(file.vpcs.clone());
    for (field, why) in file.account_rules.flaws() {
        misfits.add([At::top().field("accountRules").field(field).wrong(why)]);
    }
    tx.set_rules(file.account_rules.clone());
    tx.set_gates(file.gates.clone());
    let (mut named, mut seen) = (BTreeMap::new(), BTreeSet::new());
    for (index, account) in file.accounts.iter().enumerate() {
        if misfits.is_full() {
            return misfits.done();
        }
        let at = At::top().item("accounts", index);
        if !seen.insert(account.name.as_str()) {
            let message = format!("another account before this one is named `{}`", account.name);
            misfits.add([at.field("name").wrong(message)]);
            continue;
        }
        if let Some(uid) = plant_account(account, &at, tx, &named, &mut misfits) {
            named.insert(account.name.clone(), uid);
        }
    }
    for (index, account) in file.accounts.iter().enumerate() {
        let at = At::top().item("accounts", index);
        sign_on::plant_installed(account, &at, &named, tx, &mut misfits);
    }
    directories::plant(&file.directories, &named, tx, &mut misfits);
    if let Some(instance) = &file.instance {
        misfits.note(plant_instance(instance, tx));
    }
    for (index, due) in file.timeline.iter().enumerate() {
        if misfits.is_full() {
            break;
        }
        let at = At::top().item("timeline", index);
        if let Some(when) = misfits.note(due_at(due, tx.now, &at)) {
            tx.later(when, Event::Command(Arc::new(due.r#do.clone())));
        }
    }
    misfits.done()
}

fn plant_instance(file: &MachineSettings, tx: &mut Tx<'_>) -> Result<(), Misfit> {
    let at = At::top().field("instance");
    tx.set_machine(file.clone()).map_err(|why| match why {
        NotDone::Unfit(unfit) => at.field(unfit.word).wrong(unfit.why),
        NotDone::Refused(refusal @ Refusal::NoSuchRole) => at.field("roles").refused(refusal),
        NotDone::Refused(refusal @ Refusal::NoSuchAccount) if file.account.is_some() => {
            at.field("account").refused(refusal)
        }
        why => at.wrong(why.to_string()),
    })
}

/// Returns the due time of a timeline entry.
pub(super) fn due_at(due: &Due, start: Timestamp, at: &At) -> Result<Timestamp, Misfit> {
    due.at(start).ok_or_else(|| {
        at.field("at").wrong(format!(
            "`{}` is neither a span from the start such as +5s nor a time such as 2026-01-01T00:00:00Z",
            due.at
        ))
    })
}

/// Plants an account and its contents. After an error, continues with everything that does not depend on it.
fn plant_account(
    file: &AccountFile,
    at: &At,
    tx: &mut Tx<'_>,
    named: &BTreeMap<String, Uid>,
    misfits: &mut Misfits,
) -> Option<Uid> {
    let details = file.details.iter().filter(|(name, _)| *name != HAVANA_ID);
    let login_name = misfits.note(login_name(file, at));
    let login_name = login_name.unwrap_or_else(|| tx.free_login_name("misfit"));
    let profile = Profile {
        email: file.email.clone(),
        mobile: file.mobile.clone(),
        havana_id: file.details.get(HAVANA_ID).map(CompactString::from),
        details: details.map(|(name, text)| (CompactString::from(name), CompactString::from(text))).collect(),
        country: file.country.clone().unwrap_or_else(|| file.site.usual_country()),
        ..Profile::new(file.site, login_name)
    };
    let operator = file.partner.as_ref().and_then(|name| {
        let found = named.get(name).copied().ok_or_else(|| {
            let advice = advice(name, named.keys().map(String::as_str));
            at.field("partner").wrong(format!("no account before this one is named `{name}`{advice}"))
        });
        misfits.note(found)
    });
    let pinned = misfits.note(file.uid.map(|uid| at.read("uid", &uid.to_string())).transpose()).flatten();
    let registered = tx.register(pinned, profile).map_err(|refusal| match refusal {
        Refusal::UidTaken => at.field("uid").refused(refusal),
        Refusal::LoginNameTaken => at.field("loginName").refused(refusal),
        _ => at.refused(refusal),
    });
    let account = misfits.note(registered)?;
    account.label = file.name.as_str().into();
    account.is_partner = file.is_partner;
    let allow_user_to_manage_access_keys = file.allow_user_to_manage_access_keys;
    account.preference =
        Arc::new(SecurityPreference { allow_user_to_manage_access_keys, ..file.security_preference.clone() });
    account.password_policy = file.password_policy;
    let uid = account.uid;
    misfits.note(tx.set_partner(uid, operator).map_err(|refusal| at.field("partner").refused(refusal)));
    grouping::plant(file, at, uid, tx, misfits);
    life::plant(file, at, uid, tx, misfits);
    plant_keys(&file.keys, None, at, Place { uid, owner: Owner::Root }, tx, misfits);
    let policy =
        misfits.note(network_policy(file.key_network_policy.as_ref(), &at.field("keyNetworkPolicy")));
    if let (Some(policy @ Some(_)), Ok((account, _))) = (policy, tx.account_of(uid)) {
        account.affairs_mut().key_network = policy;
    }
    plant_service_credentials(&file.service_credentials, at, Place { uid, owner: Owner::Root }, tx, misfits);
    for token in &file.bearer_tokens {
        tx.add_bearer(token, Place { uid, owner: Owner::Root });
    }
    identities::plant(file, at, uid, tx, misfits);
    // Last, because a closed account accepts no changes.
    misfits.note(life::plant_state(file, at, uid, tx));
    Some(uid)
}

/// Returns the login name of an account. Default: built from its name in the file.
fn login_name(file: &AccountFile, at: &At) -> Result<LoginName, Misfit> {
    if let Some(name) = &file.login_name {
        return Ok(name.clone());
    }
    at.read("name", &format!("{}@alimock.example", file.name)).map_err(|misfit| {
        at.field("name").wrong(format!(
            "its login name is made from it, and {}: choose another, or give a `loginName`",
            misfit.what
        ))
    })
}

/// Plants keys, deleted ones first. `deleted` is the deletion of their user.
pub(super) fn plant_keys(
    keys: &[KeyFile],
    deleted: Option<Moment>,
    at: &At,
    place: Place,
    tx: &mut Tx<'_>,
    misfits: &mut Misfits,
) {
    if keys.len() > MOST_KEYS {
        let why = format!("there are {} keys: one owner has {MOST_KEYS} at most", keys.len());
        return misfits.add([at.field("keys").wrong(why)]);
    }
    for (index, key, deleted) in by_deletion(keys, |key| key.deleted.or(deleted), tx.now) {
        if misfits.is_full() {
            return;
        }
        misfits.note(plant_key(key, deleted, &at.item("keys", index), place, tx));
    }
}

/// Plants service credentials.
pub(super) fn plant_service_credentials(
    files: &[ServiceCredentialFile],
    at: &At,
    place: Place,
    tx: &mut Tx<'_>,
    misfits: &mut Misfits,
) {
    for (index, file) in files.iter().enumerate() {
        if misfits.is_full() {
            return;
        }
        misfits.note(plant_service_credential(file, &at.item("serviceCredentials", index), place, tx));
    }
}

fn plant_service_credential(
    file: &ServiceCredentialFile,
    at: &At,
    place: Place,
    tx: &mut Tx<'_>,
) -> Result<(), Misfit> {
    let service: ServiceName = at.read("service", &file.service)?;
    let new = NewServiceCredential {
        name: at.read("name", &file.name)?,
        service: service.as_str().into(),
        status: file.status.unwrap_or(KeyStatus::Active),
        created: file.created.map_or(tx.now, |moment| moment.at(tx.now)),
        expires: file.expires.map(|moment| moment.at(tx.now)),
        pinned: (file.id.as_deref().map(Into::into), file.secret.as_deref().map(SecretText::new)),
    };
    tx.add_service_credential(place, new).map(drop).map_err(|refusal| at.refused(refusal))
}

/// Returns the items of a file with their places, deleted ones first, in the order in which they go to the recycle bin.
pub(super) fn by_deletion<T>(
    items: &[T],
    deleted: impl Fn(&T) -> Option<Moment>,
    now: Timestamp,
) -> Vec<(usize, &T, Option<Moment>)> {
    let mut all: Vec<_> = items.iter().enumerate().map(|(index, one)| (index, one, deleted(one))).collect();
    all.sort_by_key(|(_, _, deleted)| deleted.map_or((true, now), |moment| (false, moment.at(now))));
    all
}

/// Reads a network policy.
fn network_policy(file: Option<&Value>, at: &At) -> Result<Option<Arc<NetworkPolicy>>, Misfit> {
    let read = |value: &Value| NetworkPolicy::read(&identities::document(value)).map(Arc::new);
    file.map(read).transpose().map_err(|why| at.wrong(format!("it is refused as the API refuses it: {why}")))
}

fn plant_key(
    key: &KeyFile,
    deleted: Option<Moment>,
    at: &At,
    place: Place,
    tx: &mut Tx<'_>,
) -> Result<(), Misfit> {
    let id = at.read_option("id", key.id.as_ref())?;
    let material = match (&key.secret, &key.public_key) {
        (None, None) => None,
        (Some(secret), None) => Some(KeyMaterial::Secret(SecretText::new(secret.as_str()))),
        (None, Some(pem)) => {
            let der = public_key::rsa(pem).map_err(|why| at.field("publicKey").wrong(why))?;
            Some(KeyMaterial::Public(der.into()))
        }
        (Some(_), Some(_)) => return Err(at.wrong("a key has a secret or a public key, not both")),
    };
    let made = tx.add_key(place, (id, material)).map_err(|refusal| at.refused(refusal))?;
    if key.status == Some(KeyStatus::Inactive) {
        tx.set_key_status(place, &made.id, KeyStatus::Inactive).map_err(|refusal| at.refused(refusal))?;
    }
    if key.leaked {
        tx.set_key_leaked(place, &made.id, true).map_err(|refusal| at.refused(refusal))?;
    }
    let past =
        KeyPast { created: key.created, last_used: key.last_used, service: key.last_used_service.as_deref() };
    past.tell(place, &made.id, tx).map_err(|why| at.not_done(why))?;
    if let Some(policy) = network_policy(key.network_policy.as_ref(), &at.field("networkPolicy"))? {
        tx.set_key_network(place, &made.id, Some(policy)).map_err(|refusal| at.refused(refusal))?;
    }
    let delete = |moment| delete_key_in_past(place, &made.id, moment, tx).map_err(|why| at.not_done(why));
    deleted.map_or(Ok(()), delete)
}
