//! Reasons why a world rejects a change. Each row has the rule in words, the error code of services,
//! and the code of the control API.

use crate::error::{
    ApiError, Known, PAY_INSUFFICIENT_BALANCE, business, gateway, oss, partner, ram, resource_manager,
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
    ProviderExists = "the name of the identity provider is taken", ram::PROVIDER_EXISTS, Conflict "provider_exists";
    ProjectExists = "the name of the project is taken", gateway::INTERNAL_ERROR, Conflict "project_exists";
    AliasTaken = "the account alias is taken", ram::ALIAS_EXISTS, Conflict "alias_taken";
    TooManyTags = "the resource has as many tags as the quota allows", ram::TOO_MANY_TAGS, Conflict "too_many_tags";
}

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        let error = refusal.wire().error().with_note(refusal.to_string());
        Self { is_business: true, ..error }
    }
}
