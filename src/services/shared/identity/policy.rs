//! Operations on the password policy. Source: docs/evidence/ram.md 5.10, docs/evidence/ims.md 4.8.

use crate::attributes::{apply, reply};
use crate::error::Result;
use crate::params::request;
use crate::services::shared::identity::{Api, Newer, Nothing};
use crate::services::shared::reply::{One, elements};
use crate::text::Bounded;
use crate::world::account::PasswordPolicy;
use crate::world::{Tx, View};

request! {
    /// Parameters of `SetPasswordPolicy`.
    pub(crate) struct SetPasswordPolicy<A: Api> {
        minimum_length: Option<Bounded<8, 32>> = "MinimumPasswordLength",
        lowercase: Option<bool> = "RequireLowercaseCharacters",
        uppercase: Option<bool> = "RequireUppercaseCharacters",
        numbers: Option<bool> = "RequireNumbers",
        symbols: Option<bool> = "RequireSymbols",
        hard_expiry: Option<bool> = A::HARD_EXPIRY,
        max_age: Option<Bounded<0, 1095>> = "MaxPasswordAge",
        reuse_prevention: Option<Bounded<0, 24>> = "PasswordReusePrevention",
        max_login_attempts: Option<Bounded<0, 32>> = "MaxLoginAttemps",
        different_characters: Newer<A, Option<Bounded<0, 8>>> = "MinimumPasswordDifferentCharacter",
        not_user_name: Newer<A, Option<bool>> = "PasswordNotContainUserName",
        initial_age: Newer<A, Option<Bounded<0, 90>>> = "InitialPasswordAge",
        intercept_risk_on_api: Newer<A, Option<bool>> = "InterceptRiskPasswordOnApi",
    }
}

/// The policy. RAM calls the log-in with an expired password `HardExpiry`, IMS `HardExpire`, and IMS has four fields more.
#[apply(reply)]
pub(crate) struct PasswordPolicyView {
    minimum_password_length: i64,
    minimum_password_different_character: Option<i64>,
    require_lowercase_characters: bool,
    require_uppercase_characters: bool,
    require_numbers: bool,
    require_symbols: bool,
    password_not_contain_user_name: Option<bool>,
    hard_expiry: Option<bool>,
    hard_expire: Option<bool>,
    max_password_age: i64,
    initial_password_age: Option<i64>,
    password_reuse_prevention: i64,
    /// The misspelling is the service's.
    max_login_attemps: i64,
    intercept_risk_password_on_api: Option<bool>,
}

elements! { PasswordPolicyView: "PasswordPolicy" "PasswordPolicies"; }

impl PasswordPolicyView {
    fn new(policy: &PasswordPolicy, newer: bool) -> Self {
        Self {
            minimum_password_length: policy.minimum_length,
            minimum_password_different_character: newer.then_some(policy.different_characters),
            require_lowercase_characters: policy.lowercase,
            require_uppercase_characters: policy.uppercase,
            require_numbers: policy.numbers,
            require_symbols: policy.symbols,
            password_not_contain_user_name: newer.then_some(policy.not_user_name),
            hard_expiry: (!newer).then_some(policy.hard_expiry),
            hard_expire: newer.then_some(policy.hard_expiry),
            max_password_age: policy.max_age,
            initial_password_age: newer.then_some(policy.initial_age),
            password_reuse_prevention: policy.reuse_prevention,
            max_login_attemps: policy.max_login_attempts,
            intercept_risk_password_on_api: newer.then_some(policy.intercept_risk_on_api),
        }
    }
}

/// `SetPasswordPolicy`: RAM sets the complete policy. Missing parameters get their defaults (UNCERTAIN: or they keep their values), but
/// fields that only IMS has are kept. In IMS missing parameters keep their values (UNCERTAIN).
///
/// Fails with `InvalidParameter.MinimumPasswordLength.Range`; UNCERTAIN: likewise for other numbers.
pub(crate) fn set<A: Api>(tx: &mut Tx<'_>, req: SetPasswordPolicy<A>) -> Result<One<PasswordPolicyView>> {
    let (account, _) = tx.account_mut()?;
    let present = account.password_policy;
    let base = if A::NEWER { present } else { PasswordPolicy::default() };
    account.password_policy = PasswordPolicy {
        minimum_length: req.minimum_length.map_or(base.minimum_length, |length| length.0),
        lowercase: req.lowercase.unwrap_or(base.lowercase),
        uppercase: req.uppercase.unwrap_or(base.uppercase),
        numbers: req.numbers.unwrap_or(base.numbers),
        symbols: req.symbols.unwrap_or(base.symbols),
        hard_expiry: req.hard_expiry.unwrap_or(base.hard_expiry),
        max_age: req.max_age.map_or(base.max_age, |days| days.0),
        reuse_prevention: req.reuse_prevention.map_or(base.reuse_prevention, |count| count.0),
        max_login_attempts: req.max_login_attempts.map_or(base.max_login_attempts, |count| count.0),
        different_characters: req
            .different_characters
            .0
            .map_or(present.different_characters, |count| count.0),
        not_user_name: req.not_user_name.0.unwrap_or(present.not_user_name),
        initial_age: req.initial_age.0.map_or(present.initial_age, |days| days.0),
        intercept_risk_on_api: req.intercept_risk_on_api.0.unwrap_or(present.intercept_risk_on_api),
    };
    Ok(One(PasswordPolicyView::new(&account.password_policy, A::NEWER)))
}

/// `GetPasswordPolicy`: returns the policy.
pub(crate) fn get<A: Api>(view: View<'_>, _: Nothing) -> Result<One<PasswordPolicyView>> {
    Ok(One(PasswordPolicyView::new(&view.account()?.password_policy, A::NEWER)))
}
