//! `AssumeRoleWithSAML`: a role for the bearer of an assertion of a registered provider. Source: docs/evidence/sts.md section 4.

use crate::attributes::{apply, reply};
use crate::error::{ApiError, Failure, Flawed, Known, Result, sts};
use crate::federation::saml::{self, Assertion};
use crate::operation::Key;
use crate::params::{Params, Request, request};
use crate::services::sts::assume::{Found, Granted};
use crate::services::sts::values::{AssertedSessionName, Duration, RoleArn, SessionPolicy};
use crate::text::{Flaw, Scalar, Site, Timestamp, Uid};
use crate::world::Tx;
use crate::world::account::SamlProvider;

request! {
    /// Parameters of `AssumeRoleWithSAML`.
    struct Fields {
        assertion: Response = "SAMLAssertion",
        provider_arn: String = "SAMLProviderArn",
        role_arn: RoleArn = "RoleArn",
        role_text: String = "RoleArn",
        duration: Option<Duration> = "DurationSeconds",
        policy: Option<SessionPolicy> = "Policy",
    }
}

/// Parameters of `AssumeRoleWithSAML`, some with their own error texts.
pub(super) struct AssumeRoleWithSaml(Fields);

impl Request for AssumeRoleWithSaml {
    fn parse(params: &Params) -> Result<Self, Failure> {
        Fields::parse(params).map(Self).map_err(own_words)
    }
}

fn own_words(failure: Failure) -> Failure {
    let own = [&sts::SAML_POLICY_GRAMMAR, &sts::SAML_POLICY_SIZE];
    match failure {
        Failure::Flawed(flawed) if flawed.name == "DurationSeconds" => sts::SAML_DURATION.error().into(),
        // Only this action documents its own form, instead of the gateway's.
        Failure::Flawed(Flawed { name, flaw: None }) => {
            let message = format!("Parameter {name} is required.");
            ApiError::free(400, format!("MissingParameter.{name}"), message).into()
        }
        Failure::Refused(error) => {
            own.into_iter().find(|known| known.code == error.code).map_or(error, Known::error).into()
        }
        flawed @ Failure::Flawed(_) => flawed,
    }
}

/// A response in base64, 4 to 100,000 characters.
struct Response(String);

impl Scalar for Response {
    fn parse(text: &str) -> Result<Self, Flaw> {
        if (4..=100_000).contains(&text.chars().count()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Flaw::Value)
        }
    }
}

/// Response of `AssumeRoleWithSAML`.
#[apply(reply)]
pub(super) struct SamlReply {
    #[serde(flatten)]
    granted: Granted,
    #[serde(rename = "SAMLAssertionInfo")]
    assertion: AssertionInfo,
}

#[apply(reply)]
struct AssertionInfo {
    subject_type: String,
    subject: String,
    recipient: String,
    issuer: String,
}

/// `AssumeRoleWithSAML`: checks the assertion, then the trust policy.
///
/// Fails with `EntityNotExist.SAMLProvider`, `AuthenticationFail.IDPMetadata.Invalid`, `AuthenticationFail.SAMLAssertion.*`,
/// `InvalidParameter.*`, `EntityNotExist.RoleArn` and `AuthenticationFail.NoPermission` (UNCERTAIN).
pub(super) fn assume(tx: &mut Tx<'_>, req: AssumeRoleWithSaml) -> Result<SamlReply, Failure> {
    let req = req.0;
    let (provider, site) = provider(tx, &req.provider_arn).ok_or_else(|| sts::SAML_NO_PROVIDER.error())?;
    let metadata =
        provider.metadata.as_ref().map_err(|why| sts::SAML_METADATA.error().with_note(why.as_str()))?;
    let assertion = saml::verify(&req.assertion.0, metadata)
        .map_err(|flaw| sts::SAML_INVALID.error().with_note(flaw.to_string()))?;
    let pair = (req.role_text.as_str(), req.provider_arn.as_str());
    check(&assertion, site, pair, tx.now)?;
    let name = match assertion.session_names.as_slice() {
        [name] => AssertedSessionName::parse(name).map_err(|_| sts::SAML_SESSION_NAME.error())?,
        _ => return Err(sts::SAML_SESSION_NAME.error().into()),
    };

    let found = Found::new(tx, &req.role_arn).ok_or_else(|| sts::SAML_NO_ROLE.error())?;
    let keys = [(Key::SamlRecipient, vec![assertion.recipient.clone()])];
    let decision = found.decide(tx, Some(&req.provider_arn), keys);
    if !tx.state().enforcement.lets_through(&decision) {
        return Err(sts::FEDERATED_NO_PERMISSION.error().with_note(decision.reason()).into());
    }
    let seconds = found.seconds(req.duration).map_err(|_| sts::SAML_DURATION.error())?;
    let arn = format!("acs:sts::{}:assumed-role/{}/{}", found.uid, found.role.name.folded(), name.0);
    let source_identity = assertion.source_identity.as_deref().map(Into::into);
    let granted = found.grant(tx, name.0, seconds, req.policy, source_identity)?;
    let format = assertion.subject_format.as_str();
    let subject_type = format.strip_prefix("urn:oasis:names:tc:SAML:2.0:nameid-format:").unwrap_or(format);
    let assertion = AssertionInfo {
        subject_type: subject_type.to_owned(),
        subject: assertion.subject,
        recipient: assertion.recipient,
        issuer: assertion.issuer,
    };
    Ok(SamlReply { granted: granted.with_arn(arn), assertion })
}

fn provider<'a>(tx: &'a Tx<'_>, arn: &str) -> Option<(&'a SamlProvider, Site)> {
    let (uid, name) = arn.strip_prefix("acs:ram::")?.split_once(":saml-provider/")?;
    let account = tx.state().account(Uid(uid.parse().ok()?)).ok()?;
    Some((account.provider_named(name)?, account.profile.site))
}

/// Checks that the assertion is valid now, for Alibaba Cloud, and for this role and provider.
fn check(assertion: &Assertion, site: Site, pair: (&str, &str), now: Timestamp) -> Result<()> {
    let ends = [assertion.not_on_or_after, Some(assertion.subject_not_on_or_after)];
    if ends.into_iter().flatten().any(|end| end <= now) {
        return Err(sts::SAML_EXPIRED.error());
    }
    let (role, provider) = pair;
    let lists = |(a, b): &(String, String)| (a == role && b == provider) || (a == provider && b == role);
    let flaws = [
        (assertion.not_before.is_some_and(|from| from > now), "it is not good yet"),
        (assertion.recipient != site.saml_recipient(), "it is meant for another recipient"),
        (
            !assertion.audiences.iter().any(|one| one == site.saml_audience()),
            "it is meant for another audience",
        ),
        (!assertion.roles.iter().any(lists), "it does not list the role with the provider"),
    ];
    match flaws.into_iter().find(|(is_wrong, _)| *is_wrong) {
        Some((_, why)) => Err(sts::SAML_INVALID.error().with_note(why)),
        None => Ok(()),
    }
}
