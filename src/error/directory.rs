//! Error codes of the resource directory. They say `EntityNotExists`, with an s. Source: docs/evidence/resource-directory.md section 5, unless an
//! entry says another.

use crate::error::entries;

pub use crate::error::account::ACCOUNT_TYPE_MISMATCH as ACCOUNT_TYPE_OR_STATUS_MISMATCH;

entries! {
    // ---- 400 ---------------------------------------------------------------------------------------------------------
    /// docs/evidence/resource-directory.md section 5.
    CONTACT_STATUS_MISMATCH_ACTION = 400 "ContactStatusMismatchAction" "The status of the contact does not allow the specified operation.";
    /// docs/evidence/resource-directory.md section 5.
    INVALID_MEMBER = 400 "InvalidMember" "The member does not exist in the resource directory.";
    /// docs/evidence/resource-directory.md section 5.
    INVALID_PARAMETER_ACCOUNT_ACCOUNT_NAME_PREFIX = 400 "InvalidParameter.Account.AccountNamePrefix" "The account name prefix is invalid.";
    /// docs/evidence/resource-directory.md section 5.
    INVALID_PARAMETER_ACCOUNT_ACCOUNT_NAME_PREFIX_LENGTH = 400 "InvalidParameter.Account.AccountNamePrefix.Length" "The account name prefix exceeds the length limit.";
    /// docs/evidence/resource-directory.md section 5.
    INVALID_PARAMETER_ACCOUNT_DISPLAY_NAME = 400 "InvalidParameter.Account.DisplayName" "The DisplayName of account is invalid.";
    /// docs/evidence/resource-directory.md section 5.
    INVALID_PARAMETER_ACCOUNT_DISPLAY_NAME_LENGTH = 400 "InvalidParameter.Account.DisplayName.Length" "The DisplayName of the account exceeds the length limit.";
    /// docs/evidence/resource-directory.md section 5.
    INVALID_PARAMETER_ACCOUNT_ID = 400 "InvalidParameter.AccountId" "The AccountId is invalid.";
    /// docs/evidence/resource-directory.md section 5.
    INVALID_PARAMETER_CHILD_ID = 400 "InvalidParameter.ChildId" "The ChildId is invalid.";
    /// docs/evidence/resource-directory.md section 5.
    INVALID_PARAMETER_CONTACT_ID = 400 "InvalidParameter.ContactId" "The ContactId is invalid.";
    /// docs/evidence/resource-directory.md section 5.
    INVALID_PARAMETER_DESTINATION_FOLDER_ID = 400 "InvalidParameter.DestinationFolderId" "The DestinationFolderId is invalid.";
    /// docs/evidence/resource-directory.md section 5.
    INVALID_PARAMETER_EMAIL = 400 "InvalidParameter.Email" "The Email is invalid.";
    /// docs/evidence/resource-directory.md section 5.
    INVALID_PARAMETER_EMAIL_ADDRESS = 400 "InvalidParameter.EmailAddress" "The EmailAddress is invalid.";
    /// docs/evidence/resource-directory.md section 5.
    INVALID_PARAMETER_EMAIL_ADDRESS_LENGTH = 400 "InvalidParameter.EmailAddress.Length" "The EmailAddress exceeds the length limit.";
    /// docs/evidence/resource-directory.md section 5.
    INVALID_PARAMETER_FOLDER_NAME = 400 "InvalidParameter.Folder.Name" "The Name of folder is invalid.";
    /// docs/evidence/resource-directory.md section 5.
    INVALID_PARAMETER_FOLDER_NAME_ALREADY_USED = 400 "InvalidParameter.Folder.Name.AlreadyUsed" "The name already exists under the same parent. Please change to another name.";
    /// docs/evidence/resource-directory.md section 5.
    INVALID_PARAMETER_FOLDER_NAME_LENGTH = 400 "InvalidParameter.Folder.Name.Length" "The Name of folder exceeds the length limit.";
    /// docs/evidence/resource-directory.md section 5.
    INVALID_PARAMETER_FOLDER_ID = 400 "InvalidParameter.FolderId" "The FolderId is invalid.";
    /// docs/evidence/resource-directory.md section 5.
    INVALID_PARAMETER_HANDSHAKE_ID = 400 "InvalidParameter.HandshakeId" "The HandshakeId is invalid.";
    /// docs/evidence/resource-directory.md section 5.
    INVALID_PARAMETER_MEMBER = 400 "InvalidParameter.Member" "The Member is invalid.";
    /// docs/evidence/resource-directory.md section 5.
    INVALID_PARAMETER_MEMBERS = 400 "InvalidParameter.Members" "The Members is invalid.";
    /// docs/evidence/resource-directory.md section 5.
    INVALID_PARAMETER_MEMBERS_DUPLICATE = 400 "InvalidParameter.Members.Duplicate" "The Members contains duplicate values.";
    /// docs/evidence/resource-directory.md section 5.
    INVALID_PARAMETER_MEMBERS_LENGTH = 400 "InvalidParameter.Members.Length" "The maximum number of Members exceeds the limit.";
    /// docs/evidence/resource-directory.md section 5.
    INVALID_PARAMETER_MESSAGE_TYPES = 400 "InvalidParameter.MessageTypes" "The MessageTypes is invalid.";
    /// docs/evidence/resource-directory.md section 5.
    INVALID_PARAMETER_MOBILE_COUNTRY_CODE = 400 "InvalidParameter.MobileCountryCode" "The current site does not support the country code.";
    /// docs/evidence/resource-directory.md section 5.
    INVALID_PARAMETER_NAME = 400 "InvalidParameter.Name" "The Name is invalid.";
    /// docs/evidence/resource-directory.md section 5.
    INVALID_PARAMETER_NAME_ALREADY_USED = 400 "InvalidParameter.Name.AlreadyUsed" "The Name already exists. Please change to another name.";
    /// docs/evidence/resource-directory.md section 5.
    INVALID_PARAMETER_NAME_LENGTH = 400 "InvalidParameter.Name.Length" "The Name exceeds the length limit.";
    /// docs/evidence/resource-directory.md section 5.
    INVALID_PARAMETER_NEW_POLICY_DOCUMENT_LENGTH = 400 "InvalidParameter.NewPolicyDocument.Length" "Unable to save your policy. A policy contains a maximum of 4096 characters.";
    /// docs/evidence/resource-directory.md section 5.
    INVALID_PARAMETER_NOTE = 400 "InvalidParameter.Note" "The Note is invalid.";
    /// docs/evidence/resource-directory.md section 5.
    INVALID_PARAMETER_NOTE_LENGTH = 400 "InvalidParameter.Note.Length" "The length of the invitation note exceeds the limit.";
    /// docs/evidence/resource-directory.md section 5.
    INVALID_PARAMETER_PARENT_FOLDER_ID = 400 "InvalidParameter.ParentFolderId" "The ParentFolderId is invalid.";
    /// docs/evidence/resource-directory.md section 5.
    INVALID_PARAMETER_PHONE_NUMBER = 400 "InvalidParameter.PhoneNumber" "The PhoneNumber is invalid.";
    /// docs/evidence/resource-directory.md section 5.
    INVALID_PARAMETER_STATUS = 400 "InvalidParameter.Status" "The specified Status is invalid.";
    /// docs/evidence/resource-directory.md section 5.
    INVALID_PARAMETER_TARGET_ENTITY = 400 "InvalidParameter.TargetEntity" "The TargetEntity is invalid.";
    /// docs/evidence/resource-directory.md section 5.
    INVALID_PARAMETER_TARGET_TYPE = 400 "InvalidParameter.TargetType" "The TargetType is invalid.";
    /// docs/evidence/resource-directory.md section 5.
    INVALID_PARAMETER_TITLE = 400 "InvalidParameter.Title" "The Title is invalid.";
    /// docs/evidence/resource-directory.md section 5.
    LIMIT_EXCEEDED_CONTACT_MEMBERS = 400 "LimitExceeded.ContactMembers" "The maximum number of contact members exceeds the limit.";
    /// docs/evidence/resource-directory.md section 5.
    LIMIT_EXCEEDED_CONTACTS = 400 "LimitExceeded.Contacts" "The maximum number of contacts in a resource directory exceeds the limit.";
    /// docs/evidence/resource-directory.md section 5.
    MISSING_PARAMETER_ACCOUNT_DISPLAY_NAME = 400 "MissingParameter.Account.DisplayName" "You must specify DisplayName.";
    /// docs/evidence/resource-directory.md section 5.
    MISSING_PARAMETER_ACCOUNT_ID = 400 "MissingParameter.AccountId" "You must specify AccountId.";
    /// docs/evidence/resource-directory.md section 5.
    MISSING_PARAMETER_CHILD_ID = 400 "MissingParameter.ChildId" "You must specify ChildId.";
    /// docs/evidence/resource-directory.md section 5.
    MISSING_PARAMETER_CONTACT_ID = 400 "MissingParameter.ContactId" "You must specify ContactId.";
    /// docs/evidence/resource-directory.md section 5.
    MISSING_PARAMETER_DESTINATION_FOLDER_ID = 400 "MissingParameter.DestinationFolderId" "You must specify DestinationFolderId.";
    /// docs/evidence/resource-directory.md section 5.
    MISSING_PARAMETER_EMAIL = 400 "MissingParameter.Email" "You must specify Email.";
    /// docs/evidence/resource-directory.md section 5.
    MISSING_PARAMETER_EMAIL_ADDRESS = 400 "MissingParameter.EmailAddress" "You must specify EmailAddress.";
    /// docs/evidence/resource-directory.md section 5.
    MISSING_PARAMETER_FOLDER_NAME = 400 "MissingParameter.Folder.Name" "You must specify the resource folder name.";
    /// docs/evidence/resource-directory.md section 5.
    MISSING_PARAMETER_FOLDER_ID = 400 "MissingParameter.FolderId" "You must specify FolderId.";
    /// docs/evidence/resource-directory.md section 5.
    MISSING_PARAMETER_HANDSHAKE_ID = 400 "MissingParameter.HandshakeId" "You must specify HandshakeId.";
    /// docs/evidence/resource-directory.md section 5.
    MISSING_PARAMETER_MESSAGE_TYPES = 400 "MissingParameter.MessageTypes" "You must specify MessageTypes.";
    /// docs/evidence/resource-directory.md section 5.
    MISSING_PARAMETER_NAME = 400 "MissingParameter.Name" "You must specify Name.";
    /// docs/evidence/resource-directory.md section 5.
    MISSING_PARAMETER_PHONE_NUMBER = 400 "MissingParameter.PhoneNumber" "You must specify PhoneNumber.";
    /// docs/evidence/resource-directory.md section 5.
    MISSING_PARAMETER_RECORD_ID = 400 "MissingParameter.RecordId" "You must specify RecordId.";
    /// docs/evidence/resource-directory.md section 5.
    MISSING_PARAMETER_TARGET_ENTITY = 400 "MissingParameter.TargetEntity" "You must specify TargetEntity.";
    /// docs/evidence/resource-directory.md section 5.
    MISSING_PARAMETER_TARGET_TYPE = 400 "MissingParameter.TargetType" "You must specify TargetType.";
    /// docs/evidence/resource-directory.md section 5.
    MISSING_PARAMETER_TITLE = 400 "MissingParameter.Title" "You must specify Title.";
    /// docs/evidence/resource-directory.md section 5.
    NOT_SUPPORT_DETACH_LAST_CONTROL_POLICY = 400 "NotSupport.DetachLastControlPolicy" "It is not detach the last control policy on the target node.";
    /// docs/evidence/resource-directory.md section 5.
    NOT_SUPPORT_INVITED_ACCOUNT = 400 "NotSupport.InvitedAccount" "The current operation is not supported for accounts invited to join the resource directory.";
    /// docs/evidence/resource-directory.md section 5.
    NOT_SUPPORT_SITE_ACTION = 400 "NotSupport.Site.Action" "Site does not allow current action.";
    /// docs/evidence/resource-directory.md section 5.
    NOT_SUPPORTED_OPERATION_ACCOUNT_EMAIL_MODIFY = 400 "NotSupportedOperation.Account.EmailModify" "The operation is not supported because the account email is being modifying.";
    /// docs/evidence/resource-directory.md section 5.
    QUOTA_EXCEEDED_MEMBERS = 400 "QuotaExceeded.Members" "The maximum number of Members exceeds the limit.";

    // ---- 403 ---------------------------------------------------------------------------------------------------------
    /// docs/evidence/resource-directory.md section 5.
    MEMBER_ACCOUNT_ACCESS_DENIED = 403 "MemberAccountAccessDenied" "The member account is not allowed to perform the operation.";
    /// docs/evidence/resource-directory.md section 5.
    MEMBER_ACCOUNT_OPERATION_NOT_ALLOWED = 403 "MemberAccountOperationNotAllowed" "The member account is not allowed to perform the operation.";

    // ---- 404 ---------------------------------------------------------------------------------------------------------
    /// docs/evidence/resource-directory.md section 5.
    ENTITY_NOT_EXISTS_ACCOUNT = 404 "EntityNotExists.Account" "This resource directory account does not exist.";
    /// docs/evidence/resource-directory.md section 5.
    ENTITY_NOT_EXISTS_ACCOUNT_RECORD = 404 "EntityNotExists.AccountRecord" "This resource directory account recordId does not exist.";
    /// docs/evidence/resource-directory.md section 5.
    ENTITY_NOT_EXISTS_CONTACT = 404 "EntityNotExists.Contact" "This Contact does not exist.";
    /// docs/evidence/resource-directory.md section 5.
    ENTITY_NOT_EXISTS_CONTACT_VERIFICATION = 404 "EntityNotExists.Contact.Verification" "This contact verification does not exist.";
    /// docs/evidence/resource-directory.md section 5.
    ENTITY_NOT_EXISTS_EMAIL_MODIFY_RECORD = 404 "EntityNotExists.EmailModifyRecord" "This email modification record of the account does not exist.";
    /// docs/evidence/resource-directory.md section 5.
    ENTITY_NOT_EXISTS_FOLDER = 404 "EntityNotExists.Folder" "The resource directory folder does not exist.";
    /// docs/evidence/resource-directory.md section 5.
    ENTITY_NOT_EXISTS_HANDSHAKE = 404 "EntityNotExists.Handshake" "The specified handshake does not exist.";
    /// docs/evidence/resource-directory.md section 5.
    ENTITY_NOT_EXISTS_MEMBER = 404 "EntityNotExists.Member" "This Member does not exist.";
    /// docs/evidence/resource-directory.md section 5.
    ENTITY_NOT_EXISTS_RESOURCE_DIRECTORY = 404 "EntityNotExists.ResourceDirectory" "The resource directory for the account is not enabled. We recommend that you first enable the resource directory for the account.";
    /// docs/evidence/resource-directory.md section 5.
    ENTITY_NOT_EXISTS_TARGET = 404 "EntityNotExists.Target" "The specified target does not exist in the resource directory.";
    /// docs/evidence/resource-directory.md section 5.
    RESOURCE_DIRECTORY_NOT_IN_USE = 404 "ResourceDirectoryNotInUse" "The specified account is not an Alibaba Cloud account or a member account of the resource directory.";
    /// docs/evidence/resource-directory.md section 5.
    SPECIFIED_RESOURCE_DIRECTORY_NOT_EXISTS = 404 "SpecifiedResourceDirectoryNotExists" "The specified resource directory does not exist. You must specify a valid resource directory.";

    // ---- 409 ---------------------------------------------------------------------------------------------------------
    /// docs/evidence/resource-directory.md section 5.
    ACCOUNT_ALREADY_REGISTERED = 409 "AccountAlreadyRegistered" "The specified account is already a delegated administrator for this service.";
    /// docs/evidence/resource-directory.md section 5.
    ACCOUNT_NOT_EXIST_DELETE_ACCOUNT = 409 "AccountNotExist.DeleteAccount" "The deletion failed. The account does not exist. Please confirm whether it has been deleted.";
    /// docs/evidence/resource-directory.md section 5.
    ACCOUNT_NOT_REGISTERED = 409 "AccountNotRegistered" "The specified account is not a delegated administrator for this service.";
    /// docs/evidence/resource-directory.md section 5.
    ACCOUNT_SECURE_MOBILE_ALREADY_EXISTS = 409 "AccountSecureMobileAlreadyExists" "The secure mobile number of the member already exists.";
    /// docs/evidence/resource-directory.md section 5.
    ACCOUNT_TYPE_MISMATCH = 409 "AccountTypeMismatch" "The type or status of the member account cannot satisfy the current operation.";
    /// docs/evidence/resource-directory.md section 5.
    BUSINESS_RESTRICTED = 409 "BusinessRestricted" "Business is restricted. Please contact your customer service manager.";
    /// docs/evidence/resource-directory.md section 5.
    CALLER_IDENTITY_ERROR = 409 "CallerIdentityError" "Please use the RAM user or role of the Management Account.";
    /// docs/evidence/resource-directory.md section 5.
    CALLER_IDENTITY_ERROR_DELETE_ACCOUNT = 409 "CallerIdentityError.DeleteAccount" "Please use the RAM user or role of the management account to delete.";
    /// docs/evidence/resource-directory.md section 5.
    CANNOT_REGISTER_MASTER_AS_DELEGATED_ADMINISTRATOR = 409 "CannotRegisterMasterAsDelegatedAdministrator" "You attempted to register the enterprise management account as a delegated administrator for the service. You can designate only a member account as a delegated administrator.";
    /// `CreateResourceAccount`. docs/evidence/resource-directory.md section 5.
    CREATE_ACCOUNT_DISABLED = 409 "CreateAccountDisabled" "The specified resource directory cannot create a new account.";
    /// `CreateCloudAccount`. docs/evidence/resource-directory.md section 5.
    CREATE_ACCOUNT_DISABLED_2 = 409 "CreateAccountDisabled" "This resource directory is denied to create account.";
    /// docs/evidence/resource-directory.md section 5.
    CREDIT_CONTROL_BLOCK_DELETE_ACCOUNT = 409 "CreditControlBlock.DeleteAccount" "The deletion failed. There are unsettled bills in the current account. Please settle them first and try again.";
    /// docs/evidence/resource-directory.md section 5.
    DELEGATED_ACCOUNT_NUMBER_EXCEEDED = 409 "DelegatedAccountNumberExceeded" "The maximum number of delegated administrators for the service principal is exceeded.";
    /// docs/evidence/resource-directory.md section 5.
    DELETE_CONFLICT_FOLDER_ACCOUNT = 409 "DeleteConflict.Folder.Account" "This folder has accounts.";
    /// docs/evidence/resource-directory.md section 5.
    DELETE_CONFLICT_FOLDER_SUB_FOLDER = 409 "DeleteConflict.Folder.SubFolder" "This folder has sub folders.";
    /// docs/evidence/resource-directory.md section 5.
    DELETE_CONFLICT_RESOURCE_DIRECTORY_ACCOUNT = 409 "DeleteConflict.ResourceDirectory.Account" "Failed to delete the resource directory because one or more member accounts exist. We recommend that you first remove these member accounts.";
    /// docs/evidence/resource-directory.md section 5.
    DENY_TRUSTED_SERVICE = 409 "Deny.TrustedService" "You attempted to remove an account that is used in {}. To complete this operation, you must first remove this account from the Trusted Service.";
    /// docs/evidence/resource-directory.md section 5.
    ECO_RELATION_CHECK_FAILED = 409 "EcoRelationCheckFailed" "Accounts associated with partners are not allowed to set up agency payment relationships.";
    /// docs/evidence/resource-directory.md section 5.
    ENTERPRISE_REAL_NAME_VERIFICATION_ERROR = 409 "EnterpriseRealNameVerificationError" "The specified account does not pass enterprise real-name verification. We recommend you first complete enterprise real-name verification for the account.";
    /// docs/evidence/resource-directory.md section 5.
    ENTITY_ALREADY_EXISTS_HANDSHAKE = 409 "EntityAlreadyExists.Handshake" "Handshakes with the same target entity already exist.";
    /// docs/evidence/resource-directory.md section 5.
    ENTITY_ALREADY_EXISTS_RESOURCE_DIR_ACCOUNT = 409 "EntityAlreadyExists.ResourceDir.Account" "This resource directory account already exists.";
    /// docs/evidence/resource-directory.md section 5.
    ENTITY_ALREADY_EXISTS_RESOURCE_DIRECTORY = 409 "EntityAlreadyExists.ResourceDirectory" "The resource directory for the account is already enabled. We recommend that you do not enable the resource directory again.";
    /// docs/evidence/resource-directory.md section 5.
    ENTITY_ALREADY_EXISTS_RESOURCE_DIRECTORY_ACCOUNT = 409 "EntityAlreadyExists.ResourceDirectory.Account" "The email address that the system generates when you create a member account already exists. Try again later.";
    /// docs/evidence/resource-directory.md section 5.
    ENTITY_NOT_EXISTS_CHECK_ACCOUNT = 409 "EntityNotExists.CheckAccount" "There is no check task for this account";
    /// docs/evidence/resource-directory.md section 5.
    EXIST_PREPAID_INSTANCE_DELETE_ACCOUNT = 409 "ExistPrepaidInstance.DeleteAccount" "The deletion failed. There are prepaid products under the current account. Please release them and try again.";
    /// docs/evidence/resource-directory.md section 5.
    EXIST_PROCESSING_DELETE_FLOW_DELETE_ACCOUNT = 409 "ExistProcessingDeleteFlow.DeleteAccount" "The request is invalid. The account is already in the process of deletion. Please do not repeat the operation.";
    /// docs/evidence/resource-directory.md section 5.
    FORBID_DELETE_ACCOUNT = 409 "ForbidDelete.Account" "Delete is prohibited. The current account is abnormal. Please contact customer service.";
    /// docs/evidence/resource-directory.md section 5.
    FUND_ACCOUNT_HAS_ARREARS_AMOUNT = 409 "FundAccountHasArrearsAmount" "There are arrears in the current payment account. You cannot change the payment account. Please settle the arrears and try again.";
    /// docs/evidence/resource-directory.md section 5.
    FUND_ACCOUNT_OWNER_PAYED_BY_OTHERS = 409 "FundAccountOwnerPayedByOthers" "If the payment has been made by another account, it is not allowed to be used as the main payment account.";
    /// docs/evidence/resource-directory.md section 5.
    HANDSHAKE_STATUS_MISMATCH = 409 "HandshakeStatusMismatch" "The invitation is invalid.";
    /// docs/evidence/resource-directory.md section 5.
    INCONSISTENT_ENTERPRISE_NAME_ERROR = 409 "InconsistentEnterpriseNameError" "The enterprise name of the payment account and the member account must be consistent.";
    /// docs/evidence/resource-directory.md section 5.
    INVALID_ACCOUNT_TYPE = 409 "Invalid.AccountType" "The specified profile type of account is invalid.";
    /// docs/evidence/resource-directory.md section 5.
    INVALID_ENTERPRISE_NAME = 409 "Invalid.EnterpriseName" "You must specify the enterprise name.";
    /// docs/evidence/resource-directory.md section 5.
    INVALID_PAY_RELATION = 409 "Invalid.PayRelation" "Failed to create a member. The specified billing account is unavailable. Please change to another billing account and try again.";
    /// docs/evidence/resource-directory.md section 5.
    INVALID_VERIFICATION_CODE = 409 "Invalid.VerificationCode" "The verification code is invalid.";
    /// docs/evidence/resource-directory.md section 5.
    INVALID_CONTROL_POLICY_ENABLEMENT_STATUS = 409 "InvalidControlPolicyEnablementStatus" "The control policy enablement status is not valid to perform this operation.";
    /// docs/evidence/resource-directory.md section 5.
    INVALID_PARAMETER_ACCOUNT_DISPLAY_NAME_ALREADY_USED = 409 "InvalidParameter.Account.DisplayName.AlreadyUsed" "The displayname of account has been used.";
    /// docs/evidence/resource-directory.md section 5.
    INVALID_PARAMETER_EMAIL_ALREADY_USED = 409 "InvalidParameter.Email.AlreadyUsed" "The email has been used.";
    /// docs/evidence/resource-directory.md section 5.
    INVALID_PARAMETER_MANAGEMENT_ACCOUNT_NAME = 409 "InvalidParameter.ManagementAccountName" "The management account name is in the wrong format.";
    /// docs/evidence/resource-directory.md section 5.
    INVALID_PARAMETER_MANAGEMENT_ACCOUNT_NAME_ALREADY_USED = 409 "InvalidParameter.ManagementAccountName.AlreadyUsed" "The ManagementAccountName has been used.";
    /// docs/evidence/resource-directory.md section 5.
    INVALID_PARAMETER_MANAGEMENT_ACCOUNT_SECURITY_INFO = 409 "InvalidParameter.ManagementAccountSecurityInfo" "The parameter management account secure mobile phone is invalid.";
    /// docs/evidence/resource-directory.md section 5.
    INVALID_PARAMETER_MOBILE_COUNTRY_CODE_409 = 409 "InvalidParameter.MobileCountryCode" "The current site does not support the country code.";
    /// docs/evidence/resource-directory.md section 5.
    INVALID_PARAMETER_POLICY_DOCUMENT_LENGTH = 409 "InvalidParameter.PolicyDocument.Length" "The maximum length of the policy document is exceeded. It must not exceed 4096 characters.";
    /// docs/evidence/resource-directory.md section 5.
    INVALID_PARAMETER_SERVICE_PRINCIPAL = 409 "InvalidParameter.ServicePrincipal" "The specified ServicePrincipal is invalid.";
    /// docs/evidence/resource-directory.md section 5.
    LEGAL_ENTITY_DIFFERENT = 409 "LegalEntityDifferent" "The account legal entity is different from the one of the Management Account.";
    /// `InviteAccountToResourceDirectory`. docs/evidence/resource-directory.md section 5.
    LEGAL_ENTITY_MISMATCH = 409 "LegalEntityMismatch" "The account does not have the same legal entity as the management account.";
    /// `InviteAccountToResourceDirectory`. docs/evidence/resource-directory.md section 5.
    LEGAL_ENTITY_MISMATCH_2 = 409 "LegalEntityMismatch" "Your account does not have the same legal entity as the master account.";
    /// docs/evidence/resource-directory.md section 5.
    LIMIT_EXCEEDED_ACCOUNT = 409 "LimitExceeded.Account" "The maximum number of member accounts in a resource directory exceeds the limit.";
    /// docs/evidence/resource-directory.md section 5.
    LIMIT_EXCEEDED_FOLDER_DEPTH = 409 "LimitExceeded.Folder.Depth" "The folder depth exceeds the limit of 5.";
    /// docs/evidence/resource-directory.md section 5.
    LIMIT_EXCEEDED_FREQUENCY = 409 "LimitExceeded.Frequency" "The frequency of request exceeds limit.";
    /// docs/evidence/resource-directory.md section 5.
    LIMIT_EXCEEDED_INVITATION_INVALID_TARGET = 409 "LimitExceeded.Invitation.InvalidTarget" "The maximum number of invalid targets that can be invited by a single account is exceeded.";
    /// docs/evidence/resource-directory.md section 5.
    LIMIT_EXCEEDED_INVITATION_RATE = 409 "LimitExceeded.InvitationRate" "The number of invitations sent exceeds the limit.";
    /// docs/evidence/resource-directory.md section 5.
    MEMBER_ACCOUNT_RESELLER_VERIFY_ERROR = 409 "MemberAccountResellerVerifyError" "The type of the member account must not be reseller.";
    /// docs/evidence/resource-directory.md section 5.
    MEMBER_ACCOUNT_VIRTUAL_CLOUD_OPERATOR_VERIFY_ERROR = 409 "MemberAccountVirtualCloudOperatorVerifyError" "The type of the member account must not be virtual operator.";
    /// `CheckAccountDelete`, `DeleteAccount`. docs/evidence/resource-directory.md section 5.
    MEMBER_TYPE_ERROR_DELETE_ACCOUNT = 409 "MemberTypeError.DeleteAccount" "You can only delete accounts of the resource account type created by Resource Directory.";
    /// `DeleteAccount`. docs/evidence/resource-directory.md section 5.
    MEMBER_TYPE_ERROR_DELETE_ACCOUNT_2 = 409 "MemberTypeError.DeleteAccount" "Cloud account type members do not support deletion.";
    /// docs/evidence/resource-directory.md section 5.
    MISSING_ACCOUNT_REAL_NAME = 409 "MissingAccountRealName" "The name of the invited account is not specified.";
    /// docs/evidence/resource-directory.md section 5.
    MISSING_DISPLAY_NAME_OR_ACCOUNT_TYPE = 409 "MissingDisplayNameOrAccountType" "Either display name or account type must be specified.";
    /// docs/evidence/resource-directory.md section 5.
    MISSING_SECURE_MOBILE_PHONE = 409 "MissingSecureMobilePhone" "Secure mobile phone is missing.";
    /// `EnableResourceDirectory`. docs/evidence/resource-directory.md section 5.
    MISSING_SECURITY_INFO = 409 "MissingSecurityInfo" "Security info is missing.";
    /// `UpdateAccount`. docs/evidence/resource-directory.md section 5.
    MISSING_SECURITY_INFO_2 = 409 "MissingSecurityInfo" "Security information is missing.";
    /// `UpdateAccount`. docs/evidence/resource-directory.md section 5.
    MISSING_SECURITY_INFO_3 = 409 "MissingSecurityInfo" "The current member is not configured with a secure email or mobile phone, and the switchover fails.";
    /// docs/evidence/resource-directory.md section 5.
    NO_LICENSE_RESOURCE_DIRECTORY = 409 "NoLicense.ResourceDirectory" "The resource directory has not enabled the delete operation.";
    /// docs/evidence/resource-directory.md section 5.
    NO_REAL_NAME_AUTHENTICATION = 409 "NoRealNameAuthentication" "The account invited has not passed real-name authentication.";
    /// docs/evidence/resource-directory.md section 5.
    NOT_SUPPORT_ACCOUNT_REAL_NAME_TYPE = 409 "NotSupport.Account.RealNameType" "Your account is not a real-name of enterprise type, so you cannot accept the invitation.";
    /// docs/evidence/resource-directory.md section 5.
    NOT_SUPPORT_ACCOUNT_SITE = 409 "NotSupport.Account.Site" "The caller is not a China site account, which is not supported.";
    /// `BindSecureMobilePhone`, `EnableResourceDirectory`, `InitResourceDirectory`, `SendVerificationCodeForBindSecureMobilePhone`. docs/evidence/resource-directory.md section 5.
    NOT_SUPPORT_ACCOUNT_IN_ANOTHER_RESOURCE_DIRECTORY = 409 "NotSupport.AccountInAnotherResourceDirectory" "The specified account is an Alibaba Cloud account or already exists in another resource directory.";
    /// `InviteAccountToResourceDirectory`. docs/evidence/resource-directory.md section 5.
    NOT_SUPPORT_ACCOUNT_IN_ANOTHER_RESOURCE_DIRECTORY_2 = 409 "NotSupport.AccountInAnotherResourceDirectory" "The invited account already belongs to another resource directory. To continue, remove the account from the other resource directory.";
    /// `AcceptHandshake`, `InviteAccountToResourceDirectory`. docs/evidence/resource-directory.md section 5.
    NOT_SUPPORT_ACCOUNT_IN_ANOTHER_RESOURCE_DIRECTORY_3 = 409 "NotSupport.AccountInAnotherResourceDirectory" "Your account is a management account for another resource directory or a member of another resource directory.";
    /// docs/evidence/resource-directory.md section 5.
    NOT_SUPPORT_HAS_PAYER_ACCOUNT = 409 "NotSupport.HasPayerAccount" "This account has a payer account. Please release the financial relationship of this account first.";
    /// docs/evidence/resource-directory.md section 5.
    NOT_SUPPORT_PAYER_ACCOUNT_IN_ANOTHER_RESOURCE_DIRECTORY = 409 "NotSupport.PayerAccountInAnotherResourceDirectory" "The specified settlement account does not exist in the resource directory. You must specify a valid settlement account.";
    /// docs/evidence/resource-directory.md section 5.
    NOT_SUPPORT_SETTING_RESELL_ACCOUNT_TYPE = 409 "NotSupport.SettingResellAccountType" "The current account does not support setting the resellAccountType for members.";
    /// docs/evidence/resource-directory.md section 5.
    NOT_SUPPORTED_OPERATION_CHECKING_ACCOUNT = 409 "NotSupportedOperation.CheckingAccount" "The operation is not supported because the account is checking for deletion.";
    /// docs/evidence/resource-directory.md section 5.
    NOT_SUPPORTED_OPERATION_DELETING_ACCOUNT = 409 "NotSupportedOperation.DeletingAccount" "The operation is not supported because the account is being deleted.";
    /// `CreateCloudAccount`, `CreateResourceAccount`. docs/evidence/resource-directory.md section 5.
    PAYMENT_ACCOUNT_CREDIT_IDENTITY_TYPE_ERROR = 409 "PaymentAccountCreditIdentityTypeError" "The identity of the payment account is not credit.";
    /// `CreateResourceAccount`. docs/evidence/resource-directory.md section 5.
    PAYMENT_ACCOUNT_CREDIT_IDENTITY_TYPE_ERROR_2 = 409 "PaymentAccountCreditIdentityTypeError" "Non-credit identity type or insufficient credit limit, cannot be used as payment account.";
    /// docs/evidence/resource-directory.md section 5.
    PAYMENT_ACCOUNT_ENTERPRISE_INVOICE_ERROR = 409 "PaymentAccountEnterpriseInvoiceError" "No enterprise invoice header information is set for the payment account.";
    /// docs/evidence/resource-directory.md section 5.
    PAYMENT_ACCOUNT_ENTERPRISE_TYPE_ERROR = 409 "PaymentAccountEnterpriseTypeError" "The type of the payment account is not enterprise.";
    /// docs/evidence/resource-directory.md section 5.
    PAYMENT_ACCOUNT_ENTERPRISE_VERIFY_ERROR = 409 "PaymentAccountEnterpriseVerifyError" "The type of the payment account is not enterprise verified.";
    /// docs/evidence/resource-directory.md section 5.
    PAYMENT_ACCOUNT_FINANCIAL_RELATIONSHIP_VERIFY_ERROR = 409 "PaymentAccountFinancialRelationshipVerifyError" "The payment account must not be the beneficiary account from other financial relationships.";
    /// docs/evidence/resource-directory.md section 5.
    PAYMENT_ACCOUNT_FINANCIAL_RELATIONSHIPS_CHANGE_FREQUENCY_VERIFY_ERROR = 409 "PaymentAccountFinancialRelationshipsChangeFrequencyVerifyError" "The financial relationship of payment account changes too frequently. Please try again later.";
    /// docs/evidence/resource-directory.md section 5.
    PAYMENT_ACCOUNT_RESELLER_VERIFY_ERROR = 409 "PaymentAccountResellerVerifyError" "The type of the payment account must not be reseller.";
    /// docs/evidence/resource-directory.md section 5.
    PAYMENT_ACCOUNT_VIRTUAL_CLOUD_OPERATOR_VERIFY_ERROR = 409 "PaymentAccountVirtualCloudOperatorVerifyError" "The type of the payment account must not be virtual operator.";
    /// docs/evidence/resource-directory.md section 5.
    PERIPHERAL_ERROR_DELETE_ACCOUNT = 409 "PeripheralError.DeleteAccount" "The deletion failed. The deletion process is abnormal. Please try again later.";
    /// `UpdateAccount`. docs/evidence/resource-directory.md section 5.
    PRIMARY_AK_IN_USE = 409 "PrimaryAkInUse" "The account has the primary AK in use.";
    /// `UpdateAccount`. docs/evidence/resource-directory.md section 5.
    PRIMARY_AK_IN_USE_2 = 409 "PrimaryAkInUse" "The root user has an AccessKey pair in use.";
    /// docs/evidence/resource-directory.md section 5.
    QUOTA_EXCEEDED_DELETE_ACCOUNT = 409 "QuotaExceeded.DeleteAccount" "You have exceeded delete account quota for the past 30 days.";
    /// docs/evidence/resource-directory.md section 5.
    QUOTA_EXCEEDED_FOLDER_COUNT = 409 "QuotaExceeded.Folder.Count" "The number of folders exceeds the quota.";
    /// docs/evidence/resource-directory.md section 5.
    REMOVE_CONFILCT_ACCOUNT_AS_DELEGATED_ADMINISTATOR = 409 "RemoveConfilctAccountAsDelegatedAdministator" "You attempted to remove a member that is registered as a delegated administrator. To complete this operation, you must first deregister this account as a delegated administrator.";
    /// docs/evidence/resource-directory.md section 5.
    SEND_VALIDATE_CODE_EXCEEDS_LIMIT_FOR_ACCOUNT = 409 "SendValidateCodeExceedsLimitForAccount" "For the same account, the number of verification codes sent exceeds the limit.";
    /// docs/evidence/resource-directory.md section 5.
    SP_BLOCK_DELETE_ACCOUNT = 409 "SpBlock.DeleteAccount" "The deletion failed. There is a specific product under the current account. Please clear it and try again.";
    /// docs/evidence/resource-directory.md section 5.
    THROTTLING_ENABLE_CONTROL_POLICY = 409 "Throttling.EnableControlPolicy" "The enable operation is too frequent. Please try again in {} minute(s).";
    /// `CheckAccountDelete`, `DeleteAccount`, `GetAccountDeletionCheckResult`. docs/evidence/resource-directory.md section 5.
    UNKNOWN_ERROR_ACCOUNT = 409 "UnknownError.Account" "The deletion failed. An unknown error occurred. Please try again later.";
    /// `DeleteAccount`. docs/evidence/resource-directory.md section 5.
    UNKNOWN_ERROR_ACCOUNT_2 = 409 "UnknownError.Account" "Delete failed. An unknown error occurred. Please try again later.";
    /// docs/evidence/resource-directory.md section 5.
    UNKNOWN_FINANCIAL_ERROR = 409 "UnknownFinancialError" "An unknown financial error occurred.";
    /// docs/evidence/resource-directory.md section 5.
    USER_OWN_FUND_ACCOUNT_PAY_FOR_OTHERS = 409 "UserOwnFundAccountPayForOthers" "If the account has been used as the main payment account, it is not allowed to set up payment by others.";

    // ---- 429 ---------------------------------------------------------------------------------------------------------
    /// docs/evidence/resource-directory.md section 5.
    CONCURRENT_CALL_NOT_SUPPORTED = 429 "ConcurrentCallNotSupported" "The operation conflicts with other operations. Please try again later.";

    // ---- Codes that no source lists ---------------------------------------------------------------------------------
    /// Terraform expects the code; UNCERTAIN: the text. Source: docs/evidence/resource-directory.md 4.5, here and below.
    CONTROL_POLICY_NOT_EXISTS = 404 "EntityNotExists.ControlPolicy" "The control policy does not exist.";
    /// UNCERTAIN: code and text.
    CONTROL_POLICY_EXISTS = 409 "EntityAlreadyExists.ControlPolicy" "The control policy already exists.";
    /// UNCERTAIN: code and text.
    CONTROL_POLICY_ATTACHED = 409 "DeleteConflict.ControlPolicy.Attachment" "The control policy is attached to a target.";
    /// UNCERTAIN: code and text.
    ATTACHMENT_EXISTS = 409 "EntityAlreadyExists.ControlPolicy.Attachment" "The control policy is already attached to the target.";
    /// UNCERTAIN: code and text.
    ATTACHMENT_NOT_EXISTS = 404 "EntityNotExists.ControlPolicy.Attachment" "The control policy is not attached to the target.";
    /// UNCERTAIN: code and text.
    TOO_MANY_CONTROL_POLICIES = 409 "LimitExceeded.ControlPolicy" "The maximum number of control policies is exceeded.";
    /// UNCERTAIN: code and text.
    TOO_MANY_POLICIES_OF_TARGET = 409 "LimitExceeded.ControlPolicy.Attachment" "The maximum number of control policies of the target is exceeded.";
}
