//! Root keys of the partner's accounts: long-term and short-term.

use crate::attributes::{apply, reply};
use crate::error::{Result, gateway, ram};
use crate::params::request;
use crate::services::aas::{Outcome, done};
use crate::services::shared::partner::Pk;
use crate::services::shared::reply::Only;
use crate::services::shared::vocabulary::When;
use crate::text::{AccessKeyId, Flaw, Scalar, SecretText, Timestamp, Uid};
use crate::world::account::{AccessKey, KeyMaterial, KeyStatus, Owner, Place, ShortTerm};
use crate::world::refusal::Refusal;
use crate::world::{Tx, View};

request! {
    /// Parameters of `CreateAccessKeyForAccount`.
    pub(super) struct CreateAccessKey {
        pk: Pk = "PK",
        secret: Option<OwnSecret> = "AKSecret",
    }

    /// Parameters of `ListAccessKeysForAccount`.
    pub(super) struct ListAccessKeys {
        pk: Pk = "PK",
        status: Option<KeyStatus> = "AKStatus",
        kind: Option<String> = "AKType",
    }

    /// Parameters of `UpdateAccessKeyStatusForAccount`.
    pub(super) struct UpdateAccessKeyStatus {
        pk: Pk = "PK",
        id: AccessKeyId = "AKId",
        status: KeyStatus = "AKStatus",
    }

    /// Parameters of `DeleteAccessKeyForAccount`.
    pub(super) struct DeleteAccessKey {
        pk: Pk = "PK",
        id: AccessKeyId = "AKId",
    }

    /// Parameters of `CreateShortTermAccessKeyForAccount` and `GetShortTermAccessKeyForAccount`.
    pub(super) struct ShortTermAccessKey {
        pk: Pk = "PK",
        expire_time: Option<Expiry> = "ExpireTime",
        is_mfa_present: Option<bool> = "IsMfaPresent",
    }
}

/// A secret that the partner sets. UNCERTAIN: no rule for it was observed; alimock accepts 8 to 64 letters and digits.
pub(super) struct OwnSecret(SecretText);

impl Scalar for OwnSecret {
    fn parse(text: &str) -> Result<Self, Flaw> {
        let good = (8..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric());
        if good { Ok(Self(SecretText::new(text))) } else { Err(Flaw::Format) }
    }
}

/// `ExpireTime`. UNCERTAIN: its form is not documented; a number of up to eight digits counts as seconds from now, anything else as a
/// time.
pub(super) enum Expiry {
    In(i64),
    At(Timestamp),
}

impl Scalar for Expiry {
    fn parse(text: &str) -> Result<Self, Flaw> {
        match text.parse() {
            Ok(seconds @ 1..=99_999_999) => Ok(Self::In(seconds)),
            _ => When::parse(text).map(|when| Self::At(when.0)),
        }
    }
}

impl Expiry {
    /// The time. Fails with `InvalidParameter` if it is in the past.
    fn after(&self, now: Timestamp) -> Result<Timestamp> {
        let at = match self {
            Self::In(seconds) => now.plus_millis(seconds * 1000),
            Self::At(at) => *at,
        };
        if at > now { Ok(at) } else { Err(gateway::INVALID_PARAMETER.about("ExpireTime")) }
    }
}

/// Response about one key.
#[apply(reply)]
pub(super) struct OneKey {
    #[serde(rename = "PK")]
    pk: Uid,
    access_key: KeyView,
}

#[apply(reply)]
struct KeyView {
    create_time: Timestamp,
    access_key_id: AccessKeyId,
    access_key_secret: String,
    access_key_status: KeyStatus,
    access_key_type: &'static str,
    expire_time: Option<Timestamp>,
}

impl KeyView {
    fn with_secret(key: &AccessKey) -> Self {
        Self {
            create_time: key.created,
            access_key_id: key.id.clone(),
            access_key_secret: key.material.secret().to_owned(),
            access_key_status: key.status,
            access_key_type: kind(key),
            expire_time: key.short_term.map(|term| term.expires),
        }
    }

    /// Form in lists: without the secret, unless a setting of the world shows it.
    fn listed(key: &AccessKey, with_secret: bool) -> Self {
        let mut view = Self { expire_time: None, ..Self::with_secret(key) };
        if !with_secret {
            view.access_key_secret.clear();
        }
        view
    }
}

/// `AKType`. `Symmetric` was observed; the other value is our own (UNCERTAIN).
fn kind(key: &AccessKey) -> &'static str {
    match key.material {
        KeyMaterial::Secret(_) => "Symmetric",
        KeyMaterial::Public(_) => "Asymmetric",
    }
}

/// `CreateAccessKeyForAccount`: creates a root key for an account of the partner; the partner may set the secret.
///
/// Fails with `Empty PK`, `Invalid PK`, `Bid Mismatch` and `LimitExceeded.User.AccessKey`. Source: docs/evidence/account.md 3.1.
pub(super) fn create(tx: &mut Tx<'_>, req: CreateAccessKey) -> Result<OneKey> {
    let pk = req.pk.of(tx)?;
    let secret = req.secret.map(|own| KeyMaterial::Secret(own.0));
    let key = tx.add_key(Place { uid: pk, owner: Owner::Root }, (None, secret))?;
    Ok(OneKey { pk, access_key: KeyView::with_secret(&key) })
}

#[apply(reply)]
pub(super) struct KeyList {
    #[serde(rename = "PK")]
    pk: Uid,
    access_keys: Only<Vec<KeyView>>,
}

/// `ListAccessKeysForAccount`: returns the root keys of an account, optionally with one status or type. The secret is empty, which is the
/// current rule, unless the world sets `listingsShowSecrets`.
///
/// Fails with `Empty PK`, `Invalid PK`, `Bid Mismatch` and `InvalidParameter`. Source: docs/evidence/account.md 3.1.
pub(super) fn list(view: View<'_>, req: ListAccessKeys) -> Result<KeyList> {
    let pk = req.pk.of(&view)?;
    let shows = view.state.registry.rules.listings_show_secrets;
    let fits = |key: &&AccessKey| {
        req.status.is_none_or(|status| status == key.status)
            && req.kind.as_deref().is_none_or(|wanted| wanted == kind(key))
    };
    let keys = view.state.account(pk)?.keys.iter().filter(fits);
    let access_key = keys.map(|key| KeyView::listed(key, shows)).collect();
    Ok(KeyList { pk, access_keys: Only("AccessKey", access_key) })
}

/// A root key of the account. Keys of its RAM users do not match.
fn root_key(tx: &Tx<'_>, uid: Uid, id: &AccessKeyId) -> Result<Place> {
    let place = tx.place_of(uid, id)?;
    if place.owner == Owner::Root { Ok(place) } else { Err(Refusal::NoSuchKey.into()) }
}

/// `UpdateAccessKeyStatusForAccount`: enables or disables a root key.
///
/// Fails with `Empty PK`, `Invalid PK`, `Bid Mismatch`, `InvalidParameter` and `EntityNotExist.User.AccessKey`.
/// Source: docs/evidence/account.md 3.1.
pub(super) fn set_status(tx: &mut Tx<'_>, req: UpdateAccessKeyStatus) -> Result<Outcome> {
    let pk = req.pk.of(tx)?;
    let place = root_key(tx, pk, &req.id)?;
    tx.set_key_status(place, &req.id, req.status)?;
    Ok(done(pk))
}

/// `DeleteAccessKeyForAccount`: deletes a root key.
///
/// Fails with `Empty PK`, `Invalid PK`, `Bid Mismatch` and `EntityNotExist.User.AccessKey`. Source: docs/evidence/account.md 3.1.
pub(super) fn delete(tx: &mut Tx<'_>, req: DeleteAccessKey) -> Result<Outcome> {
    let pk = req.pk.of(tx)?;
    let place = root_key(tx, pk, &req.id)?;
    tx.remove_key(place, &req.id)?;
    Ok(done(pk))
}

/// `CreateShortTermAccessKeyForAccount`: creates a root key that is deleted at its expiry, by default after an hour. It does not count
/// against the quota of keys.
///
/// Fails with `Empty PK`, `Invalid PK`, `Bid Mismatch` and `InvalidParameter`. Source: docs/evidence/account.md 3.1. UNCERTAIN: the kind
/// of key; its shape has no token, so it is an AccessKey with an expiry.
pub(super) fn create_short_term(tx: &mut Tx<'_>, req: ShortTermAccessKey) -> Result<OneKey> {
    let pk = req.pk.of(tx)?;
    let expires = req.expire_time.unwrap_or(Expiry::In(3600)).after(tx.now)?;
    let term = ShortTerm { expires, with_mfa: req.is_mfa_present == Some(true) };
    let key = tx.add_short_term_key(pk, term)?;
    Ok(OneKey { pk, access_key: KeyView::with_secret(&key) })
}

/// `GetShortTermAccessKeyForAccount`: returns the short-term key of an account that expires last, with its secret. Optionally, only a key
/// created with MFA, or only one that is valid until a time.
///
/// Fails with `Empty PK`, `Invalid PK`, `Bid Mismatch`, `InvalidParameter` and `EntityNotExist.User.AccessKey`.
/// Source: docs/evidence/account.md 3.1. UNCERTAIN: which key is returned.
pub(super) fn short_term(view: View<'_>, req: ShortTermAccessKey) -> Result<OneKey> {
    let pk = req.pk.of(&view)?;
    let until = req.expire_time.map(|expiry| expiry.after(view.now)).transpose()?;
    let fits = |term: ShortTerm| {
        req.is_mfa_present.is_none_or(|wanted| wanted == term.with_mfa)
            && until.is_none_or(|until| term.expires >= until)
    };
    let keys = view.state.account(pk)?.keys.iter().filter(|key| key.status == KeyStatus::Active);
    let keys = keys.filter_map(|key| Some((key.short_term.filter(|term| fits(*term))?, key)));
    let (_, key) = keys.max_by_key(|(term, _)| term.expires).ok_or_else(|| ram::KEY_NOT_EXIST.error())?;
    Ok(OneKey { pk, access_key: KeyView::with_secret(key) })
}
