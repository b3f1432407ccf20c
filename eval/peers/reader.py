"""Our reader in the form that frameworks load: a folder for ``AutoModelForQuestionAnswering``.

python -m eval.peers.reader DIR

Weights, features and network are those of the product. What differs is what the form allows: the
model is given numbers of tokens only, so that characters outside the vocabulary and white space are
not seen, and its score that nothing answers goes into the scores of beginning and end.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file, save_file

from chat.reader.reader import FOLDER, VECTOR_LENGTH
from chat.reader.tokens import MAX_PASSAGE, MAX_QUESTION
from index.encoder import SHIPPED_FOLDER
from index.words import shipped_words

MODEL_TYPE = "wenzheng-reader"
PAD, SEP = "[PAD]", "[SEP]"


def export(folder: Path) -> Path:
    """Write the shipped reader with its tokenizer into a folder, and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    words = shipped_words()
    weights = {
        f"network.{n}": v.float() for n, v in load_file(FOLDER / "model.safetensors").items()
    }
    weights["table"] = torch.from_numpy(words.table * VECTOR_LENGTH)
    vocabulary: dict[str, Any] = json.loads((SHIPPED_FOLDER / "tokenizer.json").read_bytes())
    weights["rarity"] = torch.from_numpy(words.weights.astype(np.float32))
    save_file(weights, folder / "model.safetensors", {"format": "pt"})
    config = json.loads((FOLDER / "config.json").read_bytes())
    size = len(vocabulary["model"]["vocab"])
    _write(
        folder / "config.json",
        config
        | {
            "model_type": MODEL_TYPE,
            "architectures": ["ReaderForQuestionAnswering"],
            "pad_token_id": size,
            "sep_token_id": size + 1,
        },
    )
    _write(folder / "tokenizer.json", _in_pairs(vocabulary, size))
    _write(
        folder / "tokenizer_config.json",
        {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": MAX_QUESTION + MAX_PASSAGE + 2,
            "model_input_names": ["input_ids", "attention_mask"],
            "pad_token": PAD,
            "sep_token": SEP,
            "unk_token": "[UNK]",
        },
    )
    return folder


def _in_pairs(vocabulary: dict[str, Any], size: int) -> dict[str, Any]:
    """Return the tokenizer with marks behind the question and behind the passage."""
    marks = [
        {
            "id": size + i,
            "content": content,
            "single_word": False,
            "lstrip": False,
            "rstrip": False,
            "normalized": False,
            "special": True,
        }
        for i, content in enumerate((PAD, SEP))
    ]
    ends = {"SpecialToken": {"id": SEP, "type_id": 0}}
    first, second = ({"Sequence": {"id": n, "type_id": i}} for i, n in enumerate("AB"))
    template = {
        "type": "TemplateProcessing",
        "single": [first, ends],
        "pair": [first, ends, second, ends],
        "special_tokens": {SEP: {"id": SEP, "ids": [size + 1], "tokens": [SEP]}},
    }
    return vocabulary | {"added_tokens": marks, "post_processor": template}


def _write(path: Path, content: dict[str, Any]) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


def main() -> None:
    """Write the folder that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    print(export(parser.parse_args().folder))


if __name__ == "__main__":
    main()
