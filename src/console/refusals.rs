//! Reasons of rejections in the language of a page. English texts are those of [`Refusal`].

use crate::console::texts::Lang;
use crate::world::Refusal;

/// Returns a rejection as a sentence.
pub(super) fn in_words(refusal: Refusal, lang: Lang) -> String {
    let (_, code) = refusal.control();
    let chinese = || ZH.iter().find(|(one, _)| *one == code).map(|(_, text)| (*text).to_owned());
    match lang {
        Lang::Zh => chinese().unwrap_or_else(|| format!("操作被拒绝：{code}")),
        Lang::En => {
            let text = refusal.to_string();
            let (first, rest) = text.split_at(text.chars().next().map_or(0, char::len_utf8));
            format!("{}{rest}.", first.to_uppercase())
        }
    }
}

/// Chinese texts by the code of the control API: all rejections that a page can cause.
const ZH: &[(&str, &str)] = &[
    ("account_not_found", "账号不存在。"),
    ("login_name_taken", "登录名已被使用。"),
    ("account_closed", "账号已注销。"),
    ("application_not_found", "实名认证申请不存在。"),
    ("under_review", "已有申请正在审核，请先等待审核或撤销申请。"),
    ("not_under_review", "该申请已不在审核中。"),
    ("already_verified", "账号已完成实名认证。"),
    ("not_verified", "账号尚未实名认证。"),
    ("method_not_offered", "该站点的此类账号不支持这种认证方式。"),
    ("document_not_for_subject", "该证件类型不适用于此类认证主体。"),
    ("too_young", "未达到实名认证的年龄要求。"),
    ("change_locked", "认证主体近期已变更，暂时不能再次变更。"),
    ("identity_limit_reached", "该个人或企业认证的账号数已达上限。"),
    ("no_transfer", "打款尚未到账。"),
    ("link_not_found", "认证链接不存在。"),
    ("link_expired", "认证链接已过期，请重新获取。"),
    ("link_for_another", "该认证链接适用于其他类型的认证主体。"),
    ("no_kyc_asked", "该账号无需提交 KYC 材料。"),
    ("irreversible", "国际站企业认证不能变更为个人认证。"),
    ("email_taken", "邮箱已被其他账号使用。"),
    ("mobile_limit_reached", "该手机号码注册的账号数已达上限。"),
    ("captcha_wrong", "验证码错误。"),
    ("captcha_expired", "验证码已过期。"),
    ("captcha_too_soon", "验证码发送过于频繁，请稍后再试。"),
    ("weak_password", "密码长度不符合要求，或字符种类不足。"),
    ("bad_credentials", "登录名、密码或验证码错误。"),
    ("login_frozen", "账号已被冻结登录。"),
    ("login_locked", "密码错误次数过多，账号已被暂时锁定。"),
    ("ip_not_allowed", "不允许从当前 IP 地址登录。"),
    ("mfa_required", "请输入 MFA 验证码。"),
    ("login_profile_inactive", "该 RAM 用户未开启控制台登录。"),
    ("mfa_bind_required", "该 RAM 用户必须先绑定 MFA 设备。"),
    ("password_reset_required", "必须修改密码，请输入新密码。"),
    ("password_expired", "密码已过期，请联系管理员重置密码。"),
    ("user_sso_enabled", "已启用用户 SSO，RAM 用户不能使用密码登录，请先停用。"),
    ("login_not_found", "登录已失效。"),
    ("mfa_bound", "账号已绑定 MFA 设备。"),
    ("mfa_not_bound", "账号未绑定 MFA 设备。"),
    ("invalid_amount", "金额超出范围。"),
    ("user_not_found", "RAM 用户不存在。"),
    ("access_key_not_found", "访问密钥不存在。"),
    ("too_many_access_keys", "访问密钥数量已达上限。"),
    ("password_too_weak", "密码不符合密码强度策略。"),
    ("password_reused", "不能使用历史密码。"),
    ("wrong_password", "原密码错误。"),
    ("not_enough_balance", "账号余额不足。"),
    ("balance_contradicts", "余额与账号状态不一致。"),
    ("closing", "账号正在注销中。"),
    ("closing_blocked", "账号不满足注销条件。"),
    ("not_closing", "账号未处于注销流程中。"),
    ("user_exists", "用户名已被使用。"),
    ("too_many_users", "RAM 用户数量已达上限。"),
    ("user_in_group", "该用户仍在用户组中。"),
    ("user_has_access_keys", "该用户仍有访问密钥。"),
    ("user_has_login_profile", "该用户仍开启了控制台登录。"),
    ("user_has_mfa_device", "该用户仍绑定了 MFA 设备。"),
    ("user_has_policies", "该用户仍有权限策略。"),
    ("login_profile_not_found", "该用户未开启控制台登录。"),
    ("login_profile_exists", "该用户已开启控制台登录。"),
    ("mfa_device_not_found", "MFA 设备不存在。"),
    ("mfa_device_exists", "MFA 设备名称已被使用。"),
    ("too_many_mfa_devices", "MFA 设备数量已达上限。"),
    ("mfa_device_bound", "该 MFA 设备仍处于绑定状态。"),
    ("mfa_device_of_another", "该 MFA 设备已被绑定。"),
    ("user_has_an_mfa_device", "该用户已绑定 MFA 设备。"),
    ("no_mfa_device_bound", "该用户未绑定 MFA 设备。"),
    ("wrong_mfa_codes", "两组验证码不是该 MFA 设备当前连续的验证码。"),
    ("group_not_found", "用户组不存在。"),
    ("group_exists", "用户组名称已被使用。"),
    ("too_many_groups", "用户组数量已达上限。"),
    ("group_has_users", "该用户组仍有成员。"),
    ("group_has_policies", "该用户组仍有权限策略。"),
    ("already_a_member", "该用户已在用户组中。"),
    ("not_a_member", "该用户不在用户组中。"),
    ("too_many_groups_of_user", "该用户加入的用户组数量已达上限。"),
    ("policy_not_found", "权限策略不存在。"),
    ("policy_exists", "权限策略名称已被使用。"),
    ("too_many_policies", "自定义权限策略数量已达上限。"),
    ("policy_on_user", "该权限策略仍被用户引用。"),
    ("policy_on_group", "该权限策略仍被用户组引用。"),
    ("policy_on_role", "该权限策略仍被角色引用。"),
    ("policy_has_versions", "该权限策略仍有非默认版本。"),
    ("policy_version_not_found", "权限策略版本不存在。"),
    ("too_many_policy_versions", "权限策略版本数量已达上限。"),
    ("policy_version_is_default", "不能删除默认版本。"),
    ("attached_to_user", "该用户已有此权限策略。"),
    ("attached_to_group", "该用户组已有此权限策略。"),
    ("attached_to_role", "该角色已有此权限策略。"),
    ("not_attached_to_user", "该用户没有此权限策略。"),
    ("not_attached_to_group", "该用户组没有此权限策略。"),
    ("not_attached_to_role", "该角色没有此权限策略。"),
    ("too_many_policies_of_user", "该用户的权限策略数量已达上限。"),
    ("too_many_policies_of_group", "该用户组的权限策略数量已达上限。"),
    ("too_many_policies_of_role", "该角色的权限策略数量已达上限。"),
    ("role_not_found", "角色不存在。"),
    ("role_exists", "角色名称已被使用。"),
    ("too_many_roles", "角色数量已达上限。"),
    ("role_has_policies", "该角色仍有权限策略。"),
    ("role_of_service", "服务关联角色只能由对应的云服务修改或删除。"),
    ("session_not_found", "会话不存在。"),
    ("resource_group_not_found", "资源组不存在。"),
    ("too_many_tags", "标签数量已达上限。"),
];

#[cfg(test)]
mod tests {
    use super::*;

    /// Rejections of partners, and of commands and operations that no page has.
    const OTHERS: [&str; 27] = [
        "uid_taken",
        "partner_limit_reached",
        "no_relation",
        "havana_id_taken",
        "trace_not_found",
        "trace_done",
        "label_not_found",
        "task_not_found",
        "client_token_taken",
        "instance_not_found",
        "instance_taken",
        "customer_not_found",
        "in_enterprise",
        "own_partner",
        "asked_already",
        "join_request_not_found",
        "contact_not_found",
        "access_key_taken",
        "service_credential_not_found",
        "too_many_service_credentials",
        "report_not_found",
        "report_in_progress",
        "report_expired",
        "passkey_not_found",
        "not_role_of_service",
        "service_not_found",
        "suffix_not_allowed",
    ];

    #[test]
    fn every_rejection_about_accounts_and_ram_has_a_chinese_text() {
        let rows = include_str!("../world/refusal.rs")
            .lines()
            .filter(|line| line.starts_with("    ") && line.ends_with("\";"));
        let codes = rows.filter_map(|line| line.rsplit('"').nth(1));
        let about_accounts = codes.take_while(|code| *code != "resource_group_exists");
        let mut count = 0;
        for code in about_accounts.filter(|code| !OTHERS.contains(code) && !code.starts_with("invitation")) {
            assert!(ZH.iter().any(|(one, _)| *one == code), "{code}");
            count += 1;
        }
        assert!(count > 90, "{count}");
        for (code, text) in ZH {
            assert!(text.ends_with('。') && ZH.iter().filter(|(one, _)| one == code).count() == 1, "{code}");
        }
    }
}
