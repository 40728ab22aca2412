//! Texts of the pages about the trace of one request.

texts! {
    Trace();

    // Checks.
    checks = "Checks in their order", "按顺序执行的检查";
    passed = "Passed", "通过";
    stopped = "Stopped here", "在此被拒绝";
    not_reached = "Not reached", "未执行";
    not_seen = "Not visible yet", "尚未生效";
    check_parse = "Request", "请求格式";
    check_parse_about = "Protocol, size, parameters", "协议、大小、参数";
    check_world = "World", "所属世界";
    check_world_about = "By port, host, header or AccessKey", "按端口、主机名、请求头或访问密钥确定";
    check_route = "Product and action", "产品和操作";
    check_route_about = "By host, version, action or path", "按主机名、版本、操作或路径确定";
    check_early_rules = "Rules for every caller", "不限调用者的规则";
    check_early_rules_about = "Fault rules that name no caller", "未指定调用者的故障规则";
    check_authenticate = "Authentication", "身份验证";
    check_authenticate_about = "AccessKey, token, signature, time, nonce, network policy", "访问密钥、令牌、签名、时间、随机数、网络策略";
    check_spreading = "Propagation", "变更传播";
    check_spreading_about = "Changes that this request did not see yet", "该请求尚未看到的变更";
    check_audience = "Kind of caller", "调用者类型";
    check_audience_about = "Some actions are for partners or RAM users only", "部分操作仅限合作伙伴或 RAM 用户";
    check_authorize = "Permission", "权限校验";
    check_authorize_about = "Policies, see below", "权限策略，详见下文";
    check_audit = "Denied, but this world only audits permissions.", "权限校验结果为拒绝，但该世界仅审计，不拦截。";
    check_late_rules = "Rules for this caller", "针对该调用者的规则";
    check_late_rules_about = "Fault rules that name a caller", "指定了调用者的故障规则";
    check_standing = "State of the account", "账号状态要求";
    check_standing_about = "Requirements of the gate for this action", "该操作对账号的要求";
    check_run = "Operation", "执行操作";
    check_run_about = "Parameters, limits and state of the resource", "参数、限额和资源状态";

    // Walk through the policies.
    statements = "Statements of the policies", "权限策略语句";
    parts = "Parts", "匹配情况";
    result = "Result", "结果";
    action_part = "Action", "操作（Action）";
    resource_part = "Resource", "资源（Resource）";
    principal_part = "Principal", "可信实体（Principal）";
    matches = "yes", "匹配";
    matches_not = "no", "不匹配";
    wanted = "Policy", "策略要求";
    had = "Request", "请求中的值";
    absent = "absent", "无";
    decides = "Decides", "决定结果";
    applies_not = "Does not apply", "不匹配";
    elsewhere = "Attached for another resource group", "授权范围为其他资源组";
    control_policy = "Control policy", "管控策略";
    session_policy = "Session policy", "会话策略";
    identity_policy = "Policy of the caller", "调用者的权限策略";
    group_policy = "Policy for a resource group", "资源组范围的权限策略";
    trust_policy = "Trust policy of the role", "角色的信任策略";
    no_policies = "No policy applies to the caller.", "该调用者没有任何权限策略。";
    silent = "No statement decided: what no policy allows is denied.", "没有语句决定结果：未被允许的操作默认拒绝。";
    present_state = "Evaluated against the present state: alimock does not keep the state that this request met.", "按当前状态评估：alimock 未保留处理该请求时的状态。";
    differs = "This evaluation gives another result than the request got: policies have changed since.", "评估结果与当时不同：权限策略此后已变更。";
    has_unseen = "When the request arrived, some changes were not visible to it yet. See Propagation above.", "处理该请求时，部分变更尚未生效，详见上方的变更传播。";
    omitted = "Not shown", "未显示";

    // Change.
    changes = "What changed", "状态变更";
    state_version = "Version of the state", "状态版本";
    no_difference = "Nothing changed that a scenario file can express, for example a session or a sent code.", "场景文件可表达的内容没有变化，例如仅签发了会话或发送了验证码。";
    show_difference = "Compare the states (takes a moment)", "对比前后状态（可能需要片刻）";
    not_kept = "alimock does not keep the states before and after this request. It keeps the last 100 states from the moment that a page of requests is opened.", "alimock 未保留该请求前后的状态。打开请求页面后，才会保留最近 100 个状态。";

    // Repeat.
    repeat = "Repeat this request", "重新发送该请求";
    signed_anew = "Signed anew", "重新签名";
    signed_anew_text = "Put the secret of the AccessKey into ALIBABA_CLOUD_ACCESS_KEY_SECRET and run this with Python.", "将 AccessKey Secret 存入环境变量 ALIBABA_CLOUD_ACCESS_KEY_SECRET，然后用 Python 运行。";
    as_it_was = "As it was sent", "原始请求";
    replay = "The signature belongs to the nonce and time of the request, so this is a replay: if the signature was valid, it is rejected.", "签名与请求的随机数和时间绑定，再次发送属于重放；如果签名有效，将被拒绝。";
    unsigned = "The journal does not keep the signature, so this command is rejected as unsigned. Use the script above.", "日志不保留签名，因此该命令会因缺少签名被拒绝。请使用上方的脚本。";
    masked = "*** stands for a secret that the journal does not keep. Replace it.", "*** 表示日志未保留的机密值，请自行替换。";
    other_protocol = "Sign this protocol with the SDK of the product.", "请使用该产品的 SDK 对此协议签名。";
    rule_gone = "deleted since", "已删除";
}
