//! Expectations about resources in a state: keys, users, policies, accounts.

use crate::attributes::{apply, optional_input};
use crate::text::{Money, Timestamp, covers};
use crate::world::account::{AccessKey, Account, Entity, KeyRing, KeyStatus, Owner, RealNameStatus, Status};
use crate::world::expect::Difference;
use crate::world::state::State;
use std::fmt::Display;

/// A resource: its display name, and its differences from the expected one.
pub(super) type Surveyed = (String, Vec<Difference>);

/// A kind of resource that can be counted in a state.
pub(super) trait Survey {
    /// Returns a description of the expected resources.
    fn title(&self) -> String;
    /// Returns all resources of the kind that exist at `now`.
    fn survey(&self, state: &State, now: Timestamp) -> Vec<Surveyed>;
}

impl<S: Survey> Survey for &S {
    fn title(&self) -> String {
        (*self).title()
    }

    fn survey(&self, state: &State, now: Timestamp) -> Vec<Surveyed> {
        (*self).survey(state, now)
    }
}

/// Filter for AccessKeys. Texts may contain `*` and `?`.
#[apply(optional_input)]
pub struct Keys {
    /// Account: UID or name.
    pub account: Option<String>,
    /// RAM user that owns the key; `root` is the account itself.
    pub user: Option<String>,
    /// AccessKeyId.
    pub id: Option<String>,
    /// Key status.
    pub status: Option<KeyStatus>,
}

/// Filter for named resources: users, groups, roles, custom policies. The name may contain `*` and `?`.
#[apply(optional_input)]
pub struct Named {
    /// Account: UID or name.
    pub account: Option<String>,
    /// Name of the resource.
    pub name: Option<String>,
}

/// Filter for attached policies. Texts may contain `*` and `?`.
#[apply(optional_input)]
pub struct Attachments {
    /// Account: UID or name.
    pub account: Option<String>,
    /// Policy name.
    pub policy: Option<String>,
    /// RAM user that the policy is attached to.
    pub user: Option<String>,
    /// Group that the policy is attached to.
    pub group: Option<String>,
    /// Role that the policy is attached to.
    pub role: Option<String>,
}

/// Filter for accounts.
#[apply(optional_input)]
pub struct Accounts {
    /// UID or name.
    pub name: Option<String>,
    /// Account state.
    pub status: Option<Status>,
    /// State of the real-name verification.
    pub real_name: Option<RealNameStatus>,
    /// Account balance.
    pub balance: Option<Money>,
}

/// Filter for temporary credentials that have not expired. Texts may contain `*` and `?`.
#[apply(optional_input)]
pub struct Sessions {
    /// Account of the role: UID or name.
    pub account: Option<String>,
    /// Role name.
    pub role: Option<String>,
    /// Session name.
    pub name: Option<String>,
}

/// Collects differences.
#[derive(Default)]
struct Differences(Vec<Difference>);

impl Differences {
    fn text(mut self, field: &str, wanted: Option<&String>, was: Option<&str>) -> Self {
        if let Some(wanted) = wanted.filter(|wanted| !was.is_some_and(|was| covers(wanted, was))) {
            let was = was.unwrap_or("nothing").to_owned();
            self.0.push(Difference { field: field.to_owned(), wanted: wanted.clone(), was });
        }
        self
    }

    fn value<T: PartialEq + Display>(mut self, field: &str, wanted: Option<T>, was: T) -> Self {
        if let Some(wanted) = wanted.filter(|wanted| *wanted != was) {
            let field = field.to_owned();
            self.0.push(Difference { field, wanted: wanted.to_string(), was: was.to_string() });
        }
        self
    }

    fn account(mut self, wanted: Option<&String>, account: &Account) -> Self {
        if let Some(wanted) = wanted.filter(|wanted| !is(account, wanted)) {
            let was = account.label.to_string();
            self.0.push(Difference { field: "account".to_owned(), wanted: wanted.clone(), was });
        }
        self
    }
}

fn is(account: &Account, name: &str) -> bool {
    account.label == name || account.uid.to_string() == name
}

fn accounts(state: &State) -> impl Iterator<Item = &Account> {
    state.accounts.values().map(|account| &**account)
}

/// Returns a description such as `keys with user ci, status Active`.
fn title(what: &str, said: &[(&str, Option<String>)]) -> String {
    let said: Vec<_> =
        said.iter().filter_map(|(name, value)| Some(format!("{name} {}", value.as_ref()?))).collect();
    if said.is_empty() { what.to_owned() } else { format!("{what} with {}", said.join(", ")) }
}

impl Survey for Keys {
    fn title(&self) -> String {
        let status = self.status.map(|status| status.to_string());
        let [account, user, id] = [&self.account, &self.user, &self.id].map(Clone::clone);
        title("keys", &[("account", account), ("user", user), ("id", id), ("status", status)])
    }

    fn survey(&self, state: &State, _: Timestamp) -> Vec<Surveyed> {
        let of = |account: &Account, owner: &str, key: &AccessKey| {
            let differences = Differences::default()
                .account(self.account.as_ref(), account)
                .text("user", self.user.as_ref(), Some(owner))
                .text("id", self.id.as_ref(), Some(key.id.as_str()))
                .value("status", self.status, key.status);
            (format!("{} of {owner} ({})", key.id, key.status), differences.0)
        };
        let all = accounts(state).flat_map(|account| {
            let users = account.users.iter().map(|(slot, user)| (Owner::User(slot), user.name.to_string()));
            let owners = std::iter::once((Owner::Root, "root".to_owned())).chain(users);
            owners.flat_map(move |(owner, name)| {
                let keys = account.keys_of(owner).into_iter().flat_map(KeyRing::iter);
                keys.map(|key| of(account, &name, key)).collect::<Vec<_>>()
            })
        });
        all.collect()
    }
}

impl Named {
    /// Returns a survey of one kind, such as `users`.
    pub(super) fn of<'a>(&'a self, what: &'static str) -> OfKind<'a> {
        OfKind { named: self, what }
    }
}

/// Named resources of one kind.
pub(super) struct OfKind<'a> {
    named: &'a Named,
    what: &'static str,
}

impl Survey for OfKind<'_> {
    fn title(&self) -> String {
        let Named { account, name } = self.named.clone();
        title(self.what, &[("account", account), ("name", name)])
    }

    fn survey(&self, state: &State, _: Timestamp) -> Vec<Surveyed> {
        let names = |account: &Account| -> Vec<String> {
            match self.what {
                "users" => account.users.iter().map(|(_, one)| one.name.to_string()).collect(),
                "groups" => account.groups.iter().map(|(_, one)| one.name.to_string()).collect(),
                "roles" => account.roles.iter().map(|(_, one)| one.name.to_string()).collect(),
                _ => account.policies.iter().map(|(_, one)| one.name.to_string()).collect(),
            }
        };
        let of = |account: &Account, name: String| {
            let differences = Differences::default().account(self.named.account.as_ref(), account).text(
                "name",
                self.named.name.as_ref(),
                Some(&name),
            );
            (name, differences.0)
        };
        let all =
            accounts(state).flat_map(|account| names(account).into_iter().map(move |name| of(account, name)));
        all.collect()
    }
}

impl Survey for Attachments {
    fn title(&self) -> String {
        let Self { account, policy, user, group, role } = self.clone();
        let said =
            [("account", account), ("policy", policy), ("user", user), ("group", group), ("role", role)];
        title("attached policies", &said)
    }

    fn survey(&self, state: &State, _: Timestamp) -> Vec<Surveyed> {
        let of = |account: &Account, entity: Entity, policy: &str| {
            let (kind, name) = match entity {
                Entity::User(slot) => ("user", account.users.get(slot).map(|one| one.name.to_string())),
                Entity::Group(slot) => ("group", account.groups.get(slot).map(|one| one.name.to_string())),
                Entity::Role(slot) => ("role", account.roles.get(slot).map(|one| one.name.to_string())),
            };
            let as_kind = |one: &str| name.as_deref().filter(|_| one == kind);
            let differences = Differences::default()
                .account(self.account.as_ref(), account)
                .text("policy", self.policy.as_ref(), Some(policy))
                .text("user", self.user.as_ref(), as_kind("user"))
                .text("group", self.group.as_ref(), as_kind("group"))
                .text("role", self.role.as_ref(), as_kind("role"));
            (format!("{policy} to {kind} {}", name.as_deref().unwrap_or("that is gone")), differences.0)
        };
        let all = accounts(state).flat_map(|account| {
            account.attachments.iter().filter_map(move |(entity, attached)| {
                let policy = account.any_policy(attached.policy).ok()?;
                Some(of(account, entity, policy.name()))
            })
        });
        all.collect()
    }
}

impl Survey for Accounts {
    fn title(&self) -> String {
        let said = [
            ("name", self.name.clone()),
            ("status", self.status.map(|status| status.to_string())),
            ("realName", self.real_name.map(|status| status.to_string())),
            ("balance", self.balance.map(|balance| balance.to_string())),
        ];
        title("accounts", &said)
    }

    fn survey(&self, state: &State, _: Timestamp) -> Vec<Surveyed> {
        let of = |account: &Account| {
            let differences = Differences::default()
                .account(self.name.as_ref(), account)
                .value("status", self.status, account.status())
                .value("realName", self.real_name, account.real_name.status())
                .value("balance", self.balance, Money(account.standing().balance_cents()));
            (account.label.to_string(), differences.0)
        };
        accounts(state).map(of).collect()
    }
}

impl Survey for Sessions {
    fn title(&self) -> String {
        let Self { account, role, name } = self.clone();
        title("sessions", &[("account", account), ("role", role), ("name", name)])
    }

    fn survey(&self, state: &State, now: Timestamp) -> Vec<Surveyed> {
        let lasting = state.sessions().filter(|session| session.enforced_expiry > now);
        let all = lasting.filter_map(|session| {
            let differences = Differences::default()
                .account(self.account.as_ref(), state.account(session.uid).ok()?)
                .text("role", self.role.as_ref(), Some(session.role_name.as_str()))
                .text("name", self.name.as_ref(), Some(&session.name));
            Some((format!("{} of role {} ({})", session.name, session.role_name, session.id), differences.0))
        });
        all.collect()
    }
}
