//! Replaces step 7 for an action that alimock does not implement: a stub of the world responds.

use crate::error::{Result, gateway};
use crate::gateway::call::Call;
use crate::gateway::visit::Visit;
use crate::operation::{Body, Reply, without_what_xml_cannot_hold};
use crate::params::Params;
use crate::services::Product;
use crate::world::stubs::{Template, Variable};
use std::fmt::Write;

/// Default region, if neither a parameter nor the host names one. Most products started there.
const REGION: &str = crate::text::DEFAULT_REGION;
/// XML name of an item in a list without a name.
const ITEM: &str = "Item";

/// Returns the response of the first matching stub, or the error for an unknown action.
pub(crate) fn answer(visit: &Visit<'_>, product: &Product) -> Result<Reply> {
    let (call, caller, state) = (&visit.call, &visit.caller, &visit.state);
    // Stubs never replace an implemented action, even if the call has a form that its product does not support.
    let is_run = product.operation(&call.version, &call.action).is_some();
    let stub = state.stubs.answering(product.code, &call.version, &call.action).filter(|_| !is_run);
    let Some(stub) = stub else {
        return Err(gateway::ACTION_NOT_FOUND.error().not_run());
    };
    Ok(Reply::Enveloped(Box::new(Stubbed {
        status: stub.status.unwrap_or(200),
        body: stub.body.clone(),
        params: call.params.clone(),
        account_id: caller.uid().map(|uid| uid.to_string()).unwrap_or_default(),
        caller_arn: caller.arn(),
        now: visit.now.resource.to_string(),
        region: region(call).to_owned(),
    })))
}

/// Returns the region of a call.
fn region(call: &Call) -> &str {
    call.params.filled("RegionId").or_else(|| call.region_of_host()).unwrap_or(REGION)
}

/// The response of a stub, with the values of its variables.
struct Stubbed {
    status: u16,
    body: Template,
    params: Params,
    account_id: String,
    caller_arn: String,
    now: String,
    region: String,
}

impl Stubbed {
    /// Returns the body with its values. An object without `RequestId` gets one, as in real responses.
    fn filled(&self, request_id: &str) -> Template {
        let value = |variable: Variable<'_>| {
            let value = match variable {
                Variable::Param(name) => self.params.get(name).unwrap_or_default(),
                Variable::RequestId => request_id,
                Variable::AccountId => &self.account_id,
                Variable::CallerArn => &self.caller_arn,
                Variable::Now => &self.now,
                Variable::Region => &self.region,
            };
            value.to_owned()
        };
        let mut body = self.body.fill(&value);
        if let Template::Map(fields) = &mut body
            && fields.iter().all(|(name, _)| name != "RequestId")
        {
            fields.insert(0, ("RequestId".to_owned(), Template::Text(request_id.to_owned())));
        }
        body
    }
}

impl Body for Stubbed {
    fn json(&self, request_id: &str) -> Vec<u8> {
        serde_json::to_vec(&self.filled(request_id)).expect("a template is plain data")
    }

    fn xml(&self, root: &str, request_id: &str) -> String {
        let body = match self.filled(request_id) {
            list @ Template::List(_) => Template::Map(vec![(ITEM.to_owned(), list)]),
            body => body,
        };
        let mut out = String::new();
        element(root, &body, &mut out);
        without_what_xml_cannot_hold(out)
    }

    fn status(&self) -> u16 {
        self.status
    }
}

/// Writes a value as real responses do: a list is the sequence of its items, each with the name of the list.
fn element(name: &str, value: &Template, out: &mut String) {
    if let Template::List(items) = value {
        return items.iter().for_each(|item| element(name, item, out));
    }
    let name: String = name.chars().map(|c| if is_of_name(c) { c } else { '_' }).collect();
    let lead = if name.starts_with(|c: char| c.is_alphabetic() || c == '_') { "" } else { "_" };
    let _ = write!(out, "<{lead}{name}>");
    match value {
        Template::Null | Template::List(_) => {}
        Template::Bool(flag) => _ = write!(out, "{flag}"),
        Template::Whole(number) => _ = write!(out, "{number}"),
        Template::Large(number) => _ = write!(out, "{number}"),
        Template::Number(number) => _ = write!(out, "{number}"),
        Template::Text(text) => out.push_str(&quick_xml::escape::escape(text.as_str())),
        Template::Map(fields) => fields.iter().for_each(|(name, one)| element(name, one, out)),
    }
    let _ = write!(out, "</{lead}{name}>");
}

fn is_of_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | '.')
}
