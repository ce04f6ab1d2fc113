"""Time and peak memory of a training step and of a whole GRPO step, beside TRL's GRPOTrainer, as Markdown tables.

    pip install -e ".[train,benchmark]"
    python benchmarks/step.py --quick            # one shape, a minute
    python benchmarks/step.py                    # the tables of docs/training-speed.md
    python benchmarks/step.py --device cuda      # larger shapes, and the head with 152,000 words

Both get the same random weights, prompts, lengths, rewards, loss (token mean, clipped, no KL) and AdamW. Each design
has a process of its own, and they take turns in every round. A *training step* starts from given completions: forward,
backward, clipping, AdamW. A *GRPO step* samples and pays the completions first. Before anything is timed, loss and
gradient of both on one batch of uneven completions must agree.

The end token is banned, so that all completions are equally long. Everything that one can set in TRL is set for speed:
the whole batch in one pass, no checkpointing of activations, no logging. On a CPU its fused head would run on the
prompts, too; here it runs on the completions alone, as on a GPU.

Read the ratios: the median of those of a round each. Peaks are what came on top of the loaded weights, gradients and
optimiser included: resident memory on the CPU (Linux), allocated memory on CUDA.
"""

import argparse
import gc
import itertools
import multiprocessing
import random
import statistics
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from importlib.metadata import version
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NamedTuple

import torch
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import LlamaConfig, PreTrainedTokenizerFast, Qwen2Config
from transformers.models.auto.modeling_auto import AutoModelForCausalLM

from gradarium.core import Verdict
from gradarium.errors import MissingExtra
from gradarium.generators import get_task
from gradarium.trainers.batch import compare, lay_out
from gradarium.trainers.config import GRPOConfig, LossConfig, RunConfig, StepConfig, TaskEntry
from gradarium.trainers.curricula.weighted import Weighted
from gradarium.trainers.data import Arm, Group, Rollout
from gradarium.trainers.grpo import backward, grpo_step, learn
from gradarium.trainers.head import logprobs_and_entropy
from gradarium.trainers.learner import Learner
from gradarium.trainers.rewards import Parts
from gradarium.trainers.rollouts import Collector

TIMES_FASTER = 2.0
"""What a GRPO step should reach against TRL's."""

TIMES_LESS = 1.0
"""What our peak should reach against TRL's, in either step."""

LR, BETAS, CLIP_LOW, CLIP_HIGH, GRAD_NORM = 1e-6, (0.9, 0.95), 0.2, 0.28, 1.0
NO_TOKEN = -1
"""The end token that never comes."""

LLAMA = {"max_position_embeddings": 2048, "tie_word_embeddings": True, "pad_token_id": 0, "eos_token_id": 1}
QWEN = {**LLAMA, "max_position_embeddings": 4096, "vocab_size": 151_936, "num_key_value_heads": 2, "bos_token_id": None}
SHAPES: dict[str, Callable[[], Any]] = {
    "tiny": lambda: LlamaConfig(
        **LLAMA,
        vocab_size=97,
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=1,
    ),
    "embedded": lambda: LlamaConfig(  # as small_model makes it by default
        **LLAMA,
        vocab_size=261,
        hidden_size=128,
        intermediate_size=384,
        num_hidden_layers=4,
        num_attention_heads=4,
        num_key_value_heads=4,
    ),
    "SmolLM2-135M": lambda: LlamaConfig(
        **LLAMA,
        vocab_size=49_152,
        hidden_size=576,
        intermediate_size=1536,
        num_hidden_layers=30,
        num_attention_heads=9,
        num_key_value_heads=3,
    ),
    "Qwen2.5-0.5B": lambda: Qwen2Config(
        **QWEN, hidden_size=896, intermediate_size=4864, num_hidden_layers=24, num_attention_heads=14
    ),
    "Qwen2.5-1.5B": lambda: Qwen2Config(
        **QWEN, hidden_size=1536, intermediate_size=8960, num_hidden_layers=28, num_attention_heads=12
    ),
}


class Row(NamedTuple):
    """One comparison."""

    shape: str
    precision: str
    prompt: int
    """Mean tokens of a prompt; they differ by up to a fifth."""
    completion: int
    """Tokens of every completion."""
    prompts: int = 8
    samples: int = 8


CPU_ROWS = [
    *(Row("embedded", how, *sizes) for how in ("fp32", "bf16") for sizes in itertools.product((150, 30), (16, 64))),
    # Fewer prompts: TRL's 64 rows in one pass would need over 20 GiB, and a minute for a step.
    Row("SmolLM2-135M", "fp32", 150, 16, prompts=1),
    Row("SmolLM2-135M", "bf16", 150, 16, prompts=2),
    Row("SmolLM2-135M", "bf16", 30, 64, prompts=2),
]
CUDA_ROWS = [
    Row(shape, "bf16", *sizes)
    for shape in ("Qwen2.5-0.5B", "Qwen2.5-1.5B")
    for sizes in itertools.product((150, 30), (64, 256))
]
QUICK_ROWS = [Row("embedded", "fp32", 150, 16)]


class Evidence(NamedTuple):
    """What a design computed on the batch of uneven completions."""

    loss: float
    norms: torch.Tensor  # [parameters], of the gradient
    sample: torch.Tensor  # [parameters x up to 1000], some entries of the gradient


class Spent(NamedTuple):
    """What a piece of work took."""

    seconds: float
    mib: float
    """Peak memory above the loaded weights."""


class Disagreement(Exception):
    """Two designs do not compute the same thing."""


def agree(ours: Evidence, theirs: Evidence, precision: str) -> None:
    """Raise Disagreement unless loss and gradient are the same, up to the rounding of the precision."""
    allowed = 1e-3 if precision == "fp32" else 5e-2
    for name in ("norms", "sample"):
        one, other = getattr(ours, name), getattr(theirs, name)
        apart = float((one - other).norm() / other.norm())
        if not apart <= allowed:
            raise Disagreement(f"the gradient's {name} differ by {apart:.2g} of their length, more than {allowed:g}")
    if not abs(ours.loss - theirs.loss) <= allowed * max(abs(theirs.loss), 1e-2):
        raise Disagreement(f"the loss is {ours.loss:.6f}, not {theirs.loss:.6f}")


# What both designs are given.


def tokenizer_of(words: int) -> Any:
    """Return a tokenizer with a token for padding, one for the end, and then the words w2, w3, ..."""
    vocabulary = {"<pad>": 0, "<end>": 1, **{f"w{i}": i for i in range(2, words)}}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="<pad>"))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, pad_token="<pad>", eos_token="<end>")


def texts_of(row: Row, words: int) -> list[str]:
    """Return the prompts."""
    noise = random.Random(f"prompts/{row}")
    share = [0.8 + 0.4 * (i + 0.5) / row.prompts for i in range(row.prompts)]
    return [" ".join(f"w{noise.randrange(2, words)}" for _ in range(max(1, round(row.prompt * s)))) for s in share]


def completions_of(row: Row, words: int, uneven: bool) -> list[list[int]]:
    """Return the given completions, those of the first prompt first."""
    noise = random.Random(f"completions/{row}")
    count = row.prompts * row.samples
    lengths = [1 + 7 * i % row.completion if uneven else row.completion for i in range(count)]
    return [[noise.randrange(2, words) for _ in range(length)] for length in lengths]


def reward_of(place: int) -> float:
    """Return the reward of a completion by its place: constant time, with a spread in every group."""
    return float(place % 3 == 0)


class Child:
    """The far end of a design's process: does what it is asked and says what that took."""

    def __init__(self, link: Connection, device: torch.device) -> None:
        self.link, self.device = link, device
        self.base = self.began = 0.0

    def loaded(self) -> None:
        """Note that the weights are loaded: from here on memory counts."""
        gc.collect()
        self.base = self._memory("VmRSS")

    def until_step(self, works: dict[str, Callable[[], Any]]) -> bool:
        """Do what is asked until that is a GRPO step (True) or nothing more (False)."""
        while (asked := self.link.recv()) not in ("step", "end"):
            self.begin()
            result = works[asked]()
            self.end(result)
        self.begin()
        return asked == "step"

    def begin(self) -> None:
        """Start the clock and forget the peak so far."""
        if self.device.type == "cuda":
            torch.cuda.synchronize()
            torch.cuda.reset_peak_memory_stats()
        else:
            Path("/proc/self/clear_refs").write_text("5")  # VmHWM starts again
        self.began = time.perf_counter()

    def end(self, result: Any = None) -> None:
        """Stop the clock and answer."""
        if self.device.type == "cuda":
            torch.cuda.synchronize()
        spent = Spent(time.perf_counter() - self.began, (self._memory("VmHWM") - self.base) / 2**20)
        if self.device.type == "cuda":
            torch.cuda.empty_cache()  # the other design needs the room
        self.link.send((spent, result))

    def _memory(self, which: str) -> float:
        if self.device.type == "cuda":
            peak = torch.cuda.max_memory_allocated if which == "VmHWM" else torch.cuda.memory_allocated
            return float(peak())
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith(which):
                return float(line.split()[1]) * 1024
        raise OSError(f"/proc/self/status has no {which}")


def model_of(shape: str, device: torch.device) -> Any:
    """Return the model, with the same random weights in every process."""
    torch.manual_seed(0)
    return AutoModelForCausalLM.from_config(SHAPES[shape](), dtype=torch.float32).to(device)


def evidence_of(loss: float, model: Any) -> Evidence:
    """Return the evidence of a loss whose gradient is in the model; clears it."""
    noise = torch.Generator().manual_seed(0)
    norms, sample = [], []
    for _, parameter in sorted(model.named_parameters()):
        grad = parameter.grad.detach().flatten().cpu()
        norms.append(grad.norm())
        sample.append(grad[torch.randint(len(grad), (1000,), generator=noise)])
        parameter.grad = None
    return Evidence(loss, torch.stack(norms), torch.cat(sample))


# Our design.


class Alternating:
    """A judge that takes no time and always finds a spread."""

    def judge(self, texts: list[str], *others: Any) -> list[Verdict]:
        """Return a verdict for each text."""
        return [Verdict.correct() if reward_of(place) else Verdict.wrong("") for place in range(len(texts))]


class GivenPrompts(Collector):
    """Poses problems as ever, and asks the given prompts in their place."""

    def _encode(self, instance: Any) -> list[int]:
        return self.tokenizer(next(self.texts)).input_ids  # type: ignore[no-any-return]

    texts: Iterator[str]


def ours(child: Child, row: Row) -> None:
    """Serve with our trainer and its engine on ``transformers``."""
    model = model_of(row.shape, child.device)
    child.loaded()
    words = model.config.vocab_size
    tokenizer = tokenizer_of(words)
    config = RunConfig(
        grpo=GRPOConfig(prompts=row.prompts, group=row.samples, max_new_tokens=row.completion),
        loss=LossConfig(aggregation="token_mean", clip_low=CLIP_LOW, clip_high=CLIP_HIGH),
        step=StepConfig(lr=LR, lr_warmup=0, betas=BETAS, max_grad_norm=GRAD_NORM, precision=row.precision),
        task=(TaskEntry("chain_arithmetic"),),
    )
    learner = Learner(model, tokenizer, config, LR)
    learner.engine.eos_ids = (NO_TOKEN,)
    collector = GivenPrompts(learner.engine, tokenizer, Weighted(config.task, 0), Alternating(), config)  # type: ignore[arg-type]
    texts = texts_of(row, words)
    collector.texts = itertools.cycle(texts)

    def given(uneven: bool) -> list[Group]:
        instance, completions = get_task("chain_arithmetic").pose(0), completions_of(row, words, uneven)
        verdicts = Alternating().judge([""] * len(completions))
        rollouts = [
            Rollout(ids, [-1.0] * len(ids), "length", "", verdict, verdict.score, Parts(verdict.score, 1.0, 0.0, 0.0))
            for ids, verdict in zip(completions, verdicts, strict=True)
        ]
        return [
            Group(
                Arm("chain_arithmetic", 0), instance, tokenizer(text).input_ids, rollouts[start : start + row.samples]
            )
            for start, text in zip(range(0, len(rollouts), row.samples), texts, strict=True)
        ]

    def check() -> Evidence:
        groups = given(uneven=True)
        model.train()
        batch = lay_out(learner, groups, *compare(groups, config), 0)
        loss = sum(backward(learner, batch, part, rows)[0]["loss"] for part, rows in batch.pieces(config))
        return evidence_of(loss, model)

    groups = given(uneven=False)
    works = {"check": check, "train": lambda: learn(learner, groups, 0)["loss"]}
    for step in itertools.count():
        if not child.until_step(works):
            return
        _, metrics = grpo_step(learner, collector, step)
        child.end(metrics["tokens"])


# TRL's.


def trl(child: Child, row: Row) -> None:
    """Serve with TRL's trainer, inside of its loop."""
    try:
        from datasets import Dataset
        from transformers import TrainerCallback
        from trl import GRPOConfig as Options
        from trl import GRPOTrainer
        from trl.trainer import utils
    except ImportError as error:
        raise MissingExtra("benchmarks/step.py", "benchmark", str(error)) from None
    utils._use_triton = lambda device: True  # asked in this module only whether to leave out the prompts
    model = model_of(row.shape, child.device)
    child.loaded()
    words = model.config.vocab_size
    tokenizer = tokenizer_of(words)
    texts = texts_of(row, words)
    folder = tempfile.TemporaryDirectory()
    options = Options(
        output_dir=folder.name,
        use_cpu=child.device.type == "cpu",
        bf16=row.precision == "bf16",
        per_device_train_batch_size=row.prompts * row.samples,
        gradient_accumulation_steps=1,
        gradient_checkpointing=False,
        num_generations=row.samples,
        max_completion_length=row.completion,
        generation_kwargs={"eos_token_id": None},
        shuffle_dataset=False,
        beta=0.0,
        num_iterations=1,
        loss_type="dapo",
        epsilon=CLIP_LOW,
        epsilon_high=CLIP_HIGH,
        learning_rate=LR,
        lr_scheduler_type="constant",
        adam_beta1=BETAS[0],
        adam_beta2=BETAS[1],
        weight_decay=0.0,
        max_grad_norm=GRAD_NORM,
        max_steps=1_000_000,
        logging_strategy="no",
        save_strategy="no",
        report_to="none",
        disable_tqdm=True,
        dataloader_pin_memory=False,
    )

    def pay(completions: list[str], **others: Any) -> list[float]:
        return [reward_of(place) for place in range(len(completions))]

    trainer = GRPOTrainer(
        model, pay, options, train_dataset=Dataset.from_dict({"prompt": texts}), processing_class=tokenizer
    )
    trainer.eos_token_ids = [NO_TOKEN]

    def given(uneven: bool) -> dict[str, torch.Tensor]:
        prompts = [tokenizer(text).input_ids for text in texts for _ in range(row.samples)]
        completions = completions_of(row, words, uneven)
        long, far = max(map(len, prompts)), max(map(len, completions))
        rewards = torch.tensor([reward_of(place) for place in range(len(completions))]).view(-1, row.samples)
        advantages = (rewards - rewards.mean(1, keepdim=True)) / (rewards.std(1, keepdim=True) + 1e-4)
        inputs = {
            "prompt_ids": torch.tensor([[0] * (long - len(ids)) + ids for ids in prompts]),
            "prompt_mask": torch.tensor([[0] * (long - len(ids)) + [1] * len(ids) for ids in prompts]),
            "completion_ids": torch.tensor([ids + [0] * (far - len(ids)) for ids in completions]),
            "completion_mask": torch.tensor([[1] * len(ids) + [0] * (far - len(ids)) for ids in completions]),
            "advantages": advantages.flatten(),
            "num_items_in_batch": torch.tensor(sum(map(len, completions))),
        }
        return {name: tensor.to(child.device) for name, tensor in inputs.items()}

    def learn_from(inputs: dict[str, torch.Tensor]) -> float:
        wrapped = trainer.model_wrapped
        wrapped.train()
        with trainer.compute_loss_context_manager():
            loss = trainer.compute_loss(wrapped, inputs)
        trainer.accelerator.backward(loss)
        return loss.item()  # type: ignore[no-any-return]

    def check() -> Evidence:
        return evidence_of(learn_from(given(uneven=True)), model)

    batch = given(uneven=False)

    def train() -> float:
        loss = learn_from(batch)
        trainer.accelerator.clip_grad_norm_(model.parameters(), GRAD_NORM)
        trainer.optimizer.step()
        trainer.optimizer.zero_grad()
        return loss

    works = {"check": check, "train": train}

    class Turns(TrainerCallback):  # type: ignore[misc]
        """Lets the trainer take a step when it is asked for."""

        def on_step_begin(self, *others: Any, **more: Any) -> None:
            if not child.until_step(works):
                raise EOFError

        def on_step_end(self, *others: Any, **more: Any) -> None:
            lengths = trainer._metrics["train"]["completions/min_length"]
            child.end(int(lengths[-1] * row.prompts * row.samples))

    trainer.add_callback(Turns())
    try:
        trainer.train()
    except EOFError:
        folder.cleanup()


# The head alone.


class Head(NamedTuple):
    """Log-probabilities of tokens from hidden states, forward and backward."""

    tokens: int
    width: int
    words: int


def head_of(which: str) -> Callable[[Child, Head], None]:
    """Return what serves one way to compute them."""

    def logprobs(hidden: torch.Tensor, weight: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        if which == "ours":
            return logprobs_and_entropy(hidden, weight, None, targets)[0]
        if which == "TRL":
            from trl.kernels import ChunkedLogProbFunction

            found: torch.Tensor = ChunkedLogProbFunction.apply(
                hidden, weight, None, targets, 1.0, 32_768, None, 1.0, ("log_probs", "entropy")
            )[0]
            return found
        logits = (hidden @ weight.to(hidden.dtype).T).float()
        return logits.log_softmax(-1).gather(1, targets[:, None])[:, 0]

    def serve(child: Child, size: Head) -> None:
        torch.manual_seed(0)
        device = child.device
        weight = (0.02 * torch.randn(size.words, size.width)).to(device).requires_grad_()
        hidden = torch.randn(size.tokens, size.width).to(device, torch.bfloat16).requires_grad_()
        targets = torch.randint(size.words, (size.tokens,)).to(device)
        child.loaded()

        def work() -> float | None:
            hidden.grad = weight.grad = None
            try:
                mean = logprobs(hidden, weight, targets).mean()
                mean.backward()  # type: ignore[no-untyped-call]
            except torch.OutOfMemoryError:
                return None
            return float(mean)

        child.until_step({"head": work})

    return serve


# The parent.


def in_process(design: str, link: Connection, what: Row | Head, device: str, threads: int) -> None:
    """Serve in this process until the parent has enough."""
    warnings.filterwarnings("ignore")
    torch.set_num_threads(threads)
    child = Child(link, torch.device(device))
    if isinstance(what, Head):
        head_of(design)(child, what)
    elif design == "ours":
        ours(child, what)
    else:
        trl(child, what)


class Design:
    """A design in a process of its own."""

    def __init__(self, name: str, what: Row | Head, device: str, threads: int) -> None:
        context = multiprocessing.get_context("spawn")
        self.name = name
        self.link, far = context.Pipe()
        self.process = context.Process(target=in_process, args=(name, far, what, device, threads), daemon=True)
        self.process.start()
        far.close()

    def do(self, what: str) -> tuple[Spent, Any]:
        """Have it do a piece of work."""
        try:
            self.link.send(what)
            spent, result = self.link.recv()
        except (EOFError, OSError):
            sys.exit(f"the process of {self.name} has ended; its last words are above")
        return spent, result

    def close(self) -> None:
        """End the process."""
        if self.process.is_alive():
            self.link.send("end")
        self.process.join()


def compare_row(
    row: Row, rounds: int, seconds: float, device: str, threads: int
) -> dict[str, list[tuple[Spent, Spent]]]:
    """Return what TRL and we spent in each round, by kind of step; at least one round, at most ``seconds`` of them."""
    designs = [Design(name, row, device, threads) for name in ("TRL", "ours")]
    try:
        evidence = [design.do("check")[1] for design in designs]
        agree(evidence[1], evidence[0], row.precision)
        for design in designs:
            design.do("train")  # makes the optimiser's state
            design.do("step")  # the first of each loads code and takes its memory from the system
        found: dict[str, list[tuple[Spent, Spent]]] = {"train": [], "step": []}
        begun = time.perf_counter()
        for turn in range(rounds):
            if turn and time.perf_counter() - begun > seconds:
                break
            order = designs if turn % 2 == 0 else designs[::-1]
            for kind, spent in found.items():
                done = {design.name: design.do(kind) for design in order}
                if kind == "step":
                    tokens = row.prompts * row.samples * row.completion
                    sampled = {name: result for name, (_, result) in done.items()}
                    if set(sampled.values()) != {tokens}:
                        raise Disagreement(f"{sampled} tokens were sampled, not {tokens}")
                spent.append((done["TRL"][0], done["ours"][0]))
        return found
    finally:
        for design in designs:
            design.close()


KINDS = {"train": "training", "step": "GRPO"}


def show_row(row: Row, found: dict[str, list[tuple[Spent, Spent]]]) -> bool:
    """Print the lines of a row; return whether the targets were met."""
    good = True
    for kind, turns in found.items():
        faster = statistics.median(theirs.seconds / our.seconds for theirs, our in turns)
        seconds = [statistics.median(turn[i].seconds for turn in turns) for i in (0, 1)]
        peaks = [max(turn[i].mib for turn in turns) for i in (0, 1)]
        least = TIMES_FASTER if kind == "step" else None
        less = peaks[0] / peaks[1]
        good = good and less >= TIMES_LESS and (least is None or faster >= least)
        cells = [
            row.shape,
            row.precision,
            f"{row.prompt} + {row.completion}",
            f"{row.prompts} x {row.samples}",
            KINDS[kind],
            *(f"{value:.2f}" for value in (*seconds, faster)),
            "" if least is None else f"{least:.2f}",
            *(f"{value:,.0f}" for value in peaks),
            f"{less:.2f}",
            f"{TIMES_LESS:.2f}",
            str(len(turns)),
        ]
        print("| " + " | ".join(cells) + " |", flush=True)
    return good


def steps(rows: list[Row], rounds: int, seconds: float, device: str, threads: int) -> bool:
    """Compare whole steps; return whether the targets were met."""
    print(
        "| model | precision | prompt + completion tokens | prompts x samples | step | TRL, s | ours, s | times faster "
        "| at least | TRL, MiB | ours, MiB | times less | at least | rounds |\n"
        "|---|---|---|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|"
    )
    good = True
    for row in rows:
        good = show_row(row, compare_row(row, rounds, seconds, device, threads)) and good
    return good


def heads(size: Head, device: str, threads: int) -> bool:
    """Compare the peaks of the head alone; return whether ours is the lowest."""
    gib = size.tokens * size.words * 4 / 2**30
    print(f"\n{size.tokens:,} completion tokens, {size.words:,} words: fp32 logits of all would take {gib:.1f} GiB\n")
    print("| log-probabilities | seconds | peak, MiB |\n|---|---:|---:|")
    peaks = {}
    for name in ("naive logits", "TRL", "ours"):
        design = Design(name, size, device, threads)
        try:
            design.do("head")  # libraries load
            spent, result = design.do("head")
        finally:
            design.close()
        peaks[name] = float("inf") if result is None else spent.mib
        cells = ("", "does not fit") if result is None else (f"{spent.seconds:.2f}", f"{spent.mib:,.0f}")
        print(f"| {name} | {cells[0]} | {cells[1]} |", flush=True)
    return peaks["ours"] <= min(peaks.values())


def main() -> None:
    """Measure and print; exit status 1 where a target was missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--device", default="cpu", choices=["cpu", "cuda"])
    parser.add_argument("--threads", type=int, default=2, help="of torch, in each process")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=8.0, help="after which a row starts no further round")
    parser.add_argument("--quick", action="store_true", help="one shape, two rounds")
    parser.add_argument("--shape", nargs="*", choices=SHAPES, help="only these shapes")
    parser.add_argument("--precision", nargs="*", choices=["fp32", "bf16"], help="only these")
    parser.add_argument("--sizes", type=int, nargs=4, metavar=("PROMPT", "COMPLETION", "PROMPTS", "SAMPLES"))
    parser.add_argument("--head", type=int, metavar="TOKENS", help="the head alone, on so many tokens")
    given = parser.parse_args()
    rows = QUICK_ROWS if given.quick else CPU_ROWS if given.device == "cpu" else CUDA_ROWS
    if given.sizes:
        rows = [
            Row(shape, precision, *given.sizes)
            for shape in given.shape or ["embedded"]
            for precision in given.precision or ["fp32"]
        ]
    rows = [r for r in rows if r.shape in (given.shape or SHAPES) and r.precision in (given.precision or r.precision)]
    good = True
    if not given.head:
        rounds = min(given.rounds, 2) if given.quick else given.rounds
        good = steps(rows, rounds, given.seconds, given.device, given.threads)
    if given.head or (given.device == "cuda" and not given.quick):
        good = heads(Head(given.head or 64 * 1024, 896, 151_936), given.device, given.threads) and good
    print("\n" + ", ".join(f"{name} {version(name)}" for name in ("trl", "torch", "transformers")))
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
