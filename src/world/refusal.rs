//! Reasons why a world rejects a change. Each row has the rule in words, the error code of services,
//! and the code of the control API.

use crate::error::{
    ApiError, Known, PAY_INSUFFICIENT_BALANCE, business, directory, gateway, oss, partner, ram,
    resource_manager, sts,
};

/// Class of a rejection in the control API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// The target does not exist.
    Missing,
    /// The state of the world conflicts with the request.
    Conflict,
    /// A value is invalid.
    Invalid,
    /// The identity is missing.
    Unauthorized,
    /// The identity has no permission.
    Forbidden,
    /// A value has a valid form but is wrong.
    Unprocessable,
}

macro_rules! refusals {
    ($($name:ident = $text:literal, $wire:expr, $class:ident $control:literal;)*) => {
        /// A rule of a world that a change would violate.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
        pub enum Refusal {
            $(#[doc = $text] #[error($text)] $name,)*
        }

        impl Refusal {
            /// Returns the error of services.
            pub fn wire(self) -> &'static Known {
                match self { $(Self::$name => &$wire,)* }
            }

            /// Returns class and code of the control API.
            pub fn control(self) -> (Class, &'static str) {
                match self { $(Self::$name => (Class::$class, $control),)* }
            }
        }
    };
}

impl Refusal {
    /// Returns `true` if another item of the same kind has the name, ignoring case.
    pub fn is_name_taken(self) -> bool {
        matches!(
            self,
            Self::UserExists
                | Self::GroupExists
                | Self::PolicyExists
                | Self::RoleExists
                | Self::ProjectExists
        )
    }
}

refusals! {
    NoSuchAccount = "there is no such account", partner::INVALID_PK, Missing "account_not_found";
    LoginNameTaken = "the login name is taken", partner::ALIYUN_ID_EXISTS, Conflict "login_name_taken";
    UidTaken = "the UID is taken", partner::ALIYUN_ID_EXISTS, Conflict "uid_taken";
    AccountClosed = "the account is closed; it cannot be reopened", partner::INVALID_PK, Conflict "account_closed";
    NoSuchApplication = "there is no such application for real-name verification", partner::SET_REAL_NAME_ERROR, Missing "application_not_found";
    UnderReview = "an application is already under review: decide or cancel it first", partner::SET_REAL_NAME_ERROR, Conflict "under_review";
    NotUnderReview = "the application is no longer under review", partner::SET_REAL_NAME_ERROR, Conflict "not_under_review";
    AlreadyVerified = "the account is already verified", partner::SET_REAL_NAME_ERROR, Conflict "already_verified";
    NotVerified = "the account is not verified", partner::SET_REAL_NAME_ERROR, Conflict "not_verified";
    MethodNotOffered = "this method of verification is not available for this kind of owner on the account's site", business::METHOD_NOT_OFFERED, Invalid "method_not_offered";
    DocumentNotForSubject = "a document of this type cannot verify this kind of owner", business::DOCUMENT_NOT_FOR_SUBJECT, Invalid "document_not_for_subject";
    TooYoung = "the person is too young", business::TOO_YOUNG, Conflict "too_young";
    ChangeLocked = "the verified identity was changed recently and cannot be changed again yet", business::CHANGE_LOCKED, Conflict "change_locked";
    IdentityUsedUp = "the person or enterprise has verified the maximum number of accounts", business::IDENTITY_USED_UP, Conflict "identity_limit_reached";
    NoTransfer = "no transfer has arrived yet", business::NO_TRANSFER, Conflict "no_transfer";
    NoSuchLink = "there is no such verification page", business::NO_SUCH_LINK, Missing "link_not_found";
    LinkExpired = "the verification link has expired; request a new one", business::LINK_EXPIRED, Conflict "link_expired";
    LinkForAnother = "the verification link is for another kind of owner", business::LINK_FOR_ANOTHER, Conflict "link_for_another";
    NoKycAsked = "the account does not have to answer the KYC Center", business::NO_KYC_ASKED, Conflict "no_kyc_asked";
    Irreversible = "a verified enterprise of the International site cannot become an individual again", partner::SET_REAL_NAME_ERROR, Conflict "irreversible";

    PartnerUsedUp = "the partner has the maximum number of accounts", business::ACCOUNT_QUOTA, Conflict "partner_limit_reached";
    NoRelation = "the account has no partner", business::NO_RELATION, Missing "no_relation";
    HavanaIdTaken = "the id is bound to another account", partner::HAVANA_ID_EXISTS, Conflict "havana_id_taken";
    NoSuchTrace = "no request with this number waits for confirmation", business::NO_SUCH_TRACE, Missing "trace_not_found";
    TraceDone = "the request was already confirmed or cancelled", business::TRACE_DONE, Conflict "trace_done";
    NoSuchLabel = "the account has no such label", business::NO_SUCH_LABEL, Missing "label_not_found";
    NoSuchTask = "there is no such task", business::NO_SUCH_TASK, Missing "task_not_found";

    EmailTaken = "the e-mail address belongs to another account", business::EMAIL_EXISTS, Conflict "email_taken";
    MobileUsedUp = "the mobile has registered the maximum number of accounts", business::MOBILE_USED_UP, Conflict "mobile_limit_reached";
    CaptchaWrong = "the verification code is wrong", business::CAPTCHA_WRONG, Unprocessable "captcha_wrong";
    CaptchaExpired = "the verification code has expired", business::CAPTCHA_EXPIRED, Unprocessable "captcha_expired";
    SentTooOften = "a code was sent to this address a moment ago", business::SENT_TOO_OFTEN, Conflict "captcha_too_soon";
    RootPasswordTooWeak = "the password is too short or too long, or has only one of: letters, digits, other characters", business::PASSWORD_TOO_WEAK, Invalid "weak_password";
    BadCredentials = "login name, password or code is wrong", business::BAD_CREDENTIALS, Unauthorized "bad_credentials";
    LoginFrozen = "the log-in of the account is frozen", business::LOGIN_FROZEN, Forbidden "login_frozen";
    LoginOfClosed = "the account is closed", business::LOGIN_FROZEN, Forbidden "account_closed";
    LoginLocked = "wrong passwords have locked the log-in for a while", business::LOGIN_LOCKED, Forbidden "login_locked";
    LoginFromElsewhere = "the account may not log in from this address", business::LOGIN_FROM_ELSEWHERE, Forbidden "ip_not_allowed";
    MfaRequired = "a code of the MFA device is needed", business::MFA_REQUIRED, Forbidden "mfa_required";
    LoginInactive = "the RAM user may not log in to the console: it has no login profile, or an inactive one", business::LOGIN_FROZEN, Forbidden "login_profile_inactive";
    MfaBindRequired = "an MFA device must be bound to the RAM user first", business::LOGIN_FROZEN, Forbidden "mfa_bind_required";
    PasswordResetRequired = "the password must be changed: give a `newPassword`", business::LOGIN_FROZEN, Forbidden "password_reset_required";
    PasswordExpired = "the password has expired: an administrator must set another one", business::LOGIN_FROZEN, Forbidden "password_expired";
    LoginBySso = "user SSO is enabled, so RAM users cannot log in with a password: disable it first", business::LOGIN_FROZEN, Forbidden "user_sso_enabled";
    NoSuchLogin = "there is no such log-in", business::NO_SUCH_LOGIN, Missing "login_not_found";
    MfaBound = "the account already has an MFA device", business::MFA_BOUND, Conflict "mfa_bound";
    MfaNotBound = "the account has no MFA device", business::MFA_NOT_BOUND, Missing "mfa_not_bound";

    NoAmount = "the amount is out of range", business::NO_AMOUNT, Invalid "invalid_amount";
    BalanceContradicts = "the balance contradicts the state: arrears owe more than the credit line, other states do not", business::NO_AMOUNT, Conflict "balance_contradicts";
    NotEnoughBalance = "the account does not have enough money", PAY_INSUFFICIENT_BALANCE, Conflict "not_enough_balance";
    OrderTokenTaken = "another order was made with this token", business::DUPLICATED_CLIENT_TOKEN, Conflict "client_token_taken";
    NoSuchInstance = "there is no such instance", business::RESOURCE_NOT_EXISTS, Missing "instance_not_found";
    InstanceTaken = "the id of the instance is taken", business::DUPLICATED_CLIENT_TOKEN, Conflict "instance_taken";
    Closing = "the account is being closed", business::CLOSING, Conflict "closing";
    ClosingBlocked = "the account does not meet the conditions for closing", business::CLOSING_BLOCKED, Conflict "closing_blocked";
    NotClosing = "the account is not being closed", business::NOT_CLOSING, Conflict "not_closing";

    NoSuchCustomer = "the partner has no such customer", business::NO_SUCH_CUSTOMER, Missing "customer_not_found";
    NoSuchInvite = "there is no such invitation", business::AGENCY_NO_INVITE, Missing "invitation_not_found";
    InviteExpired = "the invitation has expired; invite again", business::AGENCY_INVITE_EXPIRED, Conflict "invitation_expired";
    InviteTaken = "the invitation was already used", business::INVITE_TAKEN, Conflict "invitation_taken";
    TooManyInvites = "too many invitations were mailed a moment ago", business::AGENCY_MAILS, Conflict "invitation_too_soon";
    InEnterprise = "the account already belongs to a partner or enterprise", business::IN_ENTERPRISE, Conflict "in_enterprise";
    OwnPartner = "an account cannot belong to itself, to one of its own accounts, or to more than 64 partners above each other", business::IN_ENTERPRISE, Conflict "own_partner";
    AskedAlready = "the account was already asked and has not answered", business::ASKED_ALREADY, Conflict "asked_already";
    NoSuchJoin = "no enterprise asks the account to join", business::NO_SUCH_JOIN, Missing "join_request_not_found";
    NoSuchContact = "there is no such contact", business::NO_SUCH_CONTACT, Missing "contact_not_found";

    NoSuchUser = "there is no such RAM user", ram::USER_NOT_EXIST, Missing "user_not_found";
    UserExists = "the user name is taken", ram::USER_EXISTS, Conflict "user_exists";
    TooManyUsers = "the account has as many RAM users as its quota allows", ram::TOO_MANY_USERS, Conflict "too_many_users";
    UserInGroup = "the RAM user is still in a group", ram::USER_IN_GROUP, Conflict "user_in_group";
    UserHasKeys = "the RAM user still has an AccessKey", ram::USER_HAS_KEYS, Conflict "user_has_access_keys";
    UserHasLogin = "the RAM user still has a login profile", ram::USER_HAS_LOGIN, Conflict "user_has_login_profile";
    UserHasDevice = "the RAM user still has an MFA device", ram::USER_HAS_DEVICE, Conflict "user_has_mfa_device";
    UserHasPolicies = "the RAM user still has a policy", ram::USER_HAS_POLICIES, Conflict "user_has_policies";

    NoSuchKey = "there is no such AccessKey", ram::KEY_NOT_EXIST, Missing "access_key_not_found";
    KeyTaken = "the AccessKey id is taken", gateway::INTERNAL_ERROR, Conflict "access_key_taken";
    TooManyKeys = "the owner has as many AccessKeys as the quota allows", ram::TOO_MANY_KEYS, Conflict "too_many_access_keys";

    NoSuchServiceCredential = "there is no such service credential", ram::SERVICE_CREDENTIAL_NOT_EXIST, Missing "service_credential_not_found";
    TooManyServiceCredentials = "the owner has as many credentials for the service as the quota allows", ram::TOO_MANY_SERVICE_CREDENTIALS, Conflict "too_many_service_credentials";
    NoReport = "no report was generated", ram::REPORT_NOT_EXIST, Missing "report_not_found";
    ReportInProgress = "the report is not generated yet", ram::REPORT_NOT_GENERATED, Conflict "report_in_progress";
    ReportExpired = "the report has expired: generate another one", ram::REPORT_EXPIRED, Conflict "report_expired";

    NoSuchSession = "there is no such temporary credential", gateway::ACCESS_KEY_NOT_FOUND, Missing "session_not_found";

    NoLoginProfile = "the RAM user has no login profile", ram::LOGIN_NOT_EXIST, Missing "login_profile_not_found";
    LoginProfileExists = "the RAM user already has a login profile", ram::LOGIN_EXISTS, Conflict "login_profile_exists";
    PasswordTooWeak = "the password does not meet the password policy", ram::PASSWORD_TOO_WEAK, Invalid "password_too_weak";
    PasswordReused = "the password was used before", ram::PASSWORD_REUSED, Invalid "password_reused";
    WrongOldPassword = "the old password is wrong", ram::OLD_PASSWORD_WRONG, Invalid "wrong_password";

    NoSuchMfaDevice = "there is no such MFA device", ram::DEVICE_NOT_EXIST, Missing "mfa_device_not_found";
    MfaDeviceExists = "the name of the MFA device is taken", ram::DEVICE_EXISTS, Conflict "mfa_device_exists";
    TooManyMfaDevices = "the account has as many MFA devices as its quota allows", ram::TOO_MANY_DEVICES, Conflict "too_many_mfa_devices";
    MfaDeviceIsBound = "the MFA device is still bound to a RAM user", ram::DEVICE_BOUND, Conflict "mfa_device_bound";
    MfaDeviceOfAnother = "the MFA device is already bound", ram::DEVICE_BOUND_ALREADY, Conflict "mfa_device_of_another";
    UserHasMfaDevice = "the RAM user already has an MFA device", ram::USER_DEVICE_EXISTS, Conflict "user_has_an_mfa_device";
    NoMfaDeviceBound = "the RAM user has no MFA device", ram::USER_DEVICE_NOT_EXIST, Missing "no_mfa_device_bound";
    NoSuchPasskey = "the RAM user has no such passkey", ram::PASSKEY_NOT_EXIST, Missing "passkey_not_found";
    WrongMfaCodes = "the codes are not two consecutive current codes of the MFA device", ram::WRONG_CODES, Invalid "wrong_mfa_codes";

    NoSuchGroup = "there is no such group", ram::GROUP_NOT_EXIST, Missing "group_not_found";
    GroupExists = "the group name is taken", ram::GROUP_EXISTS, Conflict "group_exists";
    TooManyGroups = "the account has as many groups as its quota allows", ram::TOO_MANY_GROUPS, Conflict "too_many_groups";
    GroupHasUsers = "the group still has a member", ram::GROUP_HAS_USERS, Conflict "group_has_users";
    GroupHasPolicies = "the group still has a policy", ram::GROUP_HAS_POLICIES, Conflict "group_has_policies";
    AlreadyMember = "the RAM user is already in the group", ram::ALREADY_MEMBER, Conflict "already_a_member";
    NotAMember = "the RAM user is not in the group", ram::NOT_A_MEMBER, Missing "not_a_member";
    TooManyGroupsOfUser = "the RAM user is in as many groups as the quota allows", ram::TOO_MANY_GROUPS_OF_USER, Conflict "too_many_groups_of_user";

    NoSuchPolicy = "there is no such policy", ram::POLICY_NOT_EXIST, Missing "policy_not_found";
    PolicyExists = "the policy name is taken", ram::POLICY_EXISTS, Conflict "policy_exists";
    TooManyPolicies = "the account has as many policies as its quota allows", ram::TOO_MANY_POLICIES, Conflict "too_many_policies";
    PolicyOnUser = "the policy is still attached to a RAM user", ram::POLICY_ON_USER, Conflict "policy_on_user";
    PolicyOnGroup = "the policy is still attached to a group", ram::POLICY_ON_GROUP, Conflict "policy_on_group";
    PolicyOnRole = "the policy is still attached to a role", ram::POLICY_ON_ROLE, Conflict "policy_on_role";
    PolicyHasVersions = "the policy still has versions besides the default one", ram::POLICY_HAS_VERSIONS, Conflict "policy_has_versions";
    NoSuchPolicyVersion = "there is no such version of the policy", ram::VERSION_NOT_EXIST, Missing "policy_version_not_found";
    TooManyPolicyVersions = "the policy has as many versions as the quota allows", ram::TOO_MANY_VERSIONS, Conflict "too_many_policy_versions";
    VersionIsDefault = "the version is the default one", ram::VERSION_IS_DEFAULT, Conflict "policy_version_is_default";
    AttachedToUser = "the policy is already attached to the RAM user", ram::ATTACHED_TO_USER, Conflict "attached_to_user";
    AttachedToGroup = "the policy is already attached to the group", ram::ATTACHED_TO_GROUP, Conflict "attached_to_group";
    AttachedToRole = "the policy is already attached to the role", ram::ATTACHED_TO_ROLE, Conflict "attached_to_role";
    NotAttachedToUser = "the policy is not attached to the RAM user", ram::NOT_ATTACHED_TO_USER, Missing "not_attached_to_user";
    NotAttachedToGroup = "the policy is not attached to the group", ram::NOT_ATTACHED_TO_GROUP, Missing "not_attached_to_group";
    NotAttachedToRole = "the policy is not attached to the role", ram::NOT_ATTACHED_TO_ROLE, Missing "not_attached_to_role";
    TooManyPoliciesOfUser = "the RAM user has as many policies as the quota allows", ram::TOO_MANY_POLICIES_OF_USER, Conflict "too_many_policies_of_user";
    TooManyPoliciesOfGroup = "the group has as many policies as the quota allows", ram::TOO_MANY_POLICIES_OF_GROUP, Conflict "too_many_policies_of_group";
    TooManyPoliciesOfRole = "the role has as many policies as the quota allows", ram::TOO_MANY_POLICIES_OF_ROLE, Conflict "too_many_policies_of_role";

    NoSuchRole = "there is no such role", ram::ROLE_NOT_EXIST, Missing "role_not_found";
    RoleExists = "the role name is taken", ram::ROLE_EXISTS, Conflict "role_exists";
    TooManyRoles = "the account has as many roles as its quota allows", ram::TOO_MANY_ROLES, Conflict "too_many_roles";
    RoleHasPolicies = "the role still has a policy", ram::ROLE_HAS_POLICIES, Conflict "role_has_policies";
    RoleOfService = "only the cloud service of the role may do this", ram::ROLE_OF_SERVICE, Conflict "role_of_service";
    NotRoleOfService = "the role is not service-linked", ram::NOT_ROLE_OF_SERVICE, Missing "not_role_of_service";
    NoSuchService = "no such cloud service has a service-linked role", ram::SERVICE_NOT_EXIST, Missing "service_not_found";
    NoSuffixForService = "the cloud service can have only one role, so it takes no suffix", ram::SUFFIX_NOT_ALLOWED, Invalid "suffix_not_allowed";

    NoSuchResourceGroup = "there is no such resource group", resource_manager::GROUP_NOT_EXIST, Missing "resource_group_not_found";
    ResourceGroupExists = "the name or id of the resource group is taken", resource_manager::GROUP_EXISTS, Conflict "resource_group_exists";
    TooManyResourceGroups = "the account has as many resource groups as its quota allows", resource_manager::TOO_MANY_GROUPS, Conflict "too_many_resource_groups";
    ResourceGroupHasResources = "the resource group still has a resource", resource_manager::GROUP_HAS_RESOURCES, Conflict "resource_group_has_resources";
    ResourceGroupIsDeleted = "the resource group is being deleted", resource_manager::GROUP_STATUS, Conflict "resource_group_is_deleted";
    DefaultResourceGroup = "the default resource group cannot be deleted", resource_manager::GROUP_ID, Conflict "default_resource_group";
    AutoGroupingIsOff = "auto-grouping is off", resource_manager::AUTO_GROUPING_OFF, Conflict "auto_grouping_off";
    AutoGroupingIsOn = "auto-grouping is already on", resource_manager::AUTO_GROUPING_ON_AGAIN, Conflict "auto_grouping_on";
    AutoGroupingEnded = "auto-grouping is already off", resource_manager::AUTO_GROUPING_OFF_AGAIN, Conflict "auto_grouping_ended";
    AutoGroupingTooSoon = "auto-grouping was disabled less than a minute ago", resource_manager::AUTO_GROUPING_TOO_SOON, Conflict "auto_grouping_too_soon";
    NoSuchGroupingRule = "there is no such rule", resource_manager::RULE_NOT_EXIST, Missing "grouping_rule_not_found";
    AssociatedRuleExists = "the account already has a rule for associated resources", resource_manager::RULE_EXISTS, Conflict "associated_rule_exists";
    TooManyGroupingRules = "the account has as many rules as it may", resource_manager::TOO_MANY_RULES, Conflict "too_many_grouping_rules";

    NoSuchBucket = "there is no such bucket", oss::NO_SUCH_BUCKET, Missing "bucket_not_found";
    BucketElsewhere = "the account has the bucket in another region", oss::BUCKET_ELSEWHERE, Conflict "bucket_in_another_region";
    BucketOfOtherClass = "the account has the bucket with another storage class or redundancy", oss::BUCKET_OF_OTHER_CLASS, Conflict "bucket_of_another_class";
    BucketTaken = "the bucket name is taken", oss::BUCKET_TAKEN, Conflict "bucket_taken";
    NoSuchOidcProvider = "there is no such OIDC provider", ram::OIDC_PROVIDER_NOT_EXIST, Missing "oidc_provider_not_found";
    OidcProviderExists = "the name of the identity provider is taken", ram::OIDC_PROVIDER_EXISTS, Conflict "provider_exists";
    IssuerExists = "another OIDC provider of the account has the issuer", ram::ISSUER_EXISTS, Conflict "issuer_exists";
    TooManyOidcProviders = "the account has as many OIDC providers as its quota allows", ram::TOO_MANY_OIDC_PROVIDERS, Conflict "too_many_oidc_providers";
    TooManyClientIds = "the OIDC provider has more than 50 client ids", ram::TOO_MANY_CLIENT_IDS, Conflict "too_many_client_ids";
    ClientIdExists = "the OIDC provider already has the client id", ram::CLIENT_ID_EXISTS, Conflict "client_id_exists";
    NoSuchClientId = "the OIDC provider has no such client id", ram::CLIENT_ID_NOT_EXIST, Missing "client_id_not_found";
    TooManyFingerprints = "the OIDC provider has more than 5 fingerprints", ram::TOO_MANY_FINGERPRINTS, Conflict "too_many_fingerprints";
    FingerprintExists = "the OIDC provider already has the fingerprint", ram::FINGERPRINT_EXISTS, Conflict "fingerprint_exists";
    NoSuchFingerprint = "the OIDC provider has no such fingerprint", ram::FINGERPRINT_NOT_EXIST, Missing "fingerprint_not_found";
    LastFingerprint = "an OIDC provider keeps its last fingerprint", ram::LAST_FINGERPRINT, Conflict "last_fingerprint";
    NoSuchSamlProvider = "there is no such SAML provider", sts::SAML_NO_PROVIDER, Missing "saml_provider_not_found";
    SamlProviderExists = "the name of the identity provider is taken", ram::SAML_PROVIDER_EXISTS, Conflict "provider_exists";
    TooManySamlProviders = "the account has as many SAML providers as its quota allows", ram::TOO_MANY_SAML_PROVIDERS, Conflict "too_many_saml_providers";
    NoSuchOAuthApp = "there is no such OAuth application", ram::APPLICATION_NOT_EXIST, Missing "oauth_app_not_found";
    NoSuchAppSecret = "the OAuth application has no such secret", ram::APP_SECRET_NOT_EXIST, Missing "app_secret_not_found";
    TooManyAppSecrets = "an OAuth application has two secrets at most", ram::TOO_MANY_APP_SECRETS, Conflict "too_many_app_secrets";
    OAuthAppStays = "an application of the account can be deprovisioned only if it is a ServerApp", ram::APPLICATION_NOT_SERVER, Conflict "oauth_app_stays";
    ProjectExists = "the name of the project is taken", gateway::INTERNAL_ERROR, Conflict "project_exists";
    AliasTaken = "the account alias is taken", ram::ALIAS_EXISTS, Conflict "alias_taken";
    TooManyTags = "the resource has as many tags as the quota allows", ram::TOO_MANY_TAGS, Conflict "too_many_tags";

    NoDirectory = "the account manages no resource directory", directory::ENTITY_NOT_EXISTS_RESOURCE_DIRECTORY, Missing "directory_not_found";
    DirectoryExists = "the account already manages a resource directory", directory::ENTITY_ALREADY_EXISTS_RESOURCE_DIRECTORY, Conflict "directory_exists";
    InDirectory = "the account already manages a resource directory or is a member of one", directory::NOT_SUPPORT_ACCOUNT_IN_ANOTHER_RESOURCE_DIRECTORY, Conflict "in_directory";
    TooManyDirectoryCodes = "the account has had as many codes sent in a day as it may", directory::SEND_VALIDATE_CODE_EXCEEDS_LIMIT_FOR_ACCOUNT, Conflict "too_many_codes";
    NotAnEnterpriseProfile = "the account is registered as an individual's", directory::INVALID_ACCOUNT_TYPE, Conflict "not_an_enterprise_profile";
    NotAnEnterprise = "the account is not verified as an enterprise", directory::ENTERPRISE_REAL_NAME_VERIFICATION_ERROR, Conflict "not_an_enterprise";
    DirectoryHasMembers = "the resource directory still has a member", directory::DELETE_CONFLICT_RESOURCE_DIRECTORY_ACCOUNT, Conflict "directory_has_members";
    NotOnThisSite = "accounts of the International site cannot have a resource directory in this world", directory::NOT_SUPPORT_ACCOUNT_SITE, Conflict "not_on_this_site";
    ActionNotOnThisSite = "the International site does not have the action in this world", directory::NOT_SUPPORT_SITE_ACTION, Conflict "action_not_on_this_site";
    EnterpriseUnnamed = "the account is verified as an enterprise without a name", directory::INVALID_ENTERPRISE_NAME, Conflict "enterprise_unnamed";
    DirectoryBusy = "a message contact of the resource directory is being deleted", directory::CONCURRENT_CALL_NOT_SUPPORTED, Conflict "directory_busy";
    BusinessFrozen = "the reseller of the management account has frozen its business", directory::BUSINESS_RESTRICTED, Conflict "business_frozen";
    NoSuchFolder = "there is no such folder", directory::ENTITY_NOT_EXISTS_FOLDER, Missing "folder_not_found";
    FolderNameTaken = "another folder in the same folder has the name", directory::INVALID_PARAMETER_FOLDER_NAME_ALREADY_USED, Conflict "folder_name_taken";
    FolderTooDeep = "the folder is more than five levels below the Root folder", directory::LIMIT_EXCEEDED_FOLDER_DEPTH, Conflict "folder_too_deep";
    TooManyFolders = "the resource directory has as many folders as its quota allows", directory::QUOTA_EXCEEDED_FOLDER_COUNT, Conflict "too_many_folders";
    FolderHasFolders = "the folder still has a folder", directory::DELETE_CONFLICT_FOLDER_SUB_FOLDER, Conflict "folder_has_folders";
    FolderHasMembers = "the folder still has a member", directory::DELETE_CONFLICT_FOLDER_ACCOUNT, Conflict "folder_has_members";
    NoSuchMember = "the account is no member of the resource directory", directory::ENTITY_NOT_EXISTS_ACCOUNT, Missing "member_not_found";
    TooManyMembers = "the resource directory has as many members as its quota allows", directory::LIMIT_EXCEEDED_ACCOUNT, Conflict "too_many_members";
    DisplayNameTaken = "another member has the display name", directory::INVALID_PARAMETER_ACCOUNT_DISPLAY_NAME_ALREADY_USED, Conflict "display_name_taken";
    MemberNameTaken = "the account name of the member is taken", directory::ENTITY_ALREADY_EXISTS_RESOURCE_DIRECTORY_ACCOUNT, Conflict "member_name_taken";
    MemberTypeUnfit = "the member has another type or status than the action needs", directory::ACCOUNT_TYPE_MISMATCH, Conflict "member_type_unfit";
    NoSecurityInfo = "the member has neither a security e-mail nor a security mobile", directory::MISSING_SECURITY_INFO_2, Conflict "no_security_info";
    RootKeyInUse = "the member itself still has an active AccessKey", directory::PRIMARY_AK_IN_USE, Conflict "root_key_in_use";
    OtherEntity = "the member is verified as another legal entity than the management account", directory::LEGAL_ENTITY_DIFFERENT, Conflict "other_entity";
    PayerOutside = "the paying account is not in the resource directory", directory::NOT_SUPPORT_PAYER_ACCOUNT_IN_ANOTHER_RESOURCE_DIRECTORY, Conflict "payer_outside";
    PayerIsPaidFor = "another account pays for the paying account", directory::FUND_ACCOUNT_OWNER_PAYED_BY_OTHERS, Conflict "payer_is_paid_for";
    PayerNotVerified = "the paying account is not verified", directory::PAYMENT_ACCOUNT_ENTERPRISE_VERIFY_ERROR, Conflict "payer_not_verified";
    PayerNotAnEnterprise = "the paying account is not an enterprise's", directory::PAYMENT_ACCOUNT_ENTERPRISE_TYPE_ERROR, Conflict "payer_not_an_enterprise";
    PayerInArrears = "the paying account is in arrears", directory::FUND_ACCOUNT_HAS_ARREARS_AMOUNT, Conflict "payer_in_arrears";
    PayerOfOtherName = "the paying account is verified under another name than the management account", directory::INCONSISTENT_ENTERPRISE_NAME_ERROR, Conflict "payer_of_other_name";
    PayerUnavailable = "the paying account is frozen or being closed", directory::INVALID_PAY_RELATION, Conflict "payer_unavailable";
    PayerOfPartner = "the paying account or the member belongs to a partner", directory::ECO_RELATION_CHECK_FAILED, Conflict "payer_of_partner";
    PayerIsReseller = "the paying account is a partner", directory::PAYMENT_ACCOUNT_RESELLER_VERIFY_ERROR, Conflict "payer_is_reseller";
    PayerOfOthers = "the member pays for other accounts", directory::USER_OWN_FUND_ACCOUNT_PAY_FOR_OTHERS, Conflict "payer_of_others";
    NoSuchHandshake = "there is no such invitation to a resource directory", directory::ENTITY_NOT_EXISTS_HANDSHAKE, Missing "handshake_not_found";
    HandshakeDone = "the invitation was already answered, was cancelled or has expired", directory::HANDSHAKE_STATUS_MISMATCH, Conflict "handshake_done";
    HandshakeOfClosed = "the resource directory that sent the invitation is closed", directory::HANDSHAKE_STATUS_MISMATCH, Conflict "handshake_of_closed";
    InviteeUnnamed = "the invited account is verified without a name", directory::MISSING_ACCOUNT_REAL_NAME, Conflict "invitee_unnamed";
    NoSuchInvitee = "there is no such account to invite", directory::INVALID_PARAMETER_TARGET_ENTITY, Missing "invitee_not_found";
    AlreadyInDirectory = "the account is already in the resource directory", directory::ENTITY_ALREADY_EXISTS_RESOURCE_DIR_ACCOUNT, Conflict "already_in_directory";
    InviteeInDirectory = "the invited account manages another resource directory or is a member of one", directory::NOT_SUPPORT_ACCOUNT_IN_ANOTHER_RESOURCE_DIRECTORY_2, Conflict "invitee_in_directory";
    AccepterInDirectory = "the account manages a resource directory or is a member of one", directory::NOT_SUPPORT_ACCOUNT_IN_ANOTHER_RESOURCE_DIRECTORY_3, Conflict "accepter_in_directory";
    InviteeOfOtherEntity = "the invited account is verified as another legal entity than the management account", directory::LEGAL_ENTITY_MISMATCH, Conflict "invitee_of_other_entity";
    InvitedAlready = "the account is already invited and has not answered", directory::ENTITY_ALREADY_EXISTS_HANDSHAKE, Conflict "invited_already";
    TooManyInvitations = "the resource directory has sent as many invitations in a day as its quota allows", directory::LIMIT_EXCEEDED_INVITATION_RATE, Conflict "too_many_invitations";
    DirectoryOfHandshakeGone = "the resource directory that sent the invitation is closed", directory::SPECIFIED_RESOURCE_DIRECTORY_NOT_EXISTS, Missing "directory_of_handshake_gone";
    AccepterNotAnEnterprise = "the invited account is not verified as an enterprise", directory::NOT_SUPPORT_ACCOUNT_REAL_NAME_TYPE, Conflict "accepter_not_an_enterprise";
    MemberUnfit = "the type or state of the member does not allow it", directory::ACCOUNT_TYPE_OR_STATUS_MISMATCH, Conflict "member_unfit";
    DeletionNotAllowed = "the resource directory does not let members be deleted", directory::NO_LICENSE_RESOURCE_DIRECTORY, Conflict "deletion_not_allowed";
    DeletionOfCloudAccount = "only resource accounts can be deleted", directory::MEMBER_TYPE_ERROR_DELETE_ACCOUNT, Conflict "deletion_of_cloud_account";
    DeletionOfAdministrator = "the member is a delegated administrator", directory::REMOVE_CONFILCT_ACCOUNT_AS_DELEGATED_ADMINISTATOR, Conflict "deletion_of_administrator";
    DeletedAlready = "the member was already deleted", directory::ACCOUNT_NOT_EXIST_DELETE_ACCOUNT, Conflict "deleted_already";
    DeletionBeingChecked = "the deletion of the member is being checked", directory::NOT_SUPPORTED_OPERATION_CHECKING_ACCOUNT, Conflict "deletion_being_checked";
    DeletionRunning = "the member is already being deleted", directory::EXIST_PROCESSING_DELETE_FLOW_DELETE_ACCOUNT, Conflict "deletion_running";
    DeletionOfPaidFor = "another account pays for the member", directory::NOT_SUPPORT_HAS_PAYER_ACCOUNT, Conflict "deletion_of_paid_for";
    DeletionForbidden = "the member is under risk control", directory::FORBID_DELETE_ACCOUNT, Conflict "deletion_forbidden";
    DeletionWithDebt = "the member still owes money", directory::CREDIT_CONTROL_BLOCK_DELETE_ACCOUNT, Conflict "deletion_with_debt";
    DeletionWithPrepaid = "the member still has a prepaid instance", directory::EXIST_PREPAID_INSTANCE_DELETE_ACCOUNT, Conflict "deletion_with_prepaid";
    DeletionWithResources = "the member still has resources", directory::SP_BLOCK_DELETE_ACCOUNT, Conflict "deletion_with_resources";
    TooManyDeletions = "the resource directory has deleted as many members in 30 days as its quota allows", directory::QUOTA_EXCEEDED_DELETE_ACCOUNT, Conflict "too_many_deletions";
    MemberHasMobile = "the member already has a secure mobile", directory::ACCOUNT_SECURE_MOBILE_ALREADY_EXISTS, Conflict "member_has_mobile";
    DirectoryCodeWrong = "the verification code is wrong or has expired", directory::INVALID_VERIFICATION_CODE, Unprocessable "directory_code_wrong";
    EmailOfInvited = "the e-mail of an invited member cannot change here", directory::NOT_SUPPORT_INVITED_ACCOUNT, Conflict "email_of_invited";
    EmailBeingChanged = "the e-mail of the member is already being changed", directory::NOT_SUPPORTED_OPERATION_ACCOUNT_EMAIL_MODIFY, Conflict "email_being_changed";
    MemberEmailTaken = "the e-mail address belongs to another account", directory::INVALID_PARAMETER_EMAIL_ALREADY_USED, Conflict "member_email_taken";
    NoEmailChange = "the e-mail of the member is not being changed", directory::ENTITY_NOT_EXISTS_EMAIL_MODIFY_RECORD, Missing "email_change_not_found";
    ManagerAsAdministrator = "the management account cannot be a delegated administrator", directory::CANNOT_REGISTER_MASTER_AS_DELEGATED_ADMINISTRATOR, Conflict "manager_as_administrator";
    AdministratorAlready = "the member already administers the service", directory::ACCOUNT_ALREADY_REGISTERED, Conflict "administrator_already";
    TooManyAdministrators = "the service has as many delegated administrators as the quota allows", directory::DELEGATED_ACCOUNT_NUMBER_EXCEEDED, Conflict "too_many_administrators";
    NotAnAdministrator = "the member does not administer the service", directory::ACCOUNT_NOT_REGISTERED, Missing "not_an_administrator";
    NoSuchMessageContact = "there is no such message contact", directory::ENTITY_NOT_EXISTS_CONTACT, Missing "message_contact_not_found";
    ContactNameTaken = "the name of the message contact is taken", directory::INVALID_PARAMETER_NAME_ALREADY_USED, Conflict "message_contact_name_taken";
    TooManyMessageContacts = "the resource directory has as many message contacts as its quota allows", directory::LIMIT_EXCEEDED_CONTACTS, Conflict "too_many_message_contacts";
    TooManyMembersOfContact = "the message contact has as many members as the quota allows", directory::LIMIT_EXCEEDED_CONTACT_MEMBERS, Conflict "too_many_members_of_contact";
    TooManyMembersNamed = "the request names more members than a resource directory may have", directory::QUOTA_EXCEEDED_MEMBERS, Invalid "too_many_members_named";
    NotAMemberForContact = "the account is no member of the resource directory", directory::INVALID_MEMBER, Missing "no_member_for_contact";
    ContactUnfit = "the status of the message contact does not allow it", directory::CONTACT_STATUS_MISMATCH_ACTION, Conflict "message_contact_unfit";
    NoContactVerification = "the address does not wait for confirmation", directory::ENTITY_NOT_EXISTS_CONTACT_VERIFICATION, Missing "contact_verification_not_found";
    NoSuchRecord = "no creation or switch of a member has the number", directory::ENTITY_NOT_EXISTS_ACCOUNT_RECORD, Missing "record_not_found";
    MailedTooOften = "a mail about the creation or switch was sent a moment ago", directory::LIMIT_EXCEEDED_FREQUENCY, Conflict "mailed_too_often";
    NoSuchTarget = "the resource directory has no such folder or member", directory::ENTITY_NOT_EXISTS_TARGET, Missing "target_not_found";
    NoSuchControlPolicy = "there is no such control policy", directory::CONTROL_POLICY_NOT_EXISTS, Missing "control_policy_not_found";
    ControlPolicyExists = "the name of the control policy is taken", directory::CONTROL_POLICY_EXISTS, Conflict "control_policy_exists";
    ControlPolicyOfSystem = "the system control policy cannot change", directory::CONTROL_POLICY_NOT_EXISTS, Conflict "control_policy_of_system";
    ControlPolicyAttached = "the control policy is still attached", directory::CONTROL_POLICY_ATTACHED, Conflict "control_policy_attached";
    ControlPolicyAttachedAlready = "the control policy is already attached to the folder or member", directory::ATTACHMENT_EXISTS, Conflict "control_policy_attached_already";
    ControlPolicyNotAttached = "the control policy is not attached to the folder or member", directory::ATTACHMENT_NOT_EXISTS, Missing "control_policy_not_attached";
    TooManyControlPolicies = "the resource directory has as many control policies as its quota allows", directory::TOO_MANY_CONTROL_POLICIES, Conflict "too_many_control_policies";
    TooManyControlPoliciesOfTarget = "the folder or member has as many control policies as the quota allows", directory::TOO_MANY_POLICIES_OF_TARGET, Conflict "too_many_control_policies_of_target";
    LastControlPolicy = "the last control policy of a folder or member cannot be detached", directory::NOT_SUPPORT_DETACH_LAST_CONTROL_POLICY, Conflict "last_control_policy";
    ControlNotEnabled = "control policies are not enabled", directory::INVALID_CONTROL_POLICY_ENABLEMENT_STATUS, Conflict "control_policies_not_enabled";
}

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        let error = refusal.wire().error().with_note(refusal.to_string());
        Self { is_business: true, ..error }
    }
}
