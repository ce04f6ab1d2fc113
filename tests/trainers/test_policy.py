"""The shared prompt, the engine and the plain forward pass must tell the same log-probabilities."""

import pytest

torch = pytest.importorskip("torch")

from gradarium.trainers.engines.hf import HFEngine, Sampling  # noqa: E402
from gradarium.trainers.policy import score  # noqa: E402

PROMPTS = ["3+4", "a much longer prompt: 12", "7"]
COMPLETIONS = ["7", "12 or so", "x", "", "9", "long completion here"]


def encode(tokenizer, text):
    return tokenizer(text, add_special_tokens=False).input_ids


def plain(model, prompt, completion, temperature=1.0):
    """Log-probabilities of one completion, alone and without a cache."""
    logits = model(torch.tensor([prompt + completion])).logits[0].float() / temperature
    logp = torch.log_softmax(logits, -1)
    return torch.stack([logp[len(prompt) - 1 + i, token] for i, token in enumerate(completion)])


@pytest.mark.parametrize("temperature", [1.0, 0.7])
def test_shared_prompt_equals_plain_forward(tiny, temperature):
    model, tokenizer = tiny
    prompts = [encode(tokenizer, p) for p in PROMPTS]
    completions = [[*encode(tokenizer, c), tokenizer.eos_token_id] for c in COMPLETIONS]
    scores = score(model, prompts, completions, tokenizer.pad_token_id, temperature)
    for i, completion in enumerate(completions):
        expected = plain(model, prompts[i // 2], completion, temperature)
        assert torch.allclose(scores.logprobs[i, : len(completion)], expected, atol=1e-5)
        assert scores.mask[i].sum() == len(completion)
        assert scores.logprobs[i, len(completion) :].abs().sum() == 0


def test_gradient_through_the_shared_prompt_equals_plain_gradient(tiny):
    model, tokenizer = tiny
    prompts = [encode(tokenizer, p) for p in PROMPTS]
    completions = [[*encode(tokenizer, c), tokenizer.eos_token_id] for c in COMPLETIONS]
    model.zero_grad()
    score(model, prompts, completions, tokenizer.pad_token_id).logprobs.sum().backward()
    shared = [p.grad.clone() for p in model.parameters()]
    model.zero_grad()
    sum(plain(model, prompts[i // 2], c).sum() for i, c in enumerate(completions)).backward()
    for got, p in zip(shared, model.parameters(), strict=True):
        assert torch.allclose(got, p.grad, atol=1e-4)
    model.zero_grad()


def test_engine_returns_the_log_probabilities_of_what_it_sampled(tiny):
    model, tokenizer = tiny
    engine = HFEngine(model, tokenizer.pad_token_id, [tokenizer.eos_token_id], max_rows=5)
    prompts = [encode(tokenizer, p) for p in PROMPTS]
    rows = engine.generate(prompts, 3, Sampling(12, 0.8), torch.Generator().manual_seed(0))
    for prompt, row in zip(prompts, rows, strict=True):
        assert len(row) == 3
        for c in row:
            assert len(c.token_ids) == len(c.logprobs) <= 12
            assert (c.token_ids[-1] == tokenizer.eos_token_id) == (c.finish == "stop")
            expected = plain(model, prompt, c.token_ids, 0.8).tolist()
            assert c.logprobs == pytest.approx(expected, abs=1e-4)


def test_engine_repeats_itself_and_greedy_needs_no_noise(tiny):
    model, tokenizer = tiny
    engine = HFEngine(model, tokenizer.pad_token_id, [tokenizer.eos_token_id])
    prompts = [encode(tokenizer, p) for p in PROMPTS]

    def draw(seed, temperature):
        return engine.generate(prompts, 2, Sampling(8, temperature), torch.Generator().manual_seed(seed))

    assert draw(1, 1.0) == draw(1, 1.0) != draw(2, 1.0)
    assert draw(1, 0.0) == draw(2, 0.0)


def test_sampling_frequencies_follow_the_distribution():
    from gradarium.trainers.engines.hf import sample

    logits = torch.tensor([[0.0, 1.0, 2.0]]).expand(20_000, 3)
    chosen, logp = sample(logits, 0.5, torch.Generator().manual_seed(0))
    expected = torch.softmax(logits[0] / 0.5, 0)
    found = torch.bincount(chosen, minlength=3) / len(chosen)
    assert torch.allclose(found, expected, atol=0.01)
    assert torch.allclose(logp, expected.log()[chosen], atol=1e-5)
