//! Every text of the pages in English and Chinese: one row each, so that no language can lack one.
//! Groups of pages have their rows in `texts/`: `t.ram.users` is a row of `texts/ram.rs`.
//!
//! Chinese texts use the words of the official Chinese documentation.

use http::{HeaderMap, header};

/// A language of the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lang {
    /// English.
    En,
    /// Chinese.
    Zh,
}

impl Lang {
    /// Returns the language of a request: the chosen one, else the first of `Accept-Language` that the pages have.
    pub(crate) fn of(chosen: Option<&str>, headers: &HeaderMap) -> Self {
        if let Some(lang) = chosen.and_then(Self::named) {
            return lang;
        }
        let wanted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        let mut wanted = wanted.unwrap_or_default().split(',');
        wanted.find_map(|one| Self::named(one.split([';', '-']).next()?.trim())).unwrap_or(Self::En)
    }

    /// Returns the language of a code: `en` or `zh`.
    pub(crate) fn named(code: &str) -> Option<Self> {
        match code.to_ascii_lowercase().as_str() {
            "en" => Some(Self::En),
            "zh" => Some(Self::Zh),
            _ => None,
        }
    }

    /// Returns its code in HTML.
    pub(crate) fn code(self) -> &'static str {
        if self == Self::En { "en" } else { "zh" }
    }

    /// Returns its own name.
    pub(crate) fn name(self) -> &'static str {
        if self == Self::En { "English" } else { "中文" }
    }

    /// Returns the other language.
    pub(crate) fn other(self) -> Self {
        if self == Self::En { Self::Zh } else { Self::En }
    }

    /// Returns its texts.
    pub(crate) fn texts(self) -> &'static Texts {
        if self == Self::En { &EN } else { &ZH }
    }
}

macro_rules! texts {
    ($Texts:ident($($area:ident: $Area:ident),*); $($name:ident = $en:literal, $zh:literal;)*) => {
        /// Texts of one language.
        #[allow(missing_docs, reason = "the rows say what each field is")]
        pub(crate) struct $Texts { $(pub(crate) $area: $Area,)* $(pub(crate) $name: &'static str,)* }

        impl $Texts {
            pub(crate) const EN: Self = Self { $($area: $Area::EN,)* $($name: $en,)* };
            pub(crate) const ZH: Self = Self { $($area: $Area::ZH,)* $($name: $zh,)* };

            /// Returns all texts with their names.
            pub(crate) fn all(&self) -> Vec<(&'static str, &'static str)> {
                let own = vec![$((stringify!($name), self.$name)),*];
                [own, $(self.$area.all()),*].concat()
            }
        }
    };
}

mod ram;
mod scenarios;
mod trace;
mod views;

use ram::Ram;
use scenarios::Scenarios;
use trace::Trace;
use views::Views;

static EN: Texts = Texts::EN;
static ZH: Texts = Texts::ZH;

impl Texts {
    /// Returns the text of this name.
    pub(crate) fn named(&self, name: &str) -> Option<&'static str> {
        self.all().into_iter().find(|(one, _)| *one == name).map(|(_, text)| text)
    }
}

texts! {
    Texts(ram: Ram, scenarios: Scenarios, trace: Trace, views: Views);

    // The frame.
    skip = "Skip to the content", "跳到正文";
    tools = "Tools for tests", "测试工具";
    account_pages = "Account", "账号";
    world = "World", "世界";
    log_in = "Log in", "登录";
    log_out = "Log out", "退出登录";
    from_a_test = "Do this from a test", "在测试中完成同样的操作";
    footer = "alimock emulates Alibaba Cloud on this machine. No data leaves it.", "alimock 在本机模拟阿里云，数据不会离开本机。";
    not_found = "Page not found", "页面不存在";
    not_found_text = "This page or its item does not exist, or your account has no access to it.", "该页面或其内容不存在，或者当前账号无权访问。";
    old_form = "The form is no longer valid", "表单已失效";
    old_form_text = "Open the page again and submit the form from there.", "请重新打开页面后再提交。";
    no_such_world = "This world does not exist.", "该世界不存在。";
    cancel = "Cancel", "取消";
    save = "Save", "保存";
    copy = "Copy", "复制";
    copied = "Copied", "已复制";
    none = "None", "无";
    check = "Check", "检查";
    restore = "Restore", "恢复";
    statement = "Statement", "授权语句";
    applies = "Applies", "命中";
    policy = "Policy", "权限策略";
    kind = "Type", "类型";
    status = "Status", "状态";
    actions = "Actions", "操作";
    time = "Time", "时间";
    optional = "optional", "选填";

    // Token.
    token_title = "Control token", "控制令牌";
    token_text = "This server listens beyond loopback, so its pages need the control token. The server prints it at its start.", "该服务器不仅监听本机地址，因此打开页面需要控制令牌。服务器启动时会输出该令牌。";
    token = "Control token", "控制令牌";
    token_wrong = "This is not the control token of this server.", "控制令牌不正确。";
    open_pages = "Continue", "继续";

    // Start.
    start = "Start", "首页";
    start_title = "alimock is running", "alimock 正在运行";
    endpoint = "Endpoint", "服务地址";
    keys_of_scenario = "Credentials for tests", "测试用访问密钥";
    keys_of_scenario_text = "The scenario of this world created these AccessKeys. They are valid here only.", "该世界的场景创建了以下访问密钥，仅在此处有效。";
    no_seeded_keys = "The scenario of this world has no AccessKey. Log in and create one.", "该世界的场景没有访问密钥。请登录后创建。";
    owner = "Owner", "所属账号";
    environment = "Environment variables", "环境变量";
    connect = "Connect a client", "连接客户端";
    worlds = "Worlds", "世界";
    accounts_count = "Accounts", "账号数";
    requests_count = "Requests", "请求数";
    latest_requests = "Latest requests", "最近的请求";
    no_requests = "No request has arrived yet.", "尚未收到请求。";
    all_requests = "All requests", "全部请求";
    for_people = "Pages of the account", "账号页面";
    for_people_text = "Sign up, verify the account and create an AccessKey as the documentation describes.", "按照官方文档注册账号、完成实名认证并创建访问密钥。";

    // Log-in.
    login_title = "Log in to the console", "登录控制台";
    login_name = "Login name", "登录名";
    login_name_hint = "Login name, e-mail address or security mobile of the account; RAM users: name@alias.onaliyun.com", "账号登录名、邮箱或安全手机；RAM 用户：用户名@账号别名.onaliyun.com";
    password = "Password", "密码";
    new_password = "New password", "新密码";
    new_password_hint = "The present password must be replaced before you can log in.", "登录前必须更换当前密码。";
    mfa_code = "MFA code", "MFA 验证码";
    mfa_code_hint = "Six digits, if an MFA device is bound", "绑定 MFA 设备后填写六位数字";
    mfa_code_wrong = "The MFA code has six digits.", "MFA 验证码为六位数字。";
    no_account_yet = "No account yet?", "还没有账号？";
    free_account = "Free Account", "免费注册";
    forgot_password = "Forgot the password?", "忘记密码？";
    seeded_accounts = "Accounts of this world", "该世界中的账号";
    has_password = "Has a password", "已设置密码";
    has_no_password = "No password", "未设置密码";
    set_password = "Set a password", "设置密码";
    set_password_hint = "An account of a scenario may have no password. Set one here to log in as its owner.", "场景中的账号可能没有密码，可在此设置后登录。";

    // Forgotten password.
    forgot_title = "Reset the password", "重置密码";
    forgot_text = "A code is sent to the security e-mail address or mobile of the account.", "验证码将发送到账号的安全邮箱或安全手机。";
    done_password = "The password was changed.", "密码已修改。";
    no_contact = "The account has no security e-mail address or mobile.", "该账号没有安全邮箱或安全手机。";

    // Sign-up.
    signup_title = "Create an Alibaba Cloud account", "注册阿里云账号";
    site = "Site", "站点";
    site_cn = "China site (aliyun.com)", "中国站（aliyun.com）";
    site_intl = "International site (alibabacloud.com)", "国际站（alibabacloud.com）";
    owner_kind = "Account type", "账号类型";
    individual = "Individual", "个人";
    enterprise = "Enterprise", "企业";
    country = "Country or region", "国家或地区";
    country_hint = "Two letters, such as CN or SG", "两位字母代码，例如 CN、SG";
    email = "E-mail address", "邮箱";
    mobile = "Mobile number", "手机号码";
    calling_code = "Country code", "国家码";
    one_contact = "Enter an e-mail address or a mobile number.", "请填写邮箱或手机号码。";
    code = "Verification code", "验证码";
    send_code = "Send code", "发送验证码";
    code_sent = "A code was sent. In alimock, the inbox below shows it.", "验证码已发送。在 alimock 中可在下方收件箱查看。";
    code_missing = "Enter the code that was sent.", "请输入收到的验证码。";
    sign_up = "Sign up", "注册";
    wrong_email = "This is not a valid e-mail address.", "邮箱格式不正确。";
    wrong_mobile = "This is not a valid mobile number.", "手机号码格式不正确。";
    wrong_country = "A country has two capital letters.", "国家或地区为两位大写字母代码。";
    wrong_login_name = "The login name has an invalid length or character.", "登录名的长度或字符不正确。";
    password_hint = "6 to 20 characters with at least two of: letters, digits, others", "6 至 20 个字符，至少包含字母、数字、其他字符中的两种";
    password_missing = "Enter a password.", "请输入密码。";
    signed_up_title = "The account was created", "账号注册成功";
    your_uid = "Account UID", "账号 UID";
    keep_password_safe = "Keep the password safe, change it regularly and lend the account to nobody.", "请妥善保管密码，定期更换，不要将账号借给他人使用。";
    next_real_name = "Next: complete the real-name registration. Only verified accounts can purchase and use products.", "下一步：完成实名认证。只有通过实名认证的账号才能购买和使用产品。";
    mail_pane = "Inbox of this contact", "该联系方式的收件箱";
    mail_pane_text = "These messages would have been sent by SMS or e-mail.", "以下消息本应通过短信或邮件发送。";

    // Overview.
    overview = "Overview", "账号概览";
    user_name = "User name", "用户名";
    account_state = "State of the account", "账号状态";
    registered = "Registered", "注册时间";
    last_login = "Last log-in", "上次登录";
    balance = "Balance", "余额";
    default_domain = "Default domain", "默认域名";
    holds = "Restrictions", "限制";
    verified = "Verified", "已认证";
    not_verified = "Not verified", "未认证";
    under_review = "Under review", "审核中";
    rejected = "Rejected", "已拒绝";
    needs_update = "Document expired", "证件已过期";
    cancelled = "Withdrawn", "已撤销";

    // AccessKeys.
    access_keys = "AccessKeys", "访问密钥";
    keys_warning_title = "Keys of the account have all permissions", "主账号访问密钥拥有全部权限";
    keys_warning = "An AccessKey of the Alibaba Cloud account can use and delete every resource. Create RAM users and use their AccessKeys instead.", "阿里云账号的访问密钥可以操作和删除所有资源。建议创建 RAM 用户并使用其访问密钥。";
    create_key = "Create an AccessKey", "创建访问密钥";
    agree_and_create = "Agree and Create", "同意并创建";
    agree_text = "The AccessKey secret is shown only once. Store it in a safe place. If it leaks, disable and replace the AccessKey at once.", "访问密钥的 AccessKey Secret 仅在创建时显示一次，请妥善保存。如发生泄露，请立即禁用并更换。";
    key_created = "The AccessKey was created", "访问密钥创建成功";
    secret_once = "This is the only time that the secret is shown.", "AccessKey Secret 仅显示这一次。";
    key_id = "AccessKey ID", "AccessKey ID";
    key_secret = "AccessKey secret", "AccessKey Secret";
    download_csv = "Download CSV file", "下载 CSV 文件";
    created = "Created", "创建时间";
    last_used = "Last used", "最后使用时间";
    never = "Never", "从未使用";
    enabled = "Enabled", "已启用";
    disabled = "Disabled", "已禁用";
    enable = "Enable", "启用";
    disable = "Disable", "禁用";
    delete = "Delete", "删除";
    no_keys = "There is no AccessKey yet.", "暂无访问密钥。";
    disable_title = "Disable the AccessKey", "禁用访问密钥";
    disable_text = "Services that use this AccessKey will fail until you configure another one.", "使用该访问密钥的服务将会报错，直到更换为其他访问密钥。";
    delete_title = "Delete the AccessKey", "删除访问密钥";
    delete_text = "A deleted AccessKey cannot be restored here. Services that use it will fail. Enter the AccessKey ID to confirm.", "删除后无法在此处恢复，使用该访问密钥的服务将会报错。请输入 AccessKey ID 进行确认。";
    confirm_id = "AccessKey ID to confirm", "输入 AccessKey ID 确认";
    confirm_id_wrong = "This is not the ID of the AccessKey.", "输入的 AccessKey ID 不正确。";
    done_disabled = "The AccessKey was disabled.", "访问密钥已禁用。";
    done_enabled = "The AccessKey was enabled.", "访问密钥已启用。";
    done_deleted = "The AccessKey was deleted.", "访问密钥已删除。";
    leaked = "Leaked", "已泄露";
    leak_title = "An AccessKey has leaked", "访问密钥已泄露";
    leak_text = "This AccessKey was found in a public place. Sensitive operations reject it. Create another AccessKey, then disable and delete this one: ", "该访问密钥已在公开渠道泄露，敏感操作将被拒绝。请创建新的访问密钥，然后禁用并删除该访问密钥：";
    user_may_not = "Your RAM user may not manage its own AccessKeys. Ask the owner of the account.", "当前 RAM 用户不能自主管理访问密钥，请联系账号管理员。";
    // Real-name registration.
    real_name = "Real-name Registration", "实名认证";
    verified_name = "Verified name", "认证名称";
    verified_since = "Verified since", "认证时间";
    rejected_because = "The last application was rejected.", "上一次申请未通过审核。";
    waiting_text = "The application is under review. The result arrives in the inbox.", "申请正在审核中，审核结果将发送到收件箱。";
    application = "Application", "申请编号";
    method = "Method", "认证方式";
    name_on_document = "Name on the document", "证件姓名或企业名称";
    submitted = "Submitted", "提交时间";
    decided = "Decided", "审核时间";
    reason = "Reason", "原因";
    withdraw = "Withdraw the application", "撤销申请";
    transfer_waiting = "A small amount will be transferred to the bank account of the enterprise within three working days.", "系统将在三个工作日内向企业对公账户打入一笔小额款项。";
    transfer_arrived = "The transfer has arrived: the inbox shows the amount as the bank statement would.", "打款已到账：可在收件箱中查看金额，如同银行对账单。";
    transfer_amount = "Amount of the transfer", "打款金额";
    confirm_amount = "Confirm the amount", "确认金额";
    wrong_amount = "Enter an amount such as 0.37.", "请输入金额，例如 0.37。";
    other_amount = "This is not the amount of the transfer. The third wrong amount rejects the application.", "金额不正确，输错三次后申请将被拒绝。";
    intl_rules = "The document must be issued by the country of the account, be current and unmodified, and the scan must be clear and in colour. A verified enterprise cannot become an individual again.", "证件须由账号注册国家或地区签发，在有效期内且未经修改，扫描件须为清晰的彩色件。企业认证后不能变更为个人认证。";
    instant = "at once", "即时";
    working_days = "working days at most", "个工作日内";
    document_type = "Document type", "证件类型";
    document_number = "Document number", "证件号码";
    phone = "Telephone", "联系电话";
    document_country = "Country that issued the document", "证件签发国家";
    submit_application = "Submit", "提交认证";
    history = "Applications", "认证记录";
    advice_personal = "For a person. Enterprises should use the enterprise registration, because resources of a verified person belong to that person.", "适用于个人用户。企业用户请使用企业认证，个人认证账号下的资源归个人所有。";
    advice_enterprise = "For companies, institutions and other organisations. The legal representative's face scan is the fastest method.", "适用于企业、事业单位等组织。法定代表人扫脸认证最快。";
    method_alipay = "Alipay authorization", "支付宝授权认证";
    method_face = "Face scan", "扫脸认证";
    method_bank_card = "Bank card", "银行卡认证";
    method_document = "Upload of documents", "上传证件人工审核";
    method_legal_rep = "Face scan of the legal representative", "法定代表人扫脸认证";
    method_enterprise_alipay = "Enterprise Alipay authorization", "企业支付宝授权认证";
    method_transfer = "Transfer to the bank account of the enterprise", "企业对公打款认证";
    method_kyc = "KYC Center", "KYC 中心认证";
    document_id_card = "ID card", "身份证";
    document_passport = "Passport", "护照";
    document_driving = "Driving licence", "驾驶证";
    document_organisation = "Organisation code certificate", "组织机构代码证";
    document_institution = "Certificate of a public institution", "事业单位法人证书";
    document_licence = "Business licence", "营业执照";
    method_missing = "Choose a method.", "请选择认证方式。";
    name_missing = "Enter the name on the document.", "请输入证件上的姓名或企业名称。";
    number_missing = "Enter the document number: letters, digits and - / ( ) . only.", "请输入证件号码，仅支持字母、数字及 - / ( ) . 等字符。";
    done_submitted = "The application was submitted.", "认证申请已提交。";
    done_decided = "The application was decided.", "认证申请已有结果。";
    done_cancelled = "The application was withdrawn.", "认证申请已撤销。";

    // Security.
    security = "Security settings", "安全设置";
    old_password = "Present password", "当前密码";
    mfa_device = "MFA device", "MFA 设备";
    mfa_scan = "Scan the code with an authenticator app, then enter two consecutive codes of the app.", "请使用身份验证器扫描二维码，然后输入连续的两个验证码。";
    mfa_code_1 = "First code", "第一个验证码";
    mfa_code_2 = "Next code", "第二个验证码";
    mfa_confirm = "Bind the device", "确定绑定";
    mfa_codes_wrong = "These are not two consecutive codes of the device. Wait for the next code and enter both.", "验证码不正确：须为该设备连续的两个验证码。请等待新的验证码后重新输入。";
    done_bound = "The MFA device was bound.", "MFA 设备已绑定。";
    mfa_qr = "QR code of the MFA device", "MFA 设备二维码";
    mfa_is_bound = "Bound", "已绑定";
    mfa_is_not_bound = "Not bound", "未绑定";
    mfa_bind = "Bind a device", "绑定设备";
    mfa_unbind = "Unbind the device", "解绑设备";
    contacts = "Contacts", "联系方式";
    session_length = "Duration of a log-in", "登录会话时长";
    done_saved = "The settings were saved.", "设置已保存。";

    one_contact_only = "Change one contact at a time.", "每次只能修改一种联系方式。";
    session_title = "Session", "会话";
    contact_code_hint = "A changed contact needs the code that was sent to it.", "修改联系方式需要输入发送到新联系方式的验证码。";

    // Money.
    money = "Money", "费用";
    credit = "Credit line", "信用额度";
    available = "Available amount", "可用额度";
    arrears_since = "In arrears since", "欠费开始时间";
    amount = "Amount", "金额";
    recharge = "Recharge", "充值";
    orders = "Orders", "订单";
    no_orders = "There is no order.", "暂无订单。";
    product = "Product", "产品";
    region = "Region", "地域";
    released = "Released", "释放时间";
    close_account = "Close the account", "注销账号";
    close_text = "A closed account cannot be restored, and its AccessKeys stop at once. After recent pay-as-you-go use a silence period comes first. Enter the UID to confirm.", "账号注销后无法恢复，访问密钥立即失效。近期有按量付费使用时，先进入静默期。请输入账号 UID 进行确认。";
    closes_at = "The silence period ends at", "静默期结束时间：";
    stay = "Keep the account", "取消注销";
    waive = "Waive", "放弃";
    confirm_uid = "UID to confirm", "输入 UID 确认";
    confirm_uid_wrong = "This is not the UID of the account.", "输入的 UID 不正确。";
    done_recharged = "The balance was recharged.", "充值成功。";
    done_closed = "The account was closed.", "账号已注销。";
    done_closing = "The silence period has begun.", "账号已进入静默期。";
    done_stays = "The account stays open.", "已取消注销。";

    // Requests.
    requests = "Requests", "请求";
    filter = "Filter", "筛选";
    filter_hint = "Words that a request must contain: product, action, error code, status, AccessKey ID, ARN", "请求中须包含的词：产品、操作、错误码、状态码、AccessKey ID、ARN";
    call = "Call", "调用";
    caller = "Caller", "调用者";
    nobody = "Anonymous", "匿名";
    one_request = "Request", "请求详情";
    request_id = "Request ID", "请求 ID";
    host = "Host", "主机名";
    client = "Client", "客户端地址";
    style = "Style", "调用风格";
    version = "Version", "版本";
    resource_clock = "Resource clock", "资源时钟";
    gateway_clock = "Gateway clock", "网关时钟";
    arrived = "What arrived", "收到的请求";
    params = "Parameters", "请求参数";
    make_rule = "Make a rule from this request", "根据该请求创建规则";
    signature = "Signature", "签名";
    server_string = "String to sign of the server", "服务端待签名字符串";
    client_string = "String that the client signed", "客户端签名字符串";
    client_string_unknown = "It cannot be derived: no known mistake gives this signature.", "无法推导：没有已知的错误会得到该签名。";
    permission = "Permission", "权限检查";
    allowed = "Allowed", "允许";
    denied = "Denied", "拒绝";
    effect = "Effect", "效果";
    attached_to = "Attached to", "授权对象";
    must_be_activated = "The product is activated.", "已开通该产品。";
    key_must_not_leak = "The AccessKey has not leaked.", "访问密钥未泄露。";
    no_risk_control = "The account is not under risk control.", "账号未被风控。";
    must_be_verified = "The account is verified.", "账号已完成实名认证。";
    no_arrears = "The account is not in arrears.", "账号未欠费。";
    not_shut_down = "Services are not stopped for debt.", "服务未因欠费停服。";
    enough_balance = "The balance is high enough.", "可用额度充足。";
    not_frozen = "The account may purchase and is not closing.", "账号可正常购买，且未处于注销流程中。";

    // Rules.
    rules = "Rules", "规则";
    rules_text = "A rule disturbs calls on purpose: an error, a delay, a lost response. Rules apply in their order.", "规则用于故意干扰调用：返回错误、延迟或丢失响应，按顺序生效。";
    no_rules = "This world has no rule.", "该世界没有规则。";
    rule = "Rule", "规则编号";
    matched = "Matched", "匹配次数";
    struck = "Applied", "生效次数";
    new_rule = "New rule", "新建规则";
    rule_yaml = "Rule in YAML or JSON", "规则（YAML 或 JSON）";
    add_rule = "Add the rule", "添加规则";
    done_rule_added = "The rule was added.", "规则已添加。";
    done_rule_switched = "The rule was switched.", "规则状态已切换。";
    done_rule_deleted = "The rule was deleted.", "规则已删除。";

    // Clocks.
    clocks = "Clocks", "时钟";
    resource_clock_text = "It dates what is stored.", "用于记录存储数据的时间。";
    gateway_clock_text = "It judges signed times.", "用于校验签名时间。";
    advance = "Advance the resource clock", "推进资源时钟";
    span = "Other span", "其他时长";
    wrong_span = "Enter a span such as 90m, 12h or 3d.", "请输入时长，例如 90m、12h、3d。";
    set_clocks = "Set both clocks", "设置两个时钟";
    freeze_at = "Freeze at", "冻结时间";
    freeze = "Freeze", "冻结";
    run_real = "Run in real time", "恢复实时";
    wrong_time = "Enter a time such as 2026-12-01T08:00:00Z.", "请输入时间，例如 2026-12-01T08:00:00Z。";
    will_fall_due = "What will fall due", "即将到期的事件";
    nothing_due = "Nothing waits on the timeline.", "时间线上没有等待的事件。";
    fell_due = "Fell due just now", "刚刚到期";
    done_clock = "The clocks were set.", "时钟已设置。";

    // Inbox.
    inbox = "Inbox", "收件箱";
    recipient = "Recipient", "收件人";
    no_messages = "There is no message.", "暂无消息。";
    used = "Used", "已使用";
    confirm_mail = "Confirm what the mail asks for", "确认邮件中的请求";
    done_confirmed = "The request was confirmed.", "请求已确认。";

    // Reviews.
    reviews = "Reviews", "审核";
    reviews_text = "Decide applications as Alibaba Cloud's reviewers would. Without a decision, the review time of the world decides.", "像阿里云审核人员一样处理认证申请。未处理的申请将在审核时间到期后自动处理。";
    no_reviews = "There is no application.", "暂无认证申请。";
    reject_code = "Code of a rejection", "拒绝代码";
    decide_after = "Decide after", "延迟处理";
    approve = "Approve", "通过";
    reject = "Reject", "拒绝申请";
    expire = "Let the document expire", "使证件过期";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_is_there_in_both_languages_and_every_text_is_used() {
        // Names of things that Chinese pages write in Latin letters, too.
        let same = ["key_id", "key_secret"];
        let sources = crate::console::tests::sources();
        let (all, chinese) = (EN.all(), ZH.all());
        for ((name, en), (_, zh)) in all.iter().zip(chinese) {
            assert!(!en.is_empty() && !zh.is_empty(), "{name}");
            let is_chinese = zh.chars().any(|c| ('\u{4E00}'..='\u{9FFF}').contains(&c));
            assert!(is_chinese || same.contains(name), "{name}: {zh}");
            assert!(en.is_ascii(), "{name}: {en}");
            let is_used = sources.contains(&format!(".{name}")) || sources.contains(&format!("\"{name}\""));
            assert!(is_used, "{name} is used nowhere");
        }
        assert!(all.iter().enumerate().all(|(at, (name, _))| all[..at].iter().all(|(one, _)| one != name)));
    }

    #[test]
    fn the_language_is_the_chosen_one_or_the_first_accepted_one() {
        let of = |chosen, accepted: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_LANGUAGE, http::HeaderValue::from_static(accepted));
            Lang::of(chosen, &headers)
        };
        assert_eq!(of(None, "zh-CN,zh;q=0.9,en;q=0.8"), Lang::Zh);
        assert_eq!(of(None, "fr, en;q=0.5, zh;q=0.4"), Lang::En);
        assert_eq!(of(Some("en"), "zh-CN"), Lang::En);
        assert_eq!(of(Some("fr"), ""), Lang::En);
    }
}
