"""What is answered otherwise than by reading the best places: each kind of question has its skill."""

from __future__ import annotations

from chat.skills.base import Inquiry, Outcome, Quoted, Skill
from chat.skills.manners import manners
from chat.skills.numbers import numbers
from chat.skills.outline import outline
from chat.skills.summaries import topic_summary

__all__ = ["SKILLS", "Inquiry", "Outcome", "Quoted", "Skill"]

# Tried in this order before the reports are searched; the first that knows the question answers it.
SKILLS: tuple[Skill, ...] = (manners, numbers, topic_summary, outline)
