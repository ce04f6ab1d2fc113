"""Run configuration: dataclasses with a string under each field; ``config_file`` reads them from TOML."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class ModelConfig:
    """Which model learns."""

    path: str = "tiny"
    """``tiny`` (a small transformer made from a config, no download), a name of ``gradarium models list``, or a
    model folder or hub name."""
    width: int = 128
    """Embedded model: hidden size."""
    layers: int = 4
    """Embedded model: number of layers."""
    heads: int = 4
    """Embedded model: attention heads."""
    context: int = 2048
    """Embedded model: longest sequence in tokens."""
    device: str = "auto"
    """``auto`` (CUDA if there is one), ``cpu``, ``cuda``."""
    threads: int = 2
    """CPU threads of torch; results are bit-equal only for one number of threads."""


@dataclass(frozen=True)
class WarmStartConfig:
    """Supervised learning on reference answers before GRPO."""

    steps: int = 0
    """Most optimiser steps; 0 leaves the stage out."""
    batch: int = 64
    """Instances in a step."""
    lr: float = 1e-3
    """AdamW learning rate."""
    until: float = 1.0
    """Stop as soon as the mean success rate on the dev split reaches this."""
    check_every: int = 25
    """Steps between two measurements on the dev split."""
    check_count: int = 40
    """Dev instances of each arm in a measurement."""


@dataclass(frozen=True)
class GRPOConfig:
    """The loop: how much is sampled, and how rewards become advantages."""

    preset: str = ""
    """Settings of a published recipe, for all that the file does not set: ``grpo``, ``dr_grpo``, ``dapo``, ``gspo``,
    ``lite_ppo`` or ``prorl``."""
    steps: int = 100
    """Batches of rollouts, each followed by ``updates`` optimiser steps."""
    prompts: int = 64
    """Prompts in a step."""
    group: int = 8
    """Rollouts of a prompt; at least 2."""
    temperature: float = 1.0
    """Sampling temperature of rollouts."""
    max_new_tokens: int = 64
    """Longest completion in tokens."""
    advantage: str = "grpo"
    """How the rewards of a group become advantages: a name from ``trainers/advantages.py``."""
    updates: int = 1
    """Optimiser steps on one batch of rollouts, each on its own share of the groups."""
    max_error_rate: float = 0.05
    """Stop the run when more verdicts than this share have status error or timeout."""


@dataclass(frozen=True)
class LossConfig:
    """The policy loss and its aggregation; defaults follow DAPO's clip-higher and token mean."""

    name: str = "clip"
    """Loss of a token or sequence: a name from ``trainers/losses.py``."""
    aggregation: str = "token_mean"
    """How token losses become one number: a name from ``trainers/aggregation.py``."""
    clip_low: float = 0.2
    """Lower clip range: ratios below 1 - this are clipped."""
    clip_high: float = 0.28
    """Upper clip range: ratios above 1 + this are clipped."""
    dual_clip: float = 3.0
    """``dual_clip``: for negative advantages the loss is at most this many times the advantage; above 1."""
    two_sided: float = 4.0
    """``two_sided``: the unclipped branch caps the ratio here; above 1 + clip_high."""
    tau_positive: float = 1.0
    """``sapo``: temperature for positive advantages."""
    tau_negative: float = 1.05
    """``sapo``: temperature for negative advantages."""
    trust: float = 0.2
    """``dppo_tv``, ``dppo_kl``: largest divergence of a token that is still learned from."""
    cap: float = 20.0
    """``dppo_tv``, ``dppo_kl``: largest importance weight."""
    beta: float = 0.1
    """``copg``: weight of the log-ratio to the reference that is taken off the reward."""
    nft_floor: float = 1.0
    """``nft``: smallest likelihood ratio of the implicit negative policy, above 0 and at most 1."""
    select: str = "all"
    """Which tokens count: ``all``, ``top_entropy``, ``clip_cov`` (``kl_cov`` is a loss with a selection of its own)."""
    select_share: float = 0.0
    """Share of tokens kept by ``top_entropy``, dropped by ``clip_cov``, held by ``kl_cov``; 0: that of its paper, which
    is 0.2 for the first and 2e-4 for the others."""
    mismatch: str = "none"
    """Correction for engines whose probabilities differ from the trainer's: ``none`` or a name from
    ``trainers/mismatch.py``."""
    mismatch_low: float = 0.5
    """Weights below this become 0 (``icepop``, ``token_mis``, ``sequence_mis``)."""
    mismatch_high: float = 5.0
    """Weights above this are cut to it (TIS) or become 0 (MIS, IcePop)."""


@dataclass(frozen=True)
class KLConfig:
    """A penalty for leaving a reference policy."""

    weight: float = 0.0
    """Weight of the penalty; 0 keeps no reference model."""
    estimator: str = "k3"
    """``k1``, ``abs``, ``k2``, ``k3``, or ``k1+``, ``k3+``: the value of k1, k3 with the gradient of k2."""
    target: float = 0.0
    """Above 0: the weight is steered so that the KL per token stays near this (nats)."""
    horizon: float = 10_000.0
    """Completions over which the weight follows; smaller is faster."""
    reference: str = "fixed"
    """``fixed`` (the policy at the start of GRPO), ``ema`` (follows it slowly) or ``reset`` (ProRL: the policy of now,
    with a fresh optimiser, whenever held-out success stalls)."""
    every: int = 512
    """``ema``: steps between two moves."""
    alpha: float = 0.6
    """``ema``: share of the policy in the new reference."""
    patience: int = 2
    """``reset``: looks at the dev split without an improvement before the reference is replaced."""


@dataclass(frozen=True)
class EntropyConfig:
    """Keeps the policy from collapsing."""

    weight: float = 0.0
    """Weight of the entropy bonus, or of AEPO's term."""
    mode: str = "fixed"
    """``fixed``; ``adaptive`` (the weight moves by ``delta`` towards the target, Skywork-OR1); ``aepo`` (no bonus: a
    REINFORCE term on right samples drawn hotter or colder than the target asks for)."""
    target: float = 0.2
    """``adaptive``, ``aepo``: entropy to hold, nats per token."""
    delta: float = 0.005
    """``adaptive``: step of the weight."""
    largest: float = 1.0
    """``adaptive``: largest weight."""
    hot: float = 1.2
    """``aepo``: temperature where the entropy is below its target."""
    cold: float = 0.8
    """``aepo``: temperature where it is above."""
    share: float = 0.25
    """``aepo``: share of a group's rollouts that are drawn at that temperature."""


@dataclass(frozen=True)
class SamplingConfig:
    """How rollouts are made, and which become a batch."""

    engine: str = "auto"
    """``native`` (prompts shared, no copies), ``hf`` (every model), or ``auto``: native where it tells the same."""
    rounds: int = 1
    """Above 1: groups without a spread of rewards are replaced (DAPO's dynamic sampling), in at most so many rounds."""
    oversample: float = 1.0
    """Groups drawn for each that is trained on; the first to be useful are kept."""
    spread: float = 1e-6
    """Standard deviation of the rewards at and below which a group teaches nothing."""
    allocation: str = "equal"
    """``equal`` group sizes, or ``gvm``: larger groups for arms where they lower the gradient's variance most."""
    least: int = 4
    """``gvm``: smallest group."""
    most: int = 32
    """``gvm``: largest group."""


@dataclass(frozen=True)
class CurriculumConfig:
    """Which arms are drawn; every rule has options of its own beside these (docs/curricula.md)."""

    name: str = "weighted"
    """A rule: the name of a file in ``trainers/curricula/``."""
    floor: float = 0.0
    """Share of every draw that follows the weights of the mixture, so that no arm starves; in a file that does not
    say, 0.1 for every rule but ``weighted`` and ``uniform``."""
    rehearsal: float = 0.0
    """Share of every draw for arms that are solved, by their weights, so that none is forgotten; in a file that does
    not say, 0.05 for the same rules."""
    options: Any = None
    """The rule's own options, an ``Options`` of its class; in the file they stand beside ``name``."""


@dataclass(frozen=True)
class RewardConfig:
    """What a completion is paid; the ``reward`` table of a ``[[task]]`` puts options of its own over these."""

    score: float = 1.0
    """Weight of the score: 1 for a right answer, 0 for a wrong one, unless one of the next three is set."""
    partial: float = 0.0
    """Paid for partial credit: a wrong answer that is half right, where the verdict tells shares, gets half of it."""
    chance_corrected: bool = False
    """Take off what guessing earns: (score - chance) / (1 - chance), which is below 0 for a wrong answer."""
    ternary: bool = False
    """TruthRL: 1 for a right answer, 0 for "I don't know", which the prompt then offers, -1 for all else."""
    format: float = 0.0
    """Paid for an answer in the asked format, right or wrong."""
    overlong: int = 0
    """Above 0: the last tokens of the limit, in which up to 1 is taken off in proportion (DAPO's soft punishment)."""
    mask_truncated: bool = False
    """Leave out completions that were cut off at max_new_tokens (overlong filtering)."""
    length: str = "none"
    """``none``, or what is added for the length of a completion: ``kimi`` (compares with the group), ``cosine`` (right
    answers short, wrong ones long) or ``lcpo_max`` (a budget of tokens, which the prompt names)."""
    length_weight: float = 1.0
    """Weight of that."""
    cosine_right_short: float = 1.0
    """``cosine``: paid for a right answer of no tokens."""
    cosine_right_long: float = 0.5
    """``cosine``: paid for a right answer of max_new_tokens."""
    cosine_wrong_short: float = -1.0
    """``cosine``: paid for a wrong answer of no tokens."""
    cosine_wrong_long: float = -0.5
    """``cosine``: paid for a wrong answer of max_new_tokens."""
    cosine_cut: float = -1.0
    """``cosine``: paid for a completion that was cut off."""
    effort: str = "high"
    """``lcpo_max``: the budget. ``high`` (all of max_new_tokens), ``medium`` (half), ``low`` (a quarter), or ``mixed``:
    each problem has one of the three, so that one model learns them all."""
    effort_slope: float = 0.0003
    """``lcpo_max``: what a token less than the budget is worth; the paper's, for budgets of thousands of tokens."""
    effort_margin: float = 0.5
    """``lcpo_max``: what a right answer of exactly the budget is paid."""


@dataclass(frozen=True)
class StepConfig:
    """How a batch is run through the model."""

    lr: float = 1e-4
    """Learning rate."""
    lr_warmup: int = 10
    """Steps over which the learning rate rises from 0: the first steps of a fresh AdamW are as long as lr allows,
    however small the gradient, and can wipe out what was learned before."""
    optimizer: str = "adamw"
    """``adamw`` (fp32 state) or ``adamw8bit`` (needs bitsandbytes)."""
    betas: tuple[float, ...] = (0.9, 0.95)
    """AdamW's decay of the two moments."""
    weight_decay: float = 0.0
    """AdamW's weight decay."""
    max_grad_norm: float = 1.0
    """Gradient clipping."""
    micro_tokens: int = 65536
    """Tokens in a forward and backward pass, padding included."""
    layout: str = "shared"
    """``shared`` (each prompt is run once for its whole group), ``padded`` or ``packed`` (no padding at all)."""
    precision: str = "fp32"
    """``fp32``, or ``bf16``: the forward pass in bf16 over fp32 weights, and a bf16 copy that samples."""
    head_bytes: int = 67_108_864
    """Most bytes of logits at one time; they are made in pieces, forward and backward."""
    checkpointing: bool = False
    """Keep only the input of each layer and run it again for the gradient: less memory, a third more time."""
    lora_rank: int = 0
    """Above 0: learn low-rank updates of this rank instead of the weights (needs peft)."""
    lora_alpha: float = 16.0
    """LoRA: the update is scaled by lora_alpha / lora_rank."""


@dataclass(frozen=True)
class RejectionConfig:
    """Rejection fine-tuning (Enigmata's first stage): supervised learning on the model's own right answers."""

    rounds: int = 0
    """Rounds of sampling and learning after the warm start; 0 leaves the stage out."""
    prompts: int = 64
    """Prompts sampled in a round."""
    samples: int = 8
    """Completions of each."""
    keep: int = 2
    """Most different right completions kept for a prompt."""
    epochs: int = 1
    """Passes over what was kept."""
    batch: int = 64
    """Completions in an optimiser step."""
    lr: float = 1e-5
    """Learning rate."""


@dataclass(frozen=True)
class GuidanceConfig:
    """Reference answers inside GRPO, for arms that find nothing by themselves."""

    sft_lr: float = 0.0
    """ReLIFT: above 0, learning rate of supervised steps on problems in which every rollout failed."""
    sft_batch: int = 32
    """ReLIFT: such problems that make a step."""
    prefix: float = 0.0
    """Prefix-RFT: share of a group's rollouts that go on from a piece of the reference answer."""
    prefix_start: float = 0.95
    """Prefix-RFT: share of the reference that is given at the first step."""
    prefix_end: float = 0.05
    """Prefix-RFT: share that is given at the last step; it falls along a cosine."""
    hints: bool = False
    """Guide-GRPO: where all rollouts of a group fail, sample again with a hint in the prompt and learn from the right
    ones as if the prompt had none, with the ratio that corrects for it."""


@dataclass(frozen=True)
class EvaluationConfig:
    """Held-out evaluation before and after, on fixed instances of the test split."""

    count: int = 100
    """Instances of each arm."""
    samples: int = 1
    """Completions of each instance."""
    temperature: float = 1.0
    """Sampling temperature; 0 is greedy."""
    every: int = 0
    """Above 0: GRPO steps between two looks at the dev split, for the best checkpoint and the alarms."""
    dev_count: int = 40
    """Dev instances of each arm in such a look."""


@dataclass(frozen=True)
class DiagnosticsConfig:
    """Alarms: what a run says loudly, and when it stops."""

    stop: bool = False
    """Stop the run at an alarm instead of only saying it; NaN stops it always."""
    no_signal: int = 20
    """Steps in a row without one useful group."""
    missing: float = 0.5
    """Share of completions without a readable answer, over 20 steps, that counts as a collapse of the format, where it
    was below half of this before."""
    overfit: int = 3
    """Looks at the dev split in a row at which held-out success fell while the training reward rose."""


@dataclass(frozen=True)
class SandboxConfig:
    """Where programs and SQL of the model run; used only where a task of the mixture needs it."""

    tier: str = "auto"
    """``auto`` (the strongest local one), ``namespaces``, ``landlock``, ``docker`` or ``unsafe``."""
    min_isolation: str = "landlock"
    """Weakest level that will do: ``landlock``, ``namespaces``, ``container`` or ``gvisor``; else the run stops."""
    workers: int = 0
    """Runs at one time; 0: one for each processor."""
    allow_unsafe: bool = False
    """One of the two opt-ins that ``unsafe`` needs; every metrics line and sample then says isolation "none"."""


@dataclass(frozen=True)
class JudgeConfig:
    """The processes in which completions are judged."""

    workers: int = 2
    """Processes; 0 judges inside the trainer, without a time limit."""
    seconds: float = 10.0
    """Hard limit of one verdict; one that takes longer is masked and counted."""
    memory_mb: int = 4096
    """Address space of a process."""


@dataclass(frozen=True)
class PromptsConfig:
    """How questions are put."""

    templates: int = 1
    """How many of the phrasings of ``envs/templates.py`` are in use, from the first on; 1 is the plain one alone."""


@dataclass(frozen=True)
class TaskEntry:
    """One task of the mixture; a file may also name groups (docs/mixtures.md), which are expanded when it is read."""

    name: str = ""
    """Task name, as in ``gradarium list``."""
    levels: tuple[int, ...] = (0,)
    """Levels of the dial; each is an arm."""
    weight: float = 1.0
    """Share of the prompts, relative to the other tasks; split evenly over the levels."""
    answer_format: str = ""
    """Answer format of this task; empty: that of the run."""
    reward: RewardConfig | None = None
    """What is paid in this task. In a file, a table whose options go over those of ``[reward]``; None: ``[reward]``."""


@dataclass(frozen=True)
class RunConfig:
    """Everything about one run."""

    out: str = "runs/run"
    """Folder of the run: metrics, samples, checkpoints, report."""
    seed: int = 0
    """Seed of weights, draws and sampling."""
    style: str = "full"
    """``full`` prompts with rules and answer format, or ``brief``: task name and data alone."""
    shots: int = 0
    """Worked examples in each prompt, drawn from the train split."""
    chat: bool = True
    """Prompts go through the tokenizer's chat template; false: plain text, for base models."""
    answer_format: str = ""
    """Answer format for all tasks; empty: each task's own default."""
    checkpoint_every: int = 50
    """Steps between checkpoints, in all stages; the last step of a stage is always saved."""
    keep: int = 2
    """Newest checkpoints that stay on disk, beside the best one where ``evaluation.every`` is set."""
    trackers: tuple[str, ...] = ("auto",)
    """Who is told every line of metrics.jsonl: names of files in ``trainers/trackers/``; ``auto`` is TensorBoard where
    it is installed, an empty list nobody."""
    model: ModelConfig = field(default_factory=ModelConfig)
    warm_start: WarmStartConfig = field(default_factory=WarmStartConfig)
    rejection: RejectionConfig = field(default_factory=RejectionConfig)
    grpo: GRPOConfig = field(default_factory=GRPOConfig)
    sampling: SamplingConfig = field(default_factory=SamplingConfig)
    curriculum: CurriculumConfig = field(default_factory=CurriculumConfig)
    reward: RewardConfig = field(default_factory=RewardConfig)
    loss: LossConfig = field(default_factory=LossConfig)
    kl: KLConfig = field(default_factory=KLConfig)
    entropy: EntropyConfig = field(default_factory=EntropyConfig)
    guidance: GuidanceConfig = field(default_factory=GuidanceConfig)
    step: StepConfig = field(default_factory=StepConfig)
    evaluation: EvaluationConfig = field(default_factory=EvaluationConfig)
    diagnostics: DiagnosticsConfig = field(default_factory=DiagnosticsConfig)
    judge: JudgeConfig = field(default_factory=JudgeConfig)
    sandbox: SandboxConfig = field(default_factory=SandboxConfig)
    prompts: PromptsConfig = field(default_factory=PromptsConfig)
    task: tuple[TaskEntry, ...] = ()
    """The mixture: one ``[[task]]`` table for each task or group."""
