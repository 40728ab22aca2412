//! Plants a scenario in a world, through the same functions that services and control API use.

use crate::scenario::file::{AccountFile, File, KeyFile, RealNameFile};
use crate::scenario::{identities, public_key};
use crate::text::{
    Flaw, LicenseNumber, LoginName, PersonName, Scalar, SecretText, Timestamp, Uid, parse_duration,
};
use crate::world::account::{
    Account, Decision, Identity, KeyMaterial, KeyStatus, Method, Owner, Place, Profile, RealNameStatus,
    SecurityPreference, Site,
};
use crate::world::clock::Run;
use crate::world::{Clocks, Event, NotDone, Refusal, Tx};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What cannot be planted, and where it stands in the file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{at}: {what}")]
pub struct Misfit {
    /// `accounts[0].users[1].name`.
    pub at: String,
    /// What is wrong.
    pub what: String,
}

/// A place in the file, for messages.
#[derive(Clone)]
pub(crate) struct At(String);

impl At {
    /// The text itself.
    pub(crate) fn top() -> Self {
        Self(String::new())
    }

    pub(super) fn field(&self, name: &str) -> Self {
        Self(if self.0.is_empty() { name.to_owned() } else { format!("{}.{name}", self.0) })
    }

    pub(super) fn item(&self, name: &str, index: usize) -> Self {
        Self(format!("{}[{index}]", self.field(name).0))
    }

    pub(super) fn wrong(&self, what: impl Into<String>) -> Misfit {
        Misfit { at: self.0.clone(), what: what.into() }
    }

    pub(super) fn refused(&self, refusal: Refusal) -> Misfit {
        self.wrong(refusal.to_string())
    }

    /// Reads a value that validates itself.
    pub(super) fn read<T: Scalar>(&self, name: &str, text: &str) -> Result<T, Misfit> {
        T::parse(text).map_err(|flaw| self.field(name).wrong(describe(text, flaw)))
    }

    pub(super) fn read_option<T: Scalar>(
        &self,
        name: &str,
        text: Option<&String>,
    ) -> Result<Option<T>, Misfit> {
        text.map(|text| self.read(name, text)).transpose()
    }
}

pub(super) fn describe(text: &str, flaw: Flaw) -> String {
    match flaw {
        Flaw::Length | Flaw::Size { .. } => format!("`{text}` is too short or too long"),
        Flaw::InvalidChars => format!("`{text}` holds a character that is not allowed"),
        Flaw::Format | Flaw::Value => format!("`{text}` does not have the form of one"),
        Flaw::Range { min, max } => format!("`{text}` is not between {min} and {max}"),
    }
}

/// How the clocks of a scenario run.
pub(super) fn clocks(file: &File) -> Result<Clocks, Misfit> {
    let Some(clock) = &file.clock else { return Ok(Clocks::default()) };
    let at = At("clock".to_owned());
    let read = |name: &str, text: Option<&String>| {
        let Some(text) = text else { return Ok(Run::Real) };
        run(text).ok_or_else(|| {
            at.field(name).wrong(format!(
                "`{text}` is neither `real`, a time such as 2026-01-01T00:00:00Z, nor a span such as -20m"
            ))
        })
    };
    Ok(Clocks {
        resource: read("resource", clock.resource.as_ref())?,
        gateway: read("gateway", clock.gateway.as_ref())?,
    })
}

/// `real`, a time to stand still at, or a span to be ahead by.
pub(crate) fn run(text: &str) -> Option<Run> {
    if text == "real" {
        return Some(Run::Real);
    }
    let frozen = Timestamp::parse(text).map(Run::Frozen);
    frozen.or_else(|_| parse_duration(text).map(Run::Offset)).ok()
}

/// Plants a whole file.
pub(super) fn plant(file: &File, tx: &mut Tx<'_>) -> Result<(), Misfit> {
    tx.set_quotas(file.quotas);
    if let Some(enforcement) = file.permissions {
        tx.set_enforcement(enforcement);
    }
    tx.set_propagation(file.propagation);
    tx.set_session_expiry(file.session_expiry);
    let mut named = BTreeMap::new();
    for (index, account) in file.accounts.iter().enumerate() {
        let at = At::top().item("accounts", index);
        let uid = plant_account(account, &at, tx, &named)?;
        if named.insert(account.name.clone(), uid).is_some() {
            return Err(at.field("name").wrong(format!("two accounts are named `{}`", account.name)));
        }
    }
    for (index, due) in file.timeline.iter().enumerate() {
        let at = At::top().item("timeline", index);
        let when = due.at(tx.now).ok_or_else(|| {
            at.field("at").wrong(format!("`{}` is neither a span such as +5s nor a time", due.at))
        })?;
        // Tried out at once: what can never be done would fail unseen later. Anything else may come with the calls of a test.
        match due.r#do.run(&mut tx.fork()) {
            Err(NotDone::Refused(Refusal::NoSuchAccount)) => {
                return Err(at.field("do").refused(Refusal::NoSuchAccount));
            }
            Err(NotDone::Wrong(why)) => return Err(at.field("do").wrong(why)),
            _ => tx.later(when, Event::Command(Arc::new(due.r#do.clone()))),
        }
    }
    Ok(())
}

fn plant_account(
    file: &AccountFile,
    at: &At,
    tx: &mut Tx<'_>,
    named: &BTreeMap<String, Uid>,
) -> Result<Uid, Misfit> {
    let login_name = match &file.login_name {
        Some(name) => at.read::<LoginName>("loginName", name)?,
        None => at.read("name", &format!("{}@alimock.example", file.name))?,
    };
    let country =
        file.country.clone().unwrap_or_else(|| if file.site == Site::China { "CN" } else { "SG" }.to_owned());
    let profile = Profile {
        site: file.site,
        login_name,
        email: at.read_option("email", file.email.as_ref())?,
        mobile: at.read_option("mobile", file.mobile.as_ref())?,
        country,
    };
    let operator = match &file.operated_by {
        None => None,
        Some(name) => Some(*named.get(name).ok_or_else(|| {
            at.field("operatedBy").wrong(format!("no account before this one is named `{name}`"))
        })?),
    };
    let pinned = file.uid.map(|uid| at.read("uid", &uid.to_string())).transpose()?;
    let account = tx.register(pinned, profile).map_err(|refusal| at.refused(refusal))?;
    account.label = file.name.as_str().into();
    account.is_operator = file.operator;
    account.operator = operator;
    let allow_user_to_manage_access_keys = file.allow_user_to_manage_access_keys;
    account.preference =
        Arc::new(SecurityPreference { allow_user_to_manage_access_keys, ..file.security_preference.clone() });
    account.password_policy = file.password_policy;
    let uid = account.uid;
    plant_state(file, at, account)?;
    if let Some(real_name) = &file.real_name {
        plant_real_name(real_name, &at.field("realName"), uid, file.site, tx)?;
    }
    plant_keys(&file.keys, at, Place { uid, owner: Owner::Root }, tx)?;
    for token in &file.bearer_tokens {
        tx.add_bearer(token, Place { uid, owner: Owner::Root });
    }
    identities::plant(file, at, uid, tx)?;
    Ok(uid)
}

fn plant_state(file: &AccountFile, at: &At, account: &mut Account) -> Result<(), Misfit> {
    let Some(state) = &file.state else { return Ok(()) };
    if let Some(status) = state.status {
        account.set_status(status).map_err(|refusal| at.field("state").refused(refusal))?;
    }
    if let Some(balance) = state.balance {
        account.balance_cents = cents(balance)
            .ok_or_else(|| at.field("state.balance").wrong(format!("`{balance}` is no amount of money")))?;
    }
    Ok(())
}

/// An amount in hundredths.
#[expect(clippy::cast_possible_truncation, reason = "checked to be far inside the range")]
pub(crate) fn cents(amount: f64) -> Option<i64> {
    (amount.is_finite() && amount.abs() < 1e12).then(|| (amount * 100.0).round() as i64)
}

fn plant_real_name(
    file: &RealNameFile,
    at: &At,
    uid: Uid,
    site: Site,
    tx: &mut Tx<'_>,
) -> Result<(), Misfit> {
    if file.status != RealNameStatus::Rejected && (file.code.is_some() || file.reason.is_some()) {
        return Err(at.wrong("`code` and `reason` are of a rejection"));
    }
    if file.status == RealNameStatus::NotVerified {
        return Ok(());
    }
    let name = file.name.clone().unwrap_or_else(|| "Example Ltd".to_owned());
    let number = file.license_number.clone().unwrap_or_else(|| "91330000MA27EXAMPL".to_owned());
    let identity = Identity {
        subject: file.subject,
        name: at.read::<PersonName>("name", &name)?,
        license_type: file.license_type.clone().unwrap_or_else(|| "9".to_owned()),
        license_number: at.read::<LicenseNumber>("licenseNumber", &number)?,
        phone: file.phone.clone().unwrap_or_default(),
    };
    let refused = |refusal| at.refused(refusal);
    let now = tx.now;
    let id = tx.application_id(uid).map_err(refused)?;
    let (account, _) = tx.account_of(uid).map_err(refused)?;
    let record = account.real_name_mut();
    record.submit(id, Method::Document, identity, site, now).map_err(refused)?;
    let decisions = match file.status {
        RealNameStatus::NotVerified | RealNameStatus::UnderReview => vec![],
        RealNameStatus::Verified => vec![Decision::Approve],
        RealNameStatus::NeedsUpdate => vec![Decision::Approve, Decision::Expire],
        RealNameStatus::Rejected => {
            let code = file.code.clone().unwrap_or_else(|| "DOCUMENT".to_owned());
            let reason = file.reason.clone().unwrap_or_else(|| "The document is not legible.".to_owned());
            vec![Decision::Reject { code, reason }]
        }
        RealNameStatus::Cancelled => return record.cancel(id, now).map_err(refused),
    };
    decisions.into_iter().try_for_each(|decision| record.decide(id, decision, now)).map_err(refused)
}

pub(super) fn plant_keys(keys: &[KeyFile], at: &At, place: Place, tx: &mut Tx<'_>) -> Result<(), Misfit> {
    for (index, key) in keys.iter().enumerate() {
        let at = at.item("keys", index);
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
    }
    Ok(())
}
