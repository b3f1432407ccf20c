"""A reader of the Hub's form (``AutoModelForQuestionAnswering``), such as luhua/chinese_pretrain_mrc_macbert_large."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np
import torch

from chat.reader.reader import Answering, Floats, Scores, shared
from corpus.errors import LibraryError
from index.hub import missing_model, use_hub

if TYPE_CHECKING:
    from transformers import BatchEncoding, PreTrainedModel, PreTrainedTokenizerFast

_OVERLAP = 96  # tokens that neighbouring windows share
_WINDOW = 384  # tokens of question and text together
_NEVER = -1e9


@dataclass(frozen=True)
class ReaderOptions:
    """Which model.

    :ivar name: folder, or Hub id.
    :ivar downloads: whether it may be fetched from the Hub.
    """

    name: str
    downloads: bool = False


class HubReader:
    """Reads with a model for question answering; its first token stands for no answer (SQuAD 2.0)."""

    def __init__(self, options: ReaderOptions) -> None:
        """Remember the model; it is loaded by ``prepare`` or on first use."""
        self.name = options.name
        self._options = options
        self._loaded: tuple[PreTrainedTokenizerFast, PreTrainedModel] | None = None

    def prepare(self) -> None:
        """Load the model.

        :raises LibraryError: if it cannot be had, or was not trained to find answers.
        """
        if self._loaded is None:
            self._loaded = _load(self._options)

    def read(
        self,
        question: str,
        texts: list[str],
        *,
        full: bool = False,  # noqa: ARG002  # a Hub reader tells answers in one way only
    ) -> tuple[list[Answering], float]:
        """Read texts; see ``chat.reader.reader.PassageReader``. Long ones in overlapping windows."""
        self.prepare()
        assert self._loaded is not None
        tokenizer, model = self._loaded
        if not any(t.strip() for t in texts):
            return [
                Answering((), np.zeros(0, np.float32), np.zeros(0, np.float32)) for _ in texts
            ], 1.0
        encoded = tokenizer(
            [question] * len(texts),
            texts,
            truncation="only_second",
            max_length=_window(tokenizer, model),
            stride=_OVERLAP,
            padding=True,
            return_overflowing_tokens=True,
            return_offsets_mapping=True,
            return_tensors="pt",
        )
        wanted = {n: encoded[n] for n in tokenizer.model_input_names if n in encoded}
        with torch.inference_mode():
            told = model(**wanted)
        begins, ends = told.start_logits.float().numpy(), told.end_logits.float().numpy()
        rows: list[list[int]] = [[] for _ in texts]
        for row, text in enumerate(encoded["overflow_to_sample_mapping"].tolist()):
            rows[text].append(row)
        return shared([_merged(encoded, found, begins, ends) for found in rows])


def _merged(encoded: BatchEncoding, rows: list[int], begins: Floats, ends: Floats) -> Scores:
    """Join the windows of one text: each token by the window that trusts it most."""
    found: dict[tuple[int, int], tuple[float, float]] = {}
    nothing = float("inf")
    for row in rows:
        # Only a window without an answer says nothing of the others.
        nothing = min(nothing, float(begins[row, 0]))
        offsets = encoded["offset_mapping"][row].tolist()
        for i, (part, (a, b)) in enumerate(zip(encoded.sequence_ids(row), offsets, strict=True)):
            if part != 1 or a == b:
                continue
            former = found.get((a, b), (_NEVER, _NEVER))
            found[a, b] = (
                max(former[0], float(begins[row, i])), max(former[1], float(ends[row, i]))
            )  # fmt: skip
    ranges = sorted(found)
    logits = np.array([found[r] for r in ranges], dtype=np.float32).reshape(-1, 2)
    return Scores(tuple(ranges), logits[:, 0], logits[:, 1], nothing)


def _window(tokenizer: PreTrainedTokenizerFast, model: PreTrainedModel) -> int:
    longest = getattr(model.config, "max_position_embeddings", _WINDOW)
    return min(_WINDOW, int(longest), int(tokenizer.model_max_length))


def _load(options: ReaderOptions) -> tuple[PreTrainedTokenizerFast, PreTrainedModel]:
    offline = use_hub(downloads=options.downloads)
    from transformers import AutoModelForQuestionAnswering, AutoTokenizer

    try:
        tokenizer = AutoTokenizer.from_pretrained(options.name, local_files_only=offline)
        model, told = AutoModelForQuestionAnswering.from_pretrained(
            options.name,
            local_files_only=offline,
            trust_remote_code=False,
            use_safetensors=True,
            output_loading_info=True,
        )
    except (OSError, ValueError, ImportError, KeyError) as error:
        raise LibraryError(missing_model("阅读模型", options.name, "reader")) from error
    if told["missing_keys"]:
        raise LibraryError(
            f"“{options.name}”没有受过阅读理解的训练，不能用来找答案；请把reader换成问答"
            "（question-answering）模型。"
        )
    if not tokenizer.is_fast:
        raise LibraryError(
            f"阅读模型“{options.name}”的分词器不给出字的位置，不能用来引用原文；"
            "请把reader换成带tokenizer.json的模型。"
        )
    model.eval()
    return cast("PreTrainedTokenizerFast", tokenizer), cast("PreTrainedModel", model)
