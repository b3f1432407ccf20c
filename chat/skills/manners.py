"""The skill for what is no question to the reports: small talk, orders, matters of one person."""

from __future__ import annotations

from chat.courtesy import ADVICE, SMALL_TALK, Manner, manner_of
from chat.skills.base import Inquiry, Outcome, Quoted
from chat.types import Status
from corpus.cleaning import fold_text
from index.library import Library
from retriever.question import understand

_NEAREST = 20  # passages looked at for one that speaks of the subject
_TELLING = 0.5  # weight from which a word names a subject
_ASK = "请直接提问，例如“去年的地区生产总值是多少”“教育方面做了什么”。"
# What is said in return; {known} are the reports held.
_SAID: dict[Manner, str] = {
    Manner.GREETING: "您好！我是问政，回答政府工作报告里写到的内容，句句引自原文。{known}。" + _ASK,
    Manner.IDENTITY: "我是问政，一个自动问答程序，只按政府工作报告的原文回答。{known}。" + _ASK,
    Manner.ABILITY: (
        "我能在政府工作报告里查数字、项目、措施、名单和名词解释，并指出原文在哪里；报告没说的，我会直说。{known}。"
        + _ASK
    ),
    Manner.THANKS: "不客气！还想了解报告里的什么，请继续问。{known}。",
    Manner.FAREWELL: "再见！以后想查政府工作报告里的内容，欢迎再来。{known}。",
    Manner.CHEER: "谢谢您！还想了解报告里的什么，请继续问。{known}。",
    Manner.ACKNOWLEDGED: "好的。还想了解报告里的什么，请继续问。{known}。",
    Manner.DISPLEASURE: (
        "对不起，没能帮上您。请换个说法，写明年份和想问的内容，我再到报告里找一找。{known}。" + _ASK
    ),
    Manner.INSTRUCTION: (
        "这件事我做不了：我只按政府工作报告的原文回答问题，不写作、不翻译、不预测，也不改变回答的方式。{known}。"
    ),
    Manner.FIRE: "请先离开现场，马上拨打119；有人受伤请拨打120。这里只能回答报告里写到的内容。",
    Manner.DANGER: (
        "如果有人受伤或生病，请马上拨打120；遇到危险或被人伤害，请拨打110。这里只能回答报告里写到的内容。"
    ),
    Manner.DESPAIR: (
        "请您先别独自扛着：现在就可以拨打全国统一心理援助热线12356；情况紧急请拨打120或110，"
        "或者马上告诉身边的人。这里只能回答报告里写到的内容。"
    ),
    Manner.COMPLAINT: (
        "这里不受理投诉和举报，您说的内容也不会转交。请拨打政务服务便民热线12345；紧急情况请拨打110。"
    ),
    Manner.PERSONAL_DATA: "这里查不到任何个人的信息。请拨打12345，或到经办的窗口、官方网站查询。",
    Manner.SERVICE: "这里只能回答报告里写到的内容，不能代您办事。请拨打12345，或到政务服务窗口办理。",
    Manner.HEALTH: "这里不能代替医生。请到医院就诊，病情紧急请拨打120；就医方面的政策可以拨打12345询问。",
    Manner.LAW: (
        "报告不谈个人的案子，这里也不能代替律师。请拨打12345，或拨打12348找免费的法律咨询；人身安全受到威胁请拨打110。"
    ),
    Manner.PAPERS: "报告不说个人怎样办理。请拨打12345，或到政务服务窗口询问要带的材料和办理时间。",
    Manner.BENEFIT: "报告不说哪一个人能享受什么待遇。请拨打12345，或到所在的社区、街道询问条件和办法。",
}
_NEAR = "报告里提到有关内容，供参考。"


def manners(inquiry: Inquiry) -> Outcome | None:
    """Answer what is no question to the reports, None for a question to them."""
    reports = all("工作报告" in d.title for d in inquiry.scope.rows)
    manner = manner_of(inquiry.asked, reports=reports)
    if manner is None:
        return None
    said = _SAID[manner].format(known=_known(inquiry.library))
    if manner in SMALL_TALK or manner is Manner.INSTRUCTION:
        return Outcome(Status.UNANSWERABLE, said)
    quotes = _nearest(inquiry)
    return Outcome(
        Status.UNANSWERABLE,
        said,
        quotes=quotes,
        notes=(_NEAR,) if quotes else (),
        yields=manner in ADVICE,
    )


def _known(library: Library) -> str:
    """Return which reports are held, and until when they reach."""
    held = library.store.descriptions()
    newest = max(held, key=lambda d: d.year or 0)
    if len(held) == 1:
        return f"现有《{newest.title}》"
    years = [d.year for d in held if d.year is not None]
    span = f"，{min(years)}—{max(years)}年" if years and min(years) < max(years) else ""
    return f"现有{len(held)}份文件{span}，最新的是《{newest.title}》"


def _nearest(inquiry: Inquiry) -> tuple[Quoted, ...]:
    """Return the sentence that speaks of the subject of a personal matter, if one does."""
    held = inquiry.library.documents
    asked = understand(inquiry.asked, None, inquiry.words)
    subjects = [
        {w.text, *inquiry.vocabulary.expansions(w.text, (w,))}
        for w in asked.words
        if w.weight >= _TELLING and len(w.text) > 1
    ]
    if not subjects:
        return ()
    hits = inquiry.retriever.search(asked, _NEAREST, inquiry.scope.searched)
    best: tuple[int, Quoted] | None = None
    for hit in hits:
        for sentence in hit.passage.sentences:
            text = fold_text(held[hit.passage.document_id].text[sentence.start : sentence.end])
            found = sum(any(term in text for term in terms) for terms in subjects)
            if found and (best is None or found > best[0]):
                best = found, Quoted(hit.passage.document_id, sentence.start, sentence.end)
    # One of several subjects may be there by chance (工作 of 没有工作).
    return (best[1],) if best is not None and 2 * best[0] >= len(subjects) else ()
