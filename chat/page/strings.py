"""Every word of the page's own, in Chinese and English: one row a string."""

from __future__ import annotations

from typing import Literal

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")

# key → (Chinese, English). {braces} are filled in where the string is used.
_TABLE: dict[str, tuple[str, str]] = {
    # the bar and the first screen
    "name": ("问政", "Wenzheng"),
    "title": ("问政 · 政府工作报告问答", "Wenzheng · Ask the government work report"),
    "description": (
        "就政府工作报告提问：答案逐字引自报告，注明出处；报告没说的，就说没有。",
        "Ask about government work reports. Every answer is quoted from the report, with its source.",
    ),
    "lead": (
        "向政府工作报告提问，答案逐字引自原文",
        "Ask the government work report; answers are quoted word for word",
    ),
    "known_one": ("可查《{title}》", "Covers: {title}"),
    "known_many": (
        "可查{count}份报告，最新的是《{title}》",
        "Covers {count} reports, newest: {title}",
    ),
    "known_until": ("，截至{date}", ", as of {date}"),
    "known_none": ("库里还没有报告。", "No report has been added yet."),
    "skip": ("跳到提问", "Skip to the question"),
    "nav": ("主要页面", "Main pages"),
    "nav_ask": ("提问", "Ask"),
    "nav_figures": ("数据", "Figures"),
    "nav_reports": ("报告", "Reports"),
    "nav_staff": ("管理", "Staff"),
    "tools": ("显示设置", "Display"),
    "larger": ("大字", "Larger"),
    "dark": ("深色", "Dark"),
    "other_language": ("English", "中文"),
    "history": ("历史", "History"),
    "history_title": ("问过的问题", "Questions asked before"),
    "history_note": (
        "只存在这台设备的浏览器里，不会上传。",
        "Kept in this browser only; never uploaded.",
    ),
    "history_clear": ("全部清除", "Clear all"),
    "samples": ("可以这样问", "Try asking"),
    "question": ("问题", "Your question"),
    "placeholder": ("输入您的问题", "Ask in Chinese"),
    "ask": ("提问", "Ask"),
    "stop": ("停止", "Stop"),
    "restart": ("重新开始", "Start over"),
    "speak": ("语音输入", "Speak"),
    "speak_note": ("语音输入，由您的浏览器识别", "Speak; your browser recognises it"),
    "listening": ("正在听，请说话……", "Listening…"),
    "speak_failed": ("没有听清，请再说一次或用键盘输入。", "Not heard; please try again or type."),
    "noscript": (
        "提问需要浏览器打开JavaScript；不打开也可以直接阅读报告和数据。",
        "Asking needs JavaScript. The reports and figures can be read without it.",
    ),
    # an answer
    "conversation": ("对话", "Conversation"),
    "you_asked": ("您问：", "You asked: "),
    "answer": ("答案", "Answer"),
    "working": ("正在查报告……", "Looking in the report…"),
    "stopped": ("已停止。", "Stopped."),
    "lost": (
        "没有连上服务，问题还在输入框里，请稍后再问一次。",
        "The service could not be reached. Your question is still in the box; please try again.",
    ),
    "sure_high": ("很有把握", "Very sure"),
    "sure_middle": ("比较有把握", "Fairly sure"),
    "sure_low": ("把握不大，请核对原文", "Not very sure; please check the source"),
    "source": ("出处", "Source"),
    "source_item": ("看这一条的原文", "Read the source of this item"),
    "source_open": ("看原文：", "Read the source: "),
    "more_sources": ("另外{count}处出处", "{count} more sources"),
    "page_number": ("第{page}页", "page {page}"),
    "sentence": ("看原句", "Show the sentence"),
    "understood": ("理解为：{question}", "Understood as: {question}"),
    "none": ("报告没有提到", "Not in the report"),
    "contrary": ("报告不是这样说的", "The report says otherwise"),
    "nearest": ("最接近的原文", "Nearest passage"),
    "elsewhere": (
        "这件事也可以拨打12345政务服务便民热线咨询。",
        "You can also call the 12345 government service hotline.",
    ),
    "generated": ("AI生成", "AI-generated"),
    "authority": (
        "这段文字由人工智能依据报告写成，以报告原文为准。",
        "Written by an AI model from the report; the report itself is the authority.",
    ),
    "quoted": ("答案引自报告原文，以原文为准。", "Quoted from the report, which is the authority."),
    "term": ("名词解释：{term}", "Glossary: {term}"),
    "close": ("关闭", "Close"),
    "chart": ("{name}：各年变化", "{name} by year"),
    "chart_table": ("看数字", "Show the numbers"),
    "follow": ("接着问", "Ask next"),
    # what can be done with an answer
    "copy_answer": ("复制", "Copy"),
    "copied": ("已复制", "Copied"),
    "copy_source": ("出处：", "Source: "),
    "up": ("有帮助", "Helpful"),
    "down": ("没帮助", "Not helpful"),
    "thanks": ("谢谢，意见已记下。", "Thank you. Your feedback was saved."),
    "why": ("哪里不好？", "What was wrong?"),
    "comment": ("补充说明（可不填）", "Anything else (optional)"),
    "send": ("提交", "Send"),
    "not_sent": ("意见没有提交成功：{detail}", "Feedback was not saved: {detail}"),
    # the report
    "report": ("报告原文", "The report"),
    "outline": ("目录", "Outline"),
    "show_figures": ("标出数据", "Mark figures"),
    "print": ("打印", "Print"),
    "link": ("复制链接", "Copy link"),
    "new_tab": ("单独打开", "Open as a page"),
    "glossary": ("名词解释", "Glossary"),
    "cited": ("引用的原文", "Cited words"),
    "back_up": ("回到正文", "Back to the text"),
    "characters": ("全文{count}字", "{count} characters"),
    "reports_title": ("报告", "Reports"),
    "reports_lead": (
        "可以查询的报告，新的在前。",
        "The reports that can be asked about, newest first.",
    ),
    "not_found": ("没有这份报告", "There is no such report"),
    "not_found_help": (
        "它可能已被替换或删除，请从报告列表里重新选择。",
        "It may have been replaced or removed; please choose from the list of reports.",
    ),
    # figures
    "figures_title": ("报告里的数据", "Figures in the reports"),
    "figures_lead": (
        "逐条取自报告原文，点“出处”可以核对。",
        "Taken from the reports one by one; follow the source to check.",
    ),
    "indicator": ("指标", "Indicator"),
    "indicator_hint": ("例如：GDP、财政收入", "e.g. GDP, 财政收入"),
    "year": ("年份", "Year"),
    "any_year": ("全部年份", "All years"),
    "any_report": ("全部报告", "All reports"),
    "any_kind": ("全部类型", "All kinds"),
    "kind": ("类型", "Kind"),
    "search": ("查找", "Search"),
    "clear_search": ("清除条件", "Clear"),
    "csv": ("下载CSV", "Download CSV"),
    "found": ("找到{count}条数据", "{count} figures found"),
    "found_first": (
        "找到{count}条数据，先列出{shown}条；缩小条件或下载CSV看全部",
        "{count} figures found, the first {shown} shown; narrow the search or download the CSV",
    ),
    "found_none": (
        "没有找到这样的数据，请换一个说法或去掉一个条件。",
        "No such figure; try another word or remove a condition.",
    ),
    "value": ("数值", "Value"),
    "period": ("时间", "Period"),
    "place": ("对象", "Of"),
    "actual": ("实际", "Actual"),
    "target": ("目标", "Target"),
    "compare_title": ("实际与目标", "Actual against target"),
    "compare_lead": (
        "同一指标在报告里给出的实际数和目标数。斜线是目标。",
        "Actual and target values that the reports give for one indicator. Hatched bars are targets.",
    ),
    "unit": ("单位：{unit}", "Unit: {unit}"),
    "bars": ("柱形图", "Bars"),
    "lines": ("折线图", "Lines"),
    "kind_actual": ("实际数", "Actual"),
    "kind_growth": ("增减幅度", "Growth"),
    "kind_share": ("占比、比率", "Share or ratio"),
    "kind_change": ("变化量", "Change"),
    "kind_target": ("目标", "Target"),
    "kind_rank": ("位次", "Rank"),
    "kind_count": ("个数", "Count"),
    # the staff's page
    "staff_title": ("管理", "Staff"),
    "staff_lead": (
        "供工作人员使用：报告、没答上的问题、词表。",
        "Reports, open questions, vocabulary.",
    ),
    "staff_only": ("工作人员密钥", "Staff key"),
    "staff_key": ("密钥", "Key"),
    "staff_key_note": (
        "由管理员用 wenzheng keys create 签发，要有write权限。只在这个标签页里记住，关闭即忘。",
        "Issued with wenzheng keys create, scope write. Kept in this tab until it is closed.",
    ),
    "staff_enter": ("进入", "Enter"),
    "staff_leave": ("退出", "Leave"),
    "staff_sections": ("管理内容", "Staff sections"),
    "tab_reports": ("报告", "Reports"),
    "tab_questions": ("没答上的问题", "Open questions"),
    "tab_words": ("词表", "Vocabulary"),
    "tab_settings": ("设置", "Settings"),
    "drop": ("把报告文件拖到这里，或", "Drop report files here, or"),
    "choose": ("选择文件", "choose files"),
    "drop_note": (
        "可以一次放几个：txt、docx、PDF、HTML、Markdown。先检查，再发布；与库里同名的会替换原来的。",
        "Several at once: txt, docx, PDF, HTML, Markdown. Checked first, then published; a file of a known name replaces it.",
    ),
    "loading": ("正在读取……", "Loading…"),
    "waiting": ("等候检查", "Waiting"),
    "checking": ("正在读取……", "Reading…"),
    "sending": ("正在上传 {percent}%", "Uploading {percent}%"),
    "checked_new": ("可以发布", "Ready to publish"),
    "checked_replaces": ("将替换《{title}》", "Will replace {title}"),
    "checked_bad": ("不能发布", "Cannot be published"),
    "checked_facts": (
        "{characters}字 · {paragraphs}段 · {terms}条名词解释 · {figures}条数据",
        "{characters} characters · {paragraphs} paragraphs · {terms} glossary entries · {figures} figures",
    ),
    "fact_title": ("标题", "Title"),
    "fact_region": ("地区", "Region"),
    "fact_year": ("年份", "Year"),
    "recheck": ("按此重新检查", "Check again"),
    "outline_check": ("核对目录（{count}条）", "Check the outline ({count})"),
    "outline_empty": (
        "没有认出标题，请核对文件。",
        "No headings were found; please check the file.",
    ),
    "leave_out": ("移出", "Leave out"),
    "publish": ("发布{count}份", "Publish {count}"),
    "publishing": ("正在建立索引：{done}/{total}段", "Indexing: {done} of {total} passages"),
    "published": ("已发布，现在是版本{version}。", "Published: version {version}."),
    "failed": ("没有发布：{detail}", "Not published: {detail}"),
    "held": ("库里的报告", "Reports held"),
    "replace": ("替换", "Replace"),
    "remove": ("删除", "Remove"),
    "remove_sure": ("确定删除《{title}》吗？", "Remove {title}?"),
    "removed": ("已删除。", "Removed."),
    "read_it": ("阅读", "Read"),
    "versions": ("版本", "Versions"),
    "versions_note": (
        "发布后发现不对，可以换回以前的版本。",
        "Go back to an earlier version if something is wrong.",
    ),
    "version_row": ("版本{number}", "Version {number}"),
    "version_now": ("正在使用", "In use"),
    "version_broken": ("文件不完整", "Incomplete"),
    "roll_back": ("换回这个版本", "Use this version"),
    "rolled_back": ("已换回版本{number}。", "Now using version {number}."),
    "open_lead": (
        "最近30天问了{asked}次，其中{unanswered}次报告没有提到，{disliked}次被说没帮助。意思相近的归在一起。",
        "{asked} questions in 30 days; {unanswered} not in the report, {disliked} marked not helpful. Similar ones are grouped.",
    ),
    "open_none": ("没有这样的问题。", "There are none."),
    "times": ("{count}次", "{count} times"),
    "times_unanswered": ("{count}次没答上", "{count} unanswered"),
    "times_disliked": ("{count}次没帮助", "{count} not helpful"),
    "also_asked": ("还这样问", "Also asked"),
    "try_word": ("补充说法", "Add words"),
    "words_lead": (
        "百姓的说法和报告的说法不一样时，在这里写上；保存后马上生效，不用重建索引。",
        "Where people and reports use different words, add them here; in use at once, no new index needed.",
    ),
    "official": ("报告的说法", "Words of the report"),
    "official_hint": ("例如：保障性租赁住房", "e.g. 保障性租赁住房"),
    "everyday": ("百姓的说法（几个用顿号隔开）", "Everyday words (separated by 、)"),
    "everyday_hint": ("例如：便宜的出租房、廉租房", "e.g. 便宜的出租房、廉租房"),
    "own_questions": ("用自己的问题文件（可不选）", "Your own question file (optional)"),
    "try": ("试一试", "Try"),
    "trying": ("正在逐个提问……", "Asking…"),
    "save": ("保存", "Save"),
    "tried_none": ("{asked}个问题的回答都没有变。", "None of {asked} answers changes."),
    "tried": (
        "{asked}个问题里，{count}个的回答会变：",
        "Of {asked} questions, {count} would be answered otherwise:",
    ),
    "better": ("变对", "Now right"),
    "worse": ("变错", "Now wrong"),
    "changed_only": ("有变化", "Changed"),
    "before": ("原来", "Before"),
    "after": ("之后", "After"),
    "own_words": ("已补充的说法", "Words added"),
    "own_words_none": ("还没有。", "None yet."),
    "settings_lead": (
        "正在使用的设置。要改请编辑wenzheng.toml或环境变量WENZHENG_*，再重启服务。",
        "The settings in force. Edit wenzheng.toml or WENZHENG_* and restart to change them.",
    ),
    "setting": ("名称", "Name"),
    "setting_value": ("现在的值", "Value"),
    "setting_about": ("意思", "Meaning"),
    "setting_changed": ("已改", "changed"),
    "no_answer": (
        "没有连上服务，请检查网络后再试。",
        "The service could not be reached; please try again.",
    ),
}

# Reasons for a thumb down; the Chinese words are stored, as staff read them.
_REASONS: tuple[tuple[str, str], ...] = (
    ("答错了", "The answer is wrong"),
    ("没答到点上", "Beside the point"),
    ("出处不对", "Wrong source"),
    ("报告里有，却说没有", "The report does say it"),
    ("看不懂", "Hard to understand"),
)


def strings(language: Language) -> dict[str, str]:
    """Return every string of the page in a language, by key."""
    position = LANGUAGES.index(language)
    return {key: row[position] for key, row in _TABLE.items()}


def reasons(language: Language) -> dict[str, str]:
    """Return the reasons for a thumb down: what is stored → what is shown."""
    position = LANGUAGES.index(language)
    return {row[0]: row[position] for row in _REASONS}


def language_of(text: str | None) -> Language:
    """Return the language that an address asks for; Chinese unless it says English."""
    return "en" if text == "en" else "zh"
