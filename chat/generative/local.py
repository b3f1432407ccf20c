"""Write answers by a causal language model of the Hub's form that runs on this machine."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Generator
from queue import Empty
from typing import TYPE_CHECKING

from chat.generative.prompt import Message
from chat.generative.writer import LocalOptions
from corpus.errors import GenerationError
from index.hub import missing_model, use_hub

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

_log = logging.getLogger("wenzheng")
_POLL_S = 1.0
_UNBOUNDED = 1_000_000  # tokenizers without a limit tell a number beyond this


class LocalWriter:
    """A model and its tokenizer, loaded once; one answer is written at a time."""

    def __init__(self, options: LocalOptions) -> None:
        """Remember the model; it is loaded by ``prepare`` or on first use."""
        self._options = options
        self._lock = threading.Lock()
        self._loading = threading.Lock()
        self._loaded: tuple[PreTrainedModel, PreTrainedTokenizerBase] | None = None

    @property
    def name(self) -> str:
        """The folder or Hub id."""
        return self._options.name

    def prepare(self) -> None:
        """Load the model.

        :raises GenerationError: if it cannot be had, or has no chat template.
        """
        self._model()

    def fits(self, messages: list[Message]) -> bool:
        """Tell whether prompt and answer keep within the model's context."""
        model, tokenizer = self._model()
        limit = int(getattr(model.config, "max_position_embeddings", _UNBOUNDED))
        return self._ids(tokenizer, messages).shape[1] + self._options.tokens <= limit

    def write(self, messages: list[Message]) -> Generator[str, None, None]:
        """Yield the answer as it is written; see ``Writer``."""
        from transformers import TextIteratorStreamer

        until = time.monotonic() + self._options.whole_s
        model, tokenizer = self._model()
        if not self._lock.acquire(timeout=self._options.whole_s / 2):
            raise GenerationError("模型正忙着回答别的问题")
        stop = threading.Event()
        streamer = TextIteratorStreamer(
            tokenizer, skip_prompt=True, timeout=_POLL_S, skip_special_tokens=True
        )
        failed: list[Exception] = []
        ids = self._ids(tokenizer, messages)
        worker = threading.Thread(
            target=self._generate,
            args=(model, ids, streamer),
            kwargs={"stop": stop, "until": until, "failed": failed},
            daemon=True,
        )
        worker.start()
        try:
            while True:
                try:
                    yield next(streamer)
                except StopIteration:
                    break
                except Empty:
                    if not worker.is_alive():
                        break
        finally:
            stop.set()
            worker.join()
            self._lock.release()
        if failed:
            raise GenerationError(f"模型出错（{type(failed[0]).__name__}）") from failed[0]
        if time.monotonic() >= until:
            raise GenerationError(f"模型超过{self._options.whole_s:g}秒没有写完")

    def close(self) -> None:
        """Forget the model, so that its memory can be used again."""
        self._loaded = None

    def _generate(
        self,
        model: PreTrainedModel,
        ids: torch.Tensor,
        streamer: object,
        *,
        stop: threading.Event,
        until: float,
        failed: list[Exception],
    ) -> None:
        import torch

        try:
            with torch.inference_mode():
                model.generate(  # type: ignore[operator]
                    ids,
                    attention_mask=torch.ones_like(ids),
                    do_sample=False,
                    max_new_tokens=self._options.tokens,
                    streamer=streamer,
                    stopping_criteria=_stopping(stop, until),
                )
        except (RuntimeError, ValueError, IndexError, MemoryError) as error:
            _log.exception("模型“%s”出错", self._options.name)
            failed.append(error)
            stop.set()

    def _ids(self, tokenizer: PreTrainedTokenizerBase, messages: list[Message]) -> torch.Tensor:
        from transformers import BatchEncoding

        turns = [{"role": m.role, "content": m.content} for m in messages]
        encoded = tokenizer.apply_chat_template(
            turns, add_generation_prompt=True, return_tensors="pt", return_dict=True
        )
        assert isinstance(encoded, BatchEncoding)
        ids: torch.Tensor = encoded["input_ids"]
        return ids

    def _model(self) -> tuple[PreTrainedModel, PreTrainedTokenizerBase]:
        with self._loading:
            if self._loaded is None:
                self._loaded = _load(self._options)
            return self._loaded


def _load(options: LocalOptions) -> tuple[PreTrainedModel, PreTrainedTokenizerBase]:
    offline = use_hub(downloads=options.downloads)
    from transformers import AutoModelForCausalLM, AutoTokenizer

    try:
        tokenizer = AutoTokenizer.from_pretrained(
            options.name, local_files_only=offline, trust_remote_code=False
        )
        model = AutoModelForCausalLM.from_pretrained(
            options.name,
            local_files_only=offline,
            trust_remote_code=False,
            use_safetensors=True,
            dtype="auto",
        )
    except (OSError, ValueError, ImportError) as error:
        raise GenerationError(missing_model("生成模型", options.name, "model")) from error
    if not tokenizer.chat_template:
        raise GenerationError(
            f"模型“{options.name}”没有对话模板，不能用来回答；请把model换成对话模型，"
            "如Qwen/Qwen2.5-1.5B-Instruct。"
        )
    model.eval()  # type: ignore[no-untyped-call]
    return model, tokenizer


def _stopping(stop: threading.Event, until: float) -> object:
    """Return criteria that end the writing when nobody listens any more or the time is up."""
    from transformers import StoppingCriteria, StoppingCriteriaList

    class _Stop(StoppingCriteria):
        def __call__(
            self,
            input_ids: torch.Tensor,
            scores: torch.Tensor,  # noqa: ARG002
            **_: object,
        ) -> torch.Tensor:
            import torch

            over = stop.is_set() or time.monotonic() >= until
            return torch.full((input_ids.shape[0],), over, dtype=torch.bool)

    return StoppingCriteriaList([_Stop()])
