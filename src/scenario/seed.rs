//! Plants a scenario in a world, through the same functions that services and control API use.

use crate::scenario::file::{AccountFile, File, KeyFile, RealNameFile};
use crate::scenario::misfit::{At, Misfit, Misfits};
use crate::scenario::problem::advice;
use crate::scenario::{identities, public_key};
use crate::text::{LicenseNumber, LoginName, PersonName, SecretText, Timestamp, Uid};
use crate::world::account::{
    Decision, Identity, KeyMaterial, KeyStatus, Method, Owner, Place, Profile, RealNameStatus,
    SecurityPreference, Site, Subject, Submission,
};
use crate::world::machine::MachineSettings;
use crate::world::{Due, Event, NotDone, Refusal, Tx};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Plants a whole file, or says everything that does not fit.
pub(super) fn plant(file: &File, tx: &mut Tx<'_>) -> Result<(), Misfits> {
    let mut misfits = Misfits::default();
    tx.set_quotas(file.quotas);
    if let Some(enforcement) = file.permissions {
        tx.set_enforcement(enforcement);
    }
    tx.set_propagation(file.propagation);
    tx.set_session_expiry(file.session_expiry);
    tx.set_stubs(file.stubs.clone());
    let mut named = BTreeMap::new();
    for (index, account) in file.accounts.iter().enumerate() {
        let at = At::top().item("accounts", index);
        if file.accounts[..index].iter().any(|before| before.name == account.name) {
            let message = format!("another account before this one is named `{}`", account.name);
            misfits.0.push(at.field("name").wrong(message));
            continue;
        }
        if let Some(uid) = plant_account(account, &at, tx, &named, &mut misfits) {
            named.insert(account.name.clone(), uid);
        }
    }
    if let Some(instance) = &file.instance {
        misfits.note(plant_instance(instance, tx));
    }
    for (index, due) in file.timeline.iter().enumerate() {
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

/// When an entry of the timeline is due.
pub(super) fn due_at(due: &Due, start: Timestamp, at: &At) -> Result<Timestamp, Misfit> {
    due.at(start).ok_or_else(|| {
        at.field("at").wrong(format!(
            "`{}` is neither a span from the start such as +5s nor a time such as 2026-01-01T00:00:00Z",
            due.at
        ))
    })
}

/// Plants an account and what it has inside. After a misfit it goes on with whatever can be planted without.
fn plant_account(
    file: &AccountFile,
    at: &At,
    tx: &mut Tx<'_>,
    named: &BTreeMap<String, Uid>,
    misfits: &mut Misfits,
) -> Option<Uid> {
    let country =
        file.country.clone().unwrap_or_else(|| if file.site == Site::China { "CN" } else { "SG" }.to_owned());
    let login_name = misfits.note(login_name(file, at));
    let login_name = login_name.unwrap_or_else(|| tx.free_login_name("misfit"));
    let profile = Profile {
        email: misfits.note(at.read_option("email", file.email.as_ref())).flatten(),
        mobile: misfits.note(at.read_option("mobile", file.mobile.as_ref())).flatten(),
        ..Profile::new(file.site, login_name, &country)
    };
    let operator = file.operated_by.as_ref().and_then(|name| {
        let found = named.get(name).copied().ok_or_else(|| {
            let advice = advice(name, named.keys().map(String::as_str));
            at.field("operatedBy").wrong(format!("no account before this one is named `{name}`{advice}"))
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
    account.is_operator = file.operator;
    let allow_user_to_manage_access_keys = file.allow_user_to_manage_access_keys;
    account.preference =
        Arc::new(SecurityPreference { allow_user_to_manage_access_keys, ..file.security_preference.clone() });
    account.password_policy = file.password_policy;
    let uid = account.uid;
    misfits.note(tx.set_operator(uid, operator).map_err(|refusal| at.field("operatedBy").refused(refusal)));
    if let Some(real_name) = &file.real_name {
        misfits.note(plant_real_name(real_name, &at.field("realName"), uid, tx));
    }
    plant_keys(&file.keys, at, Place { uid, owner: Owner::Root }, tx, misfits);
    for token in &file.bearer_tokens {
        tx.add_bearer(token, Place { uid, owner: Owner::Root });
    }
    identities::plant(file, at, uid, tx, misfits);
    // Last: a closed account takes nothing more.
    misfits.note(plant_state(file, at, uid, tx));
    Some(uid)
}

/// The login name of an account; made from our own name for it when it is not given.
fn login_name(file: &AccountFile, at: &At) -> Result<LoginName, Misfit> {
    if let Some(name) = &file.login_name {
        return at.read("loginName", name);
    }
    at.read("name", &format!("{}@alimock.example", file.name)).map_err(|misfit| {
        at.field("name").wrong(format!(
            "its login name is made from it, and {}: choose another, or give a `loginName`",
            misfit.what
        ))
    })
}

fn plant_state(file: &AccountFile, at: &At, uid: Uid, tx: &mut Tx<'_>) -> Result<(), Misfit> {
    let Some(state) = &file.state else { return Ok(()) };
    let wrong = |balance| at.field("state.balance").wrong(format!("`{balance}` is no amount of money"));
    let balance = state.balance.map(|balance| cents(balance).ok_or_else(|| wrong(balance))).transpose()?;
    tx.set_standing(uid, state.status, balance, None).map_err(|refusal| at.field("state").refused(refusal))
}

/// An amount in hundredths.
#[expect(clippy::cast_possible_truncation, reason = "checked to be far inside the range")]
pub(crate) fn cents(amount: f64) -> Option<i64> {
    (amount.is_finite() && amount.abs() < 1e12).then(|| (amount * 100.0).round() as i64)
}

fn plant_real_name(file: &RealNameFile, at: &At, uid: Uid, tx: &mut Tx<'_>) -> Result<(), Misfit> {
    if file.status != RealNameStatus::Rejected && (file.code.is_some() || file.reason.is_some()) {
        return Err(at.wrong("`code` and `reason` are of a rejection"));
    }
    if file.status == RealNameStatus::NotVerified {
        return Ok(());
    }
    let name = file.name.clone().unwrap_or_else(|| "Example Ltd".to_owned());
    let (license_type, number) = match file.subject {
        Subject::Personal => ("0", "110101199001011234"),
        Subject::Enterprise => ("9", "91330000MA27EXAMPL"),
    };
    let number = file.license_number.clone().unwrap_or_else(|| number.to_owned());
    let identity = Identity {
        subject: file.subject,
        name: at.read::<PersonName>("name", &name)?,
        license_type: file.license_type.clone().unwrap_or_else(|| license_type.to_owned()),
        license_number: at.read::<LicenseNumber>("licenseNumber", &number)?,
        phone: file.phone.clone().unwrap_or_default(),
        country: None,
        expires: None,
    };
    let refused = |refusal| at.refused(refusal);
    let submission = Submission { method: Method::Document, identity };
    let id = tx.submit(uid, submission).map_err(refused)?.id;
    let decisions = match file.status {
        RealNameStatus::NotVerified | RealNameStatus::UnderReview => vec![],
        RealNameStatus::Verified => vec![Decision::Approve],
        RealNameStatus::NeedsUpdate => vec![Decision::Approve, Decision::Expire],
        RealNameStatus::Rejected => {
            let code = file.code.clone().unwrap_or_else(|| "DOCUMENT".to_owned());
            let reason = file.reason.clone().unwrap_or_else(|| "The document is not legible.".to_owned());
            vec![Decision::Reject { code, reason }]
        }
        RealNameStatus::Cancelled => return tx.cancel_application(uid, id).map_err(refused),
    };
    decisions.into_iter().try_for_each(|decision| tx.decide(uid, id, decision)).map_err(refused)
}

pub(super) fn plant_keys(keys: &[KeyFile], at: &At, place: Place, tx: &mut Tx<'_>, misfits: &mut Misfits) {
    for (index, key) in keys.iter().enumerate() {
        misfits.note(plant_key(key, &at.item("keys", index), place, tx));
    }
}

fn plant_key(key: &KeyFile, at: &At, place: Place, tx: &mut Tx<'_>) -> Result<(), Misfit> {
    let id = at.read_option("id", key.id.as_ref())?;
    let material = match (&key.secret, &key.public_key) {
        (None, None) => None,
        (Some(secret), None) => Some(KeyMaterial::Secret(SecretText::new(secret.as_str()))),
        (None, Some(pem)) => {
            let der = public_key::rsa(pem)
                .ok_or_else(|| at.field("publicKey").wrong("this is no PEM of an RSA public key"))?;
            Some(KeyMaterial::Public(der.into()))
        }
        (Some(_), Some(_)) => return Err(at.wrong("a key has a secret or a public key, not both")),
    };
    let made = tx.add_key(place, (id, material)).map_err(|refusal| at.refused(refusal))?;
    if key.status == Some(KeyStatus::Inactive) {
        tx.set_key_status(place, &made.id, KeyStatus::Inactive).map_err(|refusal| at.refused(refusal))?;
    }
    Ok(())
}
