//! Crm 2015-04-08: a partner writes and reads real-name information of its accounts. Source: docs/evidence/account.md 3.2.

use crate::attributes::{apply, reply};
use crate::error::Result;
use crate::operation::{On, Operation, Resource, embedded_json, read, write};
use crate::params::{Filled, request};
use crate::services::shared::partner::{Pk, owned};
use crate::services::shared::reply::Only;
use crate::services::shared::vocabulary::Unread;
use crate::text::{Flaw, LicenseNumber, LoginName, PersonName, Scalar, Uid};
use crate::world::account::{Identity, Subject};
use crate::world::{Tx, View};
use serde::Serialize;

pub(super) mod labels;

pub(super) fn operations() -> Vec<Operation> {
    let all: On = &[Resource::All("*")];
    let mut operations = labels::operations();
    operations.extend([
        read("GetAliyunPkByAliyunId", all, pk_of),
        read("BatchGetAliyunIdByAliyunPk", all, aliyun_ids),
        write("AddIdentityCertifiedForBidUser", all, add),
        read("QueryBidUserCertifiedInfo", all, query),
        write("RemoveIdentityCertifiedForBidUser", all, remove),
    ]);
    operations
}

request! {
    /// Parameters of `AddIdentityCertifiedForBidUser`.
    struct AddIdentity {
        pk: Pk = "PK",
        name: PersonName = "Name",
        license_type: LicenseType = "LicenseType",
        license_number: LicenseNumber = "LicenseNumber",
        phone: Option<String> = "Phone",
        is_enterprise: Option<bool> = "IsEnterprise",
    }

    /// Parameters of `QueryBidUserCertifiedInfo` and `RemoveIdentityCertifiedForBidUser`.
    struct OneAccount {
        pk: Pk = "PK",
        _bid_type: Unread = "BidType",
    }
}

/// Type of an identity document: `0` ID card, `9` business licence, `12` organisation code, `13` public institution.
///
/// Source: docs/evidence/account.md 2.3.
struct LicenseType(String);

impl Scalar for LicenseType {
    fn parse(text: &str) -> Result<Self, Flaw> {
        if ["0", "9", "12", "13"].contains(&text) { Ok(Self(text.to_owned())) } else { Err(Flaw::Value) }
    }
}

/// Response of both writing actions. The documented sample of Remove has `Code`, the SDK reads `Result`: both are present.
///
/// UNCERTAIN: the value of `Result`; Aas returns `Success`. Source: docs/evidence/account.md 3.1 and 3.2.
#[apply(reply)]
struct Outcome {
    code: &'static str,
    result: &'static str,
}

const DONE: Outcome = Outcome { code: "200", result: "Success" };

/// `AddIdentityCertifiedForBidUser`: verifies an account at once.
///
/// Fails with `Empty PK`, `Invalid PK`, `Bid Mismatch`, and `Set Realname Error` if the account is already verified or under
/// review (UNCERTAIN: that code is documented for Remove). Source: docs/evidence/account.md 3.2.
fn add(tx: &mut Tx<'_>, req: AddIdentity) -> Result<Outcome> {
    let uid = req.pk.of(tx)?;
    let subject = if req.is_enterprise == Some(true) { Subject::Enterprise } else { Subject::Personal };
    let identity = Identity {
        subject,
        name: req.name,
        license_type: req.license_type.0,
        license_number: req.license_number,
        phone: req.phone.unwrap_or_default(),
        country: None,
        expires: None,
    };
    tx.certify(uid, identity)?;
    Ok(DONE)
}

/// Response of the query: a JSON document in a string, under both documented spellings.
#[apply(reply)]
struct Certified {
    result: String,
    #[serde(rename = "result")]
    result_as_documented: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct CertifiedInfo<'a> {
    aliyun_pk: Uid,
    is_certified: &'static str,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    shown: Option<ShownIdentity<'a>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ShownIdentity<'a> {
    cert_number: &'a LicenseNumber,
    phone: &'a str,
    cert_type: &'a str,
    name: &'a PersonName,
    account_cert_type: Subject,
}

/// `QueryBidUserCertifiedInfo`: returns the verified identity of an account, or only that it is not verified.
///
/// Fails with `Empty PK`, `Invalid PK` and `Bid Mismatch`. Source: docs/evidence/account.md 3.2.
fn query(view: View<'_>, req: OneAccount) -> Result<Certified> {
    let uid = req.pk.of(&view)?;
    let identity = view.state.account(uid)?.real_name.identity();
    let shown = identity.map(|identity| ShownIdentity {
        cert_number: &identity.license_number,
        phone: &identity.phone,
        cert_type: &identity.license_type,
        name: &identity.name,
        account_cert_type: identity.subject,
    });
    let is_certified = if shown.is_some() { "1" } else { "0" };
    let result = embedded_json(&CertifiedInfo { aliyun_pk: uid, is_certified, shown });
    Ok(Certified { result_as_documented: result.clone(), result })
}

/// `RemoveIdentityCertifiedForBidUser`: removes the verification.
///
/// Fails with `Empty PK`, `Invalid PK`, `Bid Mismatch` and `Set Realname Error`. Source: docs/evidence/account.md 3.2.
fn remove(tx: &mut Tx<'_>, req: OneAccount) -> Result<Outcome> {
    let uid = req.pk.of(tx)?;
    tx.remove_verification(uid)?;
    Ok(DONE)
}

request! {
    /// Parameters of `GetAliyunPkByAliyunId`.
    struct PkOf {
        aliyun_id: String = "AliyunId",
    }

    /// Parameters of `BatchGetAliyunIdByAliyunPk`.
    struct AliyunIdsOf {
        pks: Filled<String> = "PkList",
    }
}

/// `GetAliyunPkByAliyunId`: returns an account of the partner, by its login name.
///
/// Fails with `Invalid PK` and `Bid Mismatch` (UNCERTAIN: no codes are known). Source: docs/evidence/account.md 3.2.
fn pk_of(view: View<'_>, req: PkOf) -> Result<Only<Uid>> {
    Ok(Only("AliyunPk", owned(view.state.account_named(&req.aliyun_id), &view)?))
}

#[apply(reply)]
struct ProfileView {
    aliyun_id: LoginName,
    aliyun_pk: Uid,
}

/// `BatchGetAliyunIdByAliyunPk`: returns the login names of accounts. All must belong to the partner.
///
/// Fails with `Invalid PK` and `Bid Mismatch` (UNCERTAIN: no codes are known). Source: docs/evidence/account.md 3.2.
fn aliyun_ids(view: View<'_>, req: AliyunIdsOf) -> Result<Only<Vec<ProfileView>>> {
    let one = |pk: &String| {
        let found = Uid::parse(pk).ok().and_then(|uid| view.state.account(uid).ok());
        let aliyun_pk = owned(found, &view)?;
        let aliyun_id = view.state.account(aliyun_pk)?.profile.login_name.clone();
        Ok(ProfileView { aliyun_id, aliyun_pk })
    };
    Ok(Only("ProfileList", req.pks.0.iter().map(one).collect::<Result<_>>()?))
}
