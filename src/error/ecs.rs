//! Error codes of ECS, including its own wording of account errors.
//!
//! Source of all: AlibabaCloudDocs/ecs, error codes of `RunInstances`, unless an entry names another; docs/evidence/account.md 6.2.

use crate::error::entries;

pub use crate::error::{
    ACCOUNT_ARREARAGE, INSUFFICIENT_BALANCE, NOT_ENOUGH_BALANCE, REAL_NAME_REQUIRED, SNAPSHOT_UNAVAILABLE,
    UNPAID_ORDER,
};

entries! {
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
    /// No instances are available.
    NO_STOCK = 403 "OperationDenied.NoStock" "The requested resource is sold out in the specified zone; try other types of resources or other regions and zones.";
}
