//! Content of an assertion, read from an element whose signature was checked before.

use super::ASSERTION;
use crate::federation::dom::{Document, ElementId};
use crate::text::{Scalar, Timestamp};

/// Confirmation method: any bearer of the assertion may use it.
const BEARER: &str = "urn:oasis:names:tc:SAML:2.0:cm:bearer";
/// Format of a `NameID` without a format. Source: SAML 2.0 Core, section 2.2.2.
const UNSPECIFIED: &str = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified";
/// Prefix of attribute names. Source: docs/evidence/sts.md section 4.
const ATTRIBUTES: &str = "https://www.aliyun.com/SAML-Role/Attributes/";

/// An assertion whose signature was checked against the metadata.
///
/// Source: SAML 2.0 Core, section 2.3.3; docs/evidence/sts.md section 4.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assertion {
    /// Entity id of the provider, from its metadata.
    pub issuer: String,
    /// Subject: the text of `NameID`.
    pub subject: String,
    /// Format of `subject`, a URI.
    pub subject_format: String,
    /// URL to which the assertion may be sent.
    pub recipient: String,
    /// Audiences. One of them must be Alibaba Cloud.
    pub audiences: Vec<String>,
    /// Time of issue.
    pub issued: Timestamp,
    /// Start of validity: the later one of the conditions and the confirmation.
    pub not_before: Option<Timestamp>,
    /// End of validity according to the conditions.
    pub not_on_or_after: Option<Timestamp>,
    /// End of the time in which the assertion may be sent.
    pub subject_not_on_or_after: Timestamp,
    /// ARNs of roles, each with the ARN of its provider.
    pub roles: Vec<(String, String)>,
    /// All values of `RoleSessionName`. A valid assertion has one.
    pub session_names: Vec<String>,
    /// `SourceIdentity`. UNCERTAIN: no page names the attribute; the name follows the other attributes.
    pub source_identity: Option<String>,
}

/// Reads the assertion. The error text says what is wrong.
pub(super) fn read(document: &Document, id: ElementId) -> Result<Assertion, String> {
    let reader = Reader(document);
    if document.attribute(id, "Version") != Some("2.0") {
        return Err("the assertion does not have version 2.0".to_owned());
    }
    let subject = reader.one(id, "Subject")?;
    let name = reader.one(subject, "NameID")?;
    let confirmation = reader.confirmation(subject)?;
    let conditions = reader.conditions(id)?;
    let mut source_identities = reader.attribute_values(id, "SourceIdentity")?;
    if source_identities.len() > 1 {
        return Err("the assertion has more than one SourceIdentity".to_owned());
    }
    Ok(Assertion {
        issuer: reader.text(reader.one(id, "Issuer")?)?,
        subject: reader.text(name)?,
        subject_format: document.attribute(name, "Format").unwrap_or(UNSPECIFIED).to_owned(),
        recipient: confirmation.recipient,
        audiences: conditions.audiences,
        issued: reader.time(id, "IssueInstant")?.ok_or("the assertion has no IssueInstant")?,
        not_before: confirmation.not_before.max(conditions.not_before),
        not_on_or_after: conditions.not_on_or_after,
        subject_not_on_or_after: confirmation.not_on_or_after,
        roles: reader
            .attribute_values(id, "Role")?
            .iter()
            .map(|pair| role(pair))
            .collect::<Result<_, _>>()?,
        session_names: reader.attribute_values(id, "RoleSessionName")?,
        source_identity: source_identities.pop(),
    })
}

struct Confirmation {
    recipient: String,
    not_before: Option<Timestamp>,
    not_on_or_after: Timestamp,
}

#[derive(Default)]
struct Conditions {
    audiences: Vec<String>,
    not_before: Option<Timestamp>,
    not_on_or_after: Option<Timestamp>,
}

struct Reader<'a>(&'a Document);

impl Reader<'_> {
    /// Reads the confirmation. Source: SAML 2.0 Profiles, section 4.1.4.2; docs/evidence/sts.md section 4.
    fn confirmation(&self, subject: ElementId) -> Result<Confirmation, String> {
        let all = self.0.named(subject, ASSERTION, "SubjectConfirmation");
        let bearers: Vec<_> =
            all.into_iter().filter(|id| self.0.attribute(*id, "Method") == Some(BEARER)).collect();
        let [bearer] = bearers[..] else {
            return Err(format!("the subject needs one bearer confirmation, but has {}", bearers.len()));
        };
        let data = self.one(bearer, "SubjectConfirmationData")?;
        let recipient = self.0.attribute(data, "Recipient");
        Ok(Confirmation {
            recipient: recipient.ok_or("SubjectConfirmationData has no Recipient")?.to_owned(),
            not_before: self.time(data, "NotBefore")?,
            not_on_or_after: self
                .time(data, "NotOnOrAfter")?
                .ok_or("SubjectConfirmationData has no NotOnOrAfter")?,
        })
    }

    /// Reads the conditions. An unknown condition makes the assertion invalid. Source: SAML 2.0 Core, section 2.5.1.1.
    fn conditions(&self, assertion: ElementId) -> Result<Conditions, String> {
        let conditions = match self.0.named(assertion, ASSERTION, "Conditions")[..] {
            [] => return Ok(Conditions::default()),
            [only] => only,
            _ => return Err("the assertion has more than one Conditions".to_owned()),
        };
        let mut restriction = None;
        for condition in self.0.children(conditions) {
            match self.0[condition].name.local.as_str() {
                _ if &*self.0[condition].name.namespace != ASSERTION => {
                    return Err("Conditions contains an unknown element".to_owned());
                }
                // Several restrictions would all have to hold; the service accepts one.
                "AudienceRestriction" if restriction.is_some() => {
                    return Err("Conditions has more than one AudienceRestriction".to_owned());
                }
                "AudienceRestriction" => restriction = Some(condition),
                "OneTimeUse" | "ProxyRestriction" => {}
                other => return Err(format!("the condition {other} is not supported")),
            }
        }
        let audiences = restriction.map_or(Vec::new(), |id| self.0.named(id, ASSERTION, "Audience"));
        Ok(Conditions {
            audiences: audiences.into_iter().map(|id| self.text(id)).collect::<Result<_, _>>()?,
            not_before: self.time(conditions, "NotBefore")?,
            not_on_or_after: self.time(conditions, "NotOnOrAfter")?,
        })
    }

    /// All values of an Alibaba Cloud attribute, in order.
    fn attribute_values(&self, assertion: ElementId, name: &str) -> Result<Vec<String>, String> {
        let mut values = Vec::new();
        for statement in self.0.named(assertion, ASSERTION, "AttributeStatement") {
            for attribute in self.0.named(statement, ASSERTION, "Attribute") {
                let full = self.0.attribute(attribute, "Name").unwrap_or("");
                if full.strip_prefix(ATTRIBUTES) == Some(name) {
                    let held = self.0.named(attribute, ASSERTION, "AttributeValue");
                    values.extend(held.into_iter().map(|id| self.text(id)).collect::<Result<Vec<_>, _>>()?);
                }
            }
        }
        Ok(values)
    }

    /// The only child with this name.
    fn one(&self, parent: ElementId, name: &str) -> Result<ElementId, String> {
        match self.0.named(parent, ASSERTION, name)[..] {
            [only] => Ok(only),
            [] => Err(format!("{} has no {name}", self.0[parent].name.local)),
            _ => Err(format!("{} has more than one {name}", self.0[parent].name.local)),
        }
    }

    fn text(&self, id: ElementId) -> Result<String, String> {
        self.0.text(id).ok_or_else(|| format!("{} holds elements instead of text", self.0[id].name.local))
    }

    fn time(&self, id: ElementId, name: &str) -> Result<Option<Timestamp>, String> {
        let Some(text) = self.0.attribute(id, name) else { return Ok(None) };
        Timestamp::parse(text).map(Some).map_err(|_| format!("{name} is not a time: `{text}`"))
    }
}

/// Reads `<role ARN>,<provider ARN>`. Source: docs/evidence/sts.md section 4.
fn role(pair: &str) -> Result<(String, String), String> {
    let parts: Vec<_> = pair.split(',').map(str::trim).collect();
    match parts[..] {
        [role, provider] => Ok((role.to_owned(), provider.to_owned())),
        _ => Err(format!("a value of Role must be two ARNs separated by a comma: `{pair}`")),
    }
}
