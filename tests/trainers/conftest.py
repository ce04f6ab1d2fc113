import pytest


@pytest.fixture(scope="session")
def tiny():
    """A small model with its tokenizer; the same weights each time."""
    torch = pytest.importorskip("torch")
    from gradarium.trainers.embedded import byte_tokenizer, small_model

    torch.manual_seed(0)
    tokenizer = byte_tokenizer()
    return small_model(tokenizer, width=32, layers=2, heads=2, context=1024).eval(), tokenizer


MIXTURE = """
out = "{out}"
style = "brief"
answer_format = "plain"
checkpoint_every = 2
[model]
width = 32
layers = 1
heads = 2
threads = 1
[warm_start]
steps = 4
batch = 8
check_every = 3
check_count = 4
[grpo]
steps = 5
prompts = 6
group = 4
max_new_tokens = 6
[entropy]
weight = 0.01
[judge]
workers = 0
[evaluation]
count = 4
[[task]]
name = "chain_arithmetic"
levels = [0, 1]
weight = 2
[[task]]
name = "countdown"
"""


@pytest.fixture
def mixture(tmp_path):
    """Return the path of a small mixture whose run goes into the test's own folder."""
    path = tmp_path / "mixture.toml"
    path.write_text(MIXTURE.replace("{out}", (tmp_path / "run").as_posix()), encoding="utf-8")
    return path
