"""Train the shipped static encoder: a unigram tokenizer, skip-gram vectors, contrastive tuning.

    python -m models.training.encoder --data ../shared/data --out models/encoder

1. Words: jieba counts over all training text choose the vocabulary; a Unigram tokenizer with
   their log probabilities segments by maximum probability, so no jieba is needed to encode.
2. Vectors: skip-gram with negative sampling (Mikolov et al. 2013, gensim) over the same text.
3. Tuning: in-batch-negative ranking (MultipleNegativesRankingLoss) on pairs that mean the same
   place: news title and body, sentence and the passage it was taken from (inverse cloze, Lee et
   al. 2019), DRCD and govqa question and passage, everyday and official word of the vocabulary.
"""

from __future__ import annotations

import argparse
import math
import random
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import jieba
import numpy as np
import torch
from datasets import Dataset
from gensim.models import Word2Vec
from sentence_transformers import (
    SentenceTransformer,
    SentenceTransformerTrainer,
    SentenceTransformerTrainingArguments,
)
from sentence_transformers.losses import MultipleNegativesRankingLoss
from sentence_transformers.models import StaticEmbedding
from tokenizers import Tokenizer, models, normalizers

from models.training import SEED, govqa
from models.training import data as source
from retriever.vocabulary import SHIPPED as VOCABULARY

DIMENSIONS = 256
WORDS = 40_000


def _pieces(folder: Path) -> Iterator[str]:
    for item in source.all_texts(folder):
        yield from source.sentences(f"{item.title}。{item.text}" if item.title else item.text)


def build_tokenizer(folder: Path) -> Tokenizer:
    """Return a Unigram tokenizer over the most frequent words and all frequent characters."""
    normalise = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    words: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    for number, piece in enumerate(_pieces(folder)):
        text = normalise.normalize_str(piece)
        seen.update(text)
        if number % 2 == 0:  # every second sentence: counts of the chosen words hardly change
            words.update(w for w in jieba.cut(text, HMM=False) if len(w) <= 6)
    characters = {c for c, n in seen.items() if n >= 20 and not c.isspace()}
    # A character counts only where it stands alone: else 上 and 学 would outbid 上学.
    vocabulary = {c: words[c] + 1 for c in characters}
    for word, count in words.most_common():
        if len(vocabulary) >= WORDS - 2:
            break
        if len(word) > 1 and not any(c.isdigit() for c in word):  # figures are read digit by digit
            vocabulary[word] = count
    total = sum(vocabulary.values())
    ranked = sorted(vocabulary.items(), key=lambda pair: (-pair[1], pair[0]))
    scores = [("[UNK]", -20.0)] + [(w, math.log(n / total)) for w, n in ranked]
    tokenizer = Tokenizer(models.Unigram(scores, unk_id=0, byte_fallback=False))
    tokenizer.normalizer = normalise
    return tokenizer


def skip_gram(tokenizer: Tokenizer, folder: Path, epochs: int) -> np.ndarray:
    """Return ``(vocabulary, 256) float32`` skip-gram vectors, unseen words zero."""
    lines: list[list[str]] = []
    batch: list[str] = []

    def flush() -> None:
        lines.extend(
            [str(i) for i in e.ids] for e in tokenizer.encode_batch(batch, add_special_tokens=False)
        )
        batch.clear()

    for item in source.all_texts(folder):
        batch.append(f"{item.title} {item.text}"[:20_000])
        if len(batch) >= 512:
            flush()
    flush()
    chunks = [line[i : i + 1000] for line in lines for i in range(0, len(line), 1000)]
    model = Word2Vec(
        chunks, vector_size=DIMENSIONS, window=6, negative=8, sg=1, sample=1e-4, min_count=3,
        epochs=epochs, workers=2, seed=SEED,
    )  # fmt: skip
    vectors = np.zeros((tokenizer.get_vocab_size(), DIMENSIONS), dtype=np.float32)
    counts = np.zeros(len(vectors))
    for word, index in model.wv.key_to_index.items():
        vectors[int(word)] = model.wv.vectors[index]
        counts[int(word)] = model.wv.get_vecattr(word, "count")
    # Smooth inverse frequency (Arora et al. 2017): frequent words say little of what a text is on.
    weight = 1e-3 / (1e-3 + counts / counts.sum())
    vectors[counts > 0] -= vectors[counts > 0].mean(axis=0)
    return np.asarray(vectors * weight[:, None], dtype=np.float32)


def pairs(folder: Path, rng: random.Random) -> list[tuple[str, str]]:
    """Return (anchor, passage) texts that belong together."""
    rows: list[tuple[str, str]] = []
    for item in source.all_texts(folder):
        if item.title and len(item.title) >= 6 and len(item.text) >= 40:
            rows.append((item.title, item.text[:300]))
        lines = [s for s in source.sentences(item.text) if len(s) >= 8]
        step = 6
        for start in range(0, min(len(lines) - 2, 400), step):
            window = lines[start : start + step]
            chosen = rng.randrange(len(window))
            # One time in five the sentence stays in its passage, so that wording counts too.
            rest = window if rng.random() < 0.2 else window[:chosen] + window[chosen + 1 :]
            if rest:
                rows.append((window[chosen], "".join(rest)[:350]))
    for name in ("drcd_dev.json", "drcd_test.json"):
        for row in source.squad(folder / "mrc" / name, traditional=True):
            rows.append((row.question, row.context[max(0, row.start - 150) : row.start + 150]))
    questions = [(q.question, q.passage) for q in govqa.answerable("train", folder)]
    rows.extend(questions * 3)  # few but the very task
    words = tomllib.loads(VOCABULARY.read_text(encoding="utf-8"))["words"]
    rows.extend((w, official.replace("/", " ")) for official, said in words.items() for w in said)
    rng.shuffle(rows)
    return rows


def main() -> None:
    """Train and save the encoder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True, help="folder for steps to restart from")
    parser.add_argument("--skip-gram-epochs", type=int, default=3)
    parser.add_argument("--batch", type=int, default=1024)
    args = parser.parse_args()
    args.work.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(SEED)

    tokenizer_file, vector_file = args.work / "tokenizer.json", args.work / "skipgram.npy"
    if not tokenizer_file.exists():
        build_tokenizer(args.data).save(str(tokenizer_file))
    tokenizer = Tokenizer.from_file(str(tokenizer_file))
    if not vector_file.exists():
        np.save(vector_file, skip_gram(tokenizer, args.data, args.skip_gram_epochs))

    static = StaticEmbedding(tokenizer, embedding_weights=np.load(vector_file))
    model = SentenceTransformer(modules=[static], device="cpu")
    rows = pairs(args.data, random.Random(SEED))
    print(f"{len(rows)} pairs")
    trainer = SentenceTransformerTrainer(
        model=model,
        args=SentenceTransformerTrainingArguments(
            output_dir=str(args.work / "runs"),
            num_train_epochs=1,
            per_device_train_batch_size=args.batch,
            learning_rate=5e-3,
            warmup_steps=20,
            lr_scheduler_type="cosine",
            save_strategy="no",
            logging_steps=20,
            report_to=[],
            seed=SEED,
            use_cpu=True,
        ),
        train_dataset=Dataset.from_dict(
            {"anchor": [a for a, _ in rows], "positive": [p for _, p in rows]}
        ),
        loss=MultipleNegativesRankingLoss(model),
    )
    trainer.train()
    # Half precision halves the file and moves no cosine by more than 1e-3.
    static.embedding.weight.data = static.embedding.weight.data.half()
    model.save(str(args.out), safe_serialization=True, create_model_card=False)


if __name__ == "__main__":
    main()
