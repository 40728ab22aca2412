//! Reports about users and keys. They are computed when somebody asks for them, and kept. Source: docs/evidence/ims.md 4.9 and
//! section 6.

use crate::text::Timestamp;
use crate::world::account::{AccessKey, Account, KeyRing, KeyStatus, LastUse, LoginStatus, PasswordPolicy};
use crate::world::refusal::Refusal;
use jiff::SignedDuration;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Time in which no other report is generated, and after which a report expires (UNCERTAIN).
const VALID: SignedDuration = SignedDuration::from_hours(4);
/// Age of an old key, time after which a key counts as unused, and time that is recent. UNCERTAIN.
const DAYS: i64 = 90;
/// Number of keys that a report has columns for: two, and three that other accounts may have.
const COLUMNS: usize = 5;

/// Returns the last use of a key.
type LastUseOf<'a> = dyn Fn(&AccessKey) -> Option<LastUse> + 'a;

/// Reports of an account.
#[derive(Debug, Clone, Default)]
pub struct Reports {
    /// Credential report.
    pub credential: Option<Arc<Made<CredentialReport>>>,
    /// Governance report.
    pub governance: Option<Arc<Made<Governance>>>,
}

/// A report that was asked for.
#[derive(Debug)]
pub struct Made<T> {
    asked: Timestamp,
    /// Time at which it is ready.
    pub ready: Timestamp,
    content: T,
}

/// Stage of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// It was just asked for.
    Started,
    /// It is not ready yet.
    InProgress,
    /// It is ready.
    Completed,
}

impl<T> Made<T> {
    /// Creates a report that is asked for `now` and takes some `time`.
    pub fn new(content: T, now: Timestamp, time: SignedDuration) -> Self {
        Self { asked: now, ready: now.plus(time), content }
    }

    /// Returns `true` if it is still the report of its account.
    pub fn is_valid(&self, now: Timestamp) -> bool {
        now < self.asked.plus(VALID)
    }

    /// Returns the report, ready or not.
    pub fn content(&self) -> &T {
        &self.content
    }

    /// Returns the stage, if the report has not expired.
    pub fn stage(&self, now: Timestamp) -> Stage {
        if now < self.ready { Stage::InProgress } else { Stage::Completed }
    }

    /// Returns the report, if it is ready and valid.
    pub fn read(last: Option<&Arc<Self>>, now: Timestamp) -> Result<&Self, Refusal> {
        let made = last.ok_or(Refusal::NoReport)?;
        match made.stage(now) {
            _ if !made.is_valid(now) => Err(Refusal::ReportExpired),
            Stage::Completed => Ok(made),
            Stage::Started | Stage::InProgress => Err(Refusal::ReportInProgress),
        }
    }
}

/// A credential report.
#[derive(Debug)]
pub struct CredentialReport(String);

impl CredentialReport {
    /// Makes the report of an account.
    pub fn of(account: &Account, last_use: &LastUseOf<'_>) -> Self {
        let mut all = header();
        let security = &account.security;
        row(
            &mut all,
            [
                "<root>".to_owned(),
                account.created.to_string(),
                or_never(security.last_login),
                flag(true),
                "N/A".to_owned(),
                or_never(security.password_set),
                "N/A".to_owned(),
                flag(security.mfa.is_some()),
            ],
            &account.keys,
            last_use,
        );
        for (slot, user) in account.users.iter() {
            let of_login = match user.login.as_deref() {
                None => [flag(false), not_applicable(), not_applicable(), not_applicable(), not_applicable()],
                Some(profile) => [
                    flag(true),
                    flag(profile.status == LoginStatus::Active),
                    profile.password_set().to_string(),
                    next_rotation(profile.password_set(), &account.password_policy),
                    flag(account.device_of(slot).is_some()),
                ],
            };
            let [exist, active, changed, next, mfa] = of_login;
            let name = format!("{}@{}", user.name, account.default_domain());
            let fields = [
                name,
                user.created.to_string(),
                or_never(user.last_login),
                exist,
                active,
                changed,
                next,
                mfa,
            ];
            row(&mut all, fields, &user.keys, last_use);
        }
        Self(all)
    }

    /// Returns `count` lines from the `first` on, and the number of the line that follows them.
    pub fn page(&self, first: usize, count: usize) -> (String, Option<usize>) {
        let mut lines = self.0.lines().skip(first);
        let page = lines.by_ref().take(count).map(|line| format!("{line}\n")).collect();
        (page, lines.next().map(|_| first + count))
    }
}

fn header() -> String {
    let mut columns: Vec<String> = [
        "user",
        "user_creation_time",
        "user_last_logon",
        "password_exist",
        "password_active",
        "password_last_changed",
        "password_next_rotation",
        "mfa_active",
    ]
    .map(str::to_owned)
    .into();
    let keys = [
        "access_key_1",
        "access_key_2",
        "additional_access_key_1",
        "additional_access_key_2",
        "additional_access_key_3",
    ];
    for key in keys {
        columns.extend(["exist", "active", "last_rotated", "last_used"].map(|what| format!("{key}_{what}")));
    }
    columns.join(",") + "\n"
}

/// Adds a line. Short-term keys are left out.
fn row(all: &mut String, fields: [String; 8], keys: &KeyRing, last_use: &LastUseOf<'_>) {
    let mut keys = keys.iter().filter(|key| key.short_term.is_none());
    let of_key = |key: Option<&AccessKey>| match key {
        None => [flag(false), not_applicable(), not_applicable(), not_applicable()],
        Some(key) => [
            flag(true),
            flag(key.status == KeyStatus::Active),
            key.created.to_string(),
            or_never(last_use(key).map(|last| last.at)),
        ],
    };
    let mut line: Vec<String> = fields.into();
    (0..COLUMNS).for_each(|_| line.extend(of_key(keys.next())));
    all.push_str(&line.join(","));
    all.push('\n');
}

fn flag(is_so: bool) -> String {
    if is_so { "TRUE" } else { "FALSE" }.to_owned()
}

fn not_applicable() -> String {
    "N/A".to_owned()
}

fn or_never(at: Option<Timestamp>) -> String {
    at.map_or_else(|| "-".to_owned(), |at| at.to_string())
}

fn next_rotation(set: Timestamp, policy: &PasswordPolicy) -> String {
    let days = Some(policy.max_age).filter(|days| *days > 0);
    or_never(days.map(|days| set.plus(SignedDuration::from_hours(24 * days))))
}

/// A value of a governance report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Metric {
    /// `Number`.
    Number(usize),
    /// `String`.
    Text(String),
    /// `Boolean`.
    Flag(bool),
}

impl Metric {
    /// Returns the name of its type.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Number(_) => "Number",
            Self::Text(_) => "String",
            Self::Flag(_) => "Boolean",
        }
    }
}

/// An item of a governance report: a value, and the table behind it.
#[derive(Debug)]
pub struct GovernanceItem {
    /// The value.
    pub value: Metric,
    /// Names and types of the columns.
    pub columns: &'static [(&'static str, &'static str)],
    /// Rows of the table.
    pub rows: Vec<Vec<Metric>>,
}

/// A governance report: items by name.
///
/// UNCERTAIN: only these three names are known, and neither their types nor their columns.
#[derive(Debug)]
pub struct Governance(pub BTreeMap<&'static str, GovernanceItem>);

impl Governance {
    /// Makes the report of an account.
    pub fn of(account: &Account, last_use: &LastUseOf<'_>, now: Timestamp) -> Self {
        let text = |text: &dyn ToString| Metric::Text(text.to_string());
        let used = account.keys.iter().filter_map(|key| Some((key, last_use(key)?.at)));
        let used = used.filter(|(_, at)| !is_old(*at, now)).map(|(key, at)| vec![text(&key.id), text(&at)]);
        let logins = account.security.logins.iter().filter(|at| !is_old(**at, now));
        let logins = logins.map(|at| vec![text(at)]);
        let counted =
            |columns, rows: Vec<_>| GovernanceItem { value: Metric::Number(rows.len()), columns, rows };
        let used = counted(&[("AccessKeyId", "String"), ("LastUsedTime", "String")], used.collect());
        let logins = counted(&[("LoginTime", "String")], logins.collect());
        let user_sso = &account.sign_on.user_sso;
        let status = if user_sso.enabled { "Enabled" } else { "Disabled" };
        let domain = user_sso.auxiliary_domain.as_deref().unwrap_or_default();
        let setting = |name: &str, value: &str| vec![text(&name), text(&value)];
        let sso = GovernanceItem {
            value: Metric::Flag(user_sso.enabled),
            columns: &[("Setting", "String"), ("Value", "String")],
            rows: vec![setting("SsoStatus", status), setting("AuxiliaryDomain", domain)],
        };
        Self(BTreeMap::from([
            ("AccountRecentUsingAccessKey", used),
            ("RecentAccountLoginTimes", logins),
            ("SSOLoginEnabled", sso),
        ]))
    }
}

fn is_old(at: Timestamp, now: Timestamp) -> bool {
    now.since(at) > SignedDuration::from_hours(24 * DAYS)
}

/// Security practices of an account: `AccountSecurityPracticeUserInfo`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Practice {
    /// The account has an MFA device.
    pub bind_mfa: bool,
    /// Keys of users that are older than 90 days (UNCERTAIN).
    pub old_keys: usize,
    /// Keys of the account itself.
    pub root_keys: usize,
    /// Users.
    pub users: usize,
    /// Users with an MFA device.
    pub users_with_mfa: usize,
    /// Requirements for passwords: `low`, `mid` or `high`. UNCERTAIN: the levels.
    pub password_level: &'static str,
    /// Users with old keys.
    pub users_with_old_keys: usize,
    /// Users with keys that were not used for 90 days.
    pub users_with_unused_keys: usize,
    /// Keys of users that were not used for 90 days (UNCERTAIN).
    pub unused_keys: usize,
}

impl Practice {
    /// Examines an account.
    pub fn of(account: &Account, last_use: &LastUseOf<'_>, now: Timestamp) -> Self {
        let policy = &account.password_policy;
        let required = [policy.lowercase, policy.uppercase, policy.numbers, policy.symbols];
        let kinds = required.into_iter().filter(|is_required| *is_required).count();
        let mut found = Self {
            bind_mfa: account.security.mfa.is_some(),
            old_keys: 0,
            root_keys: account.keys.iter().count(),
            users: account.users.len(),
            users_with_mfa: 0,
            password_level: match (policy.minimum_length, kinds) {
                (12.., 3..) => "high",
                (8.., 2..) => "mid",
                _ => "low",
            },
            users_with_old_keys: 0,
            users_with_unused_keys: 0,
            unused_keys: 0,
        };
        for (slot, user) in account.users.iter() {
            let old = user.keys.iter().filter(|key| is_old(key.created, now)).count();
            let is_unused = |key: &&AccessKey| is_old(last_use(key).map_or(key.created, |last| last.at), now);
            let unused = user.keys.iter().filter(is_unused).count();
            found.old_keys += old;
            found.unused_keys += unused;
            found.users_with_old_keys += usize::from(old > 0);
            found.users_with_unused_keys += usize::from(unused > 0);
            found.users_with_mfa += usize::from(account.device_of(slot).is_some());
        }
        found
    }

    /// Returns the score, from 0 to 100. UNCERTAIN: the weights.
    pub fn score(&self) -> usize {
        let without_mfa = self.users - self.users_with_mfa;
        let share = |part: usize, weight: usize| (part * weight).div_ceil(self.users.max(1));
        let lost = [
            if self.bind_mfa { 0 } else { 20 },
            if self.root_keys == 0 { 0 } else { 20 },
            share(without_mfa, 20),
            share(self.users_with_old_keys, 10),
            share(self.users_with_unused_keys, 10),
            match self.password_level {
                "high" => 0,
                "mid" => 10,
                _ => 20,
            },
        ];
        100 - lost.iter().sum::<usize>()
    }
}
