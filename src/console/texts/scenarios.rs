//! Texts of the pages about scenarios: the editor, the gallery, and worlds on the first page.

texts! {
    Scenarios();

    // Editor.
    scenario = "Scenario", "场景";
    as_loaded = "Scenario of this world, as it was loaded", "当前世界加载的场景";
    draft = "Draft", "草稿";
    from_template = "Begin with a template", "从模板开始";
    scenario_yaml = "Scenario in YAML or JSON", "场景（YAML 或 JSON）";
    text_hint = "The text is checked while you type. Without scripts, use the button.", "输入时会自动检查文本。浏览器禁用脚本时，请使用检查按钮。";
    no_problems = "No problem was found.", "未发现问题。";
    problems = "Problems", "问题数";
    line = "Line", "行";
    column = "column", "列";
    marked_copy = "Text with marks", "标出问题的文本";
    load_here = "Load into this world", "加载到当前世界";
    load_hint = "Loading replaces the accounts, clocks, rules, requests and snapshots of this world.", "加载会替换当前世界的账号、时钟、规则、请求记录和快照。";
    world_name = "Name of the new world", "新世界的名称";
    run_in_new = "Run in a new world", "在新世界中运行";
    open_file = "Open a file", "打开文件";
    file = "Scenario file", "场景文件";
    open_in_editor = "Open in the editor", "在编辑器中打开";
    save_world = "Save the world as a file", "将世界保存为文件";
    done_scenario_loaded = "The scenario was loaded into this world.", "场景已加载到当前世界。";

    // Expectations.
    expectations = "Expectations", "期望";
    no_expectations = "The scenario of this world has no expectations.", "当前世界的场景没有期望。";
    met = "Met", "已满足";
    not_met = "Not met", "未满足";

    // Gallery.
    gallery = "Ready-made scenarios", "内置场景";
    gallery_text = "Each scenario shows one situation that a client must handle.", "每个场景展示客户端需要处理的一种情况。";
    gallery_hint = "Words that a scenario must contain", "场景中须包含的词";
    found_count = "Scenarios", "场景数";
    its_words = "Text of the scenario", "场景内容";
    previous = "Previous page", "上一页";
    next = "Next page", "下一页";

    // Worlds.
    change_worlds = "Create, copy, reset or delete a world", "创建、复制、重置或删除世界";
    create_world = "Create a world", "创建世界";
    create_hint = "A new world starts as the server did. For other content:", "新世界使用服务器启动时的场景。如需其他内容：";
    fork_world = "Copy", "复制世界";
    reset_world = "Reset", "重置";
    world_has_port = "The world has its own port. Delete it with the control API, which also frees the port.", "该世界有独立端口，请使用控制 API 删除，以便同时释放端口。";
    done_world_created = "The world was created.", "世界已创建。";
    done_world_forked = "The world was copied.", "世界已复制。";
    done_world_reset = "The world was reset.", "世界已重置。";
    done_world_deleted = "The world was deleted.", "世界已删除。";
}
