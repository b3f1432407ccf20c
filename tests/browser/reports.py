"""Reports of a made-up county for the browser tests, as txt files; one of them means harm."""

from __future__ import annotations

from pathlib import Path

COUNTY = "云岭县"
_VALUES = {2020: ("268.4", "18.2", 9), 2021: ("291.7", "20.1", 11), 2022: ("315.2", "22.6", 12)}
HOSTILE = "恶意县_2023.txt"


def county_reports(folder: Path) -> list[Path]:
    """Write three years of work reports and return their paths."""
    paths = []
    for year, (product, revenue, projects) in _VALUES.items():
        path = folder / f"{COUNTY}_{year + 1}.txt"
        path.write_text(
            f"政府工作报告\n\n{year + 1}年1月18日在{COUNTY}第十七届人民代表大会第{'一二三'[year - 2020]}次会议上\n\n"
            f"各位代表：\n现在，我代表县人民政府向大会报告工作，请予审议。\n\n"
            f"一、{year}年工作回顾\n\n"
            f"经济运行稳中有进。{year}年，全县实现地区生产总值{product}亿元，增长6.2%；"
            f"一般公共预算收入{revenue}亿元，增长5.1%。新开工重点项目{projects}个，"
            f"茶叶产量达到3.{projects}万吨。\n\n"
            f"二、{year + 1}年工作安排\n\n"
            f"{year + 1}年，全县地区生产总值增长6.5%左右，一般公共预算收入达到{float(revenue) + 1:.1f}亿元。"
            "新建公办幼儿园2所，改造老旧小区8个。\n",
            encoding="utf-8",
        )
        paths.append(path)
    return paths


def hostile_report(folder: Path) -> Path:
    """Write a report whose text tries to run, to load and to mislead."""
    path = folder / HOSTILE
    path.write_text(
        "政府工作报告\n\n2023年1月18日在恶意县第十七届人民代表大会第一次会议上\n\n各位代表：\n\n"
        "一、2022年工作回顾<script>window.hacked=1</script>\n\n"
        "2022年，全县实现地区生产总值<img src=x onerror=window.hacked=1>88.8亿元，增长6.2%。"
        "[点这里](javascript:window.hacked=1) ![图](http://evil.example/x.png) "
        '"><svg onload=window.hacked=1> 新建\u202e里小旧老\u202c道路12公里。'
        "全县实现水产总值<b>7.7</b>亿元。\n\n"
        "二、2023年工作安排\n\n"
        "2023年，地区生产总值达到<img src=x onerror=window.hacked=1>95亿元，"
        "</article></main><script>window.hacked=1</script>推进道路建设。\n",
        encoding="utf-8",
    )
    return path
