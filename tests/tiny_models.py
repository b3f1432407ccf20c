"""Models of the Hub's formats made on the spot, small enough for a test and read by the real code."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors
from transformers import (
    BertConfig,
    BertForQuestionAnswering,
    BertForSequenceClassification,
    BertModel,
    PreTrainedTokenizerFast,
    Qwen2Config,
    Qwen2ForCausalLM,
)

TEMPLATE = (
    "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
_CHAT_MARKS = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
_BERT_MARKS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]


def chat_model(folder: Path, says: list[str], *, template: str | None = TEMPLATE) -> Path:
    """Save a Qwen2 model that answers every prompt with the same words.

    Attention and feed-forward layers add nothing, so that each token decides the next one: the row
    of the output layer for a word is the embedding of the word before it.

    :param says: the words of the answer, each different from the others.
    """
    marks = {word: i for i, word in enumerate(_CHAT_MARKS)}
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = marks | {c: i for i, c in enumerate(alphabet, len(marks))}
    raw = Tokenizer(models.BPE(vocabulary, []))
    raw.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    raw.decoder = decoders.ByteLevel()
    raw.add_special_tokens(_CHAT_MARKS)
    raw.add_tokens([*says, "assistant\n"])
    tokenizer = PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=raw, eos_token="<|im_end|>", pad_token="<|endoftext|>"
    )
    tokenizer.chat_template = template
    torch.manual_seed(7)
    model = Qwen2ForCausalLM(
        Qwen2Config(
            vocab_size=len(tokenizer),
            hidden_size=64,
            intermediate_size=64,
            num_hidden_layers=1,
            num_attention_heads=2,
            num_key_value_heads=1,
            max_position_embeddings=65536,
            tie_word_embeddings=False,
            eos_token_id=tokenizer.eos_token_id,
            pad_token_id=tokenizer.pad_token_id,
        )
    )
    chain = ["assistant\n", *says, "<|im_end|>"]
    numbers = [tokenizer.convert_tokens_to_ids(word) for word in chain]
    with torch.no_grad():
        layer = model.model.layers[0]
        layer.self_attn.o_proj.weight.zero_()
        layer.mlp.down_proj.weight.zero_()
        embeddings = model.model.embed_tokens.weight
        embeddings.normal_()
        model.lm_head.weight.zero_()
        for before, word in pairwise(numbers):
            model.lm_head.weight[word] = embeddings[before]
    model.generation_config.eos_token_id = tokenizer.eos_token_id
    model.save_pretrained(folder, safe_serialization=True)
    tokenizer.save_pretrained(folder)
    return folder


def _characters(text: str) -> PreTrainedTokenizerFast:
    """Return a BERT tokenizer of single characters."""
    words = [*_BERT_MARKS, *sorted(set(text))]
    raw = Tokenizer(models.WordLevel({w: i for i, w in enumerate(words)}, unk_token="[UNK]"))
    raw.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    raw.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    return PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=raw,
        pad_token="[PAD]",
        unk_token="[UNK]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        mask_token="[MASK]",
        model_max_length=512,
    )


def _config(tokenizer: PreTrainedTokenizerFast, labels: int = 1) -> BertConfig:
    return BertConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        num_labels=labels,  # type: ignore[call-arg]
    )


def bert_encoder(
    folder: Path, text: str, *, seed: int = 1, prompts: dict[str, str] | None = None
) -> Path:
    """Save a BERT with mean pooling as sentence-transformers saves it (like bge-small-zh)."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer

    torch.manual_seed(seed)
    tokenizer = _characters(text)
    plain = folder / "plain"
    BertModel(_config(tokenizer)).save_pretrained(plain)
    tokenizer.save_pretrained(plain)
    body = Transformer(str(plain))
    model = SentenceTransformer(
        modules=[body, Pooling(body.get_embedding_dimension(), "mean")], prompts=prompts
    )
    model.save_pretrained(str(folder / "model"))
    return folder / "model"


def bert_reranker(folder: Path, text: str, *, labels: int = 1) -> Path:
    """Save a sequence classifier with one score a pair (like bge-reranker-base)."""
    torch.manual_seed(3)
    tokenizer = _characters(text)
    BertForSequenceClassification(_config(tokenizer, labels)).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def bert_reader(folder: Path, text: str, begins: str, ends: str) -> Path:
    """Save a question answering model that answers from one character to another, wherever asked.

    Attention and feed-forward layers add nothing; a token is the first of the answer the more it is
    like ``begins``, the last the more it is like ``ends``, and the token of no answer is like both.
    """
    torch.manual_seed(5)
    tokenizer = _characters(text)
    model = BertForQuestionAnswering(_config(tokenizer, 2))
    layer: Any = model.bert.encoder.layer[0]
    table: Any = model.bert.embeddings
    first, last, none = map(tokenizer.convert_tokens_to_ids, (begins, ends, "[CLS]"))
    with torch.no_grad():
        for added in (layer.attention.output.dense, layer.output.dense):
            added.weight.zero_()
            added.bias.zero_()
        table.position_embeddings.weight.zero_()
        table.token_type_embeddings.weight.zero_()
        words = table.word_embeddings.weight
        words.normal_()
        words[none] = words[first] + words[last]
        model.qa_outputs.weight[0], model.qa_outputs.weight[1] = words[first], words[last]
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def as_pickle(folder: Path) -> None:
    """Replace a model's safetensors by the pickle format, which is never loaded."""
    from safetensors.torch import load_file

    for weights in folder.rglob("*.safetensors"):
        torch.save(load_file(weights), weights.with_name("pytorch_model.bin"))
        weights.unlink()
