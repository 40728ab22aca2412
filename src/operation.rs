//! An operation: its wire name, the resources used to authorize it, and a function from a typed request to a typed
//! reply. [`read`] and [`write()`] erase the types, so a service is a table of rows.

use crate::error::{Dialect, Failure, Known, Result};
use crate::params::{Params, Request};
use crate::world::{Tx, View};
use serde::Serialize;
use std::borrow::Cow;

/// Resources used to authorize an operation: the caller needs permission for each. If the list is empty, every valid
/// credential may call it, whatever policies say. Source: docs/evidence/policy.md section 4.
pub type On = &'static [Resource];

/// A resource of the caller's account. A parameter may name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resource {
    /// A fixed resource, `user/*` or `*`.
    All(&'static str),
    /// `*` without an ARN.
    Anything,
    /// The calling user.
    Itself,
    /// The user that a parameter names, by user name or logon name; by default the caller.
    User(&'static str),
    /// The user that `UserPrincipalName` names, by default the caller; all users with `AllUsers`.
    UserOrAll,
    /// The user that `UserPrincipalName`, `UserId` or `UserAccessKeyId` names.
    OneUser,
    /// The users that `ResourceId` or `ResourcePrincipalName` name; by default all.
    TaggedUsers,
    /// The group that `GroupName` names.
    Group,
    /// The role that `RoleName` names.
    Role,
    /// The custom policy that `PolicyName` names.
    CustomPolicy,
    /// The policy that `PolicyName` names, custom or system according to `PolicyType`.
    Policy,
    /// The bucket that `Bucket` names.
    Bucket,
    /// An object of the resource directory: its kind, and the parameter that names it. Folders and members are named by their path.
    InDirectory(&'static str, &'static str),
    /// The resource group that `ResourceGroupId` names.
    ResourceGroup,
    /// The resource groups (see `ResourceType`) that `ResourceId` names; by default all.
    TaggedGroups,
    /// All users, groups or roles, according to `PrincipalType`.
    Principal,
    /// The MFA device that `SerialNumber` names.
    Device,
    /// An item that a parameter names: the kind in the resource name, and the parameter.
    Named(&'static str, &'static str),
    /// The OAuth application that `AppId` names. Its resource has its name.
    Application,
    /// The ECS instances that `InstanceIds` names; by default all.
    Instances,
    /// The roles or policies (see `ResourceType`) that `ResourceNames` names; by default all.
    Tagged,
}

/// Allowed callers of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Audience {
    /// Any caller with a credential.
    #[default]
    Signed,
    /// RAM users and role sessions, not the account root. Source: docs/evidence/sts.md section 3.
    SubUser,
    /// Anyone; no signature is needed.
    Anonymous,
    /// A partner account, with its own key. Source: docs/evidence/account.md 3.2.
    Partner,
}

/// A credential that an account may let its users manage without a policy. Source: docs/evidence/ram.md 5.2.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OwnMatter {
    /// The password.
    Password,
    /// AccessKeys.
    Keys,
    /// The MFA device.
    Device,
    /// Service credentials.
    ServiceCredentials,
}

/// A condition key of RAM or STS that an operation sets, besides the common keys. Source: docs/evidence/policy.md section 2.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// Kinds of principals that the role trusts: `RAM`, `Service`, `Federated`.
    TrustedPrincipalTypes,
    /// Cloud services that the role trusts.
    ServiceNames,
    /// Cloud service of a service-linked role.
    ServiceName,
    /// Issuer of the OIDC provider.
    ProviderIssuer,
    /// `ExternalId` of the call. STS sets this key and those below it.
    ExternalId,
    /// `SourceIdentity` of the call or of the session.
    SourceIdentity,
    /// Recipient of a SAML response.
    SamlRecipient,
    /// Issuer of an OIDC token.
    OidcIssuer,
    /// Audiences of an OIDC token.
    OidcAudience,
    /// Subject of an OIDC token.
    OidcSubject,
}

impl Key {
    /// Returns the name in policies.
    pub fn name(self) -> &'static str {
        match self {
            Self::TrustedPrincipalTypes => "ram:TrustedPrincipalTypes",
            Self::ServiceNames => "ram:ServiceNames",
            Self::ServiceName => "ram:ServiceName",
            Self::ProviderIssuer => "ram:OidcIssuerUrl",
            Self::ExternalId => "sts:ExternalId",
            Self::SourceIdentity => "sts:SourceIdentity",
            Self::SamlRecipient => "saml:recipient",
            Self::OidcIssuer => "oidc:iss",
            Self::OidcAudience => "oidc:aud",
            Self::OidcSubject => "oidc:sub",
        }
    }
}

/// An action of a product: a row of its table.
pub struct Operation {
    /// The wire name.
    pub name: &'static str,
    /// Resources used to authorize it.
    pub on: On,
    /// Allowed callers; `None` for those of the product.
    pub audience: Option<Audience>,
    /// Condition keys that it sets.
    pub keys: &'static [Key],
    /// The credential that it manages, if users may call it for themselves.
    pub own: Option<OwnMatter>,
    /// The form of errors about parameters, if it differs from that of the product.
    pub dialect: Option<Dialect>,
    /// The permission error, if it differs from that of the product.
    pub denied: Option<&'static Known>,
    /// Product in the action of policies, `ram` of `ram:CreateRole`, if it is not the one that runs it.
    pub policy_code: Option<&'static str>,
    /// Errors that differ from those of the other product whose resources it manages: status and text by code.
    pub words: &'static [Known],
    /// The function.
    pub run: Run,
}

impl Operation {
    fn new(name: &'static str, on: On, run: Run) -> Self {
        Self {
            name,
            on,
            audience: None,
            keys: &[],
            own: None,
            dialect: None,
            denied: None,
            policy_code: None,
            words: &[],
            run,
        }
    }

    /// Sets the allowed callers.
    #[must_use]
    pub fn open_to(self, audience: Audience) -> Self {
        Self { audience: Some(audience), ..self }
    }

    /// Sets the condition keys.
    #[must_use]
    pub fn with_keys(self, keys: &'static [Key]) -> Self {
        Self { keys, ..self }
    }

    /// Sets the credential that users may manage for themselves with it.
    #[must_use]
    pub fn about_own(self, matter: OwnMatter) -> Self {
        Self { own: Some(matter), ..self }
    }

    /// Sets the form of errors about parameters.
    #[must_use]
    pub fn speaking(self, dialect: Dialect) -> Self {
        Self { dialect: Some(dialect), ..self }
    }

    /// Sets the product that policies name.
    #[must_use]
    pub fn asked_as(self, policy_code: &'static str) -> Self {
        Self { policy_code: Some(policy_code), ..self }
    }

    /// Sets the errors that replace those of another product.
    #[must_use]
    pub fn in_words(self, words: &'static [Known]) -> Self {
        Self { words, ..self }
    }

    /// Sets the permission error.
    #[must_use]
    pub fn denied_with(self, known: &'static Known) -> Self {
        Self { denied: Some(known), ..self }
    }
}

/// Function of an operation, with erased types. A function that only reads gets no transaction.
pub enum Run {
    /// Reads.
    Read(Box<Reading>),
    /// Writes.
    Write(Box<Writing>),
}

type Reading = dyn Fn(View<'_>, &Params) -> Result<Reply, Failure> + Send + Sync;
type Writing = dyn Fn(&Params) -> Result<Change, Failure> + Send + Sync;

/// A parsed request, ready to run. A request that fails to parse never waits for the world.
pub type Change = Box<dyn FnOnce(&mut Tx<'_>) -> Result<Reply, Failure>>;

/// Response of an operation.
pub enum Reply {
    /// In the envelope of the API gateway, with `RequestId`, as JSON or XML.
    Enveloped(Box<dyn Body>),
    /// Unchanged, for a product with its own protocol.
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

/// A complete response: status, headers and body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// HTTP status.
    pub status: u16,
    /// `Content-Type`; `None` without a body.
    pub kind: Option<&'static str>,
    /// Additional headers. The protocol adds its common headers.
    pub headers: Vec<(Cow<'static, str>, String)>,
    /// The body.
    pub body: String,
}

impl Document {
    /// Creates a response with XML below `root`.
    pub fn xml(root: &str, content: &dyn erased_serde::Serialize) -> Self {
        let text = quick_xml::se::to_string_with_root(root, content).expect("a reply is plain data");
        let text = without_what_xml_cannot_hold(text);
        let body = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{text}");
        Self { status: 200, kind: Some("application/xml"), headers: Vec::new(), body }
    }

    /// Creates a response with JSON.
    pub fn json(content: &dyn erased_serde::Serialize) -> Self {
        let body = serde_json::to_string(content).expect("a reply is plain data");
        Self { status: 200, kind: Some("application/json"), headers: Vec::new(), body }
    }

    /// Creates a response without a body.
    pub fn empty(status: u16) -> Self {
        Self { status, kind: None, headers: Vec::new(), body: String::new() }
    }

    /// Adds a header.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl std::fmt::Display) -> Self {
        self.headers.push((name.into(), value.to_string()));
        self
    }
}

/// A reply that can be serialized in both formats.
pub trait Body: Send {
    /// Serializes as JSON, with the `RequestId`.
    fn json(&self, request_id: &str) -> Vec<u8>;
    /// Serializes as XML below `root`, with the `RequestId`.
    fn xml(&self, root: &str, request_id: &str) -> String;
    /// HTTP status of the response; 200 for an operation.
    fn status(&self) -> u16 {
        200
    }
    /// More headers of the response.
    fn headers(&self, _request_id: &str) -> Vec<(String, String)> {
        Vec::new()
    }
}

#[derive(Serialize)]
struct Envelope<'a> {
    #[serde(rename = "RequestId")]
    request_id: &'a str,
    /// A trait object: both formats are compiled once, not for each reply.
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

/// Replaces each character that XML cannot hold, even escaped, by U+FFFD. Source: XML 1.0, production `Char`.
pub(crate) fn without_what_xml_cannot_hold(text: String) -> String {
    let good = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..) && !matches!(c, '\u{fffe}' | '\u{ffff}');
    if text.chars().all(good) {
        return text;
    }
    text.chars().map(|c| if good(c) { c } else { char::REPLACEMENT_CHARACTER }).collect()
}

/// Reply without content.
#[derive(Debug, Serialize)]
pub struct Done {}

/// Creates an operation that reads.
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

/// Creates an operation that writes.
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

/// Serializes to JSON inside a string, as some older APIs do.
pub fn embedded_json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("a reply is plain data")
}
