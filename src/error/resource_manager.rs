//! Error codes of Resource Manager without the directory: resource groups, and its texts for the roles and policies of RAM.
//!
//! Codes of resource groups say `EntityNotExists`, with an s; those of roles and policies say `EntityNotExist`, as in RAM. Source: the
//! metadata of the API explorer (2024-07 and 2026-04), docs/evidence/resource-directory.md section 8.

use crate::error::entries;

entries! {
    // ---- roles and policies, with other texts than in RAM ---------------------------------------------------------------
    /// `CreateRole`.
    TRUST_LENGTH = 400 "InvalidParameter.AssumeRolePolicyDocument.Length" "The maximum length of the trust policy document of the role is exceeded.";
    /// `UpdateRole`.
    NEW_TRUST_LENGTH = 400 "InvalidParameter.NewAssumeRolePolicyDocument.Length" "The maximum length of the new trust policy document of the role is exceeded.";
    /// `CreateServiceLinkedRole`.
    SUFFIX_CHARS = 400 "InvalidParameter.CustomSuffix.InvalidChars" "The parameter CustomSuffix contains invalid characters.";
    /// `CreateServiceLinkedRole`.
    SUFFIX_LENGTH = 400 "InvalidParameter.CustomSuffix.Length" "The maximum length of the parameter CustomSuffix is exceeded.";
    /// `CreateServiceLinkedRole`.
    SUFFIX_NOT_ALLOWED = 400 "InvalidParameter.CustomSuffix.NotAllowed" "Custom suffix is not allowed for this Service Linked Role.";
    /// `CreatePolicy`, `CreateServiceLinkedRole`. UNCERTAIN for `CreateRole`, whose page lists none.
    DESCRIPTION_LENGTH = 400 "InvalidParameter.Description.Length" "The maximum length of the description is exceeded. It must not exceed 1024 characters.";
    /// `CreatePolicy`, `CreatePolicyVersion`.
    DOCUMENT_LENGTH = 400 "InvalidParameter.PolicyDocument.Length" "The maximum length of the policy document is exceeded. It must not exceed 6144 characters.";
    /// Actions on policies.
    POLICY_NAME_CHARS = 400 "InvalidParameter.PolicyName.InvalidChars" "The policy name contains invalid characters. It must only contain upper or lower case letters, numbers, and dash (-).";
    /// Actions on policies; the page of `ListPolicyVersions` says 64.
    POLICY_NAME_LENGTH = 400 "InvalidParameter.PolicyName.Length" "The length of the policy name is invalid. It must be 1 to 128 characters in length.";
    /// Actions on policies.
    POLICY_TYPE = 400 "InvalidParameter.PolicyType" "The specified policy type is invalid.";
    /// Actions on roles.
    ROLE_NAME_CHARS = 400 "InvalidParameter.RoleName.InvalidChars" "The specified role name contains invalid characters.";
    /// Actions on roles.
    ROLE_NAME_LENGTH = 400 "InvalidParameter.RoleName.Length" "The maximum length of the role name is exceeded.";
    /// Actions on versions.
    VERSION_FORMAT = 400 "InvalidParameter.VersionId.Format" "The specified version ID is invalid.";
    /// `DeleteServiceLinkedRole`.
    NOT_LINKED = 404 "EntityNotExist.ServiceLinkedRole" "This role exists but is not a Service Linked Role.";
    /// `CreatePolicy`, `CreateRole`, `UpdateRole`: 409, not 400 as in RAM. UNCERTAIN for `CreatePolicyVersion`, whose page lists none.
    MALFORMED_POLICY = 409 "MalformedPolicyDocument" "The policy format is invalid.";
    /// `DeletePolicy`.
    POLICY_ON_GROUP = 409 "DeleteConflict.Policy.Group" "The policy cannot be attached to any group when you delete it.";
    /// `DeletePolicy`.
    POLICY_ON_USER = 409 "DeleteConflict.Policy.User" "Before deleting the policy, it may not be attached to any user.";
    /// `DeletePolicy`.
    POLICY_HAS_VERSIONS = 409 "DeleteConflict.Policy.Version" "You must delete all non-default versions before you delete the policy.";
    /// `DeletePolicyVersion`.
    VERSION_IS_DEFAULT = 409 "DeleteConflict.Policy.Version.Default" "You cannot delete the default policy version.";
    /// `DeleteRole`.
    ROLE_HAS_POLICIES = 409 "DeleteConflict.Role.Policy" "The role cannot have any attached policies when you delete it.";
    /// `CreatePolicy`.
    POLICY_EXISTS = 409 "EntityAlreadyExists.Policy" "The policy already exists.";
    /// `CreateRole`, `CreateServiceLinkedRole`.
    ROLE_EXISTS = 409 "EntityAlreadyExists.Role" "The role already exists.";
    /// `CreatePolicy`.
    TOO_MANY_POLICIES = 409 "LimitExceeded.Policy" "The maximum number of policies is exceeded.";
    /// `CreatePolicyVersion`.
    TOO_MANY_VERSIONS = 409 "LimitExceeded.Policy.Version" "The maximum number of policy versions is exceeded.";
    /// `CreateRole`.
    TOO_MANY_ROLES = 409 "LimitExceeded.Role" "The maximum number of roles is exceeded.";

    // ---- service-linked roles --------------------------------------------------------------------------------------------
    /// `GetServiceLinkedRoleDeletionStatus`.
    TASK = 400 "InvalidParameter.DeletionTaskId" "The DeletionTaskId is invalid.";
    /// `GetServiceLinkedRoleDeletionStatus`.
    TASK_LENGTH = 400 "InvalidParameter.DeletionTaskId.Length" "The length of DeletionTaskId must be between 26 and 255 characters.";
    /// `GetServiceLinkedRoleDeletionStatus`.
    NO_TASK = 404 "EntityNotExist.ServiceLinkedRole.DeletionTask" "The deletion task for the given ID does not exist.";

    // ---- resource groups -------------------------------------------------------------------------------------------------
    /// `CreateResourceGroup`, `UpdateResourceGroup`.
    DISPLAY_NAME = 400 "InvalidParameter.DisplayName" "The DisplayName is invalid.";
    /// `CreateResourceGroup`, `UpdateResourceGroup`.
    DISPLAY_NAME_LENGTH = 400 "InvalidParameter.DisplayName.Length" "The maximum length of DisplayName is exceeded.";
    /// `CreateResourceGroup`, `UpdateResourceGroup`. UNCERTAIN: here for an empty name; the gateway reports a missing one.
    MISSING_DISPLAY_NAME = 400 "MissingParameter.DisplayName" "You must specify DisplayName.";
    /// `CreateResourceGroup`.
    NAME_CHARS = 400 "InvalidParameter.Name.InvalidChars" "The Name is invalid.";
    /// `CreateResourceGroup`.
    NAME_LENGTH = 400 "InvalidParameter.Name.Length" "The maximum length of Name is exceeded.";
    /// `GetResourceGroup`, `UpdateResourceGroup`, `DeleteResourceGroup`. UNCERTAIN: here also for deleting the default group.
    GROUP_ID = 400 "InvalidParameter.ResourceGroupId" "The ResourceGroupId is invalid.";
    /// Unknown resource group.
    GROUP_NOT_EXIST = 404 "EntityNotExists.ResourceGroup" "The specified resource group does not exist. You must first create a resource group.";
    /// The name is taken. UNCERTAIN: the status and the text; public tools name the code.
    GROUP_EXISTS = 409 "EntityAlreadyExists.ResourceGroup" "The resource group already exists.";
    /// `CreateResourceGroup`.
    TOO_MANY_GROUPS = 409 "LimitExceeded.ResourceGroup" "The count of resource groups beyond the current limits.";
    /// `DeleteResourceGroup`.
    GROUP_HAS_RESOURCES = 409 "DeleteConflict.ResourceGroup.Resource" "Failed to delete the resource group because one or more cloud resources exist in the resource group. Try again later after you release the cloud resources.";
    /// `AttachPolicy`, `DetachPolicy`.
    GROUP_STATUS = 409 "Invalid.ResourceGroup.Status" "You cannot perform an operation on a resource group that is being created or deleted.";
    /// `GetResourceGroupResourceCounts`.
    GROUP_BY_KEY = 400 "InvalidParameter.GroupByKey" "The parameter GroupByKey is invalid.";
    /// `GetResourceGroupResourceCounts`.
    UNSUPPORTED_TYPE = 400 "UnsupportedResourceType" "The resource type is not supported.";
    /// `ListResources`. UNCERTAIN: here for an id of more than 256 characters.
    RESOURCE_IDS = 400 "InvalidParameter.ResourceIds" "The ResourceIds is invalid.";
    /// `ListResources`. UNCERTAIN: here for more than 100 ids with commas between them.
    TOO_MANY_RESOURCE_IDS = 400 "LimitExceeded.ResourceIds" "The maximum number of ResourceId is exceeded.";
    /// `MoveResources`: no such service or region.
    NO_ENDPOINT = 400 "SERVICE_REGION_NO_ENDPOINT" "Please input right service and region";
    /// `MoveResources`: too many resources. UNCERTAIN: the code; the page says that ten is the maximum.
    TOO_MANY_MOVES = 400 "InvalidParameter.Resources" "The Resources is invalid.";
    /// `EnableResourceGroupNotification`.
    NOTIFICATION_ON = 409 "UnsupportedOperation.RepeatEnableResourceGroupNotification" "The resource group notification is already enabled. Please do not repeat the operation.";
    /// `DisableResourceGroupNotification`.
    NOTIFICATION_OFF = 409 "UnsupportedOperation.RepeatDisableResourceGroupNotification" "The resource group notification is already disabled. Please do not repeat the operation.";

    // ---- transfer of associated resources ----------------------------------------------------------------------------------
    /// `ListAssociatedTransferSetting` of an account that never enabled it.
    NO_TRANSFER_SETTING = 404 "EntityNotExists.AssociatedTransferSetting" "The associated transfer setting does not EXIST.";
    /// `UpdateAssociatedTransferSetting`.
    NO_TRANSFER_RULE = 404 "EntityNotExists.AssociatedTransferRule" "The associated transfer rule does not EXIST.";
    /// `UpdateAssociatedTransferSetting`.
    TRANSFER_NOT_OPEN = 400 "UnsupportedOperation.UpdateAssociatedTransferRuleSetting" "Updating associated transfer rule setting before open associated transfer is not supported.";
    /// `EnableAssociatedTransfer`.
    TRANSFER_ON = 400 "UnsupportedOperation.RepeatEnableAssociatedTransferSetting" "Repeat enable associated transfer setting is not supported.";
    /// `DisableAssociatedTransfer`.
    TRANSFER_OFF = 400 "UnsupportedOperation.RepeatDisableAssociatedTransferSetting" "Repeat disable associated transfer setting is not supported.";
    /// `DisableAssociatedTransfer`. UNCERTAIN: here for an account that never enabled it.
    TRANSFER_NEVER_ON = 400 "UnsupportedOperation.DisableAssociatedTransferSetting" "UnsupportedOperation.DisableAssociatedTransferSetting";
    /// `DisableAssociatedTransfer`. Only a fault rule can cause it.
    TRANSFER_TASKS = 400 "EntityExists.AssociatedTransferTasks" "Disable associated transfer setting is not supported when associated transfer task exists.";
    /// `MoveResources`. Only a fault rule can cause it.
    TRANSFER_TASK = 400 "EntityExists.AssociatedTransferTask" "An associated transfer task is in progress. Try again later.";
    /// `MoveResources`. Only a fault rule can cause it.
    TRANSFER_RULE = 400 "NotAllowMove.ExistsAssociatedTransferRule" "Associated resources cannot be transferred while the primary resource is being transferred.";

    // ---- rules that move resources -------------------------------------------------------------------------------------------
    /// Auto-grouping is off.
    AUTO_GROUPING_OFF = 409 "AutoGroupingNotEnabled" "The auto grouping is disabled.";
    /// `EnableAutoGrouping`.
    AUTO_GROUPING_ON_AGAIN = 409 "UnsupportedOperation.RepeatEnableAutoGrouping" "The auto grouping is already enabled. Please do not repeat the operation.";
    /// `DisableAutoGrouping`.
    AUTO_GROUPING_OFF_AGAIN = 409 "UnsupportedOperation.RepeatDisableAutoGrouping" "The auto grouping is already disabled. Please do not repeat the operation.";
    /// `EnableAutoGrouping` less than a minute after it was disabled.
    AUTO_GROUPING_TOO_SOON = 409 "Conflict.ServiceStatus" "The service status conflict occurred due to frequent service enabled and disabled.";
    /// Unknown rule.
    RULE_NOT_EXIST = 404 "EntityNotExists.AutoGroupingRule" "The specified rule is not found.";
    /// A second rule for associated resources.
    RULE_EXISTS = 400 "Invalid.AssociatedTransferRule.AlreadyExisted" "The associated transfer rule already exists.";
    /// `UpdateAutoGroupingRule` of the rule for associated resources.
    RULE_NOT_SUPPORTED = 400 "Invalid.AssociatedTransferRule.NotSupported" "The associated transfer rule is not supported for this operation.";
    /// More than ten rules.
    TOO_MANY_RULES = 409 "QuotaExceeded.GroupingRule" "The number of grouping rules exceeds the quota.";
    /// More than ten contents of a rule.
    TOO_MANY_CONTENTS = 409 "QuotaExceeded.RuleContent" "The number of rule contents exceeds the quota.";
    /// No content of a rule.
    MISSING_CONTENTS = 400 "MissingParameter.RuleContents" "The parameter RuleContents is required.";
    /// A content that is no pair of conditions.
    CONTENTS = 400 "InvalidParameter.RuleContents" "The parameter RuleContents is invalid.";
    /// A page that the service did not return.
    NEXT_TOKEN = 400 "InvalidParameter.NextToken" "The parameter NextToken is invalid.";
    /// Scope of groups.
    GROUP_SCOPE = 400 "InvalidParameter.ResourceGroupIdsScope" "The parameter ResourceGroupIdsScope is invalid.";
    /// Excluded groups.
    EXCLUDED_GROUP_SCOPE = 400 "InvalidParameter.ExcludeResourceGroupIdsScope" "The parameter ExcludeResourceGroupIdsScope is invalid.";
    /// Scope of types.
    TYPE_SCOPE = 400 "InvalidParameter.ResourceTypesScope" "The parameter ResourceTypesScope is invalid.";
    /// Excluded types.
    EXCLUDED_TYPE_SCOPE = 400 "InvalidParameter.ExcludeResourceTypesScope" "The parameter ExcludeResourceTypesScope is invalid.";
    /// Two scopes of one kind.
    BOTH_REGIONS = 400 "InvalidParameterCombination.BothRegionIdScopes" "The combination of parameters RegionIdsScope and ExcludeRegionIdsScope is not allowed. Please select only one of these parameters.";
    /// Two scopes of one kind.
    BOTH_GROUPS = 400 "InvalidParameterCombination.BothResourceGroupIdScopes" "The combination of parameters ResourceGroupIdsScope and ExcludeResourceGroupIdsScope is not allowed. Please select only one of these parameters.";
    /// Two scopes of one kind.
    BOTH_IDS = 400 "InvalidParameterCombination.BothResourceIdScopes" "The combination of parameters ResourceIdsScope and ExcludeResourceIdsScope is not allowed. Please select only one of these parameters.";
    /// Two scopes of one kind.
    BOTH_TYPES = 400 "InvalidParameterCombination.BothResourceTypeScopes" "The combination of parameters ResourceTypesScope and ExcludeResourceTypesScope is not allowed. Please select only one of these parameters.";
}
