//! Error codes of ECS, including its own wording of account errors.
//!
//! Source of all: AlibabaCloudDocs/ecs, error codes of `RunInstances`, unless an entry names another; docs/evidence/account.md 6.2.

use crate::error::entries;

pub use crate::error::{
    ACCOUNT_ARREARAGE, INSUFFICIENT_BALANCE, NOT_ENOUGH_BALANCE, REAL_NAME_REQUIRED, SNAPSHOT_UNAVAILABLE,
    UNPAID_ORDER,
};

entries! {
    // ---- the front of ECS, see docs/evidence/gateway.md 6.1 -------------------------------------------------------
    /// Unknown action. Another version is `InvalidVersion`. Source: aliyun-openapi-java-sdk ErrorHandlingTest, alibaba-cloud-sdk-go core_test.
    NO_SUCH_ACTION = 400 "InvalidParameter" "The specified parameter \"Action or Version\" is not valid.";
    /// Another HTTP method. Source: ECS "Response results".
    UNSUPPORTED_METHOD = 403 "UnsupportedHTTPMethod" "This http method is not supported.";
    /// A token that is none. Source: alibabacloud-python-sdk-v2 alibabacloud_credentials_2_test.py.
    TOKEN_MALFORMED = 400 "InvalidParameter" "The specified parameter \"SecurityToken.Malformed\" is not valid.";
    /// An expired token. Observed: kubevela/terraform-controller 52 (2021-07).
    TOKEN_EXPIRED = 400 "InvalidParameter" "The specified parameter \"SecurityToken.Expired\" is not valid.";
    /// The token of another key. UNCERTAIN: by the rule of the other two.
    TOKEN_MISMATCH = 400 "InvalidParameter" "The specified parameter \"SecurityToken.MismatchWithAccessKey\" is not valid.";
    /// A missing parameter of an operation: the name has no quotes. Source: alibabacloud-python-sdk-v2 alibabacloud_retry_test.py.
    MISSING_PARAMETER = 400 "MissingParameter" "The input parameter {} that is mandatory for processing this request is not supplied.";
    /// `OwnerAccount` is not the account. Source: alibabacloud-python-sdk-v2 alibabacloud_core_test.py. UNCERTAIN: the status.
    OWNER_ACCOUNT = 400 "InvalidParameter.OwnerAccount" "OwnerAccount is Invalid.";
    /// `ResourceOwnerAccount` is not the account.
    RESOURCE_OWNER_ACCOUNT = 403 "InvalidParameter.ResourceOwnerAccount" "ResourceOwnerAccount is Invalid.";

    // ---- accounts ------------------------------------------------------------------------------------------------
    /// The account is in arrears. `CreateInstance` and others have the text of [`ACCOUNT_ARREARAGE`].
    IN_ARREARS = 400 "Account.Arrearage" "Your account has been in arrears.";
    /// Status in the list of `CreateInstance`; the common list has 400.
    INSUFFICIENT_BALANCE_403 = 403 "InsufficientBalance" "Your account does not have enough balance.";
    /// Risk control, in the wording of ECS.
    RISK_CONTROL_ECS = 403 "Forbidden.RiskControl" "This operation is forbidden by Aliyun RiskControl system.";
    /// The credit card of the account must be verified.
    CARD_AT_RISK = 403 "SecurityRisk.3DVerification" "We have detected a security risk with your default credit or debit card. Please proceed with verification via the link in your email.";

    // ---- instances -----------------------------------------------------------------------------------------------
    /// A valid request with `DryRun`; also for `CreateInstance`.
    DRY_RUN = 400 "DryRunOperation" "Request validation has been passed with DryRun flag set.";
    /// The region does not exist.
    REGION_NOT_FOUND = 404 "InvalidRegionId.NotFound" "The RegionId provided does not exist in our records.";
    /// The vSwitch is missing.
    VSWITCH_NECESSARY = 400 "InvalidVSwitchId.Necessary" "The VSwitchId is necessary";
    /// The role of an order does not exist. Observed: fortinet/fortigate-terraform-deploy 119 (2022-11).
    RAM_ROLE_NOT_FOUND = 404 "InvalidRamRole.NotFound" "The specified parameter \"RAMRoleName\" does not exist.";
    /// The role does not trust ECS. `AttachInstanceRamRole` has 404.
    RAM_ROLE_NOT_ECS = 401 "InvalidRamRole.NotEcsRole" "The specified ram role is not authorized for ecs, please check your role policy.";
    /// The role to attach does not exist. Source of this and those below: AlibabaCloudDocs/ecs, "AttachInstanceRamRole".
    ATTACHED_ROLE_NOT_FOUND = 404 "InvalidRamRole.NotFound" "The specified RAMRoleName does not exist.";
    /// The role to attach does not trust ECS.
    ATTACHED_ROLE_NOT_ECS = 404 "InvalidRamRole.NotEcsRole" "The specified ram role is not authorized for ecs, please check your role policy.";
    /// The list of ids cannot be read, is empty or has more than 100.
    INSTANCE_IDS_MALFORMED = 400 "InvalidInstanceIds.Malformed" "The specified instanceIds are not valid.";
    /// The account has no such instance in the region.
    INSTANCE_NOT_FOUND = 404 "InvalidInstanceId.NotFound" "The specified instanceId does not exist.";
    /// Neither ids nor a role. The page has `%s` as the text; UNCERTAIN. Source: AlibabaCloudDocs/ecs, "DescribeInstanceRamRole".
    ALL_EMPTY = 403 "InvalidParameter.AllEmpty" "InstanceIds and RamRoleName cannot both be empty.";
    /// The user may not pass the role.
    PASS_ROLE_FORBIDDEN = 403 "InvalidUser.PassRoleForbidden" "The RAM user does not have the privilege to pass a RAM role.";
    /// No instances are available.
    NO_STOCK = 403 "OperationDenied.NoStock" "The requested resource is sold out in the specified zone; try other types of resources or other regions and zones.";
}
