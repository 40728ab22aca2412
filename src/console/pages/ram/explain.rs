//! Explanation of permissions: who may do what, and the statements that decide. The control API answers the question.
//! Source: docs/evidence/policy.md section 3.

use crate::console::pages::ram::form::{Checked, Mistake, Wrong};
use crate::console::pages::ram::{Content, EXPLAIN};
use crate::console::visit::{Shown, Visit};
use crate::control::{Explanation, OneOrMany, Question, explanation};
use crate::policy::Context;
use crate::text::{RoleName, Scalar, UserName};
use crate::world::account::Account;
use crate::world::permission::Explained;
use crate::world::{NotDone, Refusal};
use askama::Template;
use serde_json::json;
use std::collections::BTreeMap;

/// Actions in a question at most.
const MOST_ACTIONS: usize = 20;

/// A statement, and the policy that it belongs to.
struct Row {
    layer: &'static str,
    policy: String,
    statement: usize,
    effect: &'static str,
    applies: bool,
    why: String,
}

/// The answer about one action.
struct Answered {
    action: String,
    is_allowed: bool,
    reason: String,
    rows: Vec<Row>,
}

#[derive(Template)]
#[template(path = "ram/explain.html")]
struct Page<'a> {
    v: &'a Visit<'a>,
    page: &'static str,
    results: Vec<Answered>,
    mistake: Mistake,
}

impl Page<'_> {
    fn is_principal(&self, kind: &str) -> bool {
        self.v.query.given("principal").unwrap_or("user") == kind
    }
}

/// Shows the form, and the answer to the question in the query.
pub(crate) fn show(v: &Visit<'_>) -> Shown {
    let account = v.own_account()?;
    let (results, mistake) = match asked(v, account) {
        Ok(results) => (results, Mistake::default()),
        Err(wrong) => (Vec::new(), wrong.into()),
    };
    let status = mistake.status();
    let page = Page { v, page: EXPLAIN, results, mistake };
    let kind = if v.query.get("principal") == "role" { "role" } else { "user" };
    let name = v.query.given("name").unwrap_or("ann");
    let action = actions(v).next().unwrap_or("ram:GetUser");
    let question = json!({"account": account.uid.to_string(), kind: name, "action": action});
    let recipes = [v.recipe("POST", "/explain", &question.to_string())];
    let content = Content { title: v.t.ram.explain, inner: &page, recipes: &recipes, calls: "" };
    Ok(content.show(v, status))
}

/// Returns the actions of the question.
fn actions<'a>(v: &'a Visit<'_>) -> impl Iterator<Item = &'a str> {
    v.query.get("action").split([',', ' ', '\n', '\r']).filter(|action| !action.is_empty())
}

/// Answers the question in the query; without an action there is no question.
fn asked(v: &Visit<'_>, account: &Account) -> Checked<Vec<Answered>> {
    if v.query.given("action").is_none() {
        return Ok(Vec::new());
    }
    let name = v.query.get("name");
    let missing = |refusal: Refusal| Wrong::in_field("name", &v.why(&NotDone::Refused(refusal)));
    let (mut user, mut role) = (None, None);
    match v.query.get("principal") {
        "root" => {}
        "role" => {
            let name = RoleName::parse(name).map_err(|_| missing(Refusal::NoSuchRole))?;
            account.role_slot(&name).map_err(missing)?;
            role = Some(name);
        }
        _ => {
            let name = UserName::parse(name).map_err(|_| missing(Refusal::NoSuchUser))?;
            account.user_slot(&name).map_err(missing)?;
            user = Some(name);
        }
    }
    let pairs = v.query.get("conditions").lines().map(str::trim).filter(|line| !line.is_empty());
    let context =
        Context::of_pairs(pairs).map_err(|_| Wrong::in_field("conditions", v.t.ram.conditions_hint))?;
    if actions(v).count() > MOST_ACTIONS {
        return Err(Wrong::in_field("action", v.t.ram.too_many_actions));
    }
    let ask = |action: &str| {
        let values = |(key, values): (&str, &[String])| (key.to_owned(), OneOrMany::Many(values.to_vec()));
        let question = Question {
            account: Some(account.uid.to_string()),
            user: user.clone(),
            role: role.clone(),
            action: Some(action.to_owned()),
            resource: v.query.given("resource").map(str::to_owned),
            context: context.iter().map(values).collect::<BTreeMap<_, _>>(),
            ..Question::default()
        };
        let answer = explanation(&v.state, v.now, question);
        answer.map(|answer| result(v, action, &answer)).map_err(|why| Wrong::whole(why.to_string()))
    };
    actions(v).map(ask).collect()
}

fn result(v: &Visit<'_>, action: &str, answer: &Explanation) -> Answered {
    let row = |one: &Explained| Row {
        layer: one.policy_type,
        policy: match &one.policy {
            Some(policy) => {
                let name = policy.name.as_ref().unwrap_or(&policy.policy);
                format!("{name} ({})", policy.attached_to)
            }
            None => v.t.none.to_owned(),
        },
        statement: one.statement,
        effect: one.effect,
        applies: one.applies,
        why: one.why.clone(),
    };
    Answered {
        action: action.to_owned(),
        is_allowed: answer.decision.allowed(),
        reason: answer.decision.reason().to_owned(),
        rows: answer.statements.iter().map(row).collect(),
    }
}
