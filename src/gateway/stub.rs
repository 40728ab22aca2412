//! Replaces step 7 for an action that alimock does not implement: a stub of the world responds.

use crate::error::{self, Result, gateway};
use crate::gateway::call::{Call, StubForm};
use crate::gateway::route::asked;
use crate::gateway::visit::Visit;
use crate::operation::{Body, Document, Reply, without_what_xml_cannot_hold};
use crate::params::Params;
use crate::services::{Product, oss};
use crate::text::{BucketName, Scalar};
use crate::world::stubs::{AskedOf, Stub, Template, Variable, filled};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write;

/// Default region, if neither a parameter nor the host names one. Most products started there.
const REGION: &str = crate::text::DEFAULT_REGION;
/// XML name of an item in a list without a name.
const ITEM: &str = "Item";

/// Returns the response of the first matching stub, or the error for an unknown action.
pub(crate) fn answer(visit: &Visit<'_>, product: &Product) -> Result<Reply> {
    let (call, state) = (&visit.call, &visit.state);
    let protocol = call.form.protocol;
    let buckets = call.asking.iter().filter(|asking| asking.is_about_buckets);
    for (action, resource) in buckets.flat_map(|asking| &asking.needs) {
        owned(visit, action, resource)?;
    }
    // Stubs never replace an implemented action, even if the call has a form that its product does not support.
    let is_run = product.operation(&call.version, &call.action).is_some();
    let named =
        |action: &str| state.stubs.answering(product.code, &AskedOf { action, ..asked(call, visit.request) });
    let also = || Some(call.also.as_str()).filter(|also| !also.is_empty()).and_then(named);
    let stub = named(&call.action).or_else(also).filter(|_| !is_run);
    match (&protocol.stubs, stub) {
        (StubForm::Document, Some(stub)) => Ok(Stubbed::new(stub, visit, false).document(visit)),
        (StubForm::Own(_), Some(stub)) => Ok(Reply::Enveloped(Box::new(Stubbed::new(stub, visit, false)))),
        (StubForm::Envelope, Some(stub)) => {
            Ok(Reply::Enveloped(Box::new(Stubbed::new(stub, visit, !product.lower_camel_case))))
        }
        (StubForm::Envelope, None) => Err(gateway::ACTION_NOT_FOUND.error().not_run()),
        _ => Err(protocol.words.not_run.error().not_run()),
    }
}

/// Checks that a bucket, or the bucket of an object, belongs to the caller, unless its ACL opens it.
fn owned(visit: &Visit<'_>, action: &str, resource: &str) -> Result<()> {
    let (name, object) = resource.split_once('/').unwrap_or((resource, ""));
    if name == "*" {
        return Ok(());
    }
    let invalid = |_| error::oss::INVALID_BUCKET_NAME.error().with_detail("BucketName", name);
    let name = BucketName::parse(name).map_err(invalid)?;
    let state = visit.seen();
    if state.bucket(&name).is_ok_and(|(_, bucket)| bucket.acl.opens(action)) {
        return Ok(());
    }
    let refusal = oss::owned(&name, &visit.caller, state).map(drop);
    let is_object = !object.is_empty();
    refusal.map_err(|error| {
        if is_object && error.code == error::oss::ACCESS_DENIED.code {
            error::oss::ACCESS_DENIED.error()
        } else {
            error
        }
    })
}

/// Returns the region of a call.
fn region(call: &Call) -> &str {
    call.params.filled("RegionId").or_else(|| call.region_of_host()).unwrap_or(REGION)
}

/// The response of a stub, with the values of its variables.
struct Stubbed {
    status: Option<u16>,
    headers: BTreeMap<String, String>,
    body: Template,
    params: Params,
    account_id: String,
    caller_arn: String,
    now: String,
    region: String,
    /// True if an object without `RequestId` gets one.
    has_request_id: bool,
}

impl Stubbed {
    fn new(stub: &Stub, visit: &Visit<'_>, has_request_id: bool) -> Self {
        let (call, caller) = (&visit.call, &visit.caller);
        Self {
            status: stub.status,
            headers: stub.headers.clone(),
            body: stub.body.clone(),
            params: call.params.clone(),
            account_id: caller.uid().map(|uid| uid.to_string()).unwrap_or_default(),
            caller_arn: caller.arn(),
            now: visit.now.resource.to_string(),
            region: region(call).to_owned(),
            has_request_id,
        }
    }

    fn value(&self, variable: Variable<'_>, request_id: &str) -> String {
        let value = match variable {
            Variable::Param(name) => self.params.get(name).unwrap_or_default(),
            Variable::RequestId => request_id,
            Variable::AccountId => &self.account_id,
            Variable::CallerArn => &self.caller_arn,
            Variable::Now => &self.now,
            Variable::Region => &self.region,
        };
        value.to_owned()
    }

    /// Returns the body with its values. An object without `RequestId` gets one, as in real responses of most products.
    fn filled(&self, request_id: &str) -> Template {
        let mut body = self.body.fill(&|variable| self.value(variable, request_id));
        if let Template::Map(fields) = &mut body
            && self.has_request_id
            && fields.iter().all(|(name, _)| name != "RequestId")
        {
            fields.insert(0, ("RequestId".to_owned(), Template::Text(request_id.to_owned())));
        }
        body
    }

    /// Returns the response of a product with its own protocol. A text is the content of an object; anything else is XML below the root
    /// element of the operation. Without one, the only field of the body is the root.
    fn document(&self, visit: &Visit<'_>) -> Reply {
        let id = visit.ids.short_request_id();
        let row = oss::requests::named(&visit.call.action);
        let mut headers: Vec<(Cow<'static, str>, String)> = Vec::new();
        for (name, value) in self.headers(&id) {
            headers.push((name.into(), value));
        }
        let root = row.map(|row| row.root).unwrap_or_default();
        let (kind, body) = match self.body.fill(&|variable| self.value(variable, &id)) {
            Template::Map(fields) if fields.is_empty() => (None, String::new()),
            Template::Text(text) => (Some("application/octet-stream"), text),
            Template::Map(mut fields) if root.is_empty() && fields.len() == 1 => {
                let (name, content) = fields.remove(0);
                (Some("application/xml"), xml(&name, &content))
            }
            content => {
                let name =
                    if root.is_empty() { format!("{}Result", visit.call.action) } else { root.to_owned() };
                (Some("application/xml"), xml(&name, &content))
            }
        };
        let usual = row.map_or(200, |row| row.status(body.is_empty()));
        Reply::Document(Document { status: self.status.unwrap_or(usual), kind, headers, body })
    }
}

/// Returns a document with one element.
fn xml(root: &str, content: &Template) -> String {
    let mut out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned();
    match content {
        Template::List(_) => {
            element(root, &Template::Map(vec![(ITEM.to_owned(), content.clone())]), &mut out);
        }
        _ => element(root, content, &mut out),
    }
    without_what_xml_cannot_hold(out)
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
        self.status.unwrap_or(200)
    }

    fn headers(&self, request_id: &str) -> Vec<(String, String)> {
        let filled = |value: &str| filled(value, &|variable| self.value(variable, request_id));
        self.headers.iter().map(|(name, value)| (name.clone(), filled(value))).collect()
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
