//! `AssumeRoleWithOIDC`: a role for the bearer of a token of a registered provider. Source: docs/evidence/sts.md section 5.

use crate::attributes::{apply, reply};
use crate::error::{ApiError, Failure, Flawed, Result, sts};
use crate::federation::jwt::{Token, TokenFlaw};
use crate::operation::Key;
use crate::params::request;
use crate::services::sts::assume::{Found, Granted};
use crate::services::sts::values::{Duration, RoleArn, SessionName, SessionPolicy};
use crate::text::{Flaw, Scalar, Timestamp, Uid};
use crate::world::Tx;
use crate::world::account::OidcProvider;

const HOUR_MILLIS: i64 = 3_600_000;

request! {
    /// Parameters of `AssumeRoleWithOIDC`. Role and policy are read after the token: the tests of the official credential
    /// libraries call the service with several wrong parameters, and get an error about provider or token.
    ///
    /// Source: aliyun/credentials-java, OIDCRoleArnCredentialProviderTest; aliyun/credentials-go, its tests of the same.
    pub(super) struct AssumeRoleWithOidc {
        session_name: SessionName = "RoleSessionName",
        duration: Option<Duration> = "DurationSeconds",
        provider_arn: Option<String> = "OIDCProviderArn",
        token: Option<String> = "OIDCToken",
        role_arn: Option<String> = "RoleArn",
        policy: Option<String> = "Policy",
    }
}

/// Response of `AssumeRoleWithOIDC`.
#[apply(reply)]
pub(super) struct OidcReply {
    #[serde(flatten)]
    granted: Granted,
    #[serde(rename = "OIDCTokenInfo")]
    token: TokenInfo,
}

#[apply(reply)]
struct TokenInfo {
    subject: String,
    issuer: String,
    client_ids: String,
    issuance_time: String,
    expiration_time: Timestamp,
    verification_info: &'static str,
}

/// `AssumeRoleWithOIDC`: checks the token, its signature last, and then the trust policy.
///
/// Fails with `AuthenticationFail.OIDCToken.*`, `AuthenticationFail.NoPermission`, `EntityNotExist.Role` and
/// `InvalidParameter.*`, in the most likely order (UNCERTAIN).
pub(super) fn assume(tx: &mut Tx<'_>, req: AssumeRoleWithOidc) -> Result<OidcReply, Failure> {
    let provider_arn = req.provider_arn.unwrap_or_default();
    if !provider_arn.is_empty() && !provider_arn.starts_with("acs:ram::") {
        return Err(sts::OIDC_PROVIDER_ARN.error().into());
    }
    let text = req.token.unwrap_or_default();
    if text.chars().count() > 20_000 {
        return Err(Flawed::new("OIDCToken", Flaw::Value).into());
    }
    let token = Token::parse(&text).map_err(in_words)?;
    let provider = provider(tx, &provider_arn).ok_or_else(|| sts::OIDC_NO_PROVIDER.error())?;
    check(&token, provider, tx.now)?;

    let text = req.role_arn.ok_or(Flawed::missing("RoleArn"))?;
    let role_arn = RoleArn::parse(&text).map_err(|flaw| Flawed::new("RoleArn", flaw))?;
    let policy = req.policy.as_deref().map(SessionPolicy::read).transpose()?;
    let found = Found::new(tx, &role_arn).ok_or_else(|| sts::ROLE_NOT_EXIST.about(&role_arn.shown))?;
    let keys = [
        (Key::OidcIssuer, vec![token.issuer().to_owned()]),
        (Key::OidcAudience, token.audiences().to_vec()),
        (Key::OidcSubject, vec![token.subject().to_owned()]),
    ];
    let decision = found.decide(tx, Some(&provider_arn), keys);
    if !tx.state().enforcement.lets_through(&decision) {
        return Err(sts::FEDERATED_NO_PERMISSION.error().with_note(decision.reason()).into());
    }
    let seconds = found.seconds(req.duration)?;
    let granted = found.grant(tx, req.session_name.0, seconds, policy, None)?;
    let token = TokenInfo {
        subject: token.subject().to_owned(),
        issuer: token.issuer().to_owned(),
        client_ids: token.audiences().join(","),
        issuance_time: token.issued().map(|at| at.to_string()).unwrap_or_default(),
        expiration_time: token.expires(),
        verification_info: "Success",
    };
    Ok(OidcReply { granted, token })
}

fn provider<'a>(tx: &'a Tx<'_>, arn: &str) -> Option<&'a OidcProvider> {
    let (uid, name) = arn.strip_prefix("acs:ram::")?.split_once(":oidc-provider/")?;
    tx.state().account(Uid(uid.parse().ok()?)).ok()?.provider_named(name)
}

fn in_words(flaw: TokenFlaw) -> ApiError {
    match flaw {
        TokenFlaw::Empty => sts::OIDC_EMPTY.error(),
        TokenFlaw::Parts => sts::OIDC_PARTS.error(),
        TokenFlaw::Encoding => sts::OIDC_ENCODING.error(),
        TokenFlaw::Algorithm(name) => sts::OIDC_ALGORITHM.about(name),
        TokenFlaw::Content => sts::OIDC_CONTENT.error(),
    }
}

/// Checks claims against the provider and the time, and the signature against the keys of the issuer.
fn check(token: &Token, provider: &OidcProvider, now: Timestamp) -> Result<()> {
    if token.issuer() != provider.issuer {
        return Err(sts::OIDC_ISSUER.error());
    }
    if !token.audiences().iter().any(|audience| provider.client_ids.contains(audience)) {
        return Err(sts::OIDC_AUDIENCE.error());
    }
    // UNCERTAIN: the error code for a token that is older than the provider allows, or not valid yet.
    let limit = provider.issuance_hours * HOUR_MILLIS;
    let is_old = token.issued().is_some_and(|issued| issued.plus_millis(limit) < now);
    if token.expires() <= now || is_old {
        return Err(sts::OIDC_EXPIRED.error());
    }
    if token.not_before().is_some_and(|from| from > now) {
        return Err(sts::OIDC_NOT_YET.error());
    }
    let keys = provider.site.keys.as_deref().ok_or_else(|| sts::OIDC_BROKEN.about(&provider.issuer))?;
    if !provider.site.trusted {
        return Err(sts::OIDC_CHAIN.about(&provider.issuer));
    }
    let shown = provider.site.fingerprint.as_ref();
    let is_registered =
        |shown: &String| provider.fingerprints.iter().any(|one| one.eq_ignore_ascii_case(shown));
    if shown.is_some_and(|shown| !provider.fingerprints.is_empty() && !is_registered(shown)) {
        return Err(sts::OIDC_FINGERPRINT.error());
    }
    if token.is_signed_by(keys) { Ok(()) } else { Err(sts::OIDC_SIGNATURE.error()) }
}
