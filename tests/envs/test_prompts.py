from dataclasses import replace

import pytest

from gradarium.core import Instance
from gradarium.envs.prompts import STYLES, messages, render_prompt, render_text
from gradarium.envs.shots import worked_examples
from gradarium.errors import BadValue, UnknownName
from gradarium.generators import get_task
from gradarium.verifiers.answers import FORMATS

INSTANCE = Instance(
    task="double",
    version=0,
    split="train",
    level=0,
    index=0,
    key="0" * 32,
    question="Double 4.",
    example="3",
    brief="4",
    payload={"n": 4},
    reference="8",
    answer_format="tag",
)


def test_full_is_question_blank_line_and_the_sentence_of_the_format():
    assert render_prompt(INSTANCE) == "Double 4.\n\n" + FORMATS["tag"].ask("3")


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_asks_in_its_own_words(name):
    assert render_prompt(replace(INSTANCE, answer_format=name)).endswith(FORMATS[name].ask("3"))


def test_brief_is_the_name_and_the_data():
    assert render_prompt(INSTANCE, "brief") == "double\n4"


@pytest.mark.parametrize("style", STYLES)
def test_prompts_do_not_hold_the_reference(style):
    assert "8" not in render_prompt(INSTANCE, style)


def test_messages():
    user = {"role": "user", "content": render_prompt(INSTANCE)}
    assert messages(INSTANCE) == (user,)
    assert messages(INSTANCE, system="Be short.") == ({"role": "system", "content": "Be short."}, user)
    assert messages(INSTANCE, "brief")[0]["content"] == "double\n4"


def test_errors_name_the_style():
    with pytest.raises(UnknownName, match="did you mean 'brief'"):
        render_prompt(INSTANCE, "breif")
    with pytest.raises(BadValue, match="double have no brief"):
        render_prompt(replace(INSTANCE, brief=""), "brief")


POSED = get_task("chain_arithmetic").pose(0, 0, "test", answer_format="answer_line")


@pytest.mark.parametrize("style", STYLES)
def test_worked_examples_as_chat(style):
    first, second = worked_examples(POSED, 2, seed=3)
    chat = messages(POSED, style, "Be short.", shots=2, seed=3)
    assert [m["role"] for m in chat] == ["system", "user", "assistant", "user", "assistant", "user"]
    assert [m["content"] for m in chat[1:]] == [
        render_prompt(first, style),
        f"answer: {first.reference}",
        render_prompt(second, style),
        f"answer: {second.reference}",
        render_prompt(POSED, style),
    ]


@pytest.mark.parametrize("style", STYLES)
def test_worked_examples_as_text(style):
    (example,) = worked_examples(POSED, 1)
    shown = f"{render_prompt(example, style)}\nanswer: {example.reference}\n\n\n"
    assert render_text(POSED, style, shots=1) == f"{shown}{render_prompt(POSED, style)}\n"
    assert render_text(POSED, style) == render_prompt(POSED, style) + "\n\n"


def test_worked_examples_need_a_brief_too():
    with pytest.raises(BadValue, match="have no brief"):
        messages(replace(POSED, brief=""), "brief", shots=1)
    with pytest.raises(BadValue, match="shots"):
        render_text(POSED, shots=-1)
