//! Rules about accounts that no source settles, or that tests like to change: settings of a world.

use crate::text::{Money, Password, Span};
use jiff::SignedDuration;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What becomes of applications that nobody decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Review {
    /// They are approved when their review has taken its time; one with a document of another country is rejected.
    #[default]
    Approve,
    /// They are rejected then.
    Reject,
    /// They wait for a decision.
    Manual,
}

/// Rules about accounts. Every default that is not sourced is UNCERTAIN. Source: docs/evidence/account.md 1.4, 1.5, 1.7 and 2.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct AccountRules {
    /// How many accounts a mobile may register. Source: docs/evidence/account.md 1.4 (weak).
    pub accounts_per_mobile: usize,
    /// Shortest password of an account. Source: docs/evidence/account.md 1.4 (weak).
    pub password_min: usize,
    /// Longest. Source: docs/evidence/account.md 1.4 (weak).
    pub password_max: usize,
    /// Whether registering needs a code that was sent to the e-mail or mobile.
    pub captcha_required: bool,
    /// How long a code that was sent is good. INFERRED in docs/evidence/account.md 1.4.
    pub captcha_lifetime: Span,
    /// How long to wait before the next code to the same target. INFERRED in docs/evidence/account.md 1.4.
    pub captcha_interval: Span,
    /// How many wrong passwords lock the log-in; 0 for any number.
    pub login_attempts: u32,
    /// How long it is locked then.
    pub login_lockout: Span,
    /// How long a log-in lasts. Source: docs/evidence/account.md 1.5 (of RAM users).
    pub login_session: Span,
    /// What becomes of applications that nobody decides.
    pub review: Review,
    /// How long their review takes; the working days of docs/evidence/account.md 2.2 when not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub review_time: Option<Span>,
    /// How long a change of what is verified bars the next. Source: docs/evidence/account.md 2.4 (weak).
    pub change_lock: Span,
    /// How many accounts one person or licence may verify. Source: docs/evidence/account.md 2.4 (weak), of licences.
    pub accounts_per_identity: usize,
    /// How old a person must be, in years. Source: docs/evidence/account.md 2.4 (weak).
    pub minimum_age: i64,
    /// How long the address of a verification page is good. Source: docs/evidence/account.md 2.4.
    pub link_lifetime: Span,
    /// How long an expired document still counts.
    pub document_grace: Span,
    /// From arrears until services stop. Source: docs/evidence/account.md 1.6 (OSS).
    pub arrears_grace: Span,
    /// The silence period before an account closes that paid by use lately. Source: docs/evidence/account.md 1.7.
    pub silence: Span,
    /// How long login name, e-mail and mobile of a closed account stay taken. Source: docs/evidence/account.md 1.7 (weak).
    pub names_kept: Span,
    /// Price of a month of any product.
    pub month_price: Money,
    /// Amount that must be available before an instance is bought that is paid by use.
    pub pay_as_you_go_minimum: Money,
    /// How many days the address of an invitation to register is good: `Days`. Source: docs/evidence/account.md 3.6.
    pub invite_days: u32,
    /// How many accounts a partner may make. Source: docs/evidence/account.md 3.5, `OVER_MA_CREATE_ACCOUNT_QUOTA_LIMIT`.
    pub accounts_per_partner: usize,
    /// Suffixes that e-mail addresses may have of accounts that partners make; none means any. Source: docs/evidence/account.md 3.5,
    /// `EMAIL_DOMAIN_NOT_AUTHORIZED`.
    pub partner_email_domains: Vec<String>,
    /// Whether listings of Aas show secrets, as their shape has it. Source: docs/evidence/account.md 3.1.
    pub listings_show_secrets: bool,
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
            month_price: Money(10_000),
            pay_as_you_go_minimum: Money(1),
            invite_days: 7,
            partner_email_domains: Vec::new(),
            listings_show_secrets: false,
        }
    }
}

impl AccountRules {
    /// Whether a password of an account is strong enough: of a good length, and of at least two of letters, digits and others.
    pub fn admits_password(&self, password: &Password) -> bool {
        let text = password.reveal();
        let has = |kind: fn(char) -> bool| usize::from(text.chars().any(kind));
        let kinds = has(char::is_alphabetic) + has(|c| c.is_ascii_digit()) + has(|c| !c.is_alphanumeric());
        (self.password_min..=self.password_max).contains(&text.chars().count()) && kinds >= 2
    }

    /// What no rule can be, each with its field.
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
        ];
        let amounts = [("monthPrice", self.month_price), ("payAsYouGoMinimum", self.pay_as_you_go_minimum)];
        let spans = spans.into_iter().filter(|(_, span)| span.millis() < 0).map(|(field, _)| field);
        let amounts = amounts.into_iter().filter(|(_, amount)| amount.0 < 0).map(|(field, _)| field);
        let negative = spans.chain(amounts).map(|field| (field, "it is less than nothing"));
        let none = (self.password_min > self.password_max)
            .then_some(("passwordMin", "it is more than `passwordMax`: no password can be long enough"));
        negative.chain(none).collect()
    }
}
