//! Aas 2015-07-01: a partner registers accounts, creates their root keys and logs them in. Source: docs/evidence/account.md 3.1.

mod accounts;
mod keys;
mod sessions;

pub(super) use accounts::PageAddress;

use crate::attributes::{apply, reply};
use crate::operation::{Audience, On, Operation, Resource, read, write};
use crate::text::Uid;

pub(super) fn operations() -> Vec<Operation> {
    let all: On = &[Resource::All("*")];
    vec![
        write("CreateAliyunAccount", all, accounts::create),
        write("CreateIntlAliyunAccount", all, accounts::create_intl),
        write("CreateAliyunAccountWithBindHid", all, accounts::create_with_hid),
        read("GetAliyunAccountWithBindHid", all, accounts::by_hid),
        read("GetAliyunAccountWithBindTaobaoHid", all, accounts::by_taobao_hid),
        read("GetBasicInfoForAccount", all, accounts::basic_info),
        read("ListAliyunAccount", all, accounts::list),
        write("UpdateStatusForAccount", all, accounts::set_status),
        write("UpdatePasswordForAccount", all, accounts::set_password),
        write("GenerateAliyunBidCertWaysUrl", all, accounts::certification_url),
        write("CreateAccessKeyForAccount", all, keys::create),
        read("ListAccessKeysForAccount", all, keys::list),
        write("UpdateAccessKeyStatusForAccount", all, keys::set_status),
        write("DeleteAccessKeyForAccount", all, keys::delete),
        write("CreateShortTermAccessKeyForAccount", all, keys::create_short_term),
        read("GetShortTermAccessKeyForAccount", all, keys::short_term),
        write("GenerateAccountLoginToken", all, sessions::generate_token),
        read("VerifyAccountLoginToken", all, sessions::verify_token),
        // These two are about the caller's own account and need no partner (INFERRED: they take no `PK`).
        read("CheckMfaBind", all, sessions::check_mfa).open_to(Audience::Signed),
        write("ChangePreferredLanguage", all, sessions::change_language).open_to(Audience::Signed),
    ]
}

/// Response of an action that changes an account. SREWorks checks for `Success`.
#[apply(reply)]
struct Outcome {
    #[serde(rename = "PK")]
    pk: Uid,
    result: &'static str,
}

fn done(pk: Uid) -> Outcome {
    Outcome { pk, result: "Success" }
}
