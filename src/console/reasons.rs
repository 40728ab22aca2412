//! Reasons in the language of a page: decisions about permission, signing mistakes, unmet requirements, events, checks before closing.
//!
//! English texts are those of the world and of the journal. A Chinese text belongs to a kind, never to a finished sentence.

use crate::console::texts::{Lang, Texts};
use crate::error::{Mismatch, Slip};
use crate::policy::{Layer, Verdict};
use crate::world::account::Check;
use crate::world::gates::Requirement;
use crate::world::journal::Record;
use crate::world::permission::{Decision, Evaluated, Fixed, Preference};
use crate::world::{Event, FellDue};

/// Returns the reason of a rejection in few words; empty for an accepted request.
pub(super) fn of_request(record: &Record, t: &Texts, lang: Lang) -> String {
    let english = || record.why().unwrap_or_default().into_owned();
    let Some(refused) = record.refused.as_deref().filter(|_| lang == Lang::Zh) else { return english() };
    let requirement = refused.unmet.and_then(Requirement::named);
    let denied = record.decision.as_ref().filter(|decision| !decision.allowed());
    match (&refused.mismatch, requirement, denied) {
        (Some(mismatch), ..) => of_signature(mismatch, lang),
        (None, Some(requirement), _) => format!("账号不满足要求：{}", of_requirement(requirement, t)),
        (None, None, Some(decision)) if refused.note.is_none() => of_decision(decision, lang),
        // The message of the wire is English at the real service too.
        _ => english(),
    }
}

/// Returns the reason of a decision.
pub(super) fn of_decision(decision: &Decision, lang: Lang) -> String {
    match decision {
        _ if lang == Lang::En => decision.reason().to_owned(),
        Decision::Fixed(fixed) => match fixed {
            Fixed::NotSigned => "隐式拒绝：请求未签名",
            Fixed::NotAsked => "允许：该操作无需权限",
            Fixed::OpenAcl => "允许：存储空间的读写权限（ACL）对所有人开放",
            Fixed::Root => "允许：主账号拥有全部权限",
        }
        .to_owned(),
        Decision::Evaluated(one) => of_evaluated(one),
    }
}

fn of_evaluated(one: &Evaluated) -> String {
    match one.preference {
        Preference::Allows => return "允许：账号的安全设置允许 RAM 用户对自身执行该操作".to_owned(),
        Preference::Forbids => return "隐式拒绝：账号的安全设置不允许 RAM 用户对自身执行该操作".to_owned(),
        Preference::Silent => {}
    }
    let layer = match one.policy_type {
        Layer::ControlPolicy => "管控策略",
        Layer::SessionPolicy => "会话策略",
        Layer::AccountLevelIdentityBasedPolicy => "权限策略",
        Layer::ResourceGroupLevelIdentityBasedPolicy => "资源组范围的权限策略",
        Layer::AssumeRolePolicy => "角色的信任策略",
    };
    let name = one.matched.first().map_or("", |first| first.name.as_deref().unwrap_or(&first.policy));
    match (one.verdict, one.policy_type) {
        (Verdict::Allow, _) => format!("允许：由{layer} {name} 允许"),
        (Verdict::ExplicitDeny, _) => format!("显式拒绝：被{layer} {name} 拒绝"),
        (_, Layer::ControlPolicy | Layer::SessionPolicy) => format!("隐式拒绝：{layer}未允许该操作"),
        (_, Layer::AssumeRolePolicy) => "隐式拒绝：角色不信任该调用者".to_owned(),
        _ => "隐式拒绝：没有权限策略允许该操作".to_owned(),
    }
}

/// Returns the mistake that gave a wrong signature.
pub(super) fn of_signature(mismatch: &Mismatch, lang: Lang) -> String {
    let cause = &mismatch.cause;
    let chinese = SLIPS.iter().find(|(slip, _)| *slip == cause.slip && lang == Lang::Zh);
    chinese.map_or_else(|| cause.to_string(), |(_, text)| text.replace("{}", &cause.name))
}

const SLIPS: &[(Slip, &str)] = &[
    (Slip::SpaceAsPlus, "空格被编码为 `+`"),
    (Slip::StarNotEncoded, "`*` 未编码"),
    (Slip::TildeEncoded, "`~` 被编码"),
    (Slip::SlashNotEncoded, "`/` 未编码"),
    (Slip::NotSorted, "参数按发送顺序签名，未排序"),
    (Slip::SortedWithoutCase, "参数排序时忽略了大小写"),
    (Slip::EncodedTwice, "名称和值多编码了一次"),
    (Slip::EncodedOnce, "名称和值只编码了一次"),
    (Slip::PathEncodedTwice, "路径多编码了一次"),
    (Slip::QueryEncoded, "签名时对查询字符串进行了编码"),
    (Slip::QueryNotSigned, "查询字符串未参与签名"),
    (Slip::OtherMethod, "签名使用了其他 HTTP 方法"),
    (Slip::OtherCase, "签名使用的 HTTP 方法大小写与发送的不一致"),
    (Slip::OtherBody, "请求体与签名时不一致"),
    (Slip::HostWithoutPort, "签名时主机名缺少端口"),
    (Slip::HeaderNotSigned, "`SignedHeaders` 中的请求头 `{}` 未参与签名"),
    (Slip::HeaderNotNamed, "请求头 `{}` 参与了签名，但未在 `SignedHeaders` 中列出"),
    (Slip::OtherAlgorithm, "签名使用了 {}，与 `SignatureMethod` 不一致"),
    (Slip::VersionOne, "使用了 V1 版本的签名"),
    (Slip::SuffixAdded, "密钥后多加了 `&`"),
    (Slip::SuffixMissing, "密钥后缺少 `&`"),
    (Slip::KeyNotDerived, "未由 AccessKey Secret 派生签名密钥"),
    (Slip::LineEnd, "AccessKey Secret 末尾有换行符"),
    (Slip::LineEndOfWindows, "AccessKey Secret 末尾有 Windows 换行符"),
    (Slip::CarriageReturn, "AccessKey Secret 末尾有回车符"),
    (Slip::BlankAfter, "AccessKey Secret 末尾有空格"),
    (Slip::BlankBefore, "AccessKey Secret 开头有空格"),
    (Slip::BlanksAround, "AccessKey Secret 首尾有空格"),
    (Slip::TabAfter, "AccessKey Secret 末尾有制表符"),
    (Slip::ByteOrderMark, "AccessKey Secret 开头有字节顺序标记（BOM）"),
    (Slip::Quotes, "AccessKey Secret 带有引号"),
    (Slip::Base64, "AccessKey Secret 仍为 Base64 编码"),
    (Slip::Base64WithLineEnd, "AccessKey Secret 仍为 Base64 编码，且含换行符"),
    (Slip::LowerCase, "AccessKey Secret 被转换为小写"),
    (Slip::UpperCase, "AccessKey Secret 被转换为大写"),
    (Slip::Empty, "AccessKey Secret 为空"),
    (Slip::OtherKey, "使用了访问密钥 {} 的 Secret"),
    (Slip::Unknown, "AccessKey Secret 错误，或请求在签名后被修改"),
];

/// Returns a requirement of a gate.
pub(super) fn of_requirement(requirement: Requirement, t: &Texts) -> &'static str {
    match requirement {
        Requirement::Activated => t.must_be_activated,
        Requirement::KeyNotLeaked => t.key_must_not_leak,
        Requirement::NotRiskControlled => t.no_risk_control,
        Requirement::Verified => t.must_be_verified,
        Requirement::NoArrears => t.no_arrears,
        Requirement::NotShutDown => t.not_shut_down,
        Requirement::Balance => t.enough_balance,
        Requirement::NotFrozen => t.not_frozen,
    }
}

/// Returns an event that will fall due.
pub(super) fn of_event(event: &Event, lang: Lang) -> String {
    if lang == Lang::En {
        return event.describe();
    }
    match event {
        Event::ReviewEnds { uid, application } => format!("账号 {uid} 的实名认证申请 {application} 审核结束"),
        Event::Review { uid, application, .. } => {
            format!("审核人员处理账号 {uid} 的实名认证申请 {application}")
        }
        Event::DocumentExpires { uid, .. } => format!("账号 {uid} 的证件到期"),
        Event::GraceEnds { uid, .. } => format!("账号 {uid} 的证件过期宽限期结束"),
        Event::KycDue { uid, .. } => format!("账号 {uid} 须已提交 KYC 材料"),
        Event::Shutdown { uid, .. } => format!("账号 {uid} 的服务因欠费停服"),
        Event::SilenceEnds { uid, .. } => format!("账号 {uid} 的注销静默期结束"),
        Event::NamesFreed { uid } => format!("已注销账号 {uid} 的名称和联系方式可重新使用"),
        Event::LoginEnds { .. } => "控制台登录到期".to_owned(),
        Event::Command(_) => "执行场景中的命令".to_owned(),
        Event::KeyEnd { uid, id } => format!("账号 {uid} 的短期访问密钥 {id} 到期"),
        Event::SessionEnd { id } => format!("临时凭证 {id} 到期"),
        Event::ContactDeleted { manager, id } => format!("删除账号 {manager} 的消息通知联系人 {id}"),
        Event::HandshakeExpires { id } => format!("邀请 {id} 到期"),
        Event::ControlSwitched { manager, .. } => format!("账号 {manager} 的管控策略功能开启或关闭"),
        Event::ResourceGroupEnd { uid, .. } => format!("账号 {uid} 已删除的资源组被清除"),
        Event::RoleEnd { uid, .. } => format!("删除账号 {uid} 的服务关联角色"),
    }
}

/// Returns an event that fell due. The result of a command is English, because a command has no kind.
pub(super) fn of_past_event(one: &FellDue, lang: Lang) -> String {
    match &one.event {
        _ if lang == Lang::En => one.what.clone(),
        Some(event @ Event::Command(_)) => format!("{}：{}", of_event(event, lang), one.what),
        Some(event) => of_event(event, lang),
        None => "禁用长期未使用的访问密钥或控制台登录".to_owned(),
    }
}

/// Returns the name of a check before closing, and the instruction to the owner.
pub(super) fn of_closing(check: &Check, lang: Lang) -> (&'static str, &'static str) {
    match check.id {
        _ if lang == Lang::En => (check.name, check.description),
        "DEBT" => ("欠费", "请结清欠款。"),
        "BALANCE" => ("账户余额", "请提现账户余额。"),
        "RESOURCES" => ("云资源", "请释放所有云资源。"),
        _ => (check.name, check.description),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_chinese(text: &str) -> bool {
        text.chars().any(|c| ('\u{4E00}'..='\u{9FFF}').contains(&c))
    }

    #[test]
    fn every_signing_mistake_has_a_chinese_text_with_the_same_places() {
        for slip in Slip::ALL {
            let rows: Vec<_> = SLIPS.iter().filter(|(one, _)| one == slip).map(|(_, text)| *text).collect();
            let [text] = rows[..] else { panic!("{slip:?}: {rows:?}") };
            assert!(is_chinese(text), "{text}");
            assert_eq!(text.matches("{}").count(), slip.text().matches("{}").count(), "{text}");
        }
    }

    #[test]
    fn every_check_before_closing_has_a_chinese_text() {
        let ids = include_str!("../world/account/closing.rs").split("check(\"").skip(1);
        let mut count = 0;
        for id in ids.filter_map(|rest| rest.split('"').next()) {
            let id: &'static str =
                ["DEBT", "BALANCE", "RESOURCES"].into_iter().find(|one| *one == id).expect(id);
            let (name, text) =
                of_closing(&Check { id, name: "", description: "", waivable: false }, Lang::Zh);
            assert!(is_chinese(name) && is_chinese(text), "{id}");
            count += 1;
        }
        assert_eq!(count, 3);
    }
}
