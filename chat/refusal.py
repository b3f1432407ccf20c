"""Say what is missing where the reports do not carry a question."""

from __future__ import annotations

from chat.arithmetic import needs_sum
from chat.features import year_relation
from chat.types import Evidence
from retriever.kinds import Kind
from retriever.places import Places
from retriever.question import Question


def missing_text(question: Question, evidence: list[Evidence], places: Places) -> str:
    """Return the sentence that a person reads in place of an answer.

    :param evidence: the nearest places, best first.
    """
    if not question.words:
        return "我只能回答报告里写到的内容，请换一个具体的问题。"
    if places.unknown:
        return f"报告没有提到“{'、'.join(sorted(places.unknown))}”的这项内容。"
    if needs_sum(question):
        return "报告没有给出可以相加的数字（单位不同，或不在一处），请分别提问。"
    if question.years is not None and evidence:
        nearest = evidence[0].segment
        _, conflict = year_relation(question.years, nearest, question.kind is Kind.NUMBER)
        if conflict >= 0.5 and (given := nearest.years or nearest.period):
            return (
                f"报告没有给出{_years(question.years)}的这项内容，"
                f"最接近的内容说的是{_years(given)}。"
            )
    return "报告没有提到这项内容。"


def _years(years: tuple[int, ...]) -> str:
    return "—".join(str(y) for y in sorted(set(years))) + "年"
