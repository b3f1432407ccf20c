"""A clerk checks, publishes, replaces and takes back reports, and adds words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from browser.conftest import Office
from browser.reports import COUNTY, county_reports, hostile_report
from browser.site import Visitor
from playwright.sync_api import Page, expect

Visit = Callable[..., Visitor]


@pytest.fixture
def desk(visit: Visit, office: Office) -> Visitor:
    """The staff's page, the key given."""
    visitor = visit(office.address, "/staff")
    visitor.page.get_by_label("工作人员密钥").fill(office.key)
    visitor.page.get_by_role("button", name="进入").click()
    expect(visitor.page.locator("#held li").first).to_be_visible()
    return visitor


def publish(page: Page, files: list[Path]) -> None:
    page.locator("#files").set_input_files(files)
    page.get_by_role("button", name=f"发布{len(files)}份").click()
    expect(page.locator("#told")).to_contain_text("已发布，现在是版本", timeout=240_000)


def test_without_a_valid_key_nothing_is_shown(visit: Visit, office: Office) -> None:
    visitor = visit(office.address, "/staff")
    visitor.page.get_by_label("工作人员密钥").fill("wz_wrong")
    visitor.page.get_by_role("button", name="进入").click()
    expect(visitor.page.get_by_role("alert")).to_contain_text("密钥无效、已过期或已吊销")
    expect(visitor.page.locator("#rooms")).to_be_hidden()
    visitor.errors.clear()  # the browser tells of the 401


def test_three_reports_go_from_upload_to_an_answer_with_its_chart(
    desk: Visitor, tmp_path: Path
) -> None:
    page = desk.page
    bad = tmp_path / "照片.pdf"
    bad.write_bytes(b"%PDF-1.4 nothing in it")
    page.locator("#files").set_input_files([*county_reports(tmp_path), bad])
    expect(page.locator("#queue .state.good")).to_have_count(3)
    wrong = page.locator("#queue li", has_text="照片.pdf").first
    expect(wrong).to_contain_text("不能发布")
    expect(wrong.locator(".error")).not_to_be_empty()
    page.get_by_text("核对目录").first.click()
    expect(page.locator("#queue ol").first).to_contain_text("一、2020年工作回顾")
    page.get_by_role("button", name="发布3份").click()
    expect(page.locator("#told")).to_contain_text("已发布，现在是版本", timeout=240_000)
    expect(page.locator("#held li")).to_have_count(4)

    desk.open("/")
    expect(page.locator(".hero-known")).to_contain_text(
        f"可查4份报告，最新的是《{COUNTY}2023年政府工作报告》"
    )
    expect(page.locator(".samples button")).to_have_count(6)
    turn = desk.ask(f"{COUNTY}2022年地区生产总值是多少？近三年有什么变化？")
    expect(turn.locator(".answer")).to_contain_text("315.2亿元")
    expect(turn.locator("figure.drawing svg .dot")).to_have_count(3)
    desk.open("/figures?indicator=地区生产总值&form=line")
    expect(page.locator(".drawing", has_text=COUNTY).first.locator("svg .dot")).to_have_count(3)


def test_a_file_of_a_known_name_replaces_and_can_be_taken_back(
    desk: Visitor, tmp_path: Path
) -> None:
    page = desk.page
    path = tmp_path / "北仑区_2022.txt"
    path.write_text(
        "政府工作报告\n\n2022年2月12日在宁波市北仑区第十届人民代表大会第一次会议上\n\n各位代表：\n\n"
        "一、工作回顾\n\n2021年，全区实现地区生产总值9999.9亿元，增长6%。\n",
        encoding="utf-8",
    )
    before = page.locator("#versions li", has_text="正在使用").inner_text().split("\n")[0]
    page.locator("#files").set_input_files(path)
    expect(page.locator("#queue")).to_contain_text("将替换《宁波市北仑区2022年政府工作报告》")
    publish_button = page.get_by_role("button", name="发布1份")
    publish_button.click()
    expect(page.locator("#told")).to_contain_text("已发布，现在是版本", timeout=240_000)
    row = page.locator("#versions li", has_text=before)
    row.get_by_role("button", name="换回这个版本").click()
    expect(page.locator("#told")).to_contain_text("已换回")
    expect(page.locator("#versions li", has_text=before)).to_contain_text("正在使用")


def test_a_hostile_report_is_shown_and_does_nothing(desk: Visitor, tmp_path: Path) -> None:
    page = desk.page
    publish(page, [hostile_report(tmp_path)])
    for path in ("/reports/恶意县_2023", "/figures?document=恶意县_2023", "/reports", "/"):
        desk.open(path)
        assert page.evaluate("window.hacked") is None, path
        assert page.locator("a[href^='javascript'], img, article script").count() == 0, path
    turn = desk.ask("恶意县2023年地区生产总值的预期目标是多少？")
    expect(turn.locator(".answer")).to_contain_text("<img src=x onerror=window.hacked=1>")
    expect(desk.report.locator("mark").first).to_be_visible()
    assert page.evaluate("window.hacked") is None
    assert desk.page.frames[-1].evaluate("window.hacked") is None


def test_words_are_tried_before_they_are_saved(desk: Visitor, tmp_path: Path) -> None:
    page = desk.page
    page.get_by_role("tab", name="词表").click()
    questions = tmp_path / "questions.jsonl"
    questions.write_text(
        '{"question": "2021年北仑区的腰包总数是多少？", "answers": ["781.1亿元"]}\n'
        '{"question": "2021年北仑区的地区生产总值是多少？", "answers": ["2382.5亿元"]}\n',
        encoding="utf-8",
    )
    page.get_by_label("报告的说法").fill("财政总收入")
    page.get_by_label("百姓的说法").fill("腰包总数")
    page.get_by_label("用自己的问题文件").set_input_files(questions)
    page.get_by_role("button", name="试一试").click()
    changed = page.locator(".changes tbody tr")
    expect(changed).to_have_count(1)
    expect(changed).to_contain_text("781.1亿元")
    expect(changed).to_contain_text("变对")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("#own-words")).to_contain_text("财政总收入")
    question = "2021年北仑区的腰包总数是多少？"
    asked = {"question": question}
    # The file is looked at twice a second.
    desk.wait_until(
        lambda: httpx.post(f"{desk.address}/v1/ask", json=asked).json()["answer"] == "781.1亿元"
    )
    desk.open("/")
    expect(desk.ask(question).locator(".short")).to_have_text("781.1亿元")


def test_words_that_cannot_be_taken_in_are_told_with_what_to_mend(
    desk: Visitor, office: Office
) -> None:
    page = desk.page
    page.get_by_role("tab", name="词表").click()
    for everyday, told in (
        ('一个"两个', "请只写文字"),
        ("字" * 31, "最多30个字"),
        ("财政总收入", "在两边都有"),
    ):
        page.get_by_label("报告的说法").fill("财政总收入")
        page.get_by_label("百姓的说法").fill(everyday)
        page.get_by_role("button", name="保存").click()
        expect(page.locator("#told.bad")).to_contain_text(told)
    kept = office.folder / "vocabulary.toml"
    before = kept.read_bytes() if kept.exists() else None
    kept.write_text("不是词表", encoding="utf-8")
    page.get_by_label("百姓的说法").fill("腰包")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("#told.bad")).to_contain_text("读不了")
    if before is None:
        kept.unlink()
    else:
        kept.write_bytes(before)
    assert not [e for e in desk.errors if "422" not in e and "409" not in e]
    desk.errors.clear()  # the browser tells of the refusals


def test_open_questions_are_grouped_for_the_staff(desk: Visitor) -> None:
    desk.open("/")
    desk.ask("北仑区的火星基地什么时候建成？")
    desk.open("/staff")
    desk.page.get_by_role("tab", name="没答上的问题").click()
    expect(desk.page.locator("#open")).to_contain_text("火星基地")
    desk.page.keyboard.press("ArrowRight")
    expect(desk.page.get_by_role("tab", name="词表")).to_be_focused()


def test_the_settings_in_force_are_listed_without_secrets(desk: Visitor) -> None:
    desk.page.get_by_role("tab", name="设置").click()
    expect(desk.page.locator("#in-force tr", has_text="port").first).to_be_visible()
    expect(desk.page.locator("#in-force tr", has_text="data").first).to_contain_text("已改")
