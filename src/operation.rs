//! What an operation is: a wire name, what it is authorized against, and a plain function from a typed request to a typed
//! reply. [`read`] and [`write()`] erase the types, so a service is a table of rows.

use crate::error::{Failure, Known, Result};
use crate::params::{Params, Request};
use crate::world::{Tx, View};
use serde::Serialize;

/// What an operation is authorized against: every one of them must be allowed. Without any, every valid credential may call
/// it, whatever policies say. Source: docs/evidence/policy.md section 4.
pub type On = &'static [Resource];

/// A resource of the caller's account, some of them named by a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resource {
    /// A fixed one, `user/*` or `*`.
    All(&'static str),
    /// `*` itself, no ARN.
    Anything,
    /// The calling user.
    Itself,
    /// The user that a parameter names, by name or by logon name; without it the caller itself.
    User(&'static str),
    /// The group that `GroupName` names.
    Group,
    /// The role that `RoleName` names.
    Role,
    /// The custom policy that `PolicyName` names.
    CustomPolicy,
    /// The policy that `PolicyName` names, custom or the system's as `PolicyType` says.
    Policy,
    /// The bucket that `Bucket` names.
    Bucket,
    /// The MFA device that `SerialNumber` names.
    Device,
    /// The roles or policies, as `ResourceType` says, that `ResourceNames` names; without it all of them.
    Tagged,
}

/// Who may call an operation at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Audience {
    /// Anybody with a credential.
    #[default]
    Signed,
    /// RAM users and sessions of roles, not an account itself. Source: docs/evidence/sts.md section 3.
    SubUser,
    /// Anybody, unsigned too.
    Anonymous,
    /// A partner account, by its own key. Source: docs/evidence/account.md 3.2.
    Partner,
}

/// A matter of their own that an account may let its users manage without a policy. Source: docs/evidence/ram.md 5.2.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OwnMatter {
    /// The password.
    Password,
    /// AccessKeys.
    Keys,
    /// The MFA device.
    Device,
}

/// One wire action of one product: a row of its table.
pub struct Operation {
    /// The wire name.
    pub name: &'static str,
    /// What it is authorized against.
    pub on: On,
    /// Who may call it; `None` is the audience of the product.
    pub audience: Option<Audience>,
    /// The matter that it manages, when a user may call it for itself.
    pub own: Option<OwnMatter>,
    /// The refusal of permission, when it is not the one of the product.
    pub denied: Option<&'static Known>,
    /// What it does.
    pub run: Run,
}

impl Operation {
    fn new(name: &'static str, on: On, run: Run) -> Self {
        Self { name, on, audience: None, own: None, denied: None, run }
    }

    /// Sets who may call it.
    #[must_use]
    pub fn open_to(self, audience: Audience) -> Self {
        Self { audience: Some(audience), ..self }
    }

    /// Sets the matter that users may manage for themselves with it.
    #[must_use]
    pub fn about_own(self, matter: OwnMatter) -> Self {
        Self { own: Some(matter), ..self }
    }

    /// Sets the refusal of permission.
    #[must_use]
    pub fn denied_with(self, known: &'static Known) -> Self {
        Self { denied: Some(known), ..self }
    }
}

/// The function of an operation, its types erased. That one only reads is seen in its type: it is given nothing to write to.
pub enum Run {
    /// Reads.
    Read(Box<Reading>),
    /// Writes.
    Write(Box<Writing>),
}

type Reading = dyn Fn(View<'_>, &Params) -> Result<Reply, Failure> + Send + Sync;
type Writing = dyn Fn(&Params) -> Result<Change, Failure> + Send + Sync;

/// A request that was read and is ready to be carried out: what cannot be read never waits for the world.
pub type Change = Box<dyn FnOnce(&mut Tx<'_>) -> Result<Reply, Failure>>;

/// What an operation answers.
pub enum Reply {
    /// In the envelope of the API gateway, with its `RequestId`, as JSON or XML.
    Enveloped(Box<dyn Body>),
    /// As it is: of a product that has a protocol of its own.
    Document(Document),
}

impl<T: Serialize + Send + 'static> From<T> for Reply {
    fn from(reply: T) -> Self {
        Self::Enveloped(Box::new(reply))
    }
}

impl From<Document> for Reply {
    fn from(document: Document) -> Self {
        Self::Document(document)
    }
}

/// An answer that is all the service's own: status, headers and body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// HTTP status.
    pub status: u16,
    /// `Content-Type`; none when there is no body.
    pub kind: Option<&'static str>,
    /// Headers besides those that every answer of the product has.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: String,
}

impl Document {
    /// XML below `root`.
    pub fn xml(root: &str, content: &dyn erased_serde::Serialize) -> Self {
        let text = quick_xml::se::to_string_with_root(root, content).expect("a reply is plain data");
        let text = without_what_xml_cannot_hold(text);
        let body = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{text}");
        Self { status: 200, kind: Some("application/xml"), headers: Vec::new(), body }
    }

    /// JSON.
    pub fn json(content: &dyn erased_serde::Serialize) -> Self {
        let body = serde_json::to_string(content).expect("a reply is plain data");
        Self { status: 200, kind: Some("application/json"), headers: Vec::new(), body }
    }

    /// No body at all.
    pub fn empty(status: u16) -> Self {
        Self { status, kind: None, headers: Vec::new(), body: String::new() }
    }

    /// Adds a header.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl std::fmt::Display) -> Self {
        self.headers.push((name, value.to_string()));
        self
    }
}

/// A reply that can be written in both formats.
pub trait Body: Send {
    /// As JSON, with the `RequestId`.
    fn json(&self, request_id: &str) -> Vec<u8>;
    /// As XML below `root`, with the `RequestId`.
    fn xml(&self, root: &str, request_id: &str) -> String;
    /// HTTP status of the answer: the answer of an operation has 200.
    fn status(&self) -> u16 {
        200
    }
}

#[derive(Serialize)]
struct Envelope<'a> {
    #[serde(rename = "RequestId")]
    request_id: &'a str,
    /// Without its type: both formats are compiled once, not for every reply.
    #[serde(flatten)]
    reply: &'a dyn erased_serde::Serialize,
}

impl<T: Serialize + Send> Body for T {
    fn json(&self, request_id: &str) -> Vec<u8> {
        Envelope { request_id, reply: self }.json()
    }

    fn xml(&self, root: &str, request_id: &str) -> String {
        Envelope { request_id, reply: self }.xml(root)
    }
}

impl Envelope<'_> {
    fn json(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(512);
        serde_json::to_writer(&mut out, self).expect("a reply is plain data");
        out
    }

    fn xml(&self, root: &str) -> String {
        let text = quick_xml::se::to_string_with_root(root, self);
        without_what_xml_cannot_hold(text.expect("a reply is plain data"))
    }
}

/// A text with U+FFFD for every character that XML cannot hold, not even escaped. Source: XML 1.0, production `Char`.
pub(crate) fn without_what_xml_cannot_hold(text: String) -> String {
    let good = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..) && !matches!(c, '\u{fffe}' | '\u{ffff}');
    if text.chars().all(good) {
        return text;
    }
    text.chars().map(|c| if good(c) { c } else { char::REPLACEMENT_CHARACTER }).collect()
}

/// The reply of an operation that has nothing to say.
#[derive(Debug, Serialize)]
pub struct Done {}

/// An operation that reads.
pub fn read<Q: Request + 'static, R: Into<Reply> + 'static, E: Into<Failure> + 'static>(
    name: &'static str,
    on: On,
    run: fn(View<'_>, Q) -> Result<R, E>,
) -> Operation {
    let run = move |view: View<'_>, params: &Params| -> Result<Reply, Failure> {
        run(view, Q::parse(params)?).map(Into::into).map_err(Into::into)
    };
    Operation::new(name, on, Run::Read(Box::new(run)))
}

/// An operation that writes.
pub fn write<Q: Request + 'static, R: Into<Reply> + 'static, E: Into<Failure> + 'static>(
    name: &'static str,
    on: On,
    run: fn(&mut Tx<'_>, Q) -> Result<R, E>,
) -> Operation {
    let change = move |request: Q| -> Change {
        Box::new(move |tx| run(tx, request).map(Into::into).map_err(Into::into))
    };
    Operation::new(name, on, Run::Write(Box::new(move |params| Ok(change(Q::parse(params)?)))))
}

/// A JSON document inside a string, as some older APIs answer.
pub fn embedded_json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("a reply is plain data")
}
