//! Aas 2015-07-01: a partner registers accounts and makes their root keys. Source: facts/account.md 3.1.

use crate::error::{Result, partner};
use crate::operation::{On, Operation, Resource, write};
use crate::params::{Field, Params, request};
use crate::text::{AccessKeyId, Flaw, LoginName, Scalar, SecretText, Timestamp, Uid};
use crate::world::account::{KeyMaterial, KeyStatus, Owner, Place, Profile, Site};
use crate::world::{State, Tx};
use serde::Serialize;

pub(super) fn operations() -> Vec<Operation> {
    let all: On = &[Resource::All("*")];
    vec![
        write("CreateAliyunAccount", all, create),
        write("CreateIntlAliyunAccount", all, create_intl),
        write("CreateAccessKeyForAccount", all, create_key),
    ]
}

/// `PK`: the UID of one of the partner's accounts. Aas and Crm both take it.
///
/// Fails with `Empty PK`. Source: facts/account.md 3.2.
pub(super) struct Pk(Option<Uid>);

impl Field for Pk {
    fn take(params: &Params, name: &str) -> Result<Self> {
        let text = params.filled(name).ok_or_else(|| partner::EMPTY_PK.error())?;
        Ok(Self(Uid::parse(text).ok()))
    }
}

impl Pk {
    /// The account, which must belong to the partner `operator`.
    ///
    /// Fails with `Invalid PK` and `Bid Mismatch`.
    pub(super) fn of(&self, operator: Uid, state: &State) -> Result<Uid> {
        let account =
            self.0.and_then(|uid| state.account(uid).ok()).ok_or_else(|| partner::INVALID_PK.error())?;
        if account.operator != Some(operator) {
            return Err(partner::BID_MISMATCH.error());
        }
        Ok(account.uid)
    }
}

request! {
    /// Parameters of `CreateAliyunAccount`.
    struct CreateAliyunAccount {
        aliyun_id: LoginName = "AliyunId",
    }
}

request! {
    /// Parameters of `CreateIntlAliyunAccount`.
    struct CreateIntlAliyunAccount {
        nationality_code: CountryCode = "NationalityCode",
    }
}

request! {
    /// Parameters of `CreateAccessKeyForAccount`.
    struct CreateAccessKeyForAccount {
        pk: Pk = "PK",
        secret: Option<OwnSecret> = "AKSecret",
    }
}

/// ISO alpha-2 code of a country. Source: facts/account.md 1.4.
struct CountryCode(String);

impl Scalar for CountryCode {
    fn parse(text: &str) -> Result<Self, Flaw> {
        let good = text.len() == 2 && text.bytes().all(|b| b.is_ascii_uppercase());
        if good { Ok(Self(text.to_owned())) } else { Err(Flaw::Format) }
    }
}

/// A secret the partner brings. UNCERTAIN: no rule for it was seen; we take 8 to 64 letters and digits.
struct OwnSecret(SecretText);

impl Scalar for OwnSecret {
    fn parse(text: &str) -> Result<Self, Flaw> {
        let good = (8..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric());
        if good { Ok(Self(SecretText::new(text))) } else { Err(Flaw::Format) }
    }
}

#[derive(Debug, Serialize)]
struct Created {
    #[serde(rename = "PK")]
    pk: Uid,
    #[serde(rename = "AliyunId", skip_serializing_if = "Option::is_none")]
    aliyun_id: Option<LoginName>,
}

/// `CreateAliyunAccount`: registers an account of the China site under the partner.
///
/// Fails with `EntityAlreadyExists.AliyunId` (UNCERTAIN: no code is known). Source: facts/account.md 3.1.
fn create(tx: &mut Tx<'_>, req: CreateAliyunAccount) -> Result<Created> {
    let pk = register(tx, Site::China, req.aliyun_id.clone(), "CN")?;
    Ok(Created { pk, aliyun_id: Some(req.aliyun_id) })
}

/// `CreateIntlAliyunAccount`: registers an account of the International site under the partner.
///
/// Source: facts/account.md 3.1.
fn create_intl(tx: &mut Tx<'_>, req: CreateIntlAliyunAccount) -> Result<Created> {
    let name = tx.free_login_name("intl");
    let pk = register(tx, Site::International, name, &req.nationality_code.0)?;
    Ok(Created { pk, aliyun_id: None })
}

fn register(tx: &mut Tx<'_>, site: Site, login_name: LoginName, country: &str) -> Result<Uid> {
    let operator = tx.account()?.uid;
    let profile = Profile::new(site, login_name, country);
    let uid = tx.register(None, profile)?.uid;
    tx.set_operator(uid, Some(operator))?;
    Ok(uid)
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct CreatedKey {
    #[serde(rename = "PK")]
    pk: Uid,
    access_key: KeyView,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct KeyView {
    create_time: Timestamp,
    access_key_id: AccessKeyId,
    access_key_secret: String,
    access_key_status: KeyStatus,
    access_key_type: &'static str,
}

/// `CreateAccessKeyForAccount`: makes a root key of one of the partner's accounts; the partner may bring the secret.
///
/// Fails with `Empty PK`, `Invalid PK`, `Bid Mismatch` and `LimitExceeded.User.AccessKey`. Source: facts/account.md 3.1.
fn create_key(tx: &mut Tx<'_>, req: CreateAccessKeyForAccount) -> Result<CreatedKey> {
    let pk = req.pk.of(tx.account()?.uid, tx.state())?;
    let secret = req.secret.map(|own| KeyMaterial::Secret(own.0));
    let key = tx.add_key(Place { uid: pk, owner: Owner::Root }, (None, secret))?;
    Ok(CreatedKey {
        pk,
        access_key: KeyView {
            create_time: key.created,
            access_key_id: key.id,
            access_key_secret: key.material.secret().to_owned(),
            access_key_status: key.status,
            access_key_type: "Symmetric",
        },
    })
}
