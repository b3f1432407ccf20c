"""Fit the small networks and write them with the names of their features."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from safetensors.numpy import save_file

from chat.network import Network
from models.training import SEED

Array = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Recipe:
    """How a network is fitted.

    :ivar listwise: softmax over the rows of each group, else log loss over single rows.
    :ivar members: networks trained from different seeds; their mean is one wider network.
    :ivar directions: for each feature +1 where more of it never lowers the score, -1 where it never
        raises it, 0 where it may do either; empty for all free. Weights of a fixed sign make a
        network monotone (Archer and Wang 1993), so that it cannot learn from few examples that a
        missing word speaks for an answer.
    """

    hidden: int
    epochs: int
    decay: float
    listwise: bool
    members: int = 5
    directions: tuple[int, ...] = ()


def fit(groups: list[tuple[Array, Array]], recipe: Recipe) -> Network:
    """Fit the mean of several networks to groups of rows and targets."""
    rows = np.concatenate([g for g, _ in groups])
    mean, scale = rows.mean(axis=0), rows.std(axis=0)
    scale[scale < 1e-3] = 1.0
    data = [
        (torch.tensor((g - mean) / scale, dtype=torch.float32), torch.tensor(r)) for g, r in groups
    ]
    members = [_member(data, recipe, SEED + i) for i in range(recipe.members)]
    w1, b1, w2, b2 = ([m[i] for m in members] for i in range(4))
    return Network(
        mean.astype(np.float32),
        scale.astype(np.float32),
        np.concatenate(w1),
        np.concatenate(b1),
        np.asarray(np.concatenate(w2) / recipe.members, dtype=np.float32),
        np.asarray(np.mean(b2, axis=0), dtype=np.float32),
    )


def _member(
    data: list[tuple[torch.Tensor, torch.Tensor]], recipe: Recipe, seed: int
) -> list[Array]:
    torch.manual_seed(seed)
    features = data[0][0].shape[1]
    w1 = torch.nn.Parameter(torch.randn(recipe.hidden, features) / features**0.5)
    b1 = torch.nn.Parameter(torch.zeros(recipe.hidden))
    w2 = torch.nn.Parameter(torch.randn(recipe.hidden) / recipe.hidden**0.5)
    b2 = torch.nn.Parameter(torch.zeros(1))
    signs = torch.tensor(recipe.directions or (0,) * features, dtype=torch.float32)
    optimiser = torch.optim.AdamW([w1, b1, w2, b2], lr=3e-3, weight_decay=recipe.decay)
    rng = random.Random(seed)
    order = list(data)
    steps = recipe.epochs * (len(data) // 64 + 1)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
    for _ in range(recipe.epochs):
        rng.shuffle(order)
        for start in range(0, len(order), 64):
            batch = order[start : start + 64]
            sizes = torch.tensor([len(g) for g, _ in batch])
            target = torch.cat([r for _, r in batch])
            inner, outer = _signed(w1, w2, signs)
            score = torch.tanh(torch.cat([g for g, _ in batch]) @ inner.T + b1) @ outer + b2
            if recipe.listwise:
                loss = _listwise(score, target, sizes)
            else:
                loss = torch.nn.functional.binary_cross_entropy_with_logits(score, target)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            schedule.step()
    inner, outer = _signed(w1, w2, signs)
    return [t.detach().numpy().astype(np.float32) for t in (inner, b1, outer, b2)]


def _signed(
    w1: torch.Tensor, w2: torch.Tensor, signs: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the weights with the signs that make the network monotone where it must be."""
    if not bool(signs.any()):
        return w1, w2
    return torch.where(signs == 0, w1, signs * w1.abs()), w2.abs()


def _listwise(score: torch.Tensor, target: torch.Tensor, sizes: torch.Tensor) -> torch.Tensor:
    """Return the mean over groups of log-sum-exp of all less log-sum-exp of the right rows."""
    group = torch.repeat_interleave(torch.arange(len(sizes)), sizes)
    weight = torch.exp(score - score.max().detach())
    total = torch.zeros(len(sizes)).index_add(0, group, weight)
    right = torch.zeros(len(sizes)).index_add(0, group, weight * target)
    return (torch.log(total + 1e-30) - torch.log(right + 1e-30)).mean()


def save(network: Network, path: Path, features: tuple[str, ...]) -> None:
    """Write a network with the names of its features."""
    path.parent.mkdir(parents=True, exist_ok=True)
    tensors = {n: np.ascontiguousarray(v) for n, v in vars(network).items()}
    save_file(tensors, path, metadata={"features": "\n".join(features)})


def blank(features: tuple[str, ...]) -> Network:
    """Return a network that scores everything 0, for the first pass over the data."""
    n = len(features)
    zero = np.zeros(1, np.float32)
    return Network(
        np.zeros(n, np.float32),
        np.ones(n, np.float32),
        np.zeros((1, n), np.float32),
        zero,
        zero,
        zero,
    )
