"""Templates: each is a whole prompt around the same question, and which one an instance gets is settled."""

import pickle
import re
from collections import Counter
from dataclasses import replace

import gymnasium as gym
import pytest

import gradarium.envs
from gradarium.core import Instance
from gradarium.envs.prompts import messages, render_prompt, render_text
from gradarium.envs.templates import TEMPLATES, choose_template, held_out
from gradarium.errors import BadValue, GradariumError
from gradarium.generators import all_tasks, get_task
from gradarium.verifiers.answers import FORMATS

INSTANCE = Instance(
    task="double",
    version=0,
    split="train",
    level=0,
    index=0,
    key="0" * 32,
    question="Double the number in {braces}: 4.",
    example="31",
    brief="4",
    payload={"n": 4},
    reference="8",
    answer_format="tag",
)
MARKS = {
    "tag": "<answer>",
    "boxed": r"\\boxed\{",
    "fence": "three backticks|triple backticks",
    "last_line": "last line|line that holds the answer and nothing else",
    "answer_line": "'answer:'",
    "plain": "answer alone|nothing else|only the answer|everything else out",
}
POSED = get_task("chain_arithmetic").pose(0, 0, "test")


def test_template_0_is_the_prompt_of_old():
    assert render_prompt(INSTANCE, template=0) == render_prompt(INSTANCE)
    assert render_prompt(INSTANCE) == f"{INSTANCE.question}\n\n{FORMATS['tag'].ask('31')}"


def test_there_are_eight_and_more_and_all_differ():
    assert TEMPLATES >= 8
    for name in FORMATS:
        texts = {render_prompt(replace(INSTANCE, answer_format=name), template=t) for t in range(TEMPLATES)}
        assert len(texts) == TEMPLATES


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("template", range(TEMPLATES))
def test_each_is_complete(template, name):
    prompt = render_prompt(replace(INSTANCE, answer_format=name), template=template)
    shown = FORMATS[name].render("31")
    assert prompt.count(INSTANCE.question) == 1
    assert f"\n{shown}\n" in f"{prompt}\n", "the example stands on lines of its own"
    frame = prompt.replace(INSTANCE.question, "").replace(shown, "")
    assert "{" not in frame.replace("\\boxed{", ""), "a field of the layout was not filled"
    if template:
        assert re.search(MARKS[name], frame)
        assert re.search("not the|not in content|made[- ]up|wrong|other content|arbitrary", frame), (
            "told that it is none"
        )


@pytest.mark.parametrize("name", ["tag", "boxed", "fence", "answer_line"])
@pytest.mark.parametrize("template", range(TEMPLATES))
def test_the_example_is_what_a_reader_finds_in_the_prompt(template, name):
    assert FORMATS[name].find(render_prompt(replace(INSTANCE, answer_format=name), template=template)) == "31"


@pytest.mark.parametrize("task", all_tasks(), ids=lambda task: task.name)
def test_of_every_task(task):
    for level in (0, 4):
        instance = task.pose(0, level)
        form = FORMATS[instance.answer_format]
        shown = form.render(instance.example)
        plain = render_prompt(instance)
        assert form.find(shown) == form.find(plain[plain.rindex(shown) :]), "the example can be read"
        for template in range(1, TEMPLATES):
            prompt = render_prompt(instance, template=template)
            assert instance.question in prompt and shown in prompt
            if len(instance.reference) > 12:
                assert prompt.count(instance.reference) == plain.count(instance.reference)


def test_an_example_that_the_format_cannot_hold_is_an_error():
    with pytest.raises(BadValue, match="several lines"):
        render_prompt(replace(INSTANCE, example="1\n2", answer_format="answer_line"), template=3)


@pytest.mark.parametrize(
    ("style", "template", "words"),
    [
        ("full", -1, "template = -1: must be a whole number from 0 to"),
        ("full", TEMPLATES, f"from 0 to {TEMPLATES - 1}"),
        ("full", True, "template = True"),
        ("full", 1.0, "template = 1.0"),
        ("brief", 1, "template = 1: the style 'brief' has one form only; use the style 'full'"),
    ],
)
def test_mistakes(style, template, words):
    for made in (
        lambda: render_prompt(INSTANCE, style, template),
        lambda: gym.make("gradarium/chain_arithmetic-v0", style=style, template=template),
    ):
        with pytest.raises(GradariumError) as caught:
            made()
        assert words in str(caught.value)


def test_examples_are_put_as_the_prompt_is():
    chat = messages(POSED, shots=1, template=2)
    assert chat[-1]["content"] == render_prompt(POSED, template=2)
    intro = chat[-1]["content"].partition("Here is the problem.")[0].splitlines()[0]
    assert chat[0]["content"].startswith(intro) and chat[0]["content"] != chat[-1]["content"]
    text = render_text(POSED, shots=1, template=2)
    assert text.startswith(chat[0]["content"]) and text.endswith(chat[-1]["content"] + "\n")


def test_the_choice_is_settled_and_even():
    def chosen(among, seed=0, level=0, split="train"):
        return [choose_template(replace(INSTANCE, index=i, level=level, split=split), among, seed) for i in range(2400)]

    first = chosen(range(8))
    assert first == chosen(range(8))
    counts = Counter(first)
    assert sorted(counts) == list(range(8)) and all(240 < count < 360 for count in counts.values())
    others = [chosen(range(8), seed=1), chosen(range(8), level=1), chosen(range(8), split="test")]
    assert all(sum(a == b for a, b in zip(first, other, strict=True)) < 500 for other in others)
    assert set(chosen(range(1))) == {0}
    assert sorted(Counter(chosen(held_out(8)))) == list(held_out(8))


def test_the_first_choices_stay_as_they_are():
    found = [choose_template(get_task("sudoku").pose(i), range(8), 1) for i in range(8)]
    assert found == [6, 1, 0, 6, 0, 3, 5, 3], "runs that are resumed would see other prompts"


def test_held_out():
    assert [*range(8), *held_out(8)] == list(range(TEMPLATES))
    for none_left in (0, TEMPLATES):
        with pytest.raises(BadValue, match="for one to be held out"):
            held_out(none_left)


def test_environments_take_a_template():
    assert gradarium.envs
    env = gym.make("gradarium/chain_arithmetic-v0", template=3)
    prompt, info = env.reset(options={"index": 5})
    assert prompt == render_prompt(info["instance"], template=3) != render_prompt(info["instance"])
    again = pickle.loads(pickle.dumps(env.unwrapped))
    assert again.reset(options={"index": 5})[0] == prompt
    shown = gym.make("gradarium/chain_arithmetic-v0", template=3, render_mode="ansi")
    shown.reset(options={"index": 5})
    assert shown.render() == prompt
    assert gym.make("gradarium/chain_arithmetic-v0").reset(options={"index": 5})[0] == render_prompt(info["instance"])
