//! Error codes of STS that do not concern the form of a parameter.
//!
//! Source: docs/evidence/sts.md sections 3 to 5; the spelling is the service's.

use crate::error::entries;

entries! {
    // ---- AssumeRole ----------------------------------------------------------------------------------------------
    /// The session policy is malformed.
    POLICY_GRAMMAR = 400 "InvalidParameter.PolicyGrammar" "The parameter Policy has not passed grammar check.";
    /// The session policy is longer than 2048 bytes.
    POLICY_SIZE = 400 "InvalidParameter.PolicySize" "The size of Policy must be smaller than 2048 bytes.";
    /// Shorter than 15 minutes or longer than the role allows; the text still names the old limit.
    DURATION = 400 "InvalidParameter.DurationSeconds" "The Min/Max value of DurationSeconds is 15min/1hr.";
    /// Unknown role, with its ARN in lower case: turbot/steampipe-plugin-alicloud#338. Until about 2020 the text was
    /// "The specified Role not exists ."; the PHP SDK's test has it.
    ROLE_NOT_EXIST = 404 "EntityNotExist.Role" "The role not exists: {}.";

    // ---- AssumeRoleWithSAML --------------------------------------------------------------------------------------
    /// The session policy is malformed.
    SAML_POLICY_GRAMMAR = 400 "InvalidParameter.PolicyGrammar" "Invalid Policy.";
    /// The session policy is too long; the text still names the old limit.
    SAML_POLICY_SIZE = 400 "InvalidParameter.PolicySize" "The max size of policy string is 1024.";
    /// The assertion does not have exactly one name, or the name is malformed.
    SAML_SESSION_NAME = 400 "InvalidParameter.RoleSessionName" "The RoleSessionName is invalid.";
    /// Too short, or longer than the role allows.
    SAML_DURATION = 400 "InvalidParameter.DurationSeconds" "The DurationSeconds is invalid.";
    /// The metadata of the provider is malformed.
    SAML_METADATA = 401 "AuthenticationFail.IDPMetadata.Invalid" "The IdP Metadata of your SAML Provider is invalid.";
    /// The assertion has expired.
    SAML_EXPIRED = 401 "AuthenticationFail.SAMLAssertion.Expired" "The SAML Assertion is expired.";
    /// The assertion is not valid.
    SAML_INVALID = 401 "AuthenticationFail.SAMLAssertion.Invalid" "The SAML Assertion is invalid.";
    /// Unknown provider.
    SAML_NO_PROVIDER = 404 "EntityNotExist.SAMLProvider" "Can not find SAML provider.";
    /// Unknown role.
    SAML_NO_ROLE = 404 "EntityNotExist.RoleArn" "The specified Role does not exists.";

    // ---- AssumeRoleWithOIDC --------------------------------------------------------------------------------------
    /// The value is not an ARN. Source: aliyun/credentials-java, OIDCRoleArnCredentialProviderTest.
    OIDC_PROVIDER_ARN = 400 "AuthenticationFail.NoPermission" "Parameter OIDCProviderArn is not valid";
    /// The token is missing.
    OIDC_EMPTY = 401 "AuthenticationFail.OIDCToken.Invalid" "The OIDCToken can not empty.";
    /// The token does not have three parts.
    OIDC_PARTS = 401 "AuthenticationFail.OIDCToken.Invalid" "The number of Jwt field should be divided into 3 parts with '.' .";
    /// A part is not base64.
    OIDC_ENCODING = 401 "AuthenticationFail.OIDCToken.Invalid" "Cannot decode base64 encoded response(format invalided).";
    /// An algorithm that is not asymmetric.
    OIDC_ALGORITHM = 401 "AuthenticationFail.OIDCToken.Invalid" "The algorithm {} that be specified in Jwt header is unknown.";
    /// Header or claims are not JSON, or a required member is missing.
    OIDC_CONTENT = 401 "AuthenticationFail.OIDCToken.Invalid" "The Jwt content is invalid that cannot be recognized.";
    /// The token is not valid yet. UNCERTAIN: the text.
    OIDC_NOT_YET = 401 "AuthenticationFail.OIDCToken.Invalid" "This JsonWebToken is not valid yet.";
    /// Unknown provider.
    OIDC_NO_PROVIDER = 401 "AuthenticationFail.NoPermission" "No such OIDC Provider registered.";
    /// The issuer differs.
    OIDC_ISSUER = 401 "AuthenticationFail.OIDCToken.IssuerNotMatch" "The issuer in the OIDC Token doesn't match the OIDC Provider registered.";
    /// The audience differs.
    OIDC_AUDIENCE = 401 "AuthenticationFail.OIDCToken.AudienceNotMatch" "Invalid audience.";
    /// The token has expired, or it is older than the provider allows (UNCERTAIN).
    OIDC_EXPIRED = 401 "AuthenticationFail.OIDCToken.Expired" "This JsonWebToken is expired.";
    /// The issuer cannot be reached.
    OIDC_BROKEN = 401 "AuthenticationFail.OIDCToken.IssuerConfigurationBroken" "Get public keys from OIDC Provider failed, the issuer is {}.";
    /// The certificate of the issuer has no valid chain.
    OIDC_CHAIN = 401 "AuthenticationFail.OIDCToken.HttpsUrlInvalid" "Invoke url failed due to certificate chain validation / The root ca certificate is not in ca whitelist of this url: {}";
    /// The certificate of the issuer is not registered. Text UNCERTAIN.
    OIDC_FINGERPRINT = 401 "AuthenticationFail.OIDCToken.PublicKeyFingerprintMismatch" "The fingerprint of the public key does not match the OIDC Provider registered.";
    /// The signature is wrong.
    OIDC_SIGNATURE = 401 "AuthenticationFail.OIDCToken.InvalidSignature" "OIDC token validate failed: invalid signature.";
    /// The role does not trust the provider. For SAML, the same is assumed (UNCERTAIN).
    FEDERATED_NO_PERMISSION = 401 "AuthenticationFail.NoPermission" "There is no permission";

    // ---- codes that only another version or a fault rule can cause ---------------------------------------------
    /// STS. Source: docs/evidence/sts.md section 3.
    INTERNAL_ERROR = 500 "InternalError" "STS Server Internal Error happened, please send the RequestId to us.";
    /// The body is neither JSON nor a form.
    CONTENT_TYPE = 400 "InvalidParameter.ContentType" "The ContentType request header must be either \"application/json\" or \"application/x-www-form-urlencoded\".";
    /// Internal.
    API_USERNAME = 403 "AuthenticationFail.ApiUsername" "The specified api username is not legal.";
    /// Internal.
    API_PASSWORD = 403 "AuthenticationFail.ApiPassword" "The specified api password is not legal.";
}
