"""Train the shipped reader in four steps, each restartable from the one before.

    torchrun --nproc-per-node 2 -m models.training.reader.fit --data ../shared/data --work DIR --out models/reader

1. 80,000 questions made from running text (``made.py``), one pass.
2. DRCD, seven thousand human questions on Wikipedia, and our own on the same passages and on news.
3. govqa train and the invented districts, each question beside several passages or none that
   answers, with a third of our own and half of DRCD.
4. All of our own, with half of step 3's government questions and a quarter of DRCD.

Every process takes its share of the batches; ``python -m`` alone trains with one.

``--without-half 0`` (or ``1``) leaves every second document of govqa out of steps 3 and 4: such a reader
judges those documents as it would judge new ones, which the refusal decision is trained on.
"""

from __future__ import annotations

import argparse
import json
import os
import random
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
import torch.distributed as dist
from safetensors.torch import load_file, save_file
from torch import Tensor

from chat.reader.network import ReaderConfig, ReaderNetwork
from chat.reader.reader import VECTOR_LENGTH, batch
from index.encoder import SHIPPED_FOLDER
from index.words import WordModel
from models.training import SEED
from models.training.questions import drcd_rows, half_of, written_rows
from models.training.reader.examples import Group, govqa_groups, made_groups, reading_groups
from models.training.reader.made import Maker

MADE_BESIDE, MADE_APART = 60_000, 20_000
ROWS = 32  # passages in a batch
_AVERAGED = 0.995  # of the weights before, in the moving average that is kept
_WARM = 60  # steps


@dataclass(frozen=True)
class Step:
    """How a step is trained.

    :ivar others: passages beside the one that answers.
    """

    name: str
    rate: float
    epochs: float
    dropout: float
    others: int


STEPS = (
    Step("made", 1.2e-3, 1.0, 0.15, 0),
    Step("drcd", 1.0e-3, 2.0, 0.30, 0),
    Step("govqa", 7.0e-4, 2.0, 0.30, 2),
    Step("full", 3.5e-4, 1.0, 0.30, 2),
)


def chosen(group: Group, others: int, rng: random.Random) -> Group:
    """Return the group with the passage that answers first, and some others."""
    if group.answer is None:
        return Group(group.pairs[: 1 + others], None)
    at, first, last = group.answer
    rest = [p for i, p in enumerate(group.pairs) if i != at]
    return Group((group.pairs[at], *rng.sample(rest, min(others, len(rest)))), (0, first, last))


def batches(groups: list[Group], others: int, rng: random.Random) -> list[list[Group]]:
    """Return batches of groups of like length."""
    picked = [chosen(g, others, rng) for g in groups]
    rng.shuffle(picked)
    result: list[list[Group]] = []
    for start in range(0, len(picked), 600):
        part = sorted(
            picked[start : start + 600], key=lambda g: max(len(p.ids) for _, p in g.pairs)
        )
        current: list[Group] = []
        for group in part:
            if current and sum(len(g.pairs) for g in current) + len(group.pairs) > ROWS:
                result.append(current)
                current = []
            current.append(group)
        result.append(current)
    rng.shuffle(result)
    return result


def loss_of(network: ReaderNetwork, groups: list[Group]) -> Tensor:
    """Return the mean negative log likelihood of begin (or no answer) and end over the groups.

    Scores of begin are normalised over all passages of a question (shared norm, Clark and Gardner
    2018), those of the end over the passage, given the begin.
    """
    with torch.autocast("cpu", torch.bfloat16):
        told = network(*batch([p for g in groups for p in g.pairs]))
    begins, ends, nothing, left, right = (t.float() for t in told)
    total: Tensor = begins.new_zeros(())
    at = 0
    for group in groups:
        count = len(group.pairs)
        own = slice(at, at + count)
        none = nothing[own].logsumexp(0) - torch.log(torch.tensor(float(count)))
        everything = torch.cat([begins[own].flatten(), none[None]]).logsumexp(0)
        if group.answer is None:
            total = total + everything - none
        else:
            _, first, last = group.answer
            total = total + everything - begins[at, first]
            closing = ends[at] + right[at] @ left[at, first]
            total = total + closing.logsumexp(0) - closing[last]
        at += count
    return total / len(groups)


def fit(network: ReaderNetwork, groups: list[Group], step: Step) -> None:
    """Train in place; the moving average of the weights is what remains."""
    rng = random.Random(SEED)
    rank, count = (dist.get_rank(), dist.get_world_size()) if dist.is_initialized() else (0, 1)
    torch.manual_seed(SEED + rank)
    network.drop.rate = step.dropout
    network.train()
    optimiser = torch.optim.AdamW(
        network.parameters(), lr=step.rate, weight_decay=0.01, betas=(0.9, 0.98)
    )
    steps = int(len(batches(groups, step.others, rng)) // count * step.epochs)
    rate: Callable[[int], float] = lambda n: min(1, (n + 1) / _WARM) * max(0.02, 1 - n / steps)  # noqa: E731
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, rate)
    mean = {name: value.detach().clone() for name, value in network.named_parameters()}
    done = 0
    while done < steps:
        every = batches(groups, step.others, rng)
        for part in every[rank : len(every) // count * count : count][: steps - done]:
            loss = loss_of(network, part)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            if count > 1:
                _share_gradients(network, count)
            torch.nn.utils.clip_grad_norm_(network.parameters(), 5.0)
            optimiser.step()
            schedule.step()
            done += 1
            kept = min(_AVERAGED, (1 + done) / (10 + done))
            for name, value in network.named_parameters():
                mean[name].mul_(kept).add_(value.detach(), alpha=1 - kept)
            if done % 100 == 0 and rank == 0:
                print(f"{step.name}: step {done} of {steps}, loss {float(loss):.2f}", flush=True)
    with torch.no_grad():
        for name, value in network.named_parameters():
            value.copy_(mean[name])


def _share_gradients(network: ReaderNetwork, count: int) -> None:
    """Give every process the mean of the gradients of all."""
    given = [p.grad for p in network.parameters() if p.grad is not None]
    flat = torch.cat([g.flatten() for g in given])
    dist.all_reduce(flat)
    for gradient, mean in zip(given, torch.split(flat, [g.numel() for g in given]), strict=True):
        gradient.copy_((mean / count).view_as(gradient))


def save(network: ReaderNetwork, folder: Path) -> None:
    """Write weights in half precision, and the sizes."""
    folder.mkdir(parents=True, exist_ok=True)
    state = {name: value.half().contiguous() for name, value in network.state_dict().items()}
    save_file(state, folder / "model.safetensors")
    (folder / "config.json").write_text(json.dumps(asdict(ReaderConfig()), indent=1) + "\n")


def groups_of(step: Step, args: argparse.Namespace, words: WordModel) -> list[Group]:
    """Return the training examples of a step, or a part of them, as ``main`` explains."""
    rng = random.Random(SEED)
    data, without = args.data, args.without_half
    if step.name == "made":
        beside, apart = (max(100, int(n * args.part)) for n in (MADE_BESIDE, MADE_APART))
        return made_groups(Maker(data, SEED).make(beside, apart), words)
    drcd = reading_groups(drcd_rows(data), words, full=False)
    written = reading_groups(written_rows(data), words, full=True)
    if step.name == "drcd":
        return drcd + written
    half = half_of("train")
    govqa = govqa_groups("train", data, args.encoder)
    kept = [g for name, groups in govqa.items() if half[name] != without for g in groups]
    if step.name == "govqa":
        return kept + rng.sample(written, len(written) // 3) + rng.sample(drcd, len(drcd) // 2)
    return rng.sample(kept, len(kept) // 2) + written + rng.sample(drcd, len(drcd) // 4)


def main() -> None:
    """Train the steps that the work folder does not hold yet, and save the last."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True, help="folder for steps to restart from")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--encoder", type=Path, default=SHIPPED_FOLDER)
    parser.add_argument("--without-half", type=int, choices=(0, 1))
    parser.add_argument("--part", type=float, default=1.0, help="of the examples, to try it out")
    args = parser.parse_args()
    if "WORLD_SIZE" in os.environ:
        torch.set_num_threads(1)
        dist.init_process_group("gloo")
    words = WordModel(args.encoder)
    network = ReaderNetwork(ReaderConfig(), torch.from_numpy(words.table * VECTOR_LENGTH))
    for step in STEPS:
        apart = args.without_half is not None and step.name == "govqa"
        name = f"{step.name}-without-{args.without_half}" if apart else step.name
        held = args.work / name / "model.safetensors"
        if held.is_file() and step is not STEPS[-1]:
            network.load_state_dict({n: v.float() for n, v in load_file(held).items()})
            continue
        groups = groups_of(step, args, words)
        kept = max(1, int(len(groups) * args.part)) if step.name != "made" else len(groups)
        fit(network, random.Random(SEED).sample(groups, kept), step)
        if not dist.is_initialized() or dist.get_rank() == 0:
            save(network, args.out if step is STEPS[-1] else held.parent)


if __name__ == "__main__":
    main()
