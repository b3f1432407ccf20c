"""What each figure is called, its unit, and whether more of it is better."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Metric:
    """A figure that runs report.

    :ivar unit: ``%`` (kept as 0 to 100), ``ms``, ``s``, ``MB``, ``/s`` or empty (0 to 1).
    :ivar higher: whether more is better; None where neither is.
    :ivar meaning: Chinese, in half a sentence.
    """

    name: str
    label: str
    unit: str
    higher: bool | None
    meaning: str


_TABLE: tuple[Metric, ...] = (
    Metric("questions", "题数", "", None, "问了几题"),
    Metric("answerable_right", "可答题答对", "%", True, "正确答案在回答里（列举题须全部列出）"),
    Metric("answerable_direct", "简答命中", "%", True, "正确答案在简答里"),
    Metric("answerable_refused", "误拒", "%", False, "可答的题被拒答"),
    Metric("unanswerable_refused", "不可答题拒答", "%", True, "报告没说的题如实说没有"),
    Metric("correct", "总正确率", "%", True, "可答题答对、不可答题拒答，占全部题"),
    Metric("answered_right", "所答正确率", "%", True, "给出回答的题里答对的"),
    Metric("wrong_number", "错数率", "%", False, "把错的数字当答案给出，占全部题"),
    Metric("em", "EM", "%", True, "简答与正确答案一致（CMRC 2018的算法）"),
    Metric("f1", "F1", "%", True, "简答与正确答案的最长公共串（CMRC 2018的算法）"),
    Metric("item_recall", "列举召回", "%", True, "列举题答出的项占应列的项"),
    Metric("item_precision", "列举精确", "%", True, "列举题所列的项里正确的"),
    Metric("number_right", "数字全对", "%", True, "数字题里数值和单位都对"),
    Metric("number_value", "数值对", "%", True, "数字题里数值对"),
    Metric("number_unit", "单位对", "%", True, "数值对的题里单位也对"),
    Metric("number_year", "年份对", "%", True, "数值对的题里所引数字的年份也对"),
    Metric("answerable_cited", "引到依据", "%", True, "有引文与标准依据重叠，占可答题"),
    Metric("citation_precision", "引文精确", "%", True, "答出的题里，与标准依据重叠的引文占所引"),
    Metric("citation_recall", "引文召回", "%", True, "答出的题里，引文盖住的标准依据的字数"),
    Metric("quotes_exact", "引文逐字一致", "%", True, "每条引文与原文该处逐字相同"),
    Metric("refusal_precision", "拒答精确", "%", True, "拒答的题里报告确实没说的"),
    Metric("refusal_recall", "拒答召回", "%", True, "报告没说的题里被拒答的"),
    Metric("refusal_f1", "拒答F1", "%", True, "拒答精确和召回的调和平均"),
    Metric("ece", "校准误差ECE", "", False, "给出的回答：把握与正确率之差，十档"),
    Metric("ece_all", "全部题ECE", "", False, "不拒答时：把握与正确率之差，十档"),
    Metric("auroc", "可答与否AUROC", "", True, "可答的题把握更高的机会"),
    Metric("aurc", "风险覆盖面积", "", False, "按把握从高到低作答时的平均错误率"),
    Metric("coverage_at_5", "错5%时覆盖", "%", True, "错误率不超过5%时最多能答的题"),
    Metric("coverage_at_10", "错10%时覆盖", "%", True, "错误率不超过10%时最多能答的题"),
    Metric("recall@1", "召回@1", "%", True, "第一个就是依据所在的段落"),
    Metric("recall@5", "召回@5", "%", True, "前五个里有依据所在的段落"),
    Metric("recall@10", "召回@10", "%", True, "前十个里有依据所在的段落"),
    Metric("mrr@10", "MRR@10", "", True, "第一个相关段落名次的倒数的平均"),
    Metric("ndcg@10", "nDCG@10", "", True, "前十个的折损累计增益"),
    Metric("hit@1", "首位命中", "%", True, "第一个文件相关"),
    Metric("hit@5", "前五命中", "%", True, "前五个文件里有相关的"),
    Metric("accuracy", "正确率", "%", True, "RGB：回答里有正确答案"),
    Metric("accuracy_short", "简答正确率", "%", True, "RGB：简答里有正确答案"),
    Metric("rejection_rate", "拒答率", "%", True, "RGB：只给无关文档时拒答"),
    Metric("misled", "被误导", "%", False, "RGB：回答里是假答案"),
    Metric("error_detection", "指出错误", "%", True, "RGB：说出文档有事实错误"),
    Metric("error_correction", "纠正错误", "%", True, "RGB：说出有错并给出正确答案，占说出的"),
    Metric("median_ms", "用时中位数", "ms", False, "一问的毫秒数"),
    Metric("p95_ms", "用时95%", "ms", False, "95%的问题不超过"),
    Metric("p99_ms", "用时99%", "ms", False, "99%的问题不超过"),
    Metric("per_second", "每秒问数", "/s", True, "一个接一个问"),
    Metric("ready_s", "就绪", "s", False, "从启动进程到可以回答"),
    Metric("resident_mb", "常驻内存", "MB", False, "答完全部问题之后"),
    Metric("index_per_second", "每秒索引段落", "/s", True, "建立索引的速度"),
)
METRICS: dict[str, Metric] = {metric.name: metric for metric in _TABLE}


def metric(name: str) -> Metric:
    """Return what is known of a figure; of an unknown one its name alone."""
    return METRICS.get(name) or Metric(name, name, "", None, "")


def shown(name: str, value: float) -> str:
    """Return a value for people: 92.5%, 12.1毫秒, 0.908."""
    units = {"%": "%", "ms": " ms", "s": " s", "MB": " MB", "/s": "/s"}
    known = metric(name)
    if name == "questions":
        return f"{value:.0f}"
    digits = {"%": 1, "ms": 1, "s": 1, "MB": 0, "/s": 1}.get(known.unit, 3)
    return f"{value:.{digits}f}{units.get(known.unit, '')}"


# Types of question in the shipped sets → what people call them.
TYPES: dict[str, str] = {
    "number": "数字",
    "entity": "名称",
    "list": "列举",
    "glossary": "名词解释",
    "definition": "定义",
    "paraphrase": "口语说法",
    "how": "措施",
    "arithmetic": "计算",
    "relative_time": "相对时间",
    "follow_up": "追问",
    "reason": "原因",
    "date": "时间",
    "yesno": "是否",
    "unanswerable": "报告没说",
    "reading": "阅读",
    "question": "提问",
    "query": "检索",
}


def type_name(name: str) -> str:
    """Return the Chinese name of a type of question; of others the name as given."""
    return TYPES.get(name, name)


def between(name: str, low: float, high: float) -> str:
    """Return an interval for people: 87.5—96.7%."""
    first, last = shown(name, low), shown(name, high)
    unit = last.lstrip("0123456789.-")
    return f"{first.removesuffix(unit)}—{last}" if unit else f"{first}—{last}"
