"""Settings of published recipes: dotted names of ``config.RunConfig`` and their values.

A preset holds what makes the algorithm. What goes with the size of a model or its answers is left to the run: learning
rate, prompts, group size, lengths. Those of the papers stand in the comments.
"""

from gradarium.errors import UnknownName

PRESETS: dict[str, dict[str, object]] = {
    # DeepSeekMath (arXiv 2402.03300): section 4.1.1 aggregates each answer by itself, section 4.2 has KL weight 0.04
    # and a single update for each batch; k3 is its equation 4. It names no clip range: PPO's 0.2 (arXiv 1707.06347).
    # There: learning rate 1e-6, 64 answers to a question, 1024 tokens.
    "grpo": {
        "grpo.advantage": "grpo",
        "grpo.updates": 1,
        "loss.name": "clip",
        "loss.aggregation": "seq_mean_token_mean",
        "loss.clip_low": 0.2,
        "loss.clip_high": 0.2,
        "kl.weight": 0.04,
        "kl.estimator": "k3",
        "kl.reference": "fixed",
        "sampling.rounds": 1,
    },
    # Dr. GRPO (arXiv 2503.20783), section 3: neither sigma nor the length of the answer divides, and the KL term is
    # left out. Clip range of PPO (arXiv 1707.06347), temperature 1.
    "dr_grpo": {
        "grpo.advantage": "dr_grpo",
        "grpo.temperature": 1.0,
        "loss.name": "clip",
        "loss.aggregation": "seq_mean_token_sum_norm",
        "loss.clip_low": 0.2,
        "loss.clip_high": 0.2,
        "kl.weight": 0.0,
        "sampling.rounds": 1,
    },
    # DAPO (arXiv 2503.14476): clip-higher 0.2/0.28 and 16 updates for each batch (section 4.1), token mean (3.3),
    # dynamic sampling (3.2), no KL (2.3). The paper samples until the batch is full; 10 rounds are the bound of its
    # script in verl. Its soft punishment of long answers takes the last 4096 of 20480 tokens: to have it, set
    # reward.overlong to a fifth of grpo.max_new_tokens. There: learning rate 1e-6, 512 prompts of 16 answers.
    "dapo": {
        "grpo.advantage": "grpo",
        "grpo.temperature": 1.0,
        "grpo.updates": 16,
        "loss.name": "clip",
        "loss.aggregation": "token_mean",
        "loss.clip_low": 0.2,
        "loss.clip_high": 0.28,
        "kl.weight": 0.0,
        "sampling.rounds": 10,
    },
    # GSPO (arXiv 2507.18071): the ratio of a sequence, section 4.1; clip range 3e-4/4e-4 and four updates for each
    # batch, section 5.1.
    "gspo": {
        "grpo.advantage": "grpo",
        "grpo.updates": 4,
        "loss.name": "gspo",
        "loss.aggregation": "seq_mean_token_mean",
        "loss.clip_low": 3e-4,
        "loss.clip_high": 4e-4,
        "kl.weight": 0.0,
        "sampling.rounds": 1,
    },
    # Lite PPO ("Tricks or Traps", arXiv 2508.08221): mean of the group, sigma of the batch, token mean, and PPO's loss
    # with its own clip range (arXiv 1707.06347), nothing else.
    "lite_ppo": {
        "grpo.advantage": "batch_scaled",
        "loss.name": "clip",
        "loss.aggregation": "token_mean",
        "loss.clip_low": 0.2,
        "loss.clip_high": 0.2,
        "kl.weight": 0.0,
        "sampling.rounds": 1,
    },
    # ProRL (arXiv 2505.24864), section 3: DAPO's loss and dynamic sampling with clip range 0.2/0.4, temperature 1.2,
    # 4 updates for each batch, and a KL term whose reference and optimiser are set anew when held-out success stalls.
    # The KL weight is as others report it. Steps between two looks at held-out success are ours: there people watched.
    # There: learning rate 2e-6, 16 answers to a question.
    "prorl": {
        "grpo.advantage": "grpo",
        "grpo.temperature": 1.2,
        "grpo.updates": 4,
        "loss.name": "clip",
        "loss.aggregation": "token_mean",
        "loss.clip_low": 0.2,
        "loss.clip_high": 0.4,
        "kl.weight": 1e-4,
        "kl.reference": "reset",
        "kl.every": 50,
        "evaluation.every": 50,
        "sampling.rounds": 10,
    },
}


def preset(name: str) -> dict[str, object]:
    """Return the settings of a recipe by dotted name; raises UnknownName."""
    if name not in PRESETS:
        raise UnknownName("preset", name, PRESETS)
    return dict(PRESETS[name])
