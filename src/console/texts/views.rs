//! Texts of the pages about coverage, differences of snapshots, settings.

texts! {
    Views();

    // Coverage.
    coverage = "Coverage", "覆盖率";
    counted = "Counted are the calls of this world since its last reset that found their operation. A call that a rule rejected on arrival does not count. Codes are counted against the whole catalogue of alimock, not for each operation.", "统计当前世界自上次重置以来找到对应操作的调用，不包括到达时即被规则拒绝的调用。错误码按 alimock 的全部错误码目录统计，不按单个操作统计。";
    all_products = "All products", "全部产品";
    by_product = "Operations by product", "各产品的操作";
    picture = "Picture", "图示";
    succeeded = "Succeeded", "成功";
    only_rejected = "Only rejected", "仅被拒绝";
    not_called = "Not called", "未调用";
    calls = "Calls", "调用次数";
    codes_met = "Error codes that occurred, of all known ones", "已出现的错误码 / 全部已知错误码";
    called = "Called operations", "已调用的操作";
    nothing_called = "No operation was called.", "没有调用任何操作。";
    operation = "Operation", "操作";
    codes = "Rejected with", "拒绝错误码";
    more_called = "Choose a product to see the other operations. Not shown", "选择产品可查看其余操作。未显示";

    // Snapshots and differences.
    diff = "Snapshots", "快照";
    snapshots = "Snapshots of this world", "当前世界的快照";
    no_snapshots = "This world has no snapshots.", "当前世界没有快照。";
    snapshot = "Snapshot", "快照名称";
    snapshot_name = "Name of a new snapshot", "新快照的名称";
    snapshot_hint = "1 to 64 characters. A snapshot of the same name is replaced.", "1 至 64 个字符。同名快照会被替换。";
    wrong_snapshot = "Enter a name of 1 to 64 characters other than `seed` and `now`.", "请输入 1 至 64 个字符的名称，不能使用 seed 和 now。";
    too_many_snapshots = "The world has 100 snapshots. Delete one first.", "该世界已有 100 个快照，请先删除。";
    take = "Take a snapshot", "创建快照";
    compare = "Compare", "比较";
    compare_now = "Compare with now", "与当前状态比较";
    from = "From", "起点";
    to = "To", "终点";
    seed = "State after a reset", "重置后的状态";
    now = "Now", "当前状态";
    differences = "Differences", "差异";
    no_differences = "Both points are equal.", "两个时间点没有差异。";
    more_differences = "More differences that are not shown", "未显示的差异数";
    added = "Added", "新增";
    changed = "Changed", "变更";
    removed = "Removed", "移除";
    done_snapshot_taken = "The snapshot was taken.", "快照已创建。";
    done_snapshot_restored = "The snapshot was restored.", "快照已恢复。";
    done_snapshot_deleted = "The snapshot was deleted.", "快照已删除。";

    // Settings.
    settings = "Settings", "设置";
    settings_text = "Settings of this world. A reset returns to those of its scenario.", "当前世界的设置，重置后恢复为场景中的设置。";
    permission_mode = "Permissions", "权限模式";
    propagation = "Propagation delays", "变更传播延迟";
    session_expiry = "Expiry of sessions", "会话有效期";
    gates = "Gates", "准入条件";
    account_rules = "Rules about accounts", "账号规则";
    stubs = "Stubs", "桩响应";
    words = "Words and their meaning", "字段说明";
    word = "Word", "字段";
    meaning = "Meaning", "含义";
    value = "Value", "值";
    value_yaml = "Value in YAML or JSON", "值（YAML 或 JSON）";
    default_value = "Default", "默认值";
    quotas = "Quotas", "配额";
    quotas_text = "Only a scenario sets quotas: `quotas` in its text.", "配额只能由场景中的 quotas 设置。";
    fixed = "Settings of the server", "服务器设置";
    fixed_text = "Only the start of the server sets these, with the flag of `alimock serve`.", "以下设置只能在启动服务器时通过 alimock serve 的参数指定。";
    world_seed = "Seed of this world", "当前世界的种子";
    flag = "Flag", "启动参数";
    flag_window_v1 = "Maximum difference between the time of a v1 signature and the gateway clock", "V1 签名时间与网关时钟的最大差值";
    flag_window_v3 = "Maximum difference between the time of a v3 signature and the gateway clock", "V3 签名时间与网关时钟的最大差值";
    flag_unsigned_headers = "Treatment of v3 requests that use a header without signing it", "对使用未签名请求头的 V3 请求的处理";
    flag_nonces = "Maximum number of nonces that each world remembers", "每个世界记录的随机数（nonce）上限";
    flag_permissions = "Permission mode of worlds whose scenario sets none", "场景未指定时的权限模式";
    flag_journal_records = "Maximum number of requests in each journal", "每个世界的请求记录数上限";
    flag_journal_bytes = "Maximum size of each journal, in bytes", "每个世界的请求记录大小上限（字节）";
    flag_seed = "Seed of all ids, unless the scenario sets one", "所有 ID 的种子（场景未指定时）";
    flag_listen = "Addresses that the server listens on", "服务器监听地址";
    flag_host_suffix = "Domain suffix whose subdomains select a world", "用于选择世界的域名后缀";
    flag_data_dir = "Directory of the certificate authority", "证书颁发机构文件目录";
    flag_control_token = "Token of the control API", "控制 API 的令牌";
}
