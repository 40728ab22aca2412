//! Rules about accounts that no source states, or that tests often change; settings of a world.

use crate::text::{Money, Password, Span};
use jiff::SignedDuration;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Outcome of applications without a manual decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Review {
    /// Approves them after the review time; rejects a document of another country.
    #[default]
    Approve,
    /// Rejects them after the review time.
    Reject,
    /// Waits for a manual decision.
    Manual,
}

/// Rules about accounts. Defaults without a source are UNCERTAIN. Source: docs/evidence/account.md 1.4, 1.5, 1.7 and 2.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct AccountRules {
    /// Maximum number of accounts per mobile. Source: docs/evidence/account.md 1.4 (weak).
    pub accounts_per_mobile: usize,
    /// Minimum length of an account's password. Source: docs/evidence/account.md 1.4 (weak).
    pub password_min: usize,
    /// Maximum length of an account's password. Source: docs/evidence/account.md 1.4 (weak).
    pub password_max: usize,
    /// Requires a code, sent to the e-mail address or mobile, for registration.
    pub captcha_required: bool,
    /// Lifetime of a code. INFERRED in docs/evidence/account.md 1.4.
    pub captcha_lifetime: Span,
    /// Minimum time between codes to the same target. INFERRED in docs/evidence/account.md 1.4.
    pub captcha_interval: Span,
    /// Number of wrong passwords that locks the log-in; 0 means no limit.
    pub login_attempts: u32,
    /// Duration of the lockout.
    pub login_lockout: Span,
    /// Duration of a log-in. Source: docs/evidence/account.md 1.5 (of RAM users).
    pub login_session: Span,
    /// Outcome of applications without a manual decision.
    pub review: Review,
    /// Review time; by default the working days of docs/evidence/account.md 2.2.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub review_time: Option<Span>,
    /// Minimum time between changes of the verified identity. Source: docs/evidence/account.md 2.4 (weak).
    pub change_lock: Span,
    /// Maximum number of accounts per person or licence. Source: docs/evidence/account.md 2.4 (weak), of licences.
    pub accounts_per_identity: usize,
    /// Minimum age of a person in years. Source: docs/evidence/account.md 2.4 (weak).
    pub minimum_age: i64,
    /// Lifetime of a verification link. Source: docs/evidence/account.md 2.4.
    pub link_lifetime: Span,
    /// Grace period of an expired document.
    pub document_grace: Span,
    /// Time from arrears to the stop of services. Source: docs/evidence/account.md 1.6 (OSS).
    pub arrears_grace: Span,
    /// Silence period before an account with recent pay-as-you-go use closes. Source: docs/evidence/account.md 1.7.
    pub silence: Span,
    /// Time that a closed account keeps login name, e-mail and mobile. Source: docs/evidence/account.md 1.7 (weak).
    pub names_kept: Span,
    /// Time until a credential report or governance report is ready.
    pub report_time: Span,
    /// Monthly price of any product.
    pub month_price: Money,
    /// Minimum available amount for buying a pay-as-you-go instance.
    pub pay_as_you_go_minimum: Money,
    /// Lifetime of a registration link in days: `Days`. Source: docs/evidence/account.md 3.6.
    pub invite_days: u32,
    /// Maximum accounts per partner. Source: docs/evidence/account.md 3.5, `OVER_MA_CREATE_ACCOUNT_QUOTA_LIMIT`.
    pub accounts_per_partner: usize,
    /// Allowed e-mail suffixes for accounts that partners create; empty allows any. Source:
    /// docs/evidence/account.md 3.5, `EMAIL_DOMAIN_NOT_AUTHORIZED`.
    pub partner_email_domains: Vec<String>,
    /// Shows secrets in listings of Aas, whose format has them. Source: docs/evidence/account.md 3.1.
    pub listings_show_secrets: bool,
    /// Applies the control policies of a resource directory to the root of a member, too. Pages of 2021 say that they do not apply;
    /// `AuthPrincipalType` has had the value `RootUser` since. Source: docs/evidence/policy.md section 3 and 5.
    pub control_policies_bind_roots: bool,
    /// Time after a request to disable control policies in which they cannot be enabled again. UNCERTAIN: the time.
    pub control_policy_interval: Span,
    /// Lets accounts of the International site have a resource directory. UNCERTAIN: the International site has its own endpoint for the
    /// API, and the API has codes that reject its accounts. Source: docs/evidence/resource-directory.md section 2.
    pub international_directories: bool,
}

const fn hours(hours: i64) -> Span {
    Span(SignedDuration::from_hours(hours))
}

const fn minutes(minutes: i64) -> Span {
    Span(SignedDuration::from_mins(minutes))
}

impl Default for AccountRules {
    fn default() -> Self {
        Self {
            accounts_per_mobile: 6,
            accounts_per_partner: 1000,
            password_min: 6,
            password_max: 20,
            captcha_required: false,
            captcha_lifetime: minutes(5),
            captcha_interval: minutes(1),
            login_attempts: 5,
            login_lockout: hours(1),
            login_session: hours(6),
            review: Review::Approve,
            review_time: None,
            change_lock: hours(180 * 24),
            accounts_per_identity: 3,
            minimum_age: 16,
            link_lifetime: hours(3),
            document_grace: hours(30 * 24),
            arrears_grace: hours(24),
            silence: hours(31 * 24),
            names_kept: hours(30 * 24),
            report_time: hours(0),
            month_price: Money(10_000),
            pay_as_you_go_minimum: Money(1),
            invite_days: 7,
            partner_email_domains: Vec::new(),
            listings_show_secrets: false,
            control_policies_bind_roots: true,
            control_policy_interval: minutes(1),
            international_directories: true,
        }
    }
}

impl AccountRules {
    /// Checks a password of an account: its length, and at least two of letters, digits and others.
    pub fn admits_password(&self, password: &Password) -> bool {
        let text = password.reveal();
        let has = |kind: fn(char) -> bool| usize::from(text.chars().any(kind));
        let kinds = has(char::is_alphabetic) + has(|c| c.is_ascii_digit()) + has(|c| !c.is_alphanumeric());
        (self.password_min..=self.password_max).contains(&text.chars().count()) && kinds >= 2
    }

    /// Returns the invalid rules: field and reason.
    pub fn flaws(&self) -> Vec<(&'static str, &'static str)> {
        let spans = [
            ("captchaLifetime", self.captcha_lifetime),
            ("captchaInterval", self.captcha_interval),
            ("loginLockout", self.login_lockout),
            ("loginSession", self.login_session),
            ("reviewTime", self.review_time.unwrap_or(hours(0))),
            ("changeLock", self.change_lock),
            ("linkLifetime", self.link_lifetime),
            ("documentGrace", self.document_grace),
            ("arrearsGrace", self.arrears_grace),
            ("silence", self.silence),
            ("namesKept", self.names_kept),
            ("reportTime", self.report_time),
            ("controlPolicyInterval", self.control_policy_interval),
        ];
        let amounts = [("monthPrice", self.month_price), ("payAsYouGoMinimum", self.pay_as_you_go_minimum)];
        let spans = spans.into_iter().filter(|(_, span)| span.millis() < 0).map(|(field, _)| field);
        let amounts = amounts.into_iter().filter(|(_, amount)| amount.0 < 0).map(|(field, _)| field);
        let negative = spans.chain(amounts).map(|field| (field, "it is negative"));
        let none = (self.password_min > self.password_max)
            .then_some(("passwordMin", "it is more than `passwordMax`: no password can be long enough"));
        negative.chain(none).collect()
    }
}
