//! Codes of STS that are not about the form of a parameter.
//!
//! Source: docs/evidence/sts.md sections 3 to 5; the spelling is the service's.

use crate::error::entries;

entries! {
    // ---- AssumeRole ----------------------------------------------------------------------------------------------
    /// The session policy cannot be read.
    POLICY_GRAMMAR = 400 "InvalidParameter.PolicyGrammar" "The parameter Policy has not passed grammar check.";
    /// The session policy is longer than 2048 bytes.
    POLICY_SIZE = 400 "InvalidParameter.PolicySize" "The size of Policy must be smaller than 2048 bytes.";
    /// Shorter than 15 minutes or longer than the role allows; the text has not followed.
    DURATION = 400 "InvalidParameter.DurationSeconds" "The Min/Max value of DurationSeconds is 15min/1hr.";
    /// No such role. Newer captures print the ARN instead; the PHP SDK's own test has this text.
    ROLE_NOT_EXIST = 404 "EntityNotExist.Role" "The specified Role not exists .";

    // ---- AssumeRoleWithSAML --------------------------------------------------------------------------------------
    /// The session policy cannot be read.
    SAML_POLICY_GRAMMAR = 400 "InvalidParameter.PolicyGrammar" "Invalid Policy.";
    /// The session policy is too long; the text has not followed the limit.
    SAML_POLICY_SIZE = 400 "InvalidParameter.PolicySize" "The max size of policy string is 1024.";
    /// Not exactly one name in the assertion, or one of a wrong form.
    SAML_SESSION_NAME = 400 "InvalidParameter.RoleSessionName" "The RoleSessionName is invalid.";
    /// Too short, or longer than the role allows.
    SAML_DURATION = 400 "InvalidParameter.DurationSeconds" "The DurationSeconds is invalid.";
    /// The metadata of the provider cannot be read.
    SAML_METADATA = 401 "AuthenticationFail.IDPMetadata.Invalid" "The IdP Metadata of your SAML Provider is invalid.";
    /// The assertion is over.
    SAML_EXPIRED = 401 "AuthenticationFail.SAMLAssertion.Expired" "The SAML Assertion is expired.";
    /// The assertion is not believed.
    SAML_INVALID = 401 "AuthenticationFail.SAMLAssertion.Invalid" "The SAML Assertion is invalid.";
    /// No such provider.
    SAML_NO_PROVIDER = 404 "EntityNotExist.SAMLProvider" "Can not find SAML provider.";
    /// No such role.
    SAML_NO_ROLE = 404 "EntityNotExist.RoleArn" "The specified Role does not exists.";

    // ---- AssumeRoleWithOIDC --------------------------------------------------------------------------------------
    /// Not even the start of an ARN. Source: aliyun/credentials-java, OIDCRoleArnCredentialProviderTest.
    OIDC_PROVIDER_ARN = 400 "AuthenticationFail.NoPermission" "Parameter OIDCProviderArn is not valid";
    /// No token.
    OIDC_EMPTY = 401 "AuthenticationFail.OIDCToken.Invalid" "The OIDCToken can not empty.";
    /// Not three parts.
    OIDC_PARTS = 401 "AuthenticationFail.OIDCToken.Invalid" "The number of Jwt field should be divided into 3 parts with '.' .";
    /// Not Base64.
    OIDC_ENCODING = 401 "AuthenticationFail.OIDCToken.Invalid" "Cannot decode base64 encoded response(format invalided).";
    /// An algorithm that is not asymmetric.
    OIDC_ALGORITHM = 401 "AuthenticationFail.OIDCToken.Invalid" "The algorithm {} that be specified in Jwt header is unknown.";
    /// Not JSON, or without what it must hold.
    OIDC_CONTENT = 401 "AuthenticationFail.OIDCToken.Invalid" "The Jwt content is invalid that cannot be recognized.";
    /// Not good yet. UNCERTAIN: the text.
    OIDC_NOT_YET = 401 "AuthenticationFail.OIDCToken.Invalid" "This JsonWebToken is not valid yet.";
    /// No such provider.
    OIDC_NO_PROVIDER = 401 "AuthenticationFail.NoPermission" "No such OIDC Provider registered.";
    /// Another issuer.
    OIDC_ISSUER = 401 "AuthenticationFail.OIDCToken.IssuerNotMatch" "The issuer in the OIDC Token doesn't match the OIDC Provider registered.";
    /// Another audience.
    OIDC_AUDIENCE = 401 "AuthenticationFail.OIDCToken.AudienceNotMatch" "Invalid audience.";
    /// The token is over, or older than the provider allows (UNCERTAIN).
    OIDC_EXPIRED = 401 "AuthenticationFail.OIDCToken.Expired" "This JsonWebToken is expired.";
    /// The issuer cannot be reached.
    OIDC_BROKEN = 401 "AuthenticationFail.OIDCToken.IssuerConfigurationBroken" "Get public keys from OIDC Provider failed, the issuer is {}.";
    /// The certificate of the issuer has no good chain.
    OIDC_CHAIN = 401 "AuthenticationFail.OIDCToken.HttpsUrlInvalid" "Invoke url failed due to certificate chain validation / The root ca certificate is not in ca whitelist of this url: {}";
    /// The certificate of the issuer is none that was registered. Text UNCERTAIN.
    OIDC_FINGERPRINT = 401 "AuthenticationFail.OIDCToken.PublicKeyFingerprintMismatch" "The fingerprint of the public key does not match the OIDC Provider registered.";
    /// A wrong signature.
    OIDC_SIGNATURE = 401 "AuthenticationFail.OIDCToken.InvalidSignature" "OIDC token validate failed: invalid signature.";
    /// No such role; `{}` is its ARN. The status is UNCERTAIN.
    OIDC_NO_ROLE = 404 "EntityNotExist.Role" "The role not exists: {}.";
    /// The role does not trust the provider. Of SAML by analogy (UNCERTAIN).
    FEDERATED_NO_PERMISSION = 401 "AuthenticationFail.NoPermission" "There is no permission";

    // ---- what only another version or a fault can bring ---------------------------------------------------------
    /// A body that is neither JSON nor a form.
    CONTENT_TYPE = 400 "InvalidParameter.ContentType" "The ContentType request header must be either \"application/json\" or \"application/x-www-form-urlencoded\".";
    /// Internal.
    API_USERNAME = 403 "AuthenticationFail.ApiUsername" "The specified api username is not legal.";
    /// Internal.
    API_PASSWORD = 403 "AuthenticationFail.ApiPassword" "The specified api password is not legal.";
}
