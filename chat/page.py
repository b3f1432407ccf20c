"""The chat page (Gradio) at /, mounted on the API."""

from __future__ import annotations

from html import escape
from pathlib import Path

import gradio as gr
from fastapi import FastAPI
from gradio.themes import Base

from chat.api import create_api
from chat.render import answer_html, inert, source_html
from chat.samples import sample_questions
from chat.service import MAX_QUESTION, Service
from corpus.errors import WenzhengError

_CSS = Path(__file__).parent / "page.css"
_FONTS = ["system-ui", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "sans-serif"]

# A long answer is read from its beginning: the last question goes to the top of the chat.
_SHOW_LAST = """() => setTimeout(() => {
  const asked = document.querySelectorAll('#wz-chat .user-row');
  const last = asked[asked.length - 1];
  let box = last;
  while (box && box.id !== 'wz-chat' && box.scrollHeight <= box.clientHeight + 4) {
    box = box.parentElement;
  }
  if (last && box) {
    box.scrollTop += last.getBoundingClientRect().top - box.getBoundingClientRect().top - 8;
  }
}, 80)"""

Messages = list[dict[str, str]]
Turn = tuple[Messages, list[str], object, str, object]


def create_app(service: Service) -> FastAPI:
    """Return the whole web application: API first, the page for everything else."""
    api = create_api(service)
    page = create_page(service)
    app: FastAPI = gr.mount_gradio_app(
        api,
        page,
        path="/",
        footer_links=[],
        run_history=False,
        show_error=True,
        ssr_mode=False,
        theme=_theme(),
        css_paths=[_CSS],
    )
    return app


def _theme() -> Base:
    # Names of fonts on the reader's own machine: a web font would be fetched from another host.
    return gr.themes.Base(
        primary_hue="blue",
        neutral_hue="slate",
        text_size="lg",
        font=_FONTS,
        font_mono=["ui-monospace", "monospace"],
    )


def create_page(service: Service) -> gr.Blocks:
    """Return the page: chat on the left, the cited paragraph on the right."""

    def respond(question: str, messages: Messages, asked: list[str]) -> Turn:
        if not question.strip():
            return messages, asked, gr.skip(), "", gr.skip()
        shown = [*messages, {"role": "user", "content": inert(question.strip())}]
        try:
            answer = service.ask(question, asked)
        except WenzhengError as error:
            shown.append({"role": "assistant", "content": inert(error.message)})
            return shown, asked, gr.skip(), "", gr.skip()
        shown.append({"role": "assistant", "content": answer_html(answer)})
        library = service.library
        first = answer.citations[0] if answer.citations else None
        document = library.documents.get(first.document) if first else None
        cited = tuple(c for c in answer.citations if first and c.document == first.document)
        # The samples make room: on a phone the cited paragraph then follows the chat at once.
        return (
            shown,
            [*asked, question.strip()],
            source_html(document, cited),
            "",
            gr.Row(visible=False),
        )

    def restart() -> Turn:
        return [], [], source_html(None, ()), "", gr.Row(visible=True)

    page: gr.Blocks
    with gr.Blocks(
        title="问政 · 政府工作报告问答", analytics_enabled=False, fill_width=True
    ) as page:
        gr.HTML(_header(service), elem_id="wz-header")
        asked = gr.State([])
        with gr.Row(elem_id="wz-main"):
            with gr.Column(scale=3, min_width=320):
                chat = gr.Chatbot(
                    show_label=False,
                    label="对话",
                    elem_id="wz-chat",
                    height=None,
                    min_height=150,
                    max_height="60vh",
                    autoscroll=False,
                    latex_delimiters=[],
                    buttons=[],
                    feedback_options=None,
                    layout="bubble",
                    placeholder="请问关于报告的任何问题，例如下面几个。",
                )
                question = gr.Textbox(
                    show_label=False,
                    label="问题",
                    placeholder="想问什么？例如：去年的财政收入是多少？",
                    submit_btn="提问",
                    autofocus=True,
                    max_length=MAX_QUESTION,
                    elem_id="wz-question",
                )
                with gr.Row(elem_id="wz-samples") as choices:
                    samples = [
                        gr.Button(q, size="sm", variant="secondary", min_width=180)
                        for q in sample_questions(service)
                    ]
                again = gr.Button(
                    "重新开始", size="sm", variant="secondary", elem_id="wz-restart", min_width=100
                )
            with gr.Column(scale=2, min_width=320):
                source = gr.HTML(source_html(None, ()), elem_id="wz-source")
        outputs = [chat, asked, source, question, choices]
        for event, asker in ((question.submit, question), *((b.click, b) for b in samples)):
            event(
                respond,
                [asker, chat, asked],
                outputs,
                show_progress="hidden",
                api_visibility="private",
            ).then(None, js=_SHOW_LAST)
        again.click(restart, [], outputs, show_progress="hidden", api_visibility="private")
    return page


def _header(service: Service) -> str:
    documents = sorted(service.library.documents.values(), key=lambda d: d.year or 0)
    newest = documents[-1] if documents else None
    known = f"可查《{newest.title}》" if newest else "库里还没有报告"
    if newest and newest.date:
        known += f"（{newest.date}）"
    if len(documents) > 1:
        known += f"等{len(documents)}份文件"
    return (
        f'<header class="wz-title"><h1>问政</h1><p>{escape(known)}。'
        "答案逐字引自报告，并注明出处；报告没说的，就说没有。</p></header>"
    )
