//! Real credentials in the environment. A command that a test runs must never find them: an SDK would prefer a real security token or
//! profile to the key of the emulator, or use it in place of a key that the emulator does not give.

use crate::control::is_credential;

/// Variables that `alimock env` unsets even if they are not set when it runs, because its output may be kept.
///
/// Source: docs/evidence/clients.md 3.4, 3.7 and 3.8; the aliyun CLI also reads names without a prefix (aliyun-cli, config/profile.go);
/// alibabacloud-oss-v2, `environment_provider`.
const USUAL: [&str; 24] = [
    "ALIBABA_CLOUD_SECURITY_TOKEN",
    "ALIBABACLOUD_SECURITY_TOKEN",
    "ALICLOUD_SECURITY_TOKEN",
    "ALICLOUD_ACCESS_KEY_ID",
    "ALICLOUD_ACCESS_KEY_SECRET",
    "ALIBABA_CLOUD_BEARER_TOKEN",
    "ALIBABA_CLOUD_PROFILE",
    "ALIBABACLOUD_PROFILE",
    "ALICLOUD_PROFILE",
    "ALIBABA_CLOUD_CREDENTIALS_FILE",
    "ALICLOUD_SHARED_CREDENTIALS_FILE",
    "ALIBABA_CLOUD_CONFIG_FILE",
    "ALIBABA_CLOUD_CREDENTIALS_URI",
    "ALICLOUD_CREDENTIALS_URI",
    "ALIBABA_CLOUD_ECS_METADATA",
    "ALICLOUD_ECS_ROLE_NAME",
    "ALIBABA_CLOUD_ROLE_ARN",
    "ALIBABA_CLOUD_ROLE_SESSION_NAME",
    "ALIBABA_CLOUD_OIDC_PROVIDER_ARN",
    "ALIBABA_CLOUD_OIDC_TOKEN_FILE",
    "ALICLOUD_ASSUME_ROLE_ARN",
    "OSS_SESSION_TOKEN",
    "OSS_ACCESS_KEY_ID",
    "OSS_ACCESS_KEY_SECRET",
];
/// Warning that SDKs look for other credentials.
pub(super) const NO_KEY: &str = "warning: the scenario has no AccessKey for this caller, so SDKs look for credentials elsewhere, such as in \
                                 ~/.alibabacloud and ~/.aliyun; give an account `keys: [{}]`, or choose a caller with `--as`\n";

/// Returns all variables of this process that are a credential or choose one.
pub(super) fn inherited() -> impl Iterator<Item = String> {
    std::env::vars_os().filter_map(|(name, _)| name.into_string().ok()).filter(|name| is_credential(name))
}

/// Returns the names to unset before `variables` are set.
pub(super) fn to_unset(variables: &[(&'static str, String)]) -> Vec<String> {
    let mut names: Vec<_> = USUAL.iter().map(|name| (*name).to_owned()).chain(inherited()).collect();
    names.retain(|name| variables.iter().all(|(set, _)| set != name));
    names.sort();
    names.dedup();
    names
}
