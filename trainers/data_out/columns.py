"""The columns of a row: the instance as it is, or a prompt with what it takes to judge the reply."""

import json
from collections.abc import Callable
from typing import Any

from gradarium.core import Instance
from gradarium.envs.prompts import messages, render_text
from gradarium.generators import get_task

JSON_TEXT = ("payload", "certificate")
"""Columns of ``instance`` that are objects in JSON lines and JSON text in Parquet: their fields differ by task."""

Row = dict[str, Any]


def as_instance(instance: Instance, style: str) -> Row:
    """Return all fields of the instance."""
    return instance.to_json()


def as_prompt(instance: Instance, style: str) -> Row:
    """Return the prompt as plain text, for models without a chat template."""
    return {"prompt": render_text(instance, style), **_to_verify(instance)}


def as_chat(instance: Instance, style: str) -> Row:
    """Return the prompt as chat messages; what TRL calls a conversational data set."""
    return {"prompt": list(messages(instance, style)), **_to_verify(instance)}


def as_verl(instance: Instance, style: str) -> Row:
    """Return the columns of verl: ``ground_truth`` is the payload, ``data_source`` the task."""
    rest = _to_verify(instance)
    return {
        "data_source": rest.pop("task"),
        "prompt": list(messages(instance, style)),
        "ability": get_task(instance.task).family,
        "reward_model": {"style": "rule", "ground_truth": rest.pop("payload")},
        "extra_info": rest,
    }


COLUMNS: dict[str, Callable[[Instance, str], Row]] = {
    "instance": as_instance,
    "prompt": as_prompt,
    "chat": as_chat,
    "verl": as_verl,
}


def _to_verify(instance: Instance) -> Row:
    """Return the columns for ``grade(reply, task, json.loads(payload), answer_format)``, and where they come from."""
    return {
        "task": instance.task,
        "version": instance.version,
        "split": instance.split,
        "level": instance.level,
        "index": instance.index,
        "key": instance.key,
        "answer_format": instance.answer_format,
        "payload": json.dumps(instance.payload),
        "reference": instance.reference,
    }
