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
];

#[cfg(test)]
mod tests {
    use super::*;

    /// Rejections of partners, of commands that no page has, and of the RAM part behind the log-in.
    const OTHERS: [&str; 18] = [
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
        "user_exists",
    ];

    #[test]
    fn every_rejection_about_accounts_has_a_chinese_text() {
        let rows = include_str!("../world/refusal.rs")
            .lines()
            .filter(|line| line.starts_with("    ") && line.ends_with("\";"));
        let codes = rows.filter_map(|line| line.rsplit('"').nth(1));
        let about_accounts = codes.take_while(|code| *code != "too_many_users");
        let mut count = 0;
        for code in about_accounts.filter(|code| !OTHERS.contains(code) && !code.starts_with("invitation")) {
            assert!(ZH.iter().any(|(one, _)| *one == code), "{code}");
            count += 1;
        }
        assert!(count > 40, "{count}");
        for (code, text) in ZH {
            assert!(text.ends_with('。') && ZH.iter().filter(|(one, _)| one == code).count() == 1, "{code}");
        }
    }
}
