//! RAM roles of an account: the list, and a new role for an account, a service or an identity provider.
//! Source: docs/evidence/ram.md 5.7, docs/evidence/sts.md sections 4 and 5.

use crate::console::pages::ram::form::{Checked, Mistake, Wrong, change, optional, required};
use crate::console::pages::ram::{Content, ROLES, Rows, below, editor, has, start, wanted};
use crate::console::visit::{Shown, Visit};
use crate::policy::Kind;
use crate::text::{Description, NewRoleName, RoleName, ServicePrincipal, Uid};
use crate::world::NewRole;
use crate::world::account::providers::{oidc_arn, saml_arn};
use crate::world::account::{Account, Role, Tags, Trust};
use crate::world::register::Slot;
use askama::Template;
use http::StatusCode;
use serde_json::{Value, json};

struct Row {
    name: String,
    page: String,
    description: String,
    trusted: String,
    session: i64,
    created: String,
}

#[derive(Template)]
#[template(path = "ram/roles.html")]
struct Page<'a> {
    v: &'a Visit<'a>,
    count: usize,
    list: Rows<Row>,
}

#[derive(Template)]
#[template(path = "ram/new_role.html")]
struct New<'a> {
    v: &'a Visit<'a>,
    account: &'a Account,
    editor: String,
    mistake: Mistake,
}

impl New<'_> {
    fn is_trusted(&self, kind: &str) -> bool {
        self.v.form.given("trusted").unwrap_or("account") == kind
    }

    /// Names of the identity providers, with a few characters that tell their kinds apart.
    fn providers(&self) -> Vec<String> {
        let oidc = self.account.oidc_providers.iter().map(|(_, one)| one.name.to_string());
        let saml = self.account.saml_providers.iter().map(|(_, one)| one.name.to_string());
        oidc.chain(saml).collect()
    }
}

/// Shows the list.
pub(crate) fn show(v: &Visit<'_>) -> Shown {
    let account = v.own_account()?;
    let q = wanted(v);
    let all = account.roles.iter_from(Slot(start(v))).filter(|(_, role)| has(role.name.as_str(), &q));
    let row = |role: &Role| Row {
        name: role.name.to_string(),
        page: v.at(&below(ROLES, role.name.as_str())),
        description: role.description.as_ref().map(Description::to_string).unwrap_or_default(),
        trusted: trusted(role),
        session: role.max_session,
        created: role.created.to_string(),
    };
    let list = Rows::of(v, ROLES, all.map(|(slot, role)| (slot.0, row(role))));
    let page = Page { v, count: account.roles.len(), list };
    let calls = "aliyun ram ListRoles\n\
                 aliyun ram CreateRole --RoleName app --AssumeRolePolicyDocument file://trust.json";
    Ok(Content { title: v.t.ram.roles, inner: &page, recipes: &[], calls }.show(v, StatusCode::OK))
}

/// Returns the kinds of principals and the services that a role trusts.
fn trusted(role: &Role) -> String {
    let (kinds, services) = role.trust.document.trusted();
    let kinds = kinds.into_iter().filter(|kind| *kind != "Service" || services.is_empty());
    kinds.chain(services.iter().copied()).collect::<Vec<_>>().join(", ")
}

/// Shows the form of a new role.
pub(crate) fn new(v: &Visit<'_>) -> Shown {
    form(v, "", Mistake::default())
}

fn form(v: &Visit<'_>, text: &str, mistake: Mistake) -> Shown {
    let account = v.own_account()?;
    let editor = editor::part_of_form(v, Kind::Trust, text, &mistake);
    let status = mistake.status();
    let calls = "aliyun ram CreateRole --RoleName app --AssumeRolePolicyDocument file://trust.json\n\
                 aliyun sts AssumeRole --RoleArn acs:ram::UID:role/app --RoleSessionName test";
    let recipes = [v.recipe("GET", "/issuer/login", "")];
    let inner = &New { v, account, editor, mistake };
    Ok(Content { title: v.t.ram.new_role, inner, recipes: &recipes, calls }.show(v, status))
}

/// Returns the trust policy that the choices of the form describe.
fn written(v: &Visit<'_>, account: &Account) -> Checked<String> {
    let (principal, condition) = match v.form.get("trusted") {
        "service" => {
            let service: ServicePrincipal = required(v, "service")?;
            (json!({"Service": [service.as_str()]}), None)
        }
        "provider" => provider(v, account)?,
        _ => {
            let uid = v.form.given("uid").map_or(Some(account.uid), |uid| uid.parse().ok().map(Uid));
            let uid = uid.ok_or_else(|| Wrong::in_field("uid", v.t.ram.flaw_value))?;
            (json!({"RAM": [format!("acs:ram::{uid}:root")]}), None)
        }
    };
    let mut statement = json!({"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal});
    if let Some(condition) = condition {
        statement["Condition"] = condition;
    }
    let document = json!({"Version": "1", "Statement": [statement]});
    Ok(serde_json::to_string_pretty(&document).unwrap_or_default())
}

/// Returns the principal of an identity provider, and the conditions that the real console writes for its kind.
fn provider(v: &Visit<'_>, account: &Account) -> Checked<(Value, Option<Value>)> {
    let wanted = v.form.get("provider").to_lowercase();
    let principal = |arn: String| json!({"Federated": [arn]});
    if let Some(slot) = account.oidc_providers.find(&wanted)
        && let Some(found) = account.oidc_providers.get(slot)
    {
        let condition =
            json!({"StringEquals": {"oidc:iss": found.issuer.as_str(), "oidc:aud": found.client_ids}});
        return Ok((principal(oidc_arn(account.uid, &found.name)), Some(condition)));
    }
    let found = account.saml_providers.find(&wanted).and_then(|slot| account.saml_providers.get(slot));
    let found = found.ok_or_else(|| Wrong::in_field("provider", v.t.ram.no_provider))?;
    let condition = json!({"StringEquals": {"saml:recipient": account.profile.site.saml_recipient()}});
    Ok((principal(saml_arn(account.uid, &found.name)), Some(condition)))
}

/// Reads the maximum duration of a session, in seconds.
pub(super) fn session(v: &Visit<'_>) -> Checked<Option<i64>> {
    let wrong = || Wrong::in_field("session", v.t.ram.session_hint);
    let seconds = v.form.given("session").map(|text| text.parse().map_err(|_| wrong())).transpose()?;
    if seconds.is_none_or(|seconds| Role::SESSION_SECONDS.contains(&seconds)) {
        Ok(seconds)
    } else {
        Err(wrong())
    }
}

/// Adds a role; or checks its trust policy, or writes it.
pub(crate) fn create(v: &Visit<'_>) -> Shown {
    let account = v.own_account()?;
    let (uid, text) = (account.uid, editor::sent(v));
    if editor::is_check(v) {
        return form(v, &text, Mistake::default());
    }
    if v.form.get("step") == "write" {
        return match written(v, account) {
            Ok(text) => form(v, &text, Mistake::default()),
            Err(wrong) => form(v, &text, wrong.into()),
        };
    }
    let made = || -> Checked<RoleName> {
        let name: RoleName = required::<NewRoleName>(v, "role-name")?.into();
        let (description, max_session) = (optional(v, "description")?, session(v)?);
        let trust = if text.is_empty() {
            let text = written(v, account)?;
            Trust::parse(&text).map_err(|_| Wrong::in_field("document", v.t.ram.document_wrong))?
        } else {
            editor::read(v, Kind::Trust, Trust::parse)?
        };
        let new = NewRole {
            name: name.clone(),
            description,
            trust,
            max_session,
            allow_console_login: true,
            service: None,
            tags: Tags::default(),
        };
        change(v, "role-name", |tx| Ok(tx.add_role(uid, new)?))?;
        Ok(name)
    };
    match made() {
        Ok(name) => Ok(v.go(&below(ROLES, name.as_str()), "done_ram_made")),
        Err(wrong) => form(v, &text, wrong.into()),
    }
}
