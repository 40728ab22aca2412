//! Policies of an account: the list of custom and system policies, and a new custom policy. Source: docs/evidence/ram.md 5.6.

use crate::console::pages::ram::form::{Checked, Mistake, change, optional, required};
use crate::console::pages::ram::{Content, POLICIES, Rows, editor, has, policy, start, wanted};
use crate::console::visit::{Shown, Visit};
use crate::policy::Kind;
use crate::text::{Description, PolicyName};
use crate::world::account::{Account, AnyPolicy, Policy, PolicyRef, Version};
use crate::world::register::Slot;
use askama::Template;
use http::StatusCode;

/// Number of the first system policy in the list, after the slots of all custom ones.
const SYSTEM: u32 = 1 << 31;

/// Document that a new policy begins with.
const EXAMPLE: &str = r#"{
  "Version": "1",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": ["ram:GetUser", "ram:ListUsers"],
      "Resource": "*"
    }
  ]
}
"#;

struct Row {
    name: String,
    page: String,
    kind: &'static str,
    description: String,
    version: u32,
    attached: usize,
}

#[derive(Template)]
#[template(path = "ram/policies.html")]
struct Page<'a> {
    v: &'a Visit<'a>,
    kind: &'a str,
    list: Rows<Row>,
}

impl Page<'_> {
    fn with_kind(&self, kind: &str) -> String {
        let q = crate::console::form::encoded(self.v.query.get("q"));
        self.v.at(&format!("{POLICIES}?type={kind}&q={q}"))
    }
}

#[derive(Template)]
#[template(path = "ram/new_policy.html")]
struct New<'a> {
    v: &'a Visit<'a>,
    editor: String,
    mistake: Mistake,
}

/// Shows the list: custom policies first.
pub(crate) fn show(v: &Visit<'_>) -> Shown {
    let account = v.own_account()?;
    let (kind, q, from) = (v.query.get("type"), wanted(v), start(v));
    let custom = account.policies.iter_from(Slot(from)).filter(|_| kind != "system");
    let custom = custom.map(|(slot, policy)| (slot.0, PolicyRef::Custom(slot), AnyPolicy::Custom(policy)));
    // System policies are few; whoever looks at custom ones only does not wait for them.
    let system = Some(account).filter(|_| kind != "custom").into_iter().flat_map(Account::all_policies);
    let system = system.take_while(|(of, _)| matches!(of, PolicyRef::System(_)));
    let system = system.zip(SYSTEM..).map(|((of, policy), number)| (number, of, policy));
    let all = custom.chain(system.filter(|(number, ..)| *number >= from));
    let all = all.filter(|(_, _, policy)| has(policy.name(), &q) || has(description(*policy), &q));
    let row = |of: PolicyRef, any: AnyPolicy<'_>| Row {
        name: any.name().to_owned(),
        page: v.at(&policy::page_of(any)),
        kind: policy::kind_of(v, any),
        description: description(any).to_owned(),
        version: any.default_version().number,
        attached: account.attached_to(of, None).count(),
    };
    let list = Rows::of(v, POLICIES, all.map(|(number, of, any)| (number, row(of, any))));
    let calls = "aliyun ram ListPolicies --PolicyType Custom\n\
                 aliyun ram CreatePolicy --PolicyName readers --PolicyDocument file://policy.json";
    let content = Content { title: v.t.ram.policies, inner: &Page { v, kind, list }, recipes: &[], calls };
    Ok(content.show(v, StatusCode::OK))
}

/// Returns the description of a policy, or an empty text.
pub(super) fn description(policy: AnyPolicy<'_>) -> &str {
    match policy {
        AnyPolicy::System(policy) => &policy.description,
        AnyPolicy::Custom(policy) => policy.description.as_ref().map_or("", Description::as_str),
    }
}

/// Shows the form of a new policy.
pub(crate) fn new(v: &Visit<'_>) -> Shown {
    form(v, EXAMPLE, Mistake::default())
}

fn form(v: &Visit<'_>, text: &str, mistake: Mistake) -> Shown {
    v.own_account()?;
    let editor = editor::part_of_form(v, Kind::Permission, text, &mistake);
    let status = mistake.status();
    let calls = "aliyun ram CreatePolicy --PolicyName readers --PolicyDocument file://policy.json\n\
                 alimock policy lint policy.json";
    let inner = &New { v, editor, mistake };
    Ok(Content { title: v.t.ram.new_policy, inner, recipes: &[], calls }.show(v, status))
}

/// Adds a policy, or checks its document.
pub(crate) fn create(v: &Visit<'_>) -> Shown {
    let uid = v.own_account()?.uid;
    let text = editor::sent(v);
    if editor::is_check(v) {
        return form(v, &text, Mistake::default());
    }
    let made = || -> Checked<PolicyName> {
        let name: PolicyName = required(v, "policy-name")?;
        let description = optional(v, "description")?;
        let first = editor::read(v, Kind::Permission, |text| Version::new(1, text, v.now))?;
        change(v, "policy-name", |tx| {
            let now = tx.now;
            let (account, quotas) = tx.account_of(uid)?;
            account.add_policy(Policy::new(name.clone(), description, first, now), &quotas)?;
            Ok(name)
        })
    };
    match made() {
        Ok(name) => Ok(v.go(&policy::custom(&name), "done_ram_made")),
        Err(wrong) => form(v, &text, wrong.into()),
    }
}
