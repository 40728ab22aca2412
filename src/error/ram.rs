//! Error codes of RAM and IMS that do not concern the form of a parameter.
//!
//! Source: docs/evidence/ram.md section 4; the spelling is the service's.

use crate::error::entries;

entries! {
    // ---- 400 -----------------------------------------------------------------------------------------------------
    /// `{}` describes the mistake; three texts were observed (docs/evidence/policy.md section 1).
    MALFORMED_POLICY = 400 "MalformedPolicyDocument" "{}";
    /// `ChangePassword` by a caller that is not a RAM user.
    NOT_SUPPORT_ACCOUNT = 400 "NotSupport.Account" "This method can be only invoked by sub user.";
    /// `CreateLoginProfile`, `UpdateLoginProfile`.
    PASSWORD_TOO_WEAK = 400 "InvalidParameter.Password.TooWeak" "The parameter - \"Password\" is not compliant with the password policy.";
    /// `ChangePassword`.
    NEW_PASSWORD_TOO_WEAK = 400 "InvalidParameter.NewPassword.TooWeak" "The parameter - \"NewPassword\" is not compliant with the password policy.";
    /// `ChangePassword`.
    PASSWORD_REUSED = 400 "InvalidParameter.NewPassword.ReusePrevention" "The parameter - \"NewPassword\" is not compliant with the reuse prevention password policy.";
    /// `ChangePassword`.
    OLD_PASSWORD_WRONG = 400 "InvalidParameter.OldPassword.Incorrect" "The parameter - \"OldPassword\" is incorrect.";
    /// `BindMFADevice`, both codes.
    CODE_FORMAT = 400 "InvalidParameter.AuthenticationCode.Format" "The parameter - \"AuthenticationCode\" MUST be 6 numbers.";
    /// The text of the Resource Manager equivalent is unknown; UNCERTAIN. Source: docs/evidence/ram.md 5.8.
    SUFFIX_NOT_ALLOWED = 400 "InvalidParameter.CustomSuffix.NotAllowed" "The parameter - \"CustomSuffix\" is not allowed for this service.";
    /// Service-linked role. UNCERTAIN: the code was not observed. Source: docs/evidence/ram.md 5.7.
    ROLE_OF_SERVICE = 400 "NotSupport.Role.ServiceLinkedRole" "The service-linked role can only be changed by its service.";
    /// `DeprovisionApplication`. UNCERTAIN: the code was not observed. Source: docs/evidence/ims.md 4.12.
    APPLICATION_NOT_SERVER = 400 "NotSupport.Application" "Only applications of the type ServerApp can be deprovisioned.";
    /// `DecodeDiagnosticMessage`. Source: docs/evidence/ram.md 5.11, here and below.
    NOT_SUPPORT = 400 "NotSupport" "This method can only be invoked by customer, sub user and assumed role user.";
    /// `DecodeDiagnosticMessage`.
    ENCODED_MESSAGE_EXPIRE = 400 "EncodedMessageExpire" "The EncodedDiagnosticMessage is expired.";

    // ---- 403 -----------------------------------------------------------------------------------------------------
    /// Expired or mixed-up codes, observed in 2026-09. The misspelling is the service's.
    WRONG_CODES = 403 "CheckAuthenticationCodeFail" "The parameter - \"AuthenticationCode\" is inccorrect.";

    // ---- 404 -----------------------------------------------------------------------------------------------------
    /// Captured: alibaba/terraform-provider 679.
    USER_NOT_EXIST = 404 "EntityNotExist.User" "The user does not exist.";
    /// `GetUser` of an unknown user: docs/evidence/ram.md section 4.
    GET_USER_NOT_EXIST = 404 "EntityNotExist.User" "account not exists";
    /// Unknown key, or a key of another user.
    KEY_NOT_EXIST = 404 "EntityNotExist.User.AccessKey" "The user access key does not exist.";
    /// IMS; UNCERTAIN, by the pattern of the others.
    SERVICE_CREDENTIAL_NOT_EXIST = 404 "EntityNotExist.User.ServiceCredential" "The user service credential does not exist.";
    /// IMS, `GetCredentialReport` without a report; status and text UNCERTAIN. Source: docs/evidence/ims.md 4.9.
    REPORT_NOT_EXIST = 404 "EntityNotExist.Report" "The report does not exist.";
    /// The user has no console password.
    LOGIN_NOT_EXIST = 404 "EntityNotExist.User.LoginProfile" "The user login profile does not exist.";
    /// The user has no device.
    USER_DEVICE_NOT_EXIST = 404 "EntityNotExist.User.MFADevice" "The user has not bound any MFA device.";
    /// IMS; UNCERTAIN: the code follows from the others, and so does the text. Source: docs/evidence/ims.md 4.6.
    PASSKEY_NOT_EXIST = 404 "EntityNotExist.User.Passkey" "The user passkey does not exist.";
    /// The policy is not attached to the user.
    NOT_ATTACHED_TO_USER = 404 "EntityNotExist.User.Policy" "The indicate policy of the user does not exist.";
    /// The user is not a member of the group.
    NOT_A_MEMBER = 404 "EntityNotExist.User.Group" "The user has not joined the group.";
    /// Unknown device.
    DEVICE_NOT_EXIST = 404 "EntityNotExist.VirtualMFADevice" "The virtual mfa device does not exist.";
    /// Unknown group.
    GROUP_NOT_EXIST = 404 "EntityNotExist.Group" "The group does not exist.";
    /// The policy is not attached to the group.
    NOT_ATTACHED_TO_GROUP = 404 "EntityNotExist.Group.Policy" "The indicate policy attached to the group does not exist.";
    /// Unknown policy of this type.
    POLICY_NOT_EXIST = 404 "EntityNotExist.Policy" "The policy does not exist.";
    /// Unknown version.
    VERSION_NOT_EXIST = 404 "EntityNotExist.Policy.Version" "The policy version does not exist.";
    /// Unknown role.
    ROLE_NOT_EXIST = 404 "EntityNotExist.Role" "The role does not exist.";
    /// Text UNCERTAIN; the code is what Terraform expects.
    NOT_ATTACHED_TO_ROLE = 404 "EntityNotExist.Role.Policy" "The indicate policy attached to the role does not exist.";
    /// As in Resource Manager; text UNCERTAIN.
    SERVICE_NOT_EXIST = 404 "EntityNotExist.Service" "The service does not exist.";
    /// As in Resource Manager; text UNCERTAIN.
    NOT_ROLE_OF_SERVICE = 404 "EntityNotExist.ServiceLinkedRole" "The service-linked role does not exist.";
    /// Status and text UNCERTAIN; the code is what Terraform expects. Source: docs/evidence/ims.md 4.11.
    OIDC_PROVIDER_NOT_EXIST = 404 "EntityNotExist.OIDCProvider" "The OIDC provider does not exist.";
    /// UNCERTAIN: the code was not observed.
    CLIENT_ID_NOT_EXIST = 404 "EntityNotExist.OIDCProvider.ClientId" "The client id of the OIDC provider does not exist.";
    /// UNCERTAIN: the code was not observed.
    FINGERPRINT_NOT_EXIST = 404 "EntityNotExist.OIDCProvider.Fingerprint" "The fingerprint of the OIDC provider does not exist.";
    /// Status and text UNCERTAIN; a public client expects the code. Source: docs/evidence/ims.md 4.12.
    APPLICATION_NOT_EXIST = 404 "EntityNotExist.Application" "The application does not exist.";
    /// UNCERTAIN: the code was not observed.
    APP_SECRET_NOT_EXIST = 404 "EntityNotExist.Application.AppSecret" "The application secret does not exist.";
    /// `DecodeDiagnosticMessage`.
    MESSAGE_NOT_EXIST = 404 "EntityNotExist" "The specific DecodedDiagnosticMessage cannot be found.";

    // ---- 409 -----------------------------------------------------------------------------------------------------
    /// The name is taken.
    USER_EXISTS = 409 "EntityAlreadyExists.User" "The user does already EXIST.";
    /// The user has a console password.
    LOGIN_EXISTS = 409 "EntityAlreadyExists.User.LoginProfile" "The user login profile does already EXIST.";
    /// A second binding, observed in 2026-09.
    USER_DEVICE_EXISTS = 409 "EntityAlreadyExists.User.MFADevice" "The user has already bound a MFA device.";
    /// A second `AddUserToGroup`.
    ALREADY_MEMBER = 409 "EntityAlreadyExists.User.Group" "The user has already joined the group.";
    /// A second `AttachPolicyToUser`.
    ATTACHED_TO_USER = 409 "EntityAlreadyExists.User.Policy" "The user has already been attached this policy.";
    /// The name is taken.
    DEVICE_EXISTS = 409 "EntityAlreadyExists.VirtualMFADevice" "The virtual mfa device does already EXIST.";
    /// The device is bound to another user.
    DEVICE_BOUND_ALREADY = 409 "EntityAlreadyExists.VirtualMFADevice.User" "The virtual mfa device does already been bound to a user.";
    /// The name is taken.
    GROUP_EXISTS = 409 "EntityAlreadyExists.Group" "The group does already EXIST.";
    /// A second `AttachPolicyToGroup`.
    ATTACHED_TO_GROUP = 409 "EntityAlreadyExists.Group.Policy" "The group has already been attached this policy.";
    /// The documentation prints the text of the group, by mistake.
    POLICY_EXISTS = 409 "EntityAlreadyExists.Policy" "The policy does already EXIST.";
    /// The name is taken.
    ROLE_EXISTS = 409 "EntityAlreadyExists.Role" "The role does already EXIST.";
    /// Text UNCERTAIN.
    ATTACHED_TO_ROLE = 409 "EntityAlreadyExists.Role.Policy" "The role has already been attached this policy.";
    /// IMS; status UNCERTAIN. Source: docs/evidence/ims.md 4.11, here and below.
    OIDC_PROVIDER_EXISTS = 409 "EntityAlreadyExists.OIDCProvider" "The OIDC provider does already exist.";
    /// Another provider has the issuer; the status and the text are UNCERTAIN.
    ISSUER_EXISTS = 409 "EntityAlreadyExists.OIDCProvider.Url" "The issuer url of the OIDC provider does already exist.";
    /// UNCERTAIN: the code was not observed.
    CLIENT_ID_EXISTS = 409 "EntityAlreadyExists.OIDCProvider.ClientId" "The client id of the OIDC provider does already exist.";
    /// UNCERTAIN: the code was not observed.
    FINGERPRINT_EXISTS = 409 "EntityAlreadyExists.OIDCProvider.Fingerprint" "The fingerprint of the OIDC provider does already exist.";
    /// UNCERTAIN: the code was not observed.
    LAST_FINGERPRINT = 409 "DeleteConflict.OIDCProvider.Fingerprint" "The last fingerprint of the OIDC provider can not be removed.";
    /// UNCERTAIN: the code was not observed.
    TOO_MANY_OIDC_PROVIDERS = 409 "LimitExceeded.OIDCProvider" "The count of OIDC providers beyond the current limits.";
    /// UNCERTAIN: the code was not observed.
    TOO_MANY_CLIENT_IDS = 409 "LimitExceeded.OIDCProvider.ClientId" "The count of client ids of the OIDC provider beyond the current limits.";
    /// UNCERTAIN: the code was not observed.
    TOO_MANY_FINGERPRINTS = 409 "LimitExceeded.OIDCProvider.Fingerprint" "The count of fingerprints of the OIDC provider beyond the current limits.";
    /// UNCERTAIN: the code was not observed. Source: docs/evidence/ims.md 4.10, here and below.
    SAML_PROVIDER_EXISTS = 409 "EntityAlreadyExists.SAMLProvider" "The SAML provider does already exist.";
    /// UNCERTAIN: the code was not observed.
    TOO_MANY_SAML_PROVIDERS = 409 "LimitExceeded.SAMLProvider" "The count of SAML providers beyond the current limits.";
    /// UNCERTAIN: the code was not observed. Source: docs/evidence/ims.md 4.12.
    TOO_MANY_APP_SECRETS = 409 "LimitExceeded.Application.AppSecret" "The count of application secrets beyond the current limits.";
    /// The alias belongs to another account.
    ALIAS_EXISTS = 409 "EntityAlreadyExists.AccountAlias" "The account alias does already exist.";
    /// The user is still in a group.
    USER_IN_GROUP = 409 "DeleteConflict.User.Group" "The user CAN NOT be in any group while deleting the user.";
    /// The user still has a key.
    USER_HAS_KEYS = 409 "DeleteConflict.User.AccessKey" "The user CAN NOT has any access key while deleting the user.";
    /// The user still has a console password.
    USER_HAS_LOGIN = 409 "DeleteConflict.User.LoginProfile" "The user CAN NOT has any login profile while deleting the user.";
    /// The user still has a device.
    USER_HAS_DEVICE = 409 "DeleteConflict.User.MFADevice" "The user CAN NOT has any mfa device while deleting the user.";
    /// The user still has a policy.
    USER_HAS_POLICIES = 409 "DeleteConflict.User.Policy" "The user CAN NOT has any attached policy while deleting the user.";
    /// The device is still bound.
    DEVICE_BOUND = 409 "DeleteConflict.VirtualMFADevice.User" "The virtual mfa device CAN NOT been bound to any user while deleting it.";
    /// The group still has members.
    GROUP_HAS_USERS = 409 "DeleteConflict.Group.User" "The group CAN NOT has any user member while deleting the group.";
    /// The group still has a policy.
    GROUP_HAS_POLICIES = 409 "DeleteConflict.Group.Policy" "The entity CAN NOT has any attached policy while deleting the group.";
    /// The policy is still attached.
    POLICY_ON_USER = 409 "DeleteConflict.Policy.User" "The policy CAN NOT been attached to any user while deleting the policy.";
    /// The policy is still attached.
    POLICY_ON_GROUP = 409 "DeleteConflict.Policy.Group" "The policy CAN NOT been attached to any group while deleting the policy.";
    /// RAM's pages lack it; the text is from Resource Manager.
    POLICY_ON_ROLE = 409 "DeleteConflict.Policy.Role" "The policy cannot be attached to any role when you delete it.";
    /// The policy still has versions.
    POLICY_HAS_VERSIONS = 409 "DeleteConflict.Policy.Version" "The policy CAN NOT has any version except the default version.";
    /// `DeletePolicyVersion` of the default.
    VERSION_IS_DEFAULT = 409 "DeleteConflict.Policy.Version.Default" "The default policy version CAN NOT been deleted directly.";
    /// The role still has a policy.
    ROLE_HAS_POLICIES = 409 "DeleteConflict.Role.Policy" "The role CAN NOT has any attached policy while deleting the role.";
    /// Too many users.
    TOO_MANY_USERS = 409 "LimitExceeded.User" "The count of users beyond the current limits.";
    /// Too many keys.
    TOO_MANY_KEYS = 409 "LimitExceeded.User.AccessKey" "The access key count of the user access keys beyond the current limits.";
    /// IMS; UNCERTAIN, by the pattern of the others.
    TOO_MANY_SERVICE_CREDENTIALS = 409 "LimitExceeded.User.ServiceCredential" "The service credential count of the user beyond the current limits.";
    /// IMS, `GetCredentialReport` of a report that is not ready; status and text UNCERTAIN. Source: docs/evidence/ims.md 4.9.
    REPORT_NOT_GENERATED = 409 "ReportNotGenerated" "The report has not been generated.";
    /// IMS, `GetCredentialReport` of an old report; status and text UNCERTAIN. Source: docs/evidence/ims.md 4.9.
    REPORT_EXPIRED = 409 "Expired.CredentialReport" "The credential report has expired.";
    /// Too many memberships.
    TOO_MANY_GROUPS_OF_USER = 409 "LimitExceeded.User.Group" "The count of groups the target user joined beyond the current limits.";
    /// Too many policies of one type.
    TOO_MANY_POLICIES_OF_USER = 409 "LimitExceeded.User.Policy" "The policy count of the user attached policies beyond the current limits.";
    /// Too many devices.
    TOO_MANY_DEVICES = 409 "LimitExceeded.VirtualMFADevice" "The count of virtual mfa devices beyond the current limits.";
    /// Too many groups.
    TOO_MANY_GROUPS = 409 "LimitExceeded.Group" "The count of groups beyond the current limits.";
    /// Too many policies of one type.
    TOO_MANY_POLICIES_OF_GROUP = 409 "LimitExceeded.Group.Policy" "The policy count of the group beyond the current limits.";
    /// Too many policies.
    TOO_MANY_POLICIES = 409 "LimitExceeded.Policy" "The count of policy beyond the current limits.";
    /// Too many versions.
    TOO_MANY_VERSIONS = 409 "LimitExceeded.Policy.Version" "The count of policy version beyond the current limits.";
    /// Too many roles.
    TOO_MANY_ROLES = 409 "LimitExceeded.Role" "The count of roles beyond the current limits.";
    /// Too many policies of one type.
    TOO_MANY_POLICIES_OF_ROLE = 409 "LimitExceeded.Role.Policy" "The count of policies attached to the role beyond the current limits.";
    /// Too many tags. UNCERTAIN: the code was not observed.
    TOO_MANY_TAGS = 409 "LimitExceeded.Tag" "The count of tags beyond the current limits.";

    // ---- 429 and others that only a fault rule can cause -------------------------------------------------------
    /// `DecodeDiagnosticMessage`.
    SEARCH_INACCURATE = 404 "SearchInaccurate" "The search result is inaccurate, please retry later.";
    /// `DecodeDiagnosticMessage`.
    TOO_MANY_REQUESTS = 429 "TooManyRequests" "Too many search requests at same time, please retry later.";

    // ---- codes that only a fault rule can cause --------------------------------------------------------------------
    /// RAM. Source: docs-ram.
    INTERNAL_ERROR = 500 "InternalError" "An internal error occurred.";
}
