"""How people ask for reckoning: tables of patterns, each with an example, and the words between."""

from __future__ import annotations

from enum import StrEnum


class Task(StrEnum):
    """What is to be done with the figures that a question names."""

    FIRST = "first"
    LAST = "last"
    EXTREME = "extreme"
    WHICH = "which"
    SUM = "sum"
    RATIO = "ratio"
    SHARE = "share"
    DIFFERENCE = "difference"
    SERIES = "series"
    VALUE = "value"


NAME, TIME, PLACE, LIMIT = "□", "▪", "△", "◇"  # stand for what has been recognised
_ASKED = r"(?:多少|几个|几|百分之几|百分之多少|多大|多)"
_YEAR_ASKED = r"(?:哪一?年|哪个年份|什么时候|何时|哪些年|哪几年)"
_MOVE = r"(?:增加|增长|提高|提升|上升|上涨|下降|降低|减少|回落|下滑|缩小|扩大|涨|降|升|减)"
# In this order; patterns run on the question with names as □, times ▪, places △, amounts ◇.
TASKS: tuple[tuple[Task, str, str], ...] = (
    (Task.LAST, rf"(?:最后一次|最后一年|最近一次).*◇|{_YEAR_ASKED}(?:最后|最近).*◇", "□哪一年最后一次超过◇"),
    (Task.FIRST, rf"{_YEAR_ASKED}.*◇|◇.*{_YEAR_ASKED}", "□哪一年首次超过◇"),
    (Task.EXTREME, rf"{_YEAR_ASKED}.*最(?:高|多|大|快|低|少|小|慢)|最(?:高|多|大|快|低|少|小|慢).*{_YEAR_ASKED}", "哪一年□最多"),
    (Task.WHICH, r"(?:哪个|哪一个|哪项|哪一项|谁|哪里|哪边|哪年|哪一年).*(?:快|高|多|大|慢|低|少|小)", "□和□哪个增长快"),
    (Task.SUM, r"一共|总共|合计|共计|加起来|加在一起|相加|之和|总和|累计|共(?:有|计|是)?多少", "□和□一共多少"),
    (Task.RATIO, r"(?:多少|几)倍|倍数", "▪□是▪的几倍"),
    (Task.SHARE, rf"占.*(?:{_ASKED}|比重|比例|份额|占比|多大)|占比", "□占□的多少"),
    (Task.SERIES, r"变化|变动|怎么变|怎样变|如何变|走势|趋势|演变|波动|历年|逐年|各年|每年", "历年□"),
    (Task.DIFFERENCE, rf"相?差(?:了|距|额|别)?(?:有|是)?{_ASKED}|差距|差额|(?:比|从|由|较|相比).*(?:{_MOVE}|[多少高低快慢])(?:了|出|得)?{_ASKED}|{_MOVE}(?:了|出)?{_ASKED}", "▪□比▪多多少"),
    (Task.VALUE, rf"{_ASKED}|目标|预期|数字|情况|$", "▪□是多少"),
)  # fmt: skip
# Words that say how the first of two values should stand to the second. (pattern, direction, example)
DIRECTIONS: tuple[tuple[str, int, str], ...] = (
    (r"(?:少|低|慢|下降|降低|减少|回落|下滑|缩小|降|减)(?:了|出|得)?(?:多少|几|百分之)", -1, "▪□比▪少多少"),
    (r"(?:多|高|快|增加|增长|提高|提升|上升|上涨|扩大|涨|升)(?:了|出|得)?(?:多少|几|百分之)", 1, "▪□比▪多多少"),
)  # fmt: skip
RATE = r"增速|增幅|涨幅|降幅|增长率|增长速度|涨跌|实际增长|增长目标|增长预期|增长的?(?:预期)?目标"
GROWTH = r"增长|涨了|上涨|[快慢]"
GOAL = r"目标|预期(?!寿命)|力争|计划(?!生育)|预算安排|要(?:达到|降低|提高|增长|实现|完成)"
DONE = r"实际(?!使用|利用|到)|完成(?:情况|数)?|实现|实绩|结果|执行"
PERCENT = r"百分之|增长率|增幅"
# Words before a name that make it another indicator: 人均GDP is no GDP. (pattern, example)
SCOPES: tuple[tuple[str, str], ...] = (
    (r"人均|户均|地均|单位|万元|每万人|每百户|平均每人", "人均□是多少"),
)
LIMITS: tuple[tuple[str, int, str], ...] = (
    (r"低于|跌破|降到|降至|少于|不到|小于|跌到", -1, "哪一年□首次低于◇"),
    (r"超过|突破|达到|跨过|跨越|迈上|站上|高于|大于|多于|上了|过|超|升到|不低于", 1, "哪一年□首次超过◇"),
)  # fmt: skip
# What may stand between; a question with any other word asks for something else.
BETWEEN = (
    r"请问|麻烦|您好|你好|想问|问一下|我想知道|想知道|告诉我|一下|帮我|查查?|算算?|"
    r"国务院|政府工作报告|工作报告|报告|里面|里头|里|中|当中|上|的话|的|了|是|有|在|与|和|跟|同|及|以及|"
    r"比较|比起|相比之下|相比|对比|比|较|从|由|到|至|为|达到|达|实现|完成|执行|结果|将|要|会|能|应|应该|"
    r"多少个|多少|百分之几|百分之多少|百分之|百分点|几个|几成|几|个|哪个年份|哪几年|哪些年|哪一年|哪年|哪一个|哪一项|哪个|哪项|谁|"
    r"什么时候|何时|什么|首次|首度|第一次|头一次|最早|最先|率先|开始|最后一次|最后一年|最近一次|最后|最|才|就|"
    r"增长率|增长速度|增速|增幅|涨幅|降幅|速度|幅度|增加|增长|减少|下降|降低|上升|提高|提升|上涨|回落|下滑|扩大|缩小|涨跌|涨|降|升|减|"
    r"变化|变动|走势|趋势|演变|波动|怎么样|怎样|怎么|如何|情况|数字|数据|数值|数目|数量|数|变|"
    r"历年来|历年|逐年|各年|每年|每月|一年|分别|各自|各|又|还|都|"
    r"一共|总共|合计|共计|共|加起来|加在一起|相加|之和|总和|累计|倍数|倍|占比|占|比重|比例|份额|其中|"
    r"预期目标|目标|预期|实际|计划|安排|预算|力争|设定|定|"
    r"相差|差距|差额|差别|差|高|多|大|快|低|少|小|慢|得|更|出|要|"
    r"超过|突破|达到|跨过|跨越|迈上|站上|高于|大于|多于|低于|跌破|少于|不到|小于|不低于|过|超|"
    r"当年|全年|年份|年度|年底|年末|年|底|末|初|呢|吗|啊|呀|吧|嘛|哦|来|间|"
    r"万亿元|亿元|万元|亿美元|美元|元钱|块钱|元|亿人|万人|个人|人|名|万公里|公里|亿吨|万吨|吨|平方米|万套|套|万户|户|亿斤|斤|岁|件|项|家|万|亿|"
    r"[，,、。？?！!：:；;\s“”\"'（）()]|[0-9]+(?=年)"
)
